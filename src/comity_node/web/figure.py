"""A procedure drawn: the states one below the other, and beside them a line for each that acts lead to.

The states are numbered, and every mark bears the number of the state it leads to: what a row of marks says
is read without following a line. A line begins wherever an act may lead to its state, and ends there with an
arrow. So the figure stays as narrow as a telephone however many acts there are, and no two labels can lie on
each other. Which acts they are, and by which article, stands in the table below the figure.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from comity.instruments import arrows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.instruments import Arrow, Procedure

_ROW: Final = 40
_LANE: Final = 20
_LETTER: Final = 8  # as wide as a letter may be on average; a longer name only needs more room
_LINE: Final = 16
_SHORT: Final = 15  # letters: a longer name takes two lines
_GAP: Final = 12
_NUMBER: Final = 24
_IN: Final = 12  # what comes in above the middle of a row, what goes out below it
_OUT: Final = 7
_HEAD: Final = 6


@dataclass(frozen=True, slots=True)
class Stop:
    """A state in the figure; ``number`` is empty for the opening, which is no state."""

    number: str
    lines: tuple[tuple[str, int], ...]
    x: int
    number_x: int
    y: int
    pill: int
    is_end: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an act leaves a state for the line of another.

    Attributes:
        by: ``requesting``, ``requested`` or ``both``.
        to: The number of the state they lead to.
        says: The acts, whose they are, and where they lead.
    """

    x: int
    y: int
    by: str
    to: str
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
    labels = [_two_lines(name) for name in names]
    pill = max(len(line) for lines in labels for line in lines) * _LETTER + _GAP + _NUMBER
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
            Stop(
                number=str(at or ""),
                lines=_placed(lines, at),
                x=paper.x(pill - _GAP - _NUMBER),
                number_x=paper.x(pill - _GAP),
                y=_middle(at),
                pill=paper.x(pill),
                is_end=is_end,
            )
            for at, (lines, is_end) in enumerate(
                zip(labels, [False, *(s.id in procedure.ends for s in procedure.states)], strict=True)
            )
        ),
        leaving=tuple(paper.line((pill, _out(at)), (x, _out(at))) for at, x in furthest.items()),
        lanes=tuple(paper.lane(lane, x) for lane, x in lanes),
        heads=tuple(paper.head(_in(lane.to)) for lane, _x in lanes),
        marks=tuple(
            Mark(paper.x(x), _out(at), _by(arrow), str(lane.to), _says(procedure, arrow, names[lane.to]))
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


def _two_lines(name: str) -> list[str]:
    """A name in two lines of much the same length, if it is too long for one and has more than one word."""
    if len(name) <= _SHORT:
        return [name]
    broken = (
        textwrap.wrap(name, width, break_long_words=False) for width in range(len(name) // 2, len(name))
    )
    return next((lines for lines in broken if len(lines) <= 2), [name])


def _placed(lines: list[str], at: int) -> tuple[tuple[str, int], ...]:
    """The lines of a name around the middle of its row."""
    first = _middle(at) - (len(lines) - 1) * _LINE // 2
    return tuple((line, first + _LINE * nth) for nth, line in enumerate(lines))


def _middle(at: int) -> int:
    return at * _ROW + _ROW // 2


def _in(at: int) -> int:
    return _middle(at) - _IN


def _out(at: int) -> int:
    return _middle(at) + _OUT


def _by(arrow: Arrow) -> str:
    sides = {row.by for row in arrow.rows}
    return "both" if len(sides) > 1 else sides.pop()


def _says(procedure: Procedure, arrow: Arrow, to: str) -> str:
    acts = dict.fromkeys(f"{_(row.label)} ({_(procedure.words[row.by])})" for row in arrow.rows)
    return _("%(acts)s: leads to %(standing)s") % {"acts": "; ".join(acts), "standing": to}
