"""Which acts of a procedure others rest on, and what is made of the rest by themselves.

A talk of ten thousand messages is one procedure. Folding all of it for each message would cost the more the
longer two Parties talk. But nothing rests on a message: no row asks whether one went before, no clock stops
at it, and it moves nothing. So what the table makes of it follows from the acts that carry weight and from
the message alone, and is the same as in a fold over everything.

Follows: docs/spec/procedures.md, Weight; docs/adr/0031-a-message-weighs-nothing.md.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from comity.lifecycle.courses import standings, together
from comity.lifecycle.suspensions import NO_BEARING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.instruments import Procedure, Row
    from comity.lifecycle.standing import Act, Judged
    from comity.lifecycle.suspensions import Bearing
    from comity.names import EntryRef


def weighty(procedure: Procedure) -> frozenset[str]:
    """The acts that move the standing or a clock, or that a row, a clock or another act may ask for."""
    return frozenset(chain(_asked_for(procedure), (row.act for row in procedure.rows if _moves(row))))


def judged_by_weight(
    procedure: Procedure, weight: Sequence[Act], others: Sequence[Act], bearing: Bearing = NO_BEARING
) -> dict[EntryRef, Judged]:
    """What the table makes of acts that weigh nothing, each as if no other of them were there.

    Args:
        procedure: Its table.
        weight: Every act of the procedure that carries weight, in the common order.
        others: Any acts of it that do not.
        bearing: How the life of the charter bears on it.

    Returns:
        What a fold over all acts makes of these, and of those that carry weight.
    """
    acts = sorted([*weight, *others], key=lambda act: act.place)
    return together(procedure, acts, standings(procedure, acts, bearing))


def _moves(row: Row) -> bool:
    """Whether a row does anything but stand on record."""
    settles = row.conditions or row.extends or row.entries or row.terms or row.erases
    return not row.from_ or bool(row.to or row.starts or settles)


def _asked_for(procedure: Procedure) -> Iterator[str]:
    """The acts that something else names."""
    for row in procedure.rows:
        yield from (*row.after, *row.unless, *(act for wait in row.not_before for act in wait.acts))
    for clock in procedure.clocks:
        yield from (*clock.stopped_by, *clock.lifted_by)
    yield from (gate.requires for gate in procedure.gates)
    yield from (rule.entries for rule in procedure.acts if rule.entries)
