"""Judge acts of custody, and project exhibits and their chains from the record."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Final

import msgspec
from django.conf import settings

from comity import custody, lifecycle
from comity.errors import ComityError, MalformedCustody
from comity.lifecycle.stated import values
from comity_node.evidence import duties, holdings, twins
from comity_node.evidence.disposing import NOT_HELD, dispose
from comity_node.evidence.errors import ChannelNotOpen, CustodyActNotAllowed, ExhibitTooLarge
from comity_node.evidence.models import CustodyStep, Exhibit, Holding
from comity_node.register import payloads, queries, standings
from comity_node.register.citing import row_address
from comity_node.register.ground import Ground
from comity_node.register.projections import keep
from comity_node.register.rooms import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from comity.instruments import Row
    from comity.lifecycle import Judged
    from comity.names import EntryRef
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received

    Said = dict[EntryRef, custody.Document | str]

_ADDED: Final = f"{custody.KINDS}.added"
# Asked of the announcement itself, where something is passed on: the list of exhibits needs none of it.
_READ_WHERE_USED: Final = frozenset({"handling", "handling_text", "permission"})


def judge(acts: Sequence[Act], party: str) -> list[Verdict]:
    """Whether ``party`` may do these acts, each with another exhibit of one channel, now.

    Raises:
        CustodyActNotAllowed: The custody table has no row for one; the hint says what may be done instead.
        MalformedCustody: What it says does not have the form of this act.
    """
    ground = Ground(acts)
    return [_verdict(act, party, ground) for act in acts]


def _verdict(act: Act, party: str, ground: Ground) -> Verdict:
    table = custody.table()
    if act.kind == _ADDED and not ground.is_open:
        raise ChannelNotOpen(f"the exhibit was not added: channel {act.channel} is not open")
    found = _row_for(act, party, ground)
    if isinstance(found, lifecycle.Refusal):
        raise CustodyActNotAllowed(f"nothing was recorded: {found.reason}", hint=_instead(found.may))
    said = custody.read(act.payload, custody.FORMS[found.act])
    if isinstance(said, custody.Announcement):
        _check_new(act, said, ground)
    rule = table.act(found.act)
    second = found.needs_second(act.stated)
    return Verdict(found.basis, found.verified.value, second, rule.sentence, row_address(found))


def _row_for(act: Act, party: str, ground: Ground) -> Row | lifecycle.Refusal:
    """The row that allows an act with one of those that receive the exhibit, or why none does.

    The last sealed copy is not erased while somebody holds the exhibit, or still has to receive it.
    """
    before = _under_our_table(ground.acts(act.ref, custody.KINDS))
    by_party = lifecycle.judged(
        custody.table(), before, ground.candidate(act, party), ground.bearing(custody.KINDS)
    )
    rows = [one for one in by_party.values() if not isinstance(one, lifecycle.Refusal)]
    refused = {party: one for party, one in by_party.items() if isinstance(one, lifecycle.Refusal)}
    if rows and act.kind == f"{custody.KINDS}.erased":
        refused = {party: one for party, one in refused.items() if _still_needs(act, party, ground)}
        if refused:
            named = ", ".join(sorted(refused))
            raise CustodyActNotAllowed(
                f"nothing was recorded: {named} holds the exhibit, or has yet to receive it",
                hint="ask for its return or destruction first",
            )
    return rows[0] if rows else next(iter(refused.values()))


def _still_needs(act: Act, party: str, ground: Ground) -> bool:
    """Whether a party holds an exhibit, or is in the channel and has yet to receive it."""
    held = Holding.objects.filter(channel=act.channel, ref=act.ref, party=party).exclude(state__in=NOT_HELD)
    return held.exclude(state="announced").exists() or (party in ground.others and held.exists())


def _check_new(act: Act, said: custody.Announcement, ground: Ground) -> None:
    receivers = values(act.stated, "requested")
    fit = len(set(receivers)) == len(receivers) and ground.others.issuperset(receivers)
    if not fit or act.stated.get("table") != custody.custody().digest:
        raise CustodyActNotAllowed(
            "the exhibit was not added: it names another party or another custody table"
        )
    if said.size > settings.NODE.limits.exhibit_bytes:
        raise ExhibitTooLarge(
            f"the exhibit was not added: this node accepts {settings.NODE.limits.exhibit_bytes:,} bytes"
        )


def _instead(rows: Iterable[Row]) -> str:
    may = "; ".join(dict.fromkeys(f"{row.label} ({row.basis})" for row in rows))
    return f"what may be done now: {may}" if may else "nothing more may be done with it"


def _under_our_table(acts: Iterable[lifecycle.Act]) -> list[lifecycle.Act]:
    """The acts of one exhibit. An opening under a custody table that is not ours opens nothing here."""
    ours = custody.custody().digest
    return [act for act in acts if act.act != "added" or values(act.stated, "table") == (ours,)]


def project(channel: str, refs: set[str]) -> None:
    """Compute anew the exhibits of these references and their chains."""
    bearing = standings.life(channel).on(custody.KINDS)
    for by_ref in queries.in_batches(channel, refs, custody.KINDS):
        said = _said(channel, by_ref)
        exhibits: list[Exhibit] = []
        held: list[Holding] = []
        steps: list[CustodyStep] = []
        for received in by_ref.values():
            acts = _under_our_table(standings.lifecycle_acts(received))
            found = lifecycle.standings(custody.table(), acts, bearing)
            judged = lifecycle.together(custody.table(), acts, found)
            exhibits += _exhibit(received, found, judged, said)
            held += holdings.of(received, found)
            steps += _chain(received, judged, said)
        keep(exhibits, by=["channel", "ref"])
        keep(held, by=["channel", "ref", "party"])
        twins.part(channel, exhibits)
        dispose(exhibits)
        keep(steps, by=["channel", "ref", "place"])
        unopened = by_ref.keys() - {one.ref for one in exhibits}
        if unopened:  # nothing said before may be left standing
            Exhibit.objects.filter(channel=channel, ref__in=unopened).delete()
            Holding.objects.filter(channel=channel, ref__in=unopened).delete()


def _exhibit(
    received: Sequence[Received],
    found: Mapping[str, lifecycle.Standing],
    judged: Mapping[EntryRef, Judged],
    said: Said,
) -> Iterator[Exhibit]:
    """The exhibit, if something regular announced one."""
    regular = {ref for ref, one in judged.items() if one.regular}
    opening = next((one for one in received if one.ref in regular), None)
    if opening is None:
        return
    announced = said[opening.ref]
    told = msgspec.structs.asdict(announced) if isinstance(announced, custody.Announcement) else {}
    fields = {name: value for name, value in told.items() if name not in _READ_WHERE_USED}
    ours = holdings.concerning_us(found)
    yield Exhibit(
        channel=opening.ref.origin.channel,
        ref=opening.entry.ref,
        entry=str(opening.ref),
        provider=opening.party,
        receiver=next(iter(ours)),
        added_at=opening.entry.authored_at,
        office=opening.entry.by.office,
        state=holdings.least_far(ours),
        malformed=announced if isinstance(announced, str) else "",
        **duties.of_all(ours.values()),
        **fields,
    )


def _chain(
    received: Sequence[Received], judged: Mapping[EntryRef, Judged], said: Said
) -> Iterator[CustodyStep]:
    for place, one in enumerate(received):
        yield _step(one, place, judged.get(one.ref), said[one.ref])


def _said(channel: str, by_ref: Mapping[str, Sequence[Received]]) -> Said:
    """What each act says, or why that cannot be read. No payload is opened that was read before."""
    received = list(chain.from_iterable(by_ref.values()))
    known = _known(channel, by_ref.keys(), received)
    unknown = (one for one in received if one.ref not in known)
    return known | {one.ref: _read(one, sealed) for one, sealed in payloads.sealed_payloads(unknown)}


def _known(channel: str, refs: Iterable[str], received: Sequence[Received]) -> Said:
    """What is known from the projection before, of payloads that are still held."""
    steps = CustodyStep.objects.filter(channel=channel, ref__in=list(refs), unreadable="")
    said = dict(steps.values_list("entry", "said"))
    digests = {
        one.ref: one.entry.payload.sha256 for one in received if one.entry.payload and str(one.ref) in said
    }
    held = payloads.held(list(digests.values()))
    known: Said = {}
    for one in received:
        if digests.get(one.ref) in held:
            with suppress(MalformedCustody):  # its form was another in an earlier release: it is opened again
                known[one.ref] = custody.read(said[str(one.ref)], custody.FORMS[one.entry.act])
    return known


def _read(one: Received, sealed: bytes | None) -> custody.Document | str:
    """A hostile payload must not stop the projection."""
    form = custody.FORMS.get(one.entry.act)
    if form is None:
        return "this node knows no such act of custody"
    if sealed is None and one.entry.payload is not None:
        return "what it said was erased; entry and proof stand"
    try:
        return custody.read(None if sealed is None else payloads.document(sealed), form)
    except ComityError as error:
        return str(error)


def _irregular(judged: Judged | None) -> str:
    """Why a step had no effect; what a suspension keeps waiting is not irregular."""
    if judged is None:
        return "it was opened under a custody table this node does not have"
    return "" if judged.lodged_under is not None else judged.because


def _step(one: Received, place: int, judged: Judged | None, said: custody.Document | str) -> CustodyStep:
    by, row = one.entry.by, judged.row if judged else None
    act = one.entry.act
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
        stated=dict(one.entry.stated),
        receipted_at=one.receipted_at,
        basis=row.basis if row else "",
        verified=row.verified.value if row else "",
        irregular=_irregular(judged),
        unreadable=said if isinstance(said, str) else "",
        said={} if isinstance(said, str) else msgspec.structs.asdict(said),
    )
