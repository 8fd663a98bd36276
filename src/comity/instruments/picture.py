"""A procedure as a picture: the states, and the arrows of the rows that lead from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.instruments.procedure import Procedure, Row


@dataclass(frozen=True, slots=True)
class Arrow:
    """What leads from one state to another.

    Attributes:
        came: The state it leads from; empty opens the procedure.
        to: The state it leads to.
        rows: The rows that do.
    """

    came: str
    to: str
    rows: tuple[Row, ...]


def arrows(procedure: Procedure) -> list[Arrow]:
    """The arrows in the order of the table. Acts that cross, and what leaves the standing, draw none."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in procedure.rows:
        if row.to and not row.crosses:
            for state in row.from_ or ("",):
                found.setdefault((state, row.to), []).append(row)
    return [Arrow(came, to, tuple(rows)) for (came, to), rows in found.items() if came != to]


def mermaid(procedure: Procedure) -> Iterator[str]:
    """The picture as the source of a Mermaid state diagram, line by line."""
    yield "stateDiagram-v2"
    yield from (f'    state "{state.label}" as {state.id}' for state in procedure.states)
    for arrow in arrows(procedure):
        acts = dict.fromkeys(
            " ".join((row.act.replace("_", " "), *row.stating.values())) for row in arrow.rows
        )
        yield f"    {arrow.came or '[*]'} --> {arrow.to}: {', '.join(acts)}"
    yield from (f"    {state} --> [*]" for state in procedure.ends)
