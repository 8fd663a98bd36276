"""Figures by period as charts: where each bar stands, worked out here, so that a page only draws.

A bar is what one side lodged in a month or quarter; its hollow part is what is unanswered of that. A table
beside it says the same, and each number there opens its entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from comity_node.channels.reciprocity import key_of
from comity_node.register.figure_words import instrument_words, procedure_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.reciprocity import Figures, Line

MOST: Final = 24  # periods of a chart, the latest; the files hold all
_TALL: Final = 150
_TOP: Final = 22
_FOOT: Final = 40
_AXIS: Final = 36
_SLOT: Final = (46, 96)
_WIDE: Final = 640
_BAR: Final = 24
_GAP: Final = 10
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in pixels from the top and from where the line begins; ``hollow`` is its upper part."""

    x: int
    y: int
    wide: int
    tall: int
    hollow: int
    count: int
    ours: bool
    middle: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one procedure, with the table that says the same.

    Attributes:
        sides: The parties that ask, and whether that is us.
        ticks: Height and number of each line across.
        labels: Where each period stands, what it is called, and its year where that begins.
        rows: A row of the table for each period in which something was lodged: its name, and each side's.
        left_out: How many earlier periods are not drawn.
    """

    id: str
    title: str
    about: str
    sides: tuple[tuple[str, bool], ...]
    wide: int
    tall: int
    foot: int
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, int], ...]
    labels: tuple[tuple[int, str, str], ...]
    rows: tuple[tuple[str, tuple[dict[str, Any], ...]], ...]
    left_out: int
    axis: int
    is_mirrored: bool


def charts(found: Figures) -> dict[tuple[str, str], Chart]:
    """A chart for each procedure, by instrument and procedure; of a single period nothing is drawn."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for one in found.lines:
        if one.cut.period:
            groups.setdefault((one.instrument, one.procedure), []).append(one)
    drawn = {key: _chart(key, lines, place) for place, (key, lines) in enumerate(sorted(groups.items()))}
    return {key: one for key, one in drawn.items() if len(one.labels) > 1}


def periods(first: str, last: str) -> list[str]:
    """Every month or quarter from one to another, both among them."""
    return [_named(place, first) for place in range(_place(first), _place(last) + 1)]


def period_words(period: str) -> str:
    """A month or a quarter by its name, with its year."""
    return date_format(_begin(period), "F Y") if "q" not in period else f"{_short(period)} {period[:4]}"


def _chart(key: tuple[str, str], lines: Sequence[Line], place: int) -> Chart:
    by = {(one.cut.period, one.requesting): one for one in lines}
    own = settings.NODE.party
    sides = tuple((party, party == own) for party in sorted({one.requesting for one in lines}))
    every = periods(min(name for name, _party in by), max(name for name, _party in by))
    shown = every[-MOST:]
    highest = max(
        (_count(by.get((name, party)), "lodged") for name in shown for party, _ours in sides), default=0
    )
    slot = min(max(_WIDE // len(shown), _SLOT[0]), _SLOT[1])
    wide, mirrored = _AXIS + slot * len(shown), bool(get_language_bidi())
    step = _step(highest)
    top = step * max(1, -(-highest // step))
    places = [_AXIS + slot * at + slot // 2 for at in range(len(shown))]
    across = [wide - one for one in places] if mirrored else places
    instrument, procedure = key
    return Chart(
        id=f"chart-{place}",
        title=_("%(procedure)s, %(instrument)s: lodged by period, and what is unanswered of it")
        % {"procedure": procedure_words(instrument, procedure), "instrument": instrument_words(instrument)},
        about=_about(by, shown, sides),
        sides=sides,
        wide=wide,
        tall=_TOP + _TALL + _FOOT,
        foot=_TOP + _TALL,
        bars=tuple(_bars(by, shown, sides, across, slot, top)),
        ticks=tuple((_TOP + _TALL - round(_TALL * n / top), n) for n in range(0, top + 1, step)),
        labels=tuple(
            (x, _short(name), name[:4] if at == 0 or name[5:] in ("01", "q1") else "")
            for at, (x, name) in enumerate(zip(across, shown, strict=True))
        ),
        rows=tuple(
            (
                period_words(name),
                tuple(_cell(by.get((name, party)), party, ours=ours) for party, ours in sides),
            )
            for name in shown
            if any((name, party) in by for party, _ours in sides)
        ),
        left_out=len(every) - len(shown),
        axis=wide - _AXIS if mirrored else _AXIS,
        is_mirrored=mirrored,
    )


def _bars(
    by: Mapping[tuple[str, str], Line],
    shown: Sequence[str],
    sides: Sequence[tuple[str, bool]],
    across: Sequence[int],
    slot: int,
    top: int,
) -> Iterable[Bar]:
    """The bars of each period beside each other, the first side where the line begins."""
    order = -1 if get_language_bidi() else 1
    for name, x in zip(shown, across, strict=True):
        for at, (party, ours) in enumerate(sides):
            lodged, open_ = (_count(by.get((name, party)), one) for one in ("lodged", "unanswered"))
            tall, hollow = (round(_TALL * n / top) for n in (lodged, open_))
            wide = min(_BAR, (slot - _GAP) // len(sides))
            middle = x + order * round((at - (len(sides) - 1) / 2) * (wide + 2))
            yield Bar(
                middle - wide // 2, _TOP + _TALL - tall, wide, tall - hollow, hollow, lodged, ours, middle
            )


def _about(
    by: Mapping[tuple[str, str], Line], shown: Sequence[str], sides: Sequence[tuple[str, bool]]
) -> str:
    """The chart in words, for whoever does not see it."""
    said = []
    for party, _ours in sides:
        lodged, open_ = (
            sum(_count(by.get((name, party)), figure) for name in shown)
            for figure in ("lodged", "unanswered")
        )
        words = _("%(party)s lodged %(lodged)d, of which %(unanswered)d are unanswered")
        said.append(words % {"party": party.upper(), "lodged": lodged, "unanswered": open_})
    span = _("%(first)s to %(last)s") % {"first": period_words(shown[0]), "last": period_words(shown[-1])}
    return f"{span}: {'; '.join(said)}."


def _cell(line: Line | None, party: str, *, ours: bool) -> dict[str, Any]:
    median, p90 = (line.response.median, line.response.p90) if line else (None, None)
    return {
        "party": party,
        "ours": ours,
        "of": key_of(line) if line else "",
        "lodged": _count(line, "lodged"),
        "unanswered": _count(line, "unanswered"),
        "median": None if median is None else timedelta(seconds=median),
        "p90": None if p90 is None else timedelta(seconds=p90),
    }


def _count(line: Line | None, figure: str) -> int:
    return len(line.figures.get(figure, ())) if line else 0


def _step(highest: int) -> int:
    """Between two lines across: 1, 2 or 5 and noughts, so that there are about four."""
    scale = 1
    while True:
        for one in _STEPS:
            if one * scale * 4 >= highest:
                return one * scale
        scale *= 10


def _place(period: str) -> int:
    """The number of a period, so that those in between can be counted through."""
    year, part = int(period[:4]), period[5:]
    return year * 4 + int(part[1:]) - 1 if part.startswith("q") else year * 12 + int(part) - 1


def _named(place: int, like: str) -> str:
    if "q" in like:
        return f"{place // 4:04}-q{place % 4 + 1}"
    return f"{place // 12:04}-{place % 12 + 1:02}"


def _begin(period: str) -> date:
    return date(int(period[:4]), int(period[5:]), 1)


def _short(period: str) -> str:
    """A month or quarter without its year."""
    if "q" in period:
        return _("Q%s") % period[-1]
    return date_format(_begin(period), "M")
