"""Whether a procedure table is sound: nothing unreachable, nobody stuck, no race decided by the alphabet.

The last is the one a reader cannot see. Two acts that cross have no order but that of the log names, which
carries no right; so whichever is read first, the procedure must come to stand at the same place.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, combinations
from typing import TYPE_CHECKING

from comity.instruments.procedure import SIDES, Procedure, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def faults(procedure: Procedure) -> Iterator[str]:
    """Every rule of soundness the table breaks, as a sentence."""
    checks = (_names, _opening, _reachable, _dead_ends, _moves, _gates, _ambiguous, _crossings)
    return chain.from_iterable(check(procedure) for check in checks)


def _names(procedure: Procedure) -> Iterator[str]:
    lists: dict[str, Iterable[str]] = {
        "state": (one.id for one in procedure.states),
        "act": (one.id for one in procedure.acts),
        "statement": (one.id for one in procedure.statements),
        "clock": (one.id for one in procedure.clocks),
    }
    for what, names in lists.items():
        yield from (
            f"the {what} {name} is given more than once" for name, n in Counter(names).items() if n > 1
        )
    used = {row.act for row in procedure.rows}
    yield from (f"the act {act.id} is in no row" for act in procedure.acts if act.id not in used)
    started = set(chain.from_iterable(row.starts for row in procedure.rows))
    yield from (
        f"the clock {clock.id} is started by no row" for clock in procedure.clocks if clock.id not in started
    )
    for clock in procedure.clocks:
        if bool(clock.period) == bool(clock.due_on_stated):
            yield f"the clock {clock.id} needs a period or a stated day, and not both"


def _opening(procedure: Procedure) -> Iterator[str]:
    openings = [row for row in procedure.rows if not row.from_]
    if not openings:
        yield "no row opens the procedure"
    for row in openings:
        if row.by != "requesting" or not row.to or "requested" not in row.must_state:
            yield f"the opening act {row.act} must be the requesting side's, lead on, and say to whom"


def _reachable(procedure: Procedure) -> Iterator[str]:
    reached = {row.to for row in procedure.rows if not row.from_}
    while more := {row.to for row in procedure.rows if row.to and reached.intersection(row.from_)} - reached:
        reached |= more
    yield from (
        f"the state {state.id} cannot be reached" for state in procedure.states if state.id not in reached
    )


def _dead_ends(procedure: Procedure) -> Iterator[str]:
    """Nothing follows an end but the disposal of content, and nothing else is an end."""
    ordinary = [row for row in procedure.rows if not row.crosses]
    followed = set(chain.from_iterable(row.from_ for row in ordinary if row.to or not row.entries))
    left = set(chain.from_iterable(row.from_ for row in ordinary if _carries_on(row)))
    for state in procedure.states:
        if state.id in procedure.ends and state.id in followed:
            yield f"the state {state.id} is an end and something follows it"
        if state.id not in procedure.ends and state.id not in left:
            yield f"the state {state.id} is no end and nothing follows it"


def _moves(procedure: Procedure) -> Iterator[str]:
    """In every state that is no end each side can act, or a clock was started on the way in."""
    for state in procedure.states:
        rows = procedure.rows_in[state.id]
        clock = any(row.to == state.id and row.starts for row in procedure.rows)
        able = {row.by for row in rows if _carries_on(row)}
        for side in SIDES:
            if state.id not in procedure.ends and not clock and side not in able:
                yield f"in the state {state.id} the {procedure.words[side]} has no move and no clock runs"


def _carries_on(row: Row) -> bool:
    """Whether it is about the matter itself, and not only about content to be disposed of or a later day."""
    return bool(row.to) or not (row.entries or row.extends)


def _gates(procedure: Procedure) -> Iterator[str]:
    for gate in procedure.gates:
        for row in procedure.rows:
            if row.act == gate.before and row.to and gate.requires not in row.after:
                yield f"a row lets {gate.before} happen without {gate.requires}, against {gate.basis}"


def _ambiguous(procedure: Procedure) -> Iterator[str]:
    """Of two rows for one act in one state, each must say what sets it apart."""
    for (state, act, _), rows in procedure.found.items():
        for one, other in combinations(rows, 2):
            apart = one.crosses != other.crosses or any(
                other.stating.get(name, value) != value for name, value in one.stating.items()
            )
            if not apart:
                side = procedure.words[one.by]
                yield f"in the state {state or 'none'} two rows allow {act} by the {side}"


def _crossings(procedure: Procedure) -> Iterator[str]:
    for state in procedure.states:
        rows = procedure.rows_in[state.id]
        for one in (row for row in rows if row.by == "requesting"):
            for other in (row for row in rows if row.by == "requested"):
                first, second = (
                    _after(procedure, state.id, one, other),
                    _after(procedure, state.id, other, one),
                )
                if first != second:
                    yield (
                        f"in the state {state.id} {one.act} crosses {other.act}: "
                        f"read in this order it stands at {first}, in the other at {second}"
                    )


def _after(procedure: Procedure, state: str, first: Row, second: Row) -> str:
    """Where two acts that cross lead, read in this order; ``forbidden`` if the second has no row then."""
    between = first.to or state
    if first.act in second.unless:
        return between
    rows = [
        row
        for row in procedure.found.get((between, second.act, second.by), ())
        if row.stating == second.stating
    ]
    crossing = [row for row in rows if row.may_cross(first.act)] if between != state else []
    ordinary = [row for row in rows if not row.crosses]
    for row in (*crossing, *ordinary):
        return row.to or between
    return "forbidden"
