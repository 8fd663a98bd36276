"""Reading by case systems: channels, requests and where they stand, entries, receipts and proofs."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from comity.errors import ComityError
from comity.names import EntryRef, Origin
from comity_node.api import asked, handing, shapes
from comity_node.api.call import href
from comity_node.api.errors import NothingHere
from comity_node.assistance import queries as requests
from comity_node.assistance import recalls
from comity_node.assistance import services as assistance
from comity_node.assistance.detail import Detail, detail
from comity_node.channels import queries as channels
from comity_node.register import describing, payloads, proofs, rooms, standings
from comity_node.register import queries as register
from comity_node.register.keyring import keyring

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.instruments import Instrument, Row, Statement
    from comity.lifecycle import Table
    from comity_node.api.call import Call
    from comity_node.assistance.models import Request as RequestRow
    from comity_node.register.queries import Received

_IN_ITS_ROOM: Final = "it is read by officials alone, in its own room"
_RECALLED: Final = "Recalled by its author, and not to be used"


def service(call: Call[asked.Said]) -> shapes.Service:
    """Say whose node this is, and what the token may do."""
    token, official = call.caller.token, call.caller.official
    return shapes.Service(
        party=settings.NODE.party,
        name=settings.NODE.name,
        key=b64encode(keyring().wire.public).decode(),
        token=token.name,
        label=token.label,
        official=official.login,
        office=str(official.office),
        scopes=token.scopes,
        channels=token.channels,
        expires_at=token.expires_at,
    )


def channel_list(call: Call[asked.Said]) -> shapes.Channels:
    """List the channels the token sees."""
    return shapes.Channels(
        channels=[
            shapes.Channel(
                channel=one.channel,
                name=one.name,
                counterpart=one.counterpart,
                standing=one.state,
                open=standings.is_open(one.channel),
                exercise=one.exercise,
                instruments=[text.id for text in _texts(one.channel)],
            )
            for one in channels.channels()
            if call.caller.sees(one.channel)
        ]
    )


def ways(call: Call[asked.Said]) -> shapes.Ways:
    """Say what can be begun in a channel, and what each way asks for."""
    channel = call.channel
    if not standings.is_open(channel):
        raise NothingHere(f"there is no open channel {channel} for this token")
    return shapes.Ways(ways=[_way(one) for one in assistance.ways(channel)])


def _way(one: assistance.Offered) -> shapes.Way:
    text, procedure = one.table
    row = next(row for row in procedure.rows_in[""] if row.act == one.act.id)
    types = text.types_in(procedure.id)
    fields = text.fields_for(*(kind.id for kind in types), procedure=procedure.id)
    return shapes.Way(
        procedure=procedure.id,
        instrument=text.id,
        act=one.act.id,
        title=procedure.title,
        basis=row.basis,
        verified=row.verified.value,
        in_lieu_of=[before.id for before in one.in_lieu_of],
        types=[_asked(kind.id, kind.label, kind.basis, kind.verified.value) for kind in types],
        stated=[
            _statement(said, demanded=said.id in one.act.must_state)
            for said in procedure.statements_by[one.act.id]
            if said.id not in {"instrument", "table", "requested", "types"}
        ],
        fields=[
            _asked(
                field.id, field.label, field.basis, field.verified.value, demanded=field.needed == "always"
            )
            for field in fields
        ],
    )


def request_list(call: Call[asked.WantedRequests]) -> shapes.Requests:
    """List requests, filtered and sorted as on their page."""
    said = call.said
    wanted = requests.Wanted(
        words=said.words,
        standing=said.standing,
        direction=said.direction,
        overdue=said.overdue,
        sort=said.sort,
    )
    found = requests.all_requests(wanted, now=timezone.now())
    if said.channel is not None:
        call.caller.must_see(said.channel)
        found = found.filter(channel=said.channel)
    if call.caller.only:
        found = found.filter(channel__in=call.caller.only)
    start = (said.page - 1) * said.size
    rows = list(found[start : start + said.size])
    recalled = _recalled(rows)
    return shapes.Requests(
        requests=[listed(row, recalled) for row in rows],
        page=said.page,
        size=said.size,
        total=found.count(),
    )


def request(call: Call[asked.Said]) -> shapes.Request:
    """Read one request: where it stands, its clocks and conditions, and what may follow."""
    found, row = _found(call)
    recalled = _recalled([row])
    state = found.procedure.state_of.get(found.standing.state)
    waiting = handing.waiting_acts(row.channel, row.ref, call.caller.official.office)
    return shapes.Request(
        request=listed(row, recalled),
        meaning=state.meaning if state else "",
        edition=row.edition,
        table=row.table,
        clocks=[
            shapes.Clock(
                label=one.label,
                kind=one.kind,
                whose=one.whose,
                running=one.state == "running",
                started_at=one.started_at,
                due_at=one.due_at,
                basis=one.article,
                verified=one.verified,
            )
            for one in found.clocks
        ],
        conditions=[
            shapes.Condition(code=one.code, label=label, standing=one.standing, stated_by=str(one.stated_by))
            for label, one in found.conditions
        ],
        we_may=[may(one, found.folded.table) for one in found.ours],
        they_may=[may(one, found.folded.table) for one in found.theirs],
        handed_over=list(waiting.values_list("act", flat=True)),
        named_exhibits=[shapes.NamedExhibit(**one) for one in row.exhibits]
        if recalled.isdisjoint(row.said_by)
        else [],
        entries=found.size,
        entries_href=href("requests", row.channel, row.ref, "entries"),
        exhibits_href=href(f"exhibits?channel={row.channel}&request={row.ref}"),
    )


def request_entries(call: Call[asked.Paged]) -> shapes.Entries:
    """List the entries of a request, in the order both parties read them."""
    found, row = _found(call)
    start = (call.said.page - 1) * call.said.size
    part = register.part(
        row.channel, ref=row.ref, prefix=f"{row.kinds}.", start=start, stop=start + call.said.size
    )
    return shapes.Entries(
        entries=_entries(row.channel, part), page=call.said.page, size=call.said.size, total=found.size
    )


def entry(call: Call[asked.Said]) -> shapes.EntryRead:
    """Read one entry: the leaf as authored, its receipt, and its content, opened."""
    received = _entry(call)
    content, because, erased_at = _content(received)
    (shown,) = _entries(received.ref.origin.channel, [received])
    return shapes.EntryRead(
        entry=shown,
        leaf=received.leaf.decode(),
        content=content,
        content_because=because,
        erased_at=erased_at,
        proof_href=f"{shown.href}/proof",
    )


def proof(call: Call[asked.Said]) -> HttpResponse:
    """Get the proof of an entry: a tlog-proof file that anyone can verify offline."""
    received = _entry(call)
    return HttpResponse(proofs.proof(received.ref), content_type="text/plain; charset=utf-8")


def listed(row: RequestRow, recalled: set[str]) -> shapes.Listed:
    """A request as projected; of what its author recalled, no word."""
    return shapes.Listed(
        channel=row.channel,
        ref=row.ref,
        title=_RECALLED if recalled.intersection(row.said_by[:1]) else requests.title(row),
        procedure=row.procedure,
        requesting=row.requesting,
        requested=row.requested,
        ours=row.ours,
        state=row.state,
        standing=row.label,
        final=row.final,
        turn=row.turn,
        instrument=row.instrument,
        basis=row.basis,
        verified=row.verified,
        types=row.types,
        exercise=row.exercise,
        lodged_at=row.lodged_at,
        last_at=row.last_at,
        last_entry=row.last_entry,
        receipted_at=row.receipted_at,
        unreceipted=row.unreceipted,
        irregular=row.irregular,
        lodged=row.lodged,
        suspended=row.suspended,
        due_at=row.due_at,
        href=href("requests", row.channel, row.ref),
    )


def titles(rows: Sequence[RequestRow]) -> dict[str, str]:
    """The titles of some procedures of one channel, by reference; of what its author recalled, no word."""
    recalled = _recalled(rows)
    return {row.ref: listed(row, recalled).title for row in rows}


def _recalled(rows: Iterable[RequestRow]) -> set[str]:
    """Entries of these requests that were recalled and not answered: asked once for requests of one sort."""
    alike: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        alike.setdefault((row.channel, row.kinds), []).append(row.ref)
    return {
        entry
        for (channel, kinds), refs in alike.items()
        for entry in recalls.unanswered(channel, kinds, refs)
    }


def _found(call: Call[Any]) -> tuple[Detail, RequestRow]:
    """A request the token may see.

    Raises:
        NothingHere: There is none.
        NoSuchTable: This node lacks the text that applies.
    """
    channel, ref = call.channel, call.place["ref"]
    row = requests.request(channel, ref)
    found = detail(channel, ref, row.kinds) if row else None
    if found is None or row is None:
        raise NothingHere(f"there is no request {ref} in channel {channel} for this token")
    return found, row


def _entry(call: Call[Any]) -> Received:
    party, channel, index = call.place["party"], call.channel, int(call.place["index"])
    return register.entry(EntryRef(Origin(party, channel), index))


def _entries(channel: str, part: list[Received]) -> list[shapes.EntryListed]:
    described = describing.describe(channel, part)
    return [
        shapes.EntryListed(
            entry=str(one.ref),
            kind=one.entry.kind,
            ref=one.entry.ref,
            party=one.party,
            ours=one.ours,
            at=one.entry.authored_at,
            title=shown.title,
            by=shown.by,
            basis=shown.article,
            verified=shown.verified,
            irregular=shown.irregular,
            stated=dict(one.entry.stated),
            answers=list(one.entry.re),
            payload_size=shown.payload_size,
            receipt=shapes.Receipt(at=one.receipted_at, size=one.receipt_size)
            if one.receipted_at is not None and one.receipt_size is not None
            else None,
            leaf_hash=one.leaf_hash,
            href=href("entries", one.party, channel, one.ref.index),
        )
        for one, shown in zip(part, described, strict=True)
    ]


def _content(received: Received) -> tuple[dict[str, Any] | None, str, Any]:
    digest = received.entry.payload
    if digest is None:
        return None, "it was sent without content", None
    erased_at = payloads.erased_at(digest.sha256)
    if erased_at is not None:
        return None, "its content was erased", erased_at
    if rooms.power_to_read(received.entry.kind):
        return None, _IN_ITS_ROOM, None
    if recalls.is_unanswered(received):
        return None, f"{_RECALLED}: an official answers first, destroyed or kept", None
    try:
        return payloads.payload(received), "", None
    except ComityError as error:
        return None, str(error), None


def _texts(channel: str) -> list[Instrument]:
    try:
        return list(standings.texts_of(channel))
    except ComityError:  # a text this node lacks: what can be said without it is said
        return []


def may(row: Row, table: Table) -> shapes.MayDo:
    """An act as the table allows it."""
    said = table.procedure.statement_of
    return shapes.MayDo(
        act=row.act,
        sentence=row.sentence,
        basis=row.basis,
        verified=row.verified.value,
        second=row.second,
        words=row.needs_words,
        stated=[
            _statement(said[name], demanded=name in row.must_state)
            for name in (*row.must_state, *row.may_state)
        ],
    )


def _statement(said: Statement, *, demanded: bool) -> shapes.Asked:
    return shapes.Asked(
        name=said.id,
        label=said.label,
        basis="",
        verified="?",
        demanded=demanded,
        values=list(said.values),
        many=said.many,
    )


def _asked(name: str, label: str, basis: str, verified: str, *, demanded: bool = False) -> shapes.Asked:
    return shapes.Asked(
        name=name, label=label, basis=basis, verified=verified, demanded=demanded, values=[], many=False
    )
