"""Entries as people read them: the act in its table's words, its article, its receipt, and its effect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from comity.errors import ComityError
from comity.lifecycle import fold
from comity_node.register import dating, models, queries, rooms, standings
from comity_node.register.citing import row_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from comity.entries import By
    from comity.instruments import Procedure
    from comity.lifecycle import Judged
    from comity.names import EntryRef
    from comity_node.register.queries import Received
    from comity_node.register.rooms import Tables


@dataclass(frozen=True, slots=True)
class Signed:
    """A receipt that covers an entry: when it was given, and for how many entries."""

    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Described:
    """One entry, ready for the double record.

    Attributes:
        ref: Where it stands.
        ours: Whether we authored it.
        at: When its author says it was done.
        title: The act in words; its kind where no table of this node knows it.
        procedure: Reference of the procedure.
        by: Office and capacity, the second's after it.
        href: Its own page.
        article: Article or practice of the row that allowed it; empty where none did.
        article_href: Where that row can be read; empty where no page shows it.
        verified: Verification mark of that row.
        payload_size: Bytes of its sealed payload, or None.
        payload_erased: Whether the content was erased.
        answers: Entries it answers.
        receipt: The first receipt that covers it, or None.
        irregular: Why it had no effect; empty where it had.
        remark: Anything a reader should know besides.
    """

    ref: EntryRef
    ours: bool
    at: datetime
    title: str
    procedure: str
    by: str
    href: str
    article: str
    article_href: str
    verified: str
    payload_size: int | None
    payload_erased: bool
    answers: Sequence[EntryRef]
    receipt: Signed | None
    irregular: str
    remark: str = ""


def describe(channel: str, received: Sequence[Received]) -> list[Described]:
    """Describe entries of one channel, each procedure folded once.

    Args:
        channel: Channel id.
        received: Entries in the common order; their whole procedures are read where they are not all given.
    """
    judged = _judged(channel, {(one.entry.kind, one.entry.ref) for one in received})
    erased = _erased(received)
    ahead = dating.ahead_of_coming(received)
    return [
        replace(described, remark=described.remark or _remark(one, ahead))
        for one, described in ((one, _described(one, judged.get(one.ref), erased)) for one in received)
    ]


def _remark(one: Received, ahead: Mapping[tuple[str, int], timedelta]) -> str:
    """What is odd about its receipt, where anything is."""
    by = ahead.get((str(one.ref.origin), one.receipt_size or 0))
    if by is None:
        return ""
    return _(
        "Its receipt is dated %(days)d days after it came here: the counterpart's clock or ours is wrong."
        " Deadlines run from the date of the receipt until its signer's own acts say otherwise."
    ) % {"days": by.days}


def _judged(channel: str, touched: set[tuple[str, str]]) -> dict[EntryRef, tuple[Procedure, Judged]]:
    """What each procedure's table makes of each entry."""
    refs: dict[str, set[str]] = {}
    for kind, ref in touched:
        room = rooms.room_of(kind)
        if room is not None:
            refs.setdefault(room.prefix, set()).add(ref)
    found: dict[EntryRef, tuple[Procedure, Judged]] = {}
    for prefix, of_room in refs.items():
        table = _tables(prefix, channel)
        received = queries.entries(channel, refs=of_room, prefix=f"{prefix}.")
        bearing = standings.suspensions(channel).on(prefix)
        for of_ref in queries.by_ref(received).values():
            if (procedure := table(of_ref)) is not None:
                standing = fold(procedure, standings.lifecycle_acts(of_ref), bearing)
                found |= {one.act.ref: (procedure, one) for one in standing.judged}
    return found


def _tables(prefix: str, channel: str) -> Tables:
    room = rooms.room_of(prefix)
    try:
        return room.tables(channel) if room else lambda _: None
    except ComityError:
        return lambda _: None


def _erased(received: Iterable[Received]) -> set[str]:
    named = [one.entry.payload.sha256 for one in received if one.entry.payload]
    rows = models.Payload.objects.filter(sha256__in=named, sealed__isnull=True)
    return set(rows.values_list("sha256", flat=True))


def _described(one: Received, judged: tuple[Procedure, Judged] | None, erased: set[str]) -> Described:
    entry = one.entry
    title, article, href, verified, irregular, remark = entry.kind, "", "", "", "", ""
    if judged is not None:
        procedure, found = judged
        rule = procedure.act_of.get(found.act.act)
        title = _(rule.label) if rule else entry.kind
        irregular = "" if found.regular or found.lodged_under else found.because
        remark = found.because if found.lodged_under else ""
        if found.row is not None:
            article, verified = str(found.row.basis), found.row.verified.value
            href = row_address(found.row)
    return Described(
        ref=one.ref,
        ours=one.ours,
        at=entry.authored_at,
        title=title,
        procedure=entry.ref,
        by=_by(entry.by),
        href=_href(one.ref),
        article=article,
        article_href=href,
        verified=verified,
        payload_size=entry.payload.size if entry.payload else None,
        payload_erased=bool(entry.payload and entry.payload.sha256 in erased),
        answers=entry.answers,
        receipt=Signed(one.receipted_at, one.receipt_size) if one.receipted_at and one.receipt_size else None,
        irregular=irregular,
        remark=remark,
    )


def _by(by: By) -> str:
    """Whoever signed, the second after the first; a node that acted by its own rules is called that."""
    signed = [_("the node itself") if _is_node(by) else f"{by.office}, {by.capacity}"]
    if by.second is not None:
        signed.append(f"{by.second.office}, {by.second.capacity}")
    return "; ".join(signed)


def _is_node(by: By) -> bool:
    return by.office == by.capacity == "node"


def _href(ref: EntryRef) -> str:
    try:
        return reverse("web:entry", args=[ref.origin.party, ref.origin.channel, ref.index])
    except NoReverseMatch:
        return ""
