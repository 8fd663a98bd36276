"""What the end of a suspension would do to one procedure: a dry run, pure, and the same for both Parties.

Nothing is guessed of what officials will do afterwards: clocks that stand still run on, what was lodged goes
on waiting for its author's word, and what is owed stays owed.

Follows: docs/spec/suspension.md, Dry run of resumption.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from comity.instruments import Mark
from comity.lifecycle.fold import fold
from comity.lifecycle.obligations import Obligation, obligations
from comity.lifecycle.standing import Act

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.lifecycle.governing import Table
    from comity.lifecycle.standing import Standing
    from comity.lifecycle.suspensions import Bearing


class RunsOn(msgspec.Struct, frozen=True, gc=False):
    """A clock that stands still now.

    Attributes:
        party: Whose time it is.
        still_since: Since when it stands still.
        left: How long it has still to run, whenever the suspension ends.
        due_at: When it would be due; None where another suspension would go on holding it up.
    """

    label: str
    party: str
    basis: str
    verified: Mark
    still_since: datetime
    left: timedelta
    due_at: datetime | None


class Resumed(msgspec.Struct, frozen=True, gc=False):
    """One procedure as it would stand.

    Attributes:
        ref: Its reference.
        procedure: Its table, by id.
        kinds: What the kinds of its entries begin with.
        state: Where it stands, by the code of its table; empty where nothing has effect yet.
        label: The same in the instrument's words.
        goes_on: It is at no end.
        clocks: Those that run on, in the order they were started.
        waiting: What was lodged and waits for its author's word, in the order of the record.
        owed: What each party goes on owing in it, due as late as it would be.
    """

    ref: str
    procedure: str
    kinds: str
    state: str
    label: str
    goes_on: bool
    clocks: tuple[RunsOn, ...]
    waiting: tuple[Act, ...]
    owed: tuple[Obligation, ...]


def resumption(ref: str, table: Table, acts: Sequence[Act], now: Bearing, then: Bearing) -> Resumed | None:
    """What would become of one procedure; None where nothing would.

    Args:
        ref: Its reference.
        table: The table it is judged by.
        acts: Its acts in the order every party reads them.
        now: How the suspensions of the channel bear on it.
        then: How they would: see ``Suspensions.resumed``.
    """
    before, after = fold(table.procedure, acts, now), fold(table.procedure, acts, then)
    found = Resumed(
        ref=ref,
        procedure=table.procedure.id,
        kinds=table.procedure.kinds,
        state=after.state,
        label=after.label,
        goes_on=bool(after.state) and not after.final,
        clocks=tuple(_running_on(before, after)),
        waiting=tuple(then.waiting(table.procedure, acts)),
        owed=tuple(obligations(ref, table.instrument, after)),
    )
    return found if found.goes_on or found.clocks or found.waiting or found.owed else None


def _running_on(before: Standing, after: Standing) -> Iterator[RunsOn]:
    for stood, runs in zip(before.clocks, after.clocks, strict=True):
        if stood.running and stood.still_since is not None:
            yield RunsOn(
                label=stood.label,
                party=stood.for_party,
                basis=stood.basis,
                verified=stood.verified,
                still_since=stood.still_since,
                left=stood.due_at - stood.still_since,
                due_at=None if runs.stands_still else runs.due_at,
            )
