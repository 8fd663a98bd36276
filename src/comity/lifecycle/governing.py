"""Which text governs a procedure, where a channel rests on several.

Follows: docs/spec/procedures.md, Governing text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from comity.lifecycle.fold import fold
from comity.lifecycle.stated import values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from comity.instruments import Instrument, Procedure
    from comity.lifecycle.standing import Act


class Table(NamedTuple):
    """A procedure, and the instrument it is one of."""

    instrument: Instrument
    procedure: Procedure


def tables(texts: Iterable[Instrument], kinds: str) -> list[Table]:
    """The tables for entries of these kinds, in the order of the texts."""
    return [Table(text, one) for text in texts for one in text.procedures if one.kinds == kinds]


def governing(
    texts: Iterable[Instrument],
    kinds: str,
    acts: Sequence[Act],
    in_force: Callable[[Act, Instrument], bool] | None = None,
) -> Table | None:
    """The table acts are judged by: that of the text which the act that opened the procedure names.

    Args:
        texts: The texts the channel ever rested on, in the order in which they came.
        kinds: What the kinds of the acts begin with.
        acts: The acts of one procedure in the order every party reads them.
        in_force: Whether a text was in force for an act; without, all always were.

    Returns:
        The table. The first text's, where no act opens the procedure by the text it names, so that everybody
        sees alike what is irregular and why. None where no text has a table for these kinds.
    """
    offered = tables(texts, kinds)
    named = (
        one
        for act in acts
        for one in offered
        if _opens(act, one) and (in_force is None or in_force(act, one.instrument))
    )
    return next(named, offered[0] if offered else None)


def _opens(act: Act, table: Table) -> bool:
    """Whether an act, by itself, opens a procedure under a text that it names to the letter."""
    text, procedure = table
    return (
        act.act in procedure.openings
        and values(act.stated, "instrument") == (text.id,)
        and values(act.stated, "table") == (text.digest,)
        and fold(procedure, [act]).judged[0].regular
    )
