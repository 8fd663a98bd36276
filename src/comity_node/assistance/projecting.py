"""Project where each request stands: nothing is decided here, everything follows from the entries.

Rebuilding gives the same rows to the byte, so no row may depend on when or how often it was computed, nor on
what a counterpart may have put into a payload.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from comity.errors import OurFault
from comity_node.assistance.content import Named, content_of
from comity_node.assistance.judging import PREFIX, PROCEDURE, standing
from comity_node.assistance.models import Request
from comity_node.register import queries, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.instruments import Instrument
    from comity.lifecycle import Clock, Judged, Standing
    from comity_node.register.queries import Received

MOST_NAMED: Final = 1000
_MOST_CONDITIONS: Final = 200
_AT_ONCE: Final = 500
_GIVES_RESULTS: Final = "executed"
# Where the requesting Party moves next. Everywhere else the requested Party owes the next step.
_REQUESTING_MOVES: Final = frozenset({"returned", "conditions_offered", "executed", "results_confirmed"})


def project(channel: str, refs: set[str]) -> None:
    """Compute the projections of these requests anew."""
    instrument = _instrument(channel)
    for some in _batches(sorted(refs)):
        received = queries.entries(channel, refs=some, prefix=f"{PREFIX}.")
        rows = [_row(channel, ref, of_one, instrument) for ref, of_one in _by_ref(received).items()]
        Request.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["channel", "ref"], update_fields=_DERIVED
        )


def next_clock(standing: Standing) -> Clock | None:
    """The running clock that ends first."""
    running = [clock for clock in standing.clocks if clock.running]
    return min(running, key=lambda clock: (clock.due_at, clock.id), default=None)


def turn(standing: Standing) -> str:
    """The party that moves next; empty where nothing follows."""
    if standing.final or not standing.state:
        return ""
    return standing.requesting if standing.state in _REQUESTING_MOVES else standing.requested


def exhibits(standing: Standing, received: Iterable[Received]) -> list[Named]:
    """The exhibits that the acts giving results name, in the order they were given, the first so many."""
    given = {one.act.ref for one in standing.judged if one.regular and one.act.act == _GIVES_RESULTS}
    named = (named for one in received if one.ref in given for named in content_of(one).exhibits)
    return list(islice(named, MOST_NAMED))


def _instrument(channel: str) -> Instrument | None:
    """None where this node lacks the text: what was sent is still received and listed."""
    try:
        return standings.instrument_of(channel)
    except OurFault:
        return None


def _row(channel: str, ref: str, received: list[Received], instrument: Instrument | None) -> Request:
    folded = standing(instrument.procedure(PROCEDURE), received) if instrument else None
    opening = next((one for one in folded.judged if one.regular), None) if folded else None
    first = next(one for one in received if opening is None or one.ref == opening.act.ref)
    last = received[-1]
    content = content_of(first)
    row = Request(
        channel=channel,
        ref=ref,
        title=content.title,
        content=content.state,
        lodged_at=first.entry.authored_at,
        receipted_at=first.receipted_at,
        last_act=last.entry.kind.rpartition(".")[2],
        last_entry=str(last.ref),
        last_party=last.party,
        last_at=last.entry.authored_at,
        unreceipted=sum(one.ours and one.receipted_at is None for one in received),
        **_not_begun(first.party),
    )
    if folded is not None:
        row.label, row.irregular = folded.label, len(folded.irregular)
    if instrument is not None and folded is not None and opening is not None:
        _stand(row, instrument, folded, opening)
        row.exhibits = [named.row() for named in exhibits(folded, received)]
    return row


def _not_begun(author: str) -> dict[str, Any]:
    """A request that nothing regular has opened: there is its author, and no more."""
    return {
        "requesting": author,
        "requested": "",
        "ours": author == settings.NODE.party,
        "types": [],
        "state": "",
        "label": "",
        "final": False,
        "turn": "",
        "instrument": "",
        "edition": "",
        "table": "",
        "basis": "",
        "verified": "",
        "irregular": 0,
        "conditions": [],
        "exhibits": [],
    }


def _stand(row: Request, instrument: Instrument, folded: Standing, opening: Judged) -> None:
    row.requesting, row.requested = folded.requesting, folded.requested
    row.ours = folded.requesting == settings.NODE.party
    row.types = _listed(opening.act.stated.get("types"))
    row.state, row.final, row.turn = folded.state, folded.final, turn(folded)
    row.instrument, row.edition, row.table = instrument.id, instrument.edition, instrument.digest
    if opening.row is not None:
        row.basis = f"{instrument.short}, {opening.row.basis}"
        row.verified = opening.row.verified.value
    row.conditions = [
        {"code": one.code, "standing": one.standing} for one in folded.conditions[-_MOST_CONDITIONS:]
    ]
    _set_clock(row, next_clock(folded))


def _set_clock(row: Request, clock: Clock | None) -> None:
    if clock is None:
        return
    row.due_at, row.due_for, row.due_kind = clock.due_at, clock.for_party, clock.kind
    row.due_side = "ours" if clock.for_party == settings.NODE.party else "theirs"
    row.due_label, row.due_basis, row.due_verified = clock.label, clock.basis, clock.verified.value


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []


def _by_ref(received: Iterable[Received]) -> dict[str, list[Received]]:
    grouped: dict[str, list[Received]] = {}
    for one in received:
        grouped.setdefault(one.entry.ref, []).append(one)
    return grouped


def _batches(refs: list[str]) -> Iterator[list[str]]:
    return (refs[start : start + _AT_ONCE] for start in range(0, len(refs), _AT_ONCE))


_DERIVED: Final = [
    field.name
    for field in Request._meta.concrete_fields
    if not field.primary_key and field.name not in {"channel", "ref"}
]
