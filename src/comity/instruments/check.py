"""What a machine can check of an instrument before a lawyer reads it.

A finding names the place and the rule it breaks. An instrument without findings may still be wrong in law;
one with findings cannot be right.

Follows: docs/spec/procedures.md, Checks.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from comity.instruments import soundness
from comity.instruments.leaves import leaves
from comity.instruments.legible import illegible, written_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.instruments.citation import Cited
    from comity.instruments.model import AssistanceType, Condition, Defect, Field, Ground, Instrument

MOST: Final = 200  # findings: of a table that is wrong throughout nobody reads more
_OWN_ARTICLE: Final = re.compile(
    r"Arts?\.? (?P<first>\d{1,3})(?:-(?P<last>\d{1,3}))?(?:\(\w+\))*(?:-\(\w+\))?", re.ASCII
)
BASIS: Final = re.compile(
    r"(?:[A-Z]+ )?Arts?\.? \d{1,3}(?:-\d{1,3})?(?:\(\w+\))*(?:-\(\w+\))?|practice: .+|source: .+", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule an instrument breaks, and where."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def check(instrument: Instrument) -> list[Finding]:
    """What a machine finds wrong with an instrument and its procedures, the first so many; or nothing."""
    checks = (_legible, _basis, _ids, _articles, _force, _sound)
    every = chain.from_iterable(check(instrument) for check in checks)
    found = [Finding(written_out(one.place), written_out(one.what)) for one in islice(every, MOST)]
    if next(every, None) is not None:
        found.append(Finding(written_out(instrument.id), f"has more findings than these {MOST}"))
    return found


def _legible(instrument: Instrument) -> Iterator[Finding]:
    for place, what in illegible(instrument):
        yield Finding(f"{instrument.id}/{place}", what)


def _sound(instrument: Instrument) -> Iterator[Finding]:
    for procedure in instrument.procedures:
        place = f"{instrument.id}/{procedure.id}"
        yield from (Finding(place, what) for what in soundness.faults(procedure))


def _force(instrument: Instrument) -> Iterator[Finding]:
    """A day of entry into force has its source, and what is no law carries no compulsion."""
    if instrument.in_force and not any(fact.id == "in_force" for fact in instrument.identity):
        yield Finding(f"{instrument.id}/in_force", "is given and no fact in_force names its source")
    for kind in instrument.types:
        if kind.coercive and instrument.kind == "arrangement":
            yield Finding(f"{instrument.id}/type {kind.id}", "is coercive, and an arrangement is no law")


def _leaves(instrument: Instrument) -> Iterator[tuple[str, Cited]]:
    """Every cited statement but the list of articles itself, with its place."""
    for leaf in leaves(instrument):
        if leaf.kind != "article":
            yield f"{instrument.id}/{leaf.place}", leaf.said


def _basis(instrument: Instrument) -> Iterator[Finding]:
    for place, leaf in _leaves(instrument):
        if not BASIS.fullmatch(leaf.basis):
            yield Finding(place, f"{leaf.basis!r} is neither an article, nor practice:, nor source:")


def _ids(instrument: Instrument) -> Iterator[Finding]:
    lists: dict[str, Iterable[str]] = {
        "fact": (one.id for one in instrument.identity),
        "type": (one.id for one in instrument.types),
        "reason": (*(one.id for one in instrument.fields), *(one.id for one in instrument.defects)),
        "ground": (*(one.id for one in instrument.grounds), *(one.id for one in instrument.not_grounds)),
        "condition": (one.id for one in instrument.conditions),
        "rule": (one.id for one in instrument.rules),
        "form": (one.id for one in instrument.forms),
        "article": (str(one.number) for one in instrument.articles),
    }
    for what, names in lists.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield Finding(f"{instrument.id}/{what} {name}", "is given more than once")
    types = {kind.id for kind in instrument.types}
    known = {procedure.id for procedure in instrument.procedures}
    rows: tuple[AssistanceType | Condition | Defect | Field | Ground, ...] = (
        *instrument.types,
        *instrument.fields,
        *instrument.grounds,
        *instrument.defects,
        *instrument.conditions,
    )
    for row in rows:
        for unknown in set(row.procedures) - known:
            yield Finding(f"{instrument.id}/{row.id}", f"belongs to {unknown!r}, which is no procedure here")
    for field in instrument.fields:
        for unknown in set(field.types) - types:
            yield Finding(
                f"{instrument.id}/field {field.id}", f"serves {unknown!r}, which is no type of assistance"
            )


def _articles(instrument: Instrument) -> Iterator[Finding]:
    """Every article is cited by a row or out of scope for a reason, and every cited article is listed."""
    place, listed = instrument.id, {article.number: article for article in instrument.articles}
    cited: set[int] = set()
    for at, leaf in _leaves(instrument):
        own = _cited(leaf.basis)
        if own is not None and not own:
            yield Finding(at, f"{leaf.basis!r} names no article: it ends before it begins")
        for number in sorted({*(own or ())} - listed.keys()):
            yield Finding(at, f"cites article {number}, which is not listed among the articles")
        cited.update(own or ())
    for number, article in listed.items():
        if number not in cited and not article.out_of_scope:
            yield Finding(f"{place}/article {number}", "is cited by no row and not out of scope for a reason")
        if number not in (_cited(article.basis) or ()):
            yield Finding(f"{place}/article {number}", f"rests on {article.basis!r}, which is another")


def _cited(basis: str) -> range | None:
    """The articles of the instrument itself that a basis names; None where it names none of its own."""
    match = _OWN_ARTICLE.fullmatch(basis)
    if match is None:
        return None
    first = int(match["first"])
    return range(first, int(match["last"] or first) + 1)
