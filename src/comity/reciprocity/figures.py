"""What was asked, by whom, under what, and what became of it; each figure with the entries that make it.

A request counts where the table it was made under counts its acts; consultations and information are counted
beside them, since each is a procedure with a direction. Nothing is weighed or summed up into one number: who
compares two directions compares like with like, line by line.

Follows: docs/spec/reciprocity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

import msgspec

from comity.lifecycle import fold
from comity.lifecycle.clocks import began
from comity.lifecycle.stated import values
from comity.names import EntryRef
from comity.reciprocity.terms import TermLine, count_terms

if TYPE_CHECKING:
    from comity.lifecycle import Bearing, Judged, Standing, Term

Figure = Literal[
    "lodged",
    "receipted",
    "lodged_in_suspension",
    "acknowledged",
    "returned",
    "granted_in_whole",
    "granted_in_part",
    "refused",
    "postponed",
    "withdrawn",
    "unanswered",
    "overdue",
    "preservation_followed_up",
    "preservation_lost",
    "lapsed",
]
FIGURES: Final[tuple[Figure, ...]] = get_args(Figure)
ALL: Final = ""  # the line of all types together
_ANSWERS: Final = frozenset({"returned", "granted", "refused", "postponed"})
_SETTLES: Final = frozenset({"granted", "refused", "withdrawn", "lapsed"})
_WHY: Final[Mapping[Figure, str]] = {"returned": "reasons", "refused": "grounds"}  # lists of the instrument
_PART: Final = frozenset({"in part", "in_part"})


class Case(NamedTuple):
    """One procedure as the record has it on the day.

    Attributes:
        ref: Its reference.
        instrument: Id of the text it was made under.
        standing: Where it stands.
        bearing: How suspensions bear on it: time in which it stood still is no time to answer in.
    """

    ref: str
    instrument: str
    standing: Standing
    bearing: Bearing


class Response(msgspec.Struct, frozen=True, gc=False):
    """How long answers took, from the receipt, in whole seconds in which clocks ran.

    Attributes:
        count: How many were answered.
        median, p90: By nearest rank; None where nothing was answered.
    """

    count: int
    median: int | None
    p90: int | None


class Line(msgspec.Struct, frozen=True):
    """The figures of one direction, instrument, procedure and type.

    Attributes:
        requesting, requested: The direction.
        type: One type of assistance; empty for all together. A request for two types is in two lines.
        figures: For each figure that is not zero, the entries that make it, in the common order.
        because: For ``returned`` and ``refused``, the same by reason or ground.
        response: How long the first answer took.
    """

    requesting: str
    requested: str
    instrument: str
    procedure: str
    type: str
    figures: Mapping[str, tuple[EntryRef, ...]]
    because: Mapping[str, Mapping[str, tuple[EntryRef, ...]]]
    response: Response


class Figures(msgspec.Struct, frozen=True):
    """All lines of a channel for what was lodged in a period, and its terms, as the record had them."""

    since: datetime | None
    as_of: datetime
    lines: tuple[Line, ...]
    terms: tuple[TermLine, ...] = ()


def at_the_end_of(day: date) -> datetime:
    """The instant that figures of a day are as of: its last whole second (UTC), as every side writes it."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)


def count(
    cases: Iterable[Case],
    *,
    parties: Collection[str],
    as_of: datetime,
    since: datetime | None = None,
    terms: Iterable[Term] = (),
) -> Figures:
    """Count what was lodged from ``since`` on, as it stood at ``as_of``.

    Args:
        cases: The procedures, folded from the entries and receipts dated no later than ``as_of``.
        parties: The parties of the channel. What is addressed to nobody of them asks nobody for anything.
        as_of: The instant: what is overdue then. The same on both sides for the same figures.
        since: Leave out what was lodged before.
        terms: The terms of resumption of the channel.
    """
    tallies: dict[tuple[str, ...], _Tally] = {}
    for case in cases:
        opening = next(filter(_opens(case), case.standing.judged), None)
        if opening is None or (since is not None and opening.act.at < since):
            continue
        requesting, requested = opening.act.party, (values(opening.act.stated, "requested") or ("",))[0]
        if requested == requesting or requested not in parties:
            continue
        key = (requesting, requested, case.instrument, case.standing.procedure.id)
        for one in (ALL, *_types(case, opening)):
            tallies.setdefault((*key, one), _Tally()).take(case, opening, as_of)
    lines = tuple(tallies[key].line(*key) for key in sorted(tallies))
    return Figures(since, as_of, lines, count_terms(terms, as_of=as_of))


class _Tally:
    """What one line adds up to."""

    def __init__(self) -> None:
        self._made: dict[Figure, list[tuple[tuple[int, str, int], EntryRef]]] = {}
        self._because: dict[tuple[Figure, str], list[tuple[tuple[int, str, int], EntryRef]]] = {}
        self._seconds: list[int] = []

    def take(self, case: Case, opening: Judged, as_of: datetime) -> None:
        """Count one procedure."""
        for figure, judged in _figures(case, opening, as_of):
            place = (judged.act.place, judged.act.ref)
            self._made.setdefault(figure, []).append(place)
            for why in _why(case, figure, judged):
                self._because.setdefault((figure, why), []).append(place)
        answer = next((one for one in case.standing.regular if _counts(one) in _ANSWERS), None)
        if answer is not None:
            start = began(opening.act, own=False)
            self._seconds.append(int(case.bearing.ran(start, max(start, answer.act.at)).total_seconds()))

    def line(self, requesting: str, requested: str, instrument: str, procedure: str, type_: str) -> Line:
        """The line, with its entries in order."""
        because: dict[str, dict[str, tuple[EntryRef, ...]]] = {}
        for (figure, why), made in sorted(self._because.items()):
            because.setdefault(figure, {})[why] = _in_order(made)
        figures: dict[str, tuple[EntryRef, ...]]
        figures = {figure: _in_order(self._made[figure]) for figure in FIGURES if figure in self._made}
        return Line(
            requesting, requested, instrument, procedure, type_, figures, because, _response(self._seconds)
        )


def _figures(case: Case, opening: Judged, as_of: datetime) -> Iterator[tuple[Figure, Judged]]:
    """Each figure this procedure adds to, with the act that makes it."""
    standing = case.standing
    yield "lodged", opening
    if opening.act.receipted_at is not None:
        yield "receipted", opening
    if opening.lodged_under is not None or opening.act.confirmed_by is not None:
        yield "lodged_in_suspension", opening
    if opening.lodged_under is not None:
        return
    counted = {_counts(one): one for one in standing.regular}  # the last of each
    for name in ("acknowledged", "returned", "refused", "postponed", "withdrawn"):
        if name in counted:
            yield name, counted[name]
    if "granted" in counted:
        yield _extent(counted["granted"]), counted["granted"]
    yield from _after_preserving(counted)
    if not _SETTLES.intersection(counted) and not standing.final:
        yield "unanswered", opening
    if any(one.running and not one.stands_still and one.due_at < as_of for one in standing.clocks):
        yield "overdue", opening


def _types(case: Case, opening: Judged) -> Iterator[str]:
    """The types of assistance asked for, each once, as far as the instrument has them."""
    known = case.standing.procedure.statement_of.get("types")
    if known is not None:
        yield from (one for one in dict.fromkeys(values(opening.act.stated, "types")) if one in known.values)


def _why(case: Case, figure: Figure, judged: Judged) -> Iterator[str]:
    """The grounds or reasons an act states, under whatever name its table has for them."""
    for statement in case.standing.procedure.statements:
        if statement.values_from and statement.values_from == _WHY.get(figure):
            yield from dict.fromkeys(values(judged.act.stated, statement.id))


def _after_preserving(counted: Mapping[str, Judged]) -> Iterator[tuple[Figure, Judged]]:
    if "followed_up" in counted:
        yield "preservation_followed_up", counted["followed_up"]
    elif "lapsed" in counted:
        yield ("preservation_lost" if "granted" in counted else "lapsed"), counted["lapsed"]


def _extent(granted: Judged) -> Figure:
    in_part = _PART.intersection(values(granted.act.stated, "extent"))
    return "granted_in_part" if in_part else "granted_in_whole"


def _counts(judged: Judged) -> str:
    return judged.row.counts if judged.row is not None else ""


def _opens(case: Case) -> Callable[[Judged], bool]:
    """What opened the procedure, or would have but for a suspension; what is irregular opened nothing."""
    procedure = case.standing.procedure

    def opens(one: Judged) -> bool:
        lodged = one.lodged_under is not None and fold(procedure, [one.act]).judged[0].regular
        return one.act.act in procedure.openings and (one.regular or lodged)

    return opens


def _in_order(made: Iterable[tuple[tuple[int, str, int], EntryRef]]) -> tuple[EntryRef, ...]:
    return tuple(ref for _place, ref in sorted(made))


def _response(seconds: Sequence[int]) -> Response:
    ordered = sorted(seconds)
    return Response(len(ordered), _rank(ordered, 50), _rank(ordered, 90))


def _rank(ordered: Sequence[int], percent: int) -> int | None:
    """The value at a percentile, by nearest rank: one that was measured, never one in between."""
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None
