"""Entries as people read them: the act in its table's words, its article, its receipt, and its effect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from comity import lifecycle
from comity.channel import membership
from comity.errors import ComityError
from comity_node.register import dating, models, queries, rooms, standings
from comity_node.register.citing import row_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from comity.entries import By
    from comity.instruments import Procedure
    from comity.lifecycle import Bearing, Judged
    from comity.names import EntryRef
    from comity_node.register.queries import Received
    from comity_node.register.rooms import Room, Tables


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
    judged = _judged(channel, received)
    erased = _erased(received)
    ahead = dating.ahead_of_coming(received)
    return [
        replace(described, remark=described.remark or _remark(one, ahead))
        for one, described in ((one, _described(one, judged.get(one.ref), erased)) for one in received)
    ]


def _remark(one: Received, ahead: Mapping[tuple[str, int], timedelta]) -> str:
    """What is odd about its date or that of its receipt, where anything is."""
    dated = dating.dated_ahead(one)
    if dated is not None:
        return _(
            "It is dated %(days)d days after it came here: the counterpart's clock or ours is wrong. It was"
            " received and receipted; what runs from it is counted from the receipt."
        ) % {"days": dated.days}
    by = ahead.get((str(one.ref.origin), one.receipt_size or 0))
    if by is None:
        return ""
    return _(
        "Its receipt is dated %(days)d days after it came here: the counterpart's clock or ours is wrong."
        " Deadlines run from the date of the receipt until its signer's own acts say otherwise."
    ) % {"days": by.days}


def _judged(channel: str, shown: Sequence[Received]) -> dict[EntryRef, tuple[Procedure, Judged]]:
    """What each procedure's table makes of each entry."""
    refs: dict[str, tuple[Room, set[str]]] = {}
    for kind, ref in {(one.entry.kind, one.entry.ref) for one in shown}:
        room = rooms.room_of(kind)
        if room is not None:
            refs.setdefault(room.prefix, (room, set()))[1].add(ref)
    found: dict[EntryRef, tuple[Procedure, Judged]] = {}
    for prefix, (room, of_room) in refs.items():
        table = _tables(room, channel)
        received = _asked(channel, room, of_room, shown)
        bearing = standings.life(channel).on(prefix)
        for of_ref in queries.by_ref(received).values():
            if (procedure := table(of_ref)) is not None:
                judged = _by_its_table(channel, procedure, of_ref, bearing)
                found |= {one.act.ref: (procedure, one) for one in judged}
    return found


def _asked(channel: str, room: Room, refs: set[str], shown: Sequence[Received]) -> list[Received]:
    """The entries it takes to judge those shown: the whole procedures, or what of them carries weight."""
    if not room.weight:
        return queries.entries(channel, refs=refs, prefix=f"{room.prefix}.")
    weight = queries.entries(channel, refs=refs, kinds=room.weight)
    own = (one for one in shown if one.entry.kinds == room.prefix)
    found = {one.ref: one for one in (*weight, *own)}
    return sorted(found.values(), key=lambda one: (one.depth, str(one.ref.origin), one.ref.index))


def _by_its_table(
    channel: str, procedure: Procedure, received: Sequence[Received], bearing: Bearing
) -> Iterable[Judged]:
    """What a table makes of the entries of a procedure; where it is with several, of those of each."""
    if received[0].entry.ref == channel:
        opened = standings.opened(channel)
        return membership.judged(procedure, opened.acts, opened.seats.now)
    acts = standings.lifecycle_acts(received)
    found = lifecycle.standings(procedure, acts, bearing)
    return lifecycle.together(procedure, acts, found).values()


def _tables(room: Room, channel: str) -> Tables:
    try:
        return room.tables(channel)
    except ComityError:
        return lambda _: None


def _erased(received: Iterable[Received]) -> set[str]:
    named = [one.entry.payload.sha256 for one in received if one.entry.payload]
    rows = models.Payload.objects.filter(sha256__in=named, sealed__isnull=True)
    return set(rows.values_list("sha256", flat=True))


def _described(one: Received, judged: tuple[Procedure, Judged] | None, erased: set[str]) -> Described:
    entry = one.entry
    title, article, href, verified, irregular, remark = rooms.title(entry.kind), "", "", "", "", ""
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
