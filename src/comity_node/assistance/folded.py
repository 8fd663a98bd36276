"""Where one request stands, and what its table makes of each entry, kept small for requests that are long.

A counterpart may write ten thousand entries on one request. Each is judged by what went before, so all are
read to know where it stands; but only once for as long as nothing is added, and a page shows some of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import structs

from comity.lifecycle import accepted
from comity_node.assistance.judging import standing
from comity_node.register import queries as register
from comity_node.register import standings, touched

if TYPE_CHECKING:
    from comity.instruments import Row
    from comity.lifecycle import Clock, Standing, Table
    from comity.names import EntryRef
    from comity_node.register.queries import Received

LONG: Final = 200
_MOST_KEPT: Final = 32
_MOST_CLOCKS: Final = 50
_MOST_CONDITIONS: Final = 50


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the table makes of one entry: the act, the row that allowed it, or why none did."""

    act: str
    row: Row | None
    because: str
    is_lodged: bool = False
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """A request without its entries.

    Attributes:
        table: Its procedure, and the instrument it was made under.
        standing: The fold, without the acts; of its clocks and conditions the running and the latest.
        open_rows: What may follow now.
        judgements: One for each entry, in the order both parties read them.
        clocks: How many clocks there are.
        conditions: How many conditions there are.
        accepted: Of an offer, the entry whose offer was accepted.
        received: The entries, where they are few.
    """

    table: Table
    standing: Standing
    open_rows: tuple[Row, ...]
    judgements: tuple[Judgement, ...]
    clocks: int
    conditions: int
    accepted: EntryRef | None = None
    received: tuple[Received, ...] = ()

    def may(self, party: str) -> tuple[Row, ...]:
        """What this party may do now."""
        side = self.standing.side(party) if self.standing.state else "requesting"
        return tuple(row for row in self.open_rows if row.by == side)


def folded(channel: str, ref: str, kinds: str) -> Folded | None:
    """Where a request stands; None if nothing of these kinds is on record under this reference.

    Raises:
        NoSuchTable: This node lacks the edition of the instrument the channel rests on.
    """
    received = register.entries(channel, ref=ref, prefix=f"{kinds}.", most=LONG + 1)
    if not received:
        return None
    if len(received) <= LONG:
        return replace(_fold(channel, kinds, received), received=tuple(received))
    mark = touched.mark_of(channel, ref=ref, prefix=f"{kinds}.")
    return _kept(channel, ref, kinds, (mark, touched.last_of(channel, sorted(standings.bearing_kinds()))))


@lru_cache(maxsize=_MOST_KEPT)
def _kept(channel: str, ref: str, kinds: str, _mark: tuple[object, ...]) -> Folded:
    return _fold(channel, kinds, register.entries(channel, ref=ref, prefix=f"{kinds}."))


def _fold(channel: str, kinds: str, received: list[Received]) -> Folded:
    life = standings.life(channel)
    table = life.governing(kinds, standings.lifecycle_acts(received))
    if table is None:
        raise standings.NoSuchTable(f"channel {channel} rests on no text of this node that knows {kinds}")
    whole = standing(table.procedure, received, life)
    alike: dict[tuple[str, int, str], Judgement] = {}  # most entries of a long request fare alike
    return Folded(
        table=table,
        standing=structs.replace(
            whole,
            judged=(),
            clocks=_some_clocks(whole.clocks),
            conditions=whole.conditions[-_MOST_CONDITIONS:],
        ),
        open_rows=whole.open_rows,
        judgements=tuple(
            alike.setdefault(
                (one.act.act, id(one.row), one.because),
                Judgement(
                    one.act.act,
                    one.row,
                    one.because,
                    one.lodged_under is not None,
                    one.taken_back is not None,
                ),
            )
            for one in whole.judged
        ),
        clocks=len(whole.clocks),
        conditions=len(whole.conditions),
        accepted=accepted(whole),
    )


def _some_clocks(clocks: tuple[Clock, ...]) -> tuple[Clock, ...]:
    """The running clocks that end first, then the latest of those that run no more."""
    running = sorted((one for one in clocks if one.running), key=lambda one: one.due_at)
    ended = [one for one in clocks if not one.running]
    return (*running[:_MOST_CLOCKS], *ended[-_MOST_CLOCKS:])
