"""A procedure drawn: the states one below the other, and beside them a line for each that acts lead to.

A line begins wherever an act may lead to its state, and ends there with an arrow. So it stays as narrow as a
telephone however many acts there are, and no two labels can lie on each other. Which acts they are, and by
which article, stands in the table below the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from comity.instruments import arrows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.instruments import Arrow, Procedure

_ROW: Final = 32
_LANE: Final = 15
_LETTER: Final = 8  # as wide as a letter may be on average; a longer name only needs more room
_GAP: Final = 12
_TRACK: Final = 6  # what comes in above the middle of a row, what goes out below it
_HEAD: Final = 6


@dataclass(frozen=True, slots=True)
class Stop:
    """A state in the figure."""

    label: str
    x: int
    y: int
    pill: int
    is_end: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an act leaves a state for the line of another.

    Attributes:
        by: ``requesting``, ``requested`` or ``both``.
        says: The acts, whose they are, and where they lead.
    """

    x: int
    y: int
    by: str
    says: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure, ready to be drawn; ``leaving``, ``lanes`` and ``heads`` are paths of SVG.

    All numbers are whole: a template writes a fraction as its reader's language does, SVG only in one way.
    """

    width: int
    height: int
    stops: tuple[Stop, ...]
    leaving: tuple[str, ...]
    lanes: tuple[str, ...]
    heads: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Lane:
    to: int
    came: tuple[tuple[int, Arrow], ...]

    @property
    def rows(self) -> tuple[int, int]:
        """The first and the last row it passes."""
        passed = [self.to, *(at for at, _arrow in self.came)]
        return min(passed), max(passed)


def figure(procedure: Procedure) -> Figure:
    """Lay a procedure out; where one reads from right to left, the other way round."""
    names = [_("Opening"), *(_(state.label) for state in procedure.states)]
    places = {"": 0, **{state.id: at for at, state in enumerate(procedure.states, 1)}}
    columns = _columns(_lanes(procedure, places))
    pill = max(map(len, names)) * _LETTER + _GAP
    width = pill + 2 * _GAP + _LANE * len(columns) + _GAP
    paper = _Paper(width, mirrored=get_language_bidi(), pill=pill)
    lanes = [(lane, pill + 2 * _GAP + _LANE * at) for at, column in enumerate(columns) for lane in column]
    furthest: dict[int, int] = {}
    for lane, x in lanes:
        for at, _arrow in lane.came:
            furthest[at] = max(furthest.get(at, 0), x)
    return Figure(
        width=width,
        height=_ROW * len(names),
        stops=tuple(
            Stop(name, paper.x(pill - _GAP), _middle(at), paper.x(pill), is_end)
            for at, (name, is_end) in enumerate(
                zip(names, [False, *(s.id in procedure.ends for s in procedure.states)], strict=True)
            )
        ),
        leaving=tuple(paper.line((pill, _out(at)), (x, _out(at))) for at, x in furthest.items()),
        lanes=tuple(paper.lane(lane, x) for lane, x in lanes),
        heads=tuple(paper.head(_in(lane.to)) for lane, _x in lanes),
        marks=tuple(
            Mark(paper.x(x), _out(at), _by(arrow), _says(procedure, arrow, names[lane.to]))
            for lane, x in lanes
            for at, arrow in lane.came
        ),
    )


class _Paper:
    """Paper that may lie the other way round."""

    def __init__(self, width: int, *, mirrored: bool, pill: int) -> None:
        self._width = width
        self._mirrored = mirrored
        self._pill = pill

    def x(self, x: int) -> int:
        """Where something lies."""
        return self._width - x if self._mirrored else x

    def line(self, *points: tuple[int, int]) -> str:
        """A line through points."""
        return "M" + "L".join(f"{self.x(x)} {y}" for x, y in points)

    def lane(self, lane: _Lane, x: int) -> str:
        """From where acts leave for a state, along its lane, back to it."""
        ends = sorted([_in(lane.to), *(_out(at) for at, _arrow in lane.came)])
        spine = self.line((x, ends[0]), (x, ends[-1]))
        return spine + self.line((x, _in(lane.to)), (self._pill + _HEAD, _in(lane.to)))

    def head(self, y: int) -> str:
        """The head of an arrow that meets a state."""
        tip, back = self._pill + 3, self._pill + 3 + _HEAD
        return self.line((back, y - 4), (tip, y), (back, y + 4)) + "Z"


def _lanes(procedure: Procedure, places: dict[str, int]) -> list[_Lane]:
    found: dict[int, list[tuple[int, Arrow]]] = {}
    for arrow in arrows(procedure):
        found.setdefault(places[arrow.to], []).append((places[arrow.came], arrow))
    return [_Lane(to, tuple(came)) for to, came in found.items()]


def _columns(lanes: Iterable[_Lane]) -> Sequence[Sequence[_Lane]]:
    """Lanes side by side, the short ones nearest to the states; two that pass no row in common share one."""
    columns: list[list[_Lane]] = []
    for lane in sorted(lanes, key=lambda one: (one.rows[1] - one.rows[0], one.to)):
        first, last = lane.rows
        free = (
            column
            for column in columns
            if all(last < other.rows[0] or first > other.rows[1] for other in column)
        )
        column = next(free, None)
        if column is None:
            columns.append([lane])
        else:
            column.append(lane)
    return columns


def _middle(at: int) -> int:
    return at * _ROW + _ROW // 2


def _in(at: int) -> int:
    return _middle(at) - _TRACK


def _out(at: int) -> int:
    return _middle(at) + _TRACK


def _by(arrow: Arrow) -> str:
    sides = {row.by for row in arrow.rows}
    return "both" if len(sides) > 1 else sides.pop()


def _says(procedure: Procedure, arrow: Arrow, to: str) -> str:
    acts = dict.fromkeys(f"{_(row.label)} ({_(procedure.words[row.by])})" for row in arrow.rows)
    return _("%(acts)s: leads to %(standing)s") % {"acts": "; ".join(acts), "standing": to}
