"""The figures of a channel to be printed: English and one of the channel's languages side by side.

Every number stands once, between its names in both languages. By the digests on its last page a reader makes
sure of it without this node: the same are stated on record, and in the files.

Follows: docs/spec/reciprocity.md, Report.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.instruments import library
from comity.reciprocity import ALL, FIGURES, document, encoded
from comity_node.channels.charts import MOST, period_words, periods
from comity_node.channels.pairs import between, of_line
from comity_node.letters.setting import set_pages
from comity_node.letters.wording import breakable, direction, seen
from comity_node.register import stating
from comity_node.register.figure_words import (
    NAMES,
    cut_words,
    instrument_words,
    procedure_words,
    term_words,
    why_words,
)
from comity_node.register.reckoning import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from comity.reciprocity import Cut, Figures, Line, StatedFigures
    from comity_node.channels.models import Channel
    from comity_node.channels.pairs import Pair

LAYOUT: Final = "figures.typ"
ENGLISH: Final = "en"
_DAY: Final = 86_400
_ABOUT: Final = _(
    "What each side asked of the other and what became of it, counted from both logs by the same rule. "
    "Directions are not summed up. Time in which a suspension stood clocks still is no time to answer in. "
    "What is irregular is not counted."
)
_HOW: Final = _(
    "This page proves nothing by itself. The digest is what a statement of these figures states on record; "
    "a published statement of them is verified by anybody, and whoever holds an export of the channel counts "
    "again. Both are done with the command: comity verify"
)


def languages(channel: Channel) -> list[tuple[str, str]]:
    """The languages a report can be in beside English, those of the channel first, each with its own name."""
    names = dict(settings.LANGUAGES)
    said = channel.charter.get("languages", []) if isinstance(channel.charter, dict) else []
    listed = [_known(one) for one in said if isinstance(one, str)] if isinstance(said, list) else []
    return [
        (code, names[code]) for code in dict.fromkeys((*listed, *names)) if code in names and code != ENGLISH
    ]


def report(channel: Channel, *, as_of: date, since: date | None, language: str) -> bytes:
    """The report of a day as PDF.

    Args:
        channel: The channel.
        as_of: As the record stood at the end of this day (UTC).
        since: Leave out what was lodged before this day.
        language: The other language, by its tag; one this node has no pages in is set in English twice.

    Raises:
        ComityError: It cannot be set here: a font is missing, or there is too much of it.
    """
    heads = stating.heads(channel.channel)
    stated = stating.count_over(channel.channel, as_of, since, heads)
    figures = counted(channel.channel, stated.extent)
    pages = _Report(channel, figures, stated, _known(language) or ENGLISH)
    folder = settings.NODE.path / "fonts"
    fonts = (str(folder),) if folder.is_dir() else ()
    return set_pages(pages.shown(), LAYOUT, now=timezone.now(), fonts=fonts)


def _known(tag: str) -> str:
    """The language of this node's pages that comes nearest to a tag; empty where none does."""
    try:
        return translation.get_supported_language_variant(tag[:35])
    except LookupError:
        return ""


@dataclass(frozen=True, slots=True)
class _Report:
    """One report; ``other`` is the language beside English."""

    channel: Channel
    figures: Figures
    stated: StatedFigures
    other: str

    def shown(self) -> dict[str, Any]:
        """Everything as plain data, fit for paper. Nothing in it is ever read as a program."""
        return {
            "lang": ENGLISH,
            "other": self.other.partition("-")[0],
            "title": self._both(_("Figures of reciprocity")),
            "over": seen(self.channel.name),
            "over_dir": direction(self.channel.name),
            "running": f"{self.channel.channel} · {self.figures.as_of:%Y-%m-%d}",
            "stamp": self._both(_("EXERCISE, nothing real is asked")) if self.channel.exercise else [],
            "notices": [self._both(_ABOUT)],
            "facts": [
                self._row(_("Channel"), self.channel.channel),
                self._row(_("As the record stood at the end of"), f"{self.figures.as_of:%Y-%m-%d} UTC"),
                *(
                    [self._row(_("Lodged from"), f"{self.figures.since:%Y-%m-%d} UTC")]
                    if self.figures.since
                    else []
                ),
            ],
            "sections": [*self._sections(), *self._terms()],
            "record": {
                "heading": self._both(_("How to make sure")),
                "notes": [self._both(_HOW)],
                "lines": list(self._record()),
            },
            "phrases": {
                "page": self._both(_("{page} of {pages}")),
                "hollow": self._both(_("unanswered")),
                "none": self._both(_("Nothing was lodged in this time.")),
            },
        }

    def _both(self, words: object) -> list[str]:
        """Words that wait for their language, in both; English first."""
        said = []
        for language in (ENGLISH, self.other):
            with translation.override(language):
                said.append(breakable(seen(str(words))))
        return said

    def _row(self, label: object, *values: str, small: bool = False) -> dict[str, Any]:
        """A row of a table: its name in both languages, and what stands between them."""
        return {"label": self._both(label), "values": list(values), "small": small}

    def _sections(self) -> Iterator[dict[str, Any]]:
        groups: dict[tuple[Pair, str, str, Cut], list[Line]] = {}
        for line in self.figures.lines:
            if not line.cut.period:
                key = (of_line(line), line.instrument, line.procedure, line.cut)
                groups.setdefault(key, []).append(line)
        for (pair, instrument, procedure, cut), lines in sorted(groups.items()):
            of = pair if self.channel.many else ()
            yield {
                "heading": self._both(_heading(instrument, procedure, cut, of)),
                "level": 1 if cut == ALL else 2,
                "sides": [f"{one.requesting.upper()} → {one.requested.upper()}" for one in lines],
                "rows": list(self._figures(instrument, lines)),
                "chart": self._chart(pair, instrument, procedure) if cut == ALL else None,
            }

    def _figures(self, instrument: str, lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
        text = library().get(instrument)
        for name in FIGURES:
            counts = [len(one.figures.get(name, ())) for one in lines]
            if any(counts):
                yield self._row(NAMES[name], *map(str, counts))
            for why in sorted({one for line in lines for one in line.because.get(name, {})}):
                parts = [len(line.because.get(name, {}).get(why, ())) for line in lines]
                yield self._row(_why(text, why), *map(str, parts), small=True)
        if any(one.response.count for one in lines):
            for label, took in (
                (_("First answer, median, days"), [one.response.median for one in lines]),
                (_("First answer, nine in ten within, days"), [one.response.p90 for one in lines]),
            ):
                yield self._row(label, *("-" if one is None else f"{one / _DAY:.1f}" for one in took))

    def _chart(self, pair: Pair, instrument: str, procedure: str) -> dict[str, Any] | None:
        """Bars by month, the latest so many; none where there is one month only."""
        by = {
            (one.cut.period, one.requesting): one
            for one in between(self.figures, pair).lines
            if one.cut.period and (one.instrument, one.procedure) == (instrument, procedure)
        }
        every = periods(min(name for name, _party in by), max(name for name, _party in by))
        if len(every) < 2:
            return None
        sides, shown = sorted({party for _name, party in by}), every[-MOST:]
        return {
            "heading": self._both(_("Lodged by month, and what is unanswered of it")),
            "sides": [one.upper() for one in sides],
            "top": max(1, *(_count(by, name, party, "lodged") for name in shown for party in sides)),
            "rows": [
                {
                    "label": self._both(_period(name)),
                    "bars": [
                        [_count(by, name, party, figure) for figure in ("lodged", "unanswered")]
                        for party in sides
                    ],
                }
                for name in shown
            ],
        }

    def _terms(self) -> Iterator[dict[str, Any]]:
        for one in self.figures.terms:
            made = {name: len(terms) for name, terms in one.by_standing.items()}
            rows = [self._row(_term(name), str(count)) for name, count in made.items()]
            if one.past_their_day:
                rows.append(self._row(_term("past_their_day"), str(len(one.past_their_day))))
            yield {
                "heading": self._both(_("Terms of resumption")),
                "level": 1,
                "sides": [one.performer.upper()],
                "rows": rows,
                "chart": None,
            }

    def _record(self) -> Iterator[dict[str, Any]]:
        """The digests, the logs, and what was stated of that day, each under its names."""
        whole = hashlib.sha256(encoded(document(self.channel.channel, self.figures))).hexdigest()
        yield self._row(_("Digest of the figures"), self.stated.digest)
        yield self._row(_("Digest with the entries that make them"), whole)
        for party, head in sorted(self.stated.logs.items()):
            yield self._row(_log_words(party), f"{head.size}", head.root)
        day = self.figures.as_of.date().isoformat()
        for one in stating.statements(self.channel.channel):
            if one.as_of == day:
                yield self._row(
                    _stated_words(one.ref, one.standing.label), *(side.digest for side in one.sides)
                )


def _heading_words(instrument: str, procedure: str, cut: Cut, pair: Sequence[str]) -> str:
    whole = f"{procedure_words(instrument, procedure)}, {instrument_words(instrument)}"
    named = whole if cut == ALL else cut_words(instrument, cut)
    return f"{' · '.join(pair).upper()}: {named}" if pair else named


def _stated(ref: str, label: str) -> str:
    return f"{ref}: {gettext(label)}"


def _log(party: str) -> str:
    return gettext("Log of %s: entries, root") % party.upper()


# Words that wait for the language they are asked in.
_heading = lazy(_heading_words, str)
_why = lazy(why_words, str)
_period = lazy(period_words, str)
_term = lazy(term_words, str)
_stated_words = lazy(_stated, str)
_log_words = lazy(_log, str)


def _count(by: Mapping[tuple[str, str], Line], period: str, party: str, figure: str) -> int:
    line = by.get((period, party))
    return len(line.figures.get(figure, ())) if line else 0
