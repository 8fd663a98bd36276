"""Judge acts of custody, and project exhibits and their chains from the record."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

import msgspec
from django.conf import settings
from django.utils import timezone

from comity import custody, lifecycle
from comity.errors import ComityError
from comity.lifecycle.stated import values
from comity_node.evidence.errors import ChannelNotOpen, CustodyActNotAllowed, ExhibitTooLarge
from comity_node.evidence.models import CustodyStep, Exhibit
from comity_node.register import payloads, queries, standings
from comity_node.register.rooms import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.instruments import Row
    from comity.lifecycle import Judged
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received

FORMS: Final[Mapping[str, type[custody.Document]]] = {
    "added": custody.Announcement,
    "received": custody.Arrival,
    "mismatch": custody.Arrival,
    "opened": custody.Opening,
    "handed_over": custody.HandOver,
}


def judge(act: Act, party: str) -> Verdict:
    """Whether ``party`` may do this with the exhibit now.

    Raises:
        CustodyActNotAllowed: The custody table has no row for it; the hint says what may be done instead.
        MalformedCustody: What it says does not have the form of this act.
    """
    table = custody.table()
    received = queries.entries(act.channel, ref=act.ref, prefix=f"{custody.KINDS}.")
    found = lifecycle.judge(table, _acts(received), _candidate(act, party))
    if isinstance(found, lifecycle.Refusal):
        raise CustodyActNotAllowed(f"nothing was recorded: {found.reason}", hint=_instead(found.may))
    said = custody.read(act.payload, FORMS[found.act])
    if isinstance(said, custody.Announcement):
        _check_new(act, said)
    rule = table.act(found.act)
    return Verdict(found.basis, found.verified.value, found.needs_second(act.stated), rule.sentence)


def _check_new(act: Act, said: custody.Announcement) -> None:
    parties = {log.party for log in queries.their_logs(act.channel)}
    if not standings.is_open(act.channel):
        raise ChannelNotOpen(f"the exhibit was not added: channel {act.channel} is not open")
    if act.stated.get("requested") not in parties or act.stated.get("table") != custody.custody().digest:
        raise CustodyActNotAllowed(
            "the exhibit was not added: it names another party or another custody table"
        )
    if said.size > settings.NODE.limits.exhibit_bytes:
        raise ExhibitTooLarge(
            f"the exhibit was not added: this node accepts {settings.NODE.limits.exhibit_bytes:,} bytes"
        )


def _candidate(act: Act, party: str) -> lifecycle.Act:
    return lifecycle.Act(
        ref=queries.next_ref(act.channel),
        party=party,
        act=act.kind.rpartition(".")[2],
        at=timezone.now(),
        stated=act.stated,
        answers=act.answers,
        seen={log.party: log.size for log in queries.their_logs(act.channel)},
    )


def _instead(rows: Iterable[Row]) -> str:
    may = "; ".join(dict.fromkeys(f"{row.label} ({row.basis})" for row in rows))
    return f"what may be done now: {may}" if may else "nothing more may be done with it"


def _acts(received: Sequence[Received]) -> list[lifecycle.Act]:
    """The acts of one exhibit. An opening under a custody table that is not ours opens nothing here."""
    ours = custody.custody().digest
    acts = standings.lifecycle_acts(received)
    return [act for act in acts if act.act != "added" or values(act.stated, "table") == (ours,)]


def project(channel: str, refs: set[str]) -> None:
    """Compute anew the exhibits of these references and their chains."""
    received = queries.entries(channel, refs=refs, prefix=f"{custody.KINDS}.")
    by_ref = groupby(sorted(received, key=lambda one: one.entry.ref), key=lambda one: one.entry.ref)
    CustodyStep.objects.filter(channel=channel, ref__in=refs).delete()
    for ref, entries in by_ref:
        _project(channel, ref, list(entries))


def _project(channel: str, ref: str, received: Sequence[Received]) -> None:
    standing = lifecycle.fold(custody.table(), _acts(received))
    judged = {one.act.ref: one for one in standing.judged}
    said = {one.ref: _said(one) for one in received}
    steps = [_step(one, place, judged.get(one.ref), said[one.ref]) for place, one in enumerate(received)]
    CustodyStep.objects.bulk_create(steps)
    opening = next((one for one in received if one.ref in judged and judged[one.ref].regular), None)
    announced = said[opening.ref] if opening else ""
    if not isinstance(announced, custody.Announcement):  # nothing said before may be left standing
        Exhibit.objects.filter(channel=channel, ref=ref).delete()
    if opening is None:
        return
    fields = msgspec.structs.asdict(announced) if isinstance(announced, custody.Announcement) else {}
    facts = {
        "entry": str(opening.ref),
        "provider": standing.requesting,
        "receiver": standing.requested,
        "added_at": opening.entry.authored_at,
        "office": opening.entry.by.office,
        "state": standing.state,
        "malformed": announced if isinstance(announced, str) else "",
    }
    Exhibit.objects.update_or_create(channel=channel, ref=ref, defaults=facts | fields)


def _said(one: Received) -> custody.Document | str:
    """What the act says, or why that cannot be read: a hostile payload must not stop the projection."""
    form = FORMS.get(one.entry.kind.rpartition(".")[2])
    if form is None:
        return "this node knows no such act of custody"
    try:
        payload = payloads.payload(one)
        if payload is None and one.entry.payload is not None:
            return "what it said was erased; entry and proof stand"
        return custody.read(payload, form)
    except ComityError as error:
        return str(error)


def _step(one: Received, place: int, judged: Judged | None, said: custody.Document | str) -> CustodyStep:
    by, row = one.entry.by, judged.row if judged else None
    act = one.entry.kind.rpartition(".")[2]
    return CustodyStep(
        channel=one.ref.origin.channel,
        ref=one.entry.ref,
        place=place,
        entry=str(one.ref),
        act=act,
        label=row.label if row else act,
        party=one.party,
        office=by.office,
        capacity=by.capacity,
        second_office=by.second.office if by.second else "",
        second_capacity=by.second.capacity if by.second else "",
        at=one.entry.authored_at,
        receipted_at=one.receipted_at,
        basis=row.basis if row else "",
        verified=row.verified.value if row else "",
        irregular=judged.because if judged else "it was opened under a custody table this node does not have",
        unreadable=said if isinstance(said, str) else "",
        said={} if isinstance(said, str) else msgspec.structs.asdict(said),
    )
