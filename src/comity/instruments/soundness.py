"""Whether a procedure table is sound: nothing unreachable, nobody stuck, no race decided by the alphabet.

The last is the one a reader cannot see. Acts that cross have no order but that of the log names, which
carries no right; so in whichever they are read, the procedure must come to stand at the same place.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Final

from comity.instruments.procedure import SIDES, Procedure, Row, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_OTHER: Final[Mapping[Side, Side]] = {"requesting": "requested", "requested": "requesting"}


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
    """Of two acts that cross, and of three.

    Three say nothing new where two are undecided, or where only one of them moves the standing.
    """
    for state in procedure.states:
        runs = list(product(*(tuple(_runs(procedure, state.id, side)) for side in SIDES)))
        pairs = [(ours, theirs) for ours, theirs in runs if len(ours + theirs) == 2]
        triples = [(ours, theirs) for ours, theirs in runs if _tell_more(ours + theirs)]
        yield from _undecided(procedure, state.id, pairs) or _undecided(procedure, state.id, triples)


def _tell_more(acts: tuple[Row, ...]) -> bool:
    return len(acts) == 3 and sum(bool(row.to) for row in acts) > 1


def _undecided(
    procedure: Procedure, state: str, crossing: Iterable[tuple[tuple[Row, ...], ...]]
) -> list[str]:
    return [found for ours, theirs in crossing for found in _races(procedure, state, ours, theirs)]


def _runs(procedure: Procedure, state: str, side: Side) -> Iterator[tuple[Row, ...]]:
    """What a side may do that hears nothing meanwhile: an act, or one that moves the standing and another."""
    for row in (one for one in procedure.rows_in[state] if one.by == side):
        yield (row,)
        if row.to:
            following = (one for one in procedure.rows_in[row.to] if one.by == side)
            yield from ((row, one) for one in following if row.act not in one.unless)


def _races(procedure: Procedure, state: str, ours: tuple[Row, ...], theirs: tuple[Row, ...]) -> Iterator[str]:
    """What is wrong where acts that cross lead to one place in one order, and to another in another."""
    first, *others = ((order, _after(procedure, state, order)) for order in _orders(ours, theirs))
    for order, after in others:
        if after != first[1]:
            acts = [" and ".join(row.act for row in run) for run in (ours, theirs)]
            orders = [", ".join(row.act for row in one) for one in (first[0], order)]
            yield (
                f"in the state {state} {acts[0]} crosses {acts[1]}: read as {orders[0]} "
                f"it stands at {first[1]}, as {orders[1]} at {after}"
            )
            return


def _orders(ours: tuple[Row, ...], theirs: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """Every order in which two runs of acts may be read; nobody's own acts change places."""
    if not ours or not theirs:
        yield ours + theirs
        return
    yield from ((ours[0], *rest) for rest in _orders(ours[1:], theirs))
    yield from ((theirs[0], *rest) for rest in _orders(ours, theirs[1:]))


def _after(procedure: Procedure, state: str, order: tuple[Row, ...]) -> str:
    """Where acts lead that are read in this order, and which of them no row allows then.

    Neither side saw an act of the other; each means the row that it would have been by itself.
    """
    moved: dict[Side, str] = {}  # the act of each side that last moved the standing
    done: set[str] = set()
    forbidden: list[str] = []
    for meant in order:
        if done.intersection(meant.unless):  # what it is for was done meanwhile: it changes nothing
            continue
        row = _row(procedure, state, meant, moved.get(_OTHER[meant.by], ""))
        if row is None:
            forbidden.append(f"{meant.act} by the {procedure.words[meant.by]}")
            continue
        done.add(meant.act)
        if row.to:
            state = row.to
            moved[meant.by] = meant.act
    return f"{state}, with {' and '.join(sorted(forbidden))} forbidden" if forbidden else state


def _row(procedure: Procedure, state: str, meant: Row, unseen: str) -> Row | None:
    """The row for an act whose author had not seen this act of the other side; what crosses comes first."""
    rows = (
        row
        for row in procedure.found.get((state, meant.act, meant.by), ())
        if row.stating == meant.stating and (not row.crosses or (unseen and row.may_cross(unseen)))
    )
    return next(rows, None)
