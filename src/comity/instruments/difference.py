"""What two editions of an instrument, two instruments, or two days' facts of its Parties do not have alike.

Leaf by leaf, key by key. Each is taken as a reader has it: a procedure that follows a pattern is compared as
the whole table they make. In which order rows are written says nothing and is not compared.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from comity.instruments.leaves import leaves
from comity.instruments.procedure import Row, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.instruments.model import Instrument
    from comity.instruments.parties import Parties, Party
    from comity.instruments.procedure import Procedure

_HEAD: Final = ("id", "short", "kind", "in_force", "title", "edition", "edition_on", "checked_by")
_TABLE: Final = ("title", "kinds", "words", "checked_by", "ends")
_ROW: Final = tuple(name for name in Step.__struct_encode_fields__ if name != "act")


@dataclass(frozen=True, slots=True)
class Changed:
    """One key of a leaf that both have, with what each says; None where one does not say it."""

    key: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Difference:
    """One leaf that is not alike.

    Attributes:
        place: Which, as ``rule costs`` or ``assistance/row refused-requested``.
        change: What became of it; of a State, whether it joins or leaves those that are bound.
        said: What the one that has it says; of two that differ, the later.
        keys: The keys in which two differ.
    """

    place: str
    change: Literal["added", "removed", "changed", "joins", "leaves"]
    said: Mapping[str, object]
    keys: tuple[Changed, ...] = ()


def differences(one: Instrument, other: Instrument) -> list[Difference]:
    """What makes ``other`` of ``one``: in the order of ``one``, what is added at the end."""
    return _compared(dict(_parts(one)), dict(_parts(other)))


def parties_differences(one: Parties, other: Parties) -> list[Difference]:
    """What makes ``other`` of ``one``: who joins, who leaves, what each Party has said and acts by."""
    found = _compared(dict(_facts(one)), dict(_facts(other)))
    return [
        replace(each, change=_course(one.party(code), other.party(code)) or each.change)
        if (code := each.place.removeprefix("party ")) != each.place
        else each
        for each in found
    ]


def _course(before: Party | None, after: Party | None) -> Literal["joins", "leaves"] | None:
    was, is_ = bool(before and before.is_in), bool(after and after.is_in)
    if was == is_:
        return None
    return "joins" if is_ else "leaves"


def _facts(known: Parties) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Everything known of the Parties, by its place."""
    yield "parties", {"as_of": str(known.as_of), "complete": known.complete}
    for party in known.parties:
        yield f"party {party.code}", _keys(party)
    for kind, said in (("reservation", known.reservations), ("declaration", known.declarations)):
        yield from ((f"{kind} {one.party}/{one.id}", _keys(one)) for one in said)
    for one in known.authorities:
        yield f"authority {one.party}/{one.role} {one.name}", _keys(one)


def _compared(
    before: Mapping[str, Mapping[str, object]], after: Mapping[str, Mapping[str, object]]
) -> list[Difference]:
    found = [
        Difference(place, "changed", after[place], keys)
        if place in after
        else Difference(place, "removed", said)
        for place, said in before.items()
        if (keys := _changed(said, after.get(place, {})))
    ]
    return [
        *found,
        *(Difference(place, "added", said) for place, said in after.items() if place not in before),
    ]


def _changed(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Changed, ...]:
    return tuple(
        Changed(key, before.get(key), after.get(key))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    )


def _parts(instrument: Instrument) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Everything that is compared, by its place; what is not said is left out."""
    yield "instrument", _keys(instrument, _HEAD)
    for procedure in instrument.procedures:
        yield f"procedure {procedure.id}", _keys(procedure, _TABLE)
        yield from _words(procedure)
    for leaf in leaves(instrument):
        yield leaf.place, _keys(leaf.said, _ROW if isinstance(leaf.said, Row) else ())


def _words(procedure: Procedure) -> Iterator[tuple[str, Mapping[str, object]]]:
    """What has no source of its own: states, acts, statements."""
    for state in procedure.states:
        yield f"{procedure.id}/state {state.id}", _keys(state)
    for act in procedure.acts:
        yield f"{procedure.id}/act {act.id}", _keys(act)
    for statement in procedure.statements:
        said = _keys(statement)
        # Values taken from a list of the instrument are compared where they stand.
        left_out = {"values"} if statement.values_from else set()
        yield (
            f"{procedure.id}/statement {statement.id}",
            {key: value for key, value in said.items() if key not in left_out},
        )


def _keys(said: msgspec.Struct, wanted: tuple[str, ...] = ()) -> Mapping[str, object]:
    written: dict[str, Any] = msgspec.to_builtins(said)
    return {
        key: value
        for key, value in written.items()
        if (key in wanted if wanted else key != "id") and value not in ("", None, [], (), {}, False)
    }
