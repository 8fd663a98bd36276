"""What was asked, by whom, under what, and what became of it; each figure with the entries that make it.

A request counts where the table it was made under counts its acts; consultations and information are counted
beside them, since each is a procedure with a direction. Nothing is weighed or summed up into one number: who
compares two directions compares like with like, line by line.

Follows: docs/spec/reciprocity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple, get_args

import msgspec

from comity.lifecycle import fold
from comity.lifecycle.clocks import began
from comity.lifecycle.stated import is_exercise, values
from comity.names import EntryRef
from comity.reciprocity.terms import TermLine, count_terms

if TYPE_CHECKING:
    from comity.lifecycle import Bearing, Judged, Standing, Term

Figure = Literal[
    "lodged",
    "receipted",
    "lodged_in_suspension",
    "acknowledged",
    "noted",
    "returned",
    "countered",
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
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
MONTH: Final = "month"
By = Literal["month", "quarter"]
_ANSWERS: Final = frozenset({"returned", "granted", "refused", "postponed", "noted", "countered"})
_SETTLES: Final = frozenset({"granted", "refused", "withdrawn", "lapsed", "noted", "countered"})
_AS_COUNTED: Final[Sequence[Figure]] = (
    "acknowledged", "noted", "returned", "countered", "refused", "postponed", "withdrawn"
)  # fmt: skip
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


class Extent(NamedTuple):
    """Of what time and of how much of the record figures are.

    Attributes:
        as_of: The instant: what is dated later is not known yet.
        since: Leave out what was lodged before.
        sizes: Only the first so many entries of each log, by party; of a log not named, none. Empty: all.
    """

    as_of: datetime
    since: datetime | None = None
    sizes: tuple[tuple[str, int], ...] = ()

    def holds(self, ref: EntryRef, at: datetime) -> bool:
        """Whether an entry that its author dates so is within it."""
        within = not self.sizes or any(
            party == ref.origin.party and ref.index < size for party, size in self.sizes
        )
        return within and at <= self.as_of


class Cut(NamedTuple):
    """Which of the procedures of a direction, instrument and procedure a line is of: all, or some.

    Attributes:
        type: Those for one type of assistance, or of one sort of offer.
        urgency: Those of one urgency, as far as the table has it stated.
        suspension: Those lodged ``inside`` or ``outside`` a suspension of their topic, where there was one.
        period: Those lodged in one month (UTC), as ``2026-03``, or in one quarter, as ``2026-q1``.
        exercise: ``yes``: those of which nothing was meant. They are counted in no other line.
    """

    type: str = ""
    urgency: str = ""
    suspension: str = ""
    period: str = ""
    exercise: str = ""

    def plain(self) -> dict[str, str]:
        """By name, as documents have it: without ``exercise`` where it is none, as older documents are."""
        said = self._asdict()
        return said if self.exercise else {name: said[name] for name in said if name != "exercise"}


ALL: Final = Cut()
EXERCISE: Final = Cut(exercise="yes")
_SORTS: Final = ("types", "sort")  # under which names an opening says of what it is


class Response(msgspec.Struct, frozen=True, gc=False):
    """How long answers took, from the receipt, in whole seconds in which clocks ran.

    Attributes:
        count: How many were answered.
        median, p90: By nearest rank; None where nothing was answered.
    """

    count: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    median: _Seconds | None
    p90: _Seconds | None


class Line(msgspec.Struct, frozen=True):
    """The figures of one direction, instrument and procedure, of all of it or of one cut.

    Attributes:
        requesting, requested: The direction.
        cut: Of which of them. A request for two types is in two lines.
        figures: For each figure that is not zero, the entries that make it, in the common order.
        because: For ``returned`` and ``refused``, the same by reason or ground.
        response: How long the first answer took.
    """

    requesting: str
    requested: str
    instrument: str
    procedure: str
    cut: Cut
    figures: Mapping[str, tuple[EntryRef, ...]]
    because: Mapping[str, Mapping[str, tuple[EntryRef, ...]]]
    response: Response


class Figures(msgspec.Struct, frozen=True):
    """All lines of a channel for what was lodged in a period, and its terms, as the record had them.

    Attributes:
        until: The same record gives the same figures as of any instant up to this one; None: as of any later.
    """

    since: datetime | None
    as_of: datetime
    lines: tuple[Line, ...]
    terms: tuple[TermLine, ...] = ()
    until: datetime | None = None


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
    by: By = "month",
) -> Figures:
    """Count what was lodged from ``since`` on, as it stood at ``as_of``.

    Args:
        cases: The procedures, folded from the entries and receipts dated no later than ``as_of``.
        parties: The parties of the channel. What is addressed to nobody of them asks nobody for anything.
        as_of: The instant: what is overdue then. The same on both sides for the same figures.
        since: Leave out what was lodged before.
        terms: The terms of resumption of the channel.
        by: In periods of which length lines are cut.
    """
    tallies: dict[tuple[str, str, str, str, Cut], _Tally] = {}
    agreed, moves = tuple(terms), _Moves(as_of)
    for case in cases:
        moves.hear(case)
        opening = next(filter(_opens(case), case.standing.judged), None)
        if opening is None or (since is not None and opening.act.at < since):
            continue
        requesting, requested = opening.act.party, (values(opening.act.stated, "requested") or ("",))[0]
        if requested == requesting or requested not in parties:
            continue
        key = (requesting, requested, case.instrument, case.standing.procedure.id)
        for one in _cuts(case, opening, by):
            tallies.setdefault((*key, one), _Tally()).take(case, opening, as_of)
    lines = tuple(tallies[each].line(*each) for each in sorted(tallies))
    return Figures(since, as_of, lines, count_terms(agreed, as_of=as_of), moves.first(agreed))


class _Moves:
    """When figures change although the record does not: a clock runs out, a term's day goes by."""

    def __init__(self, as_of: datetime) -> None:
        self._as_of = as_of
        self._first: datetime | None = None

    def hear(self, case: Case) -> None:
        """Note the clocks of a procedure that are still to run out."""
        for one in case.standing.clocks:
            if one.running and not one.stands_still:
                self._note(one.due_at)

    def first(self, terms: Iterable[Term]) -> datetime | None:
        """The last instant before the first change; None where nothing changes any more."""
        for one in terms:
            if one.agreed and not one.is_settled:
                self._note(datetime.combine(one.due, time.max, tzinfo=UTC))
        return self._first

    def _note(self, last: datetime) -> None:
        if last >= self._as_of and (self._first is None or last < self._first):
            self._first = last


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

    def line(self, requesting: str, requested: str, instrument: str, procedure: str, cut: Cut) -> Line:
        """The line, with its entries in order."""
        because: dict[str, dict[str, tuple[EntryRef, ...]]] = {}
        for (figure, why), made in sorted(self._because.items()):
            because.setdefault(figure, {})[why] = _in_order(made)
        figures: dict[str, tuple[EntryRef, ...]]
        figures = {figure: _in_order(self._made[figure]) for figure in FIGURES if figure in self._made}
        return Line(
            requesting, requested, instrument, procedure, cut, figures, because, _response(self._seconds)
        )


def _figures(case: Case, opening: Judged, as_of: datetime) -> Iterator[tuple[Figure, Judged]]:
    """Each figure this procedure adds to, with the act that makes it."""
    standing = case.standing
    yield "lodged", opening
    if opening.act.receipted_at is not None:
        yield "receipted", opening
    if _was_lodged(opening):
        yield "lodged_in_suspension", opening
    if opening.lodged_under is not None:
        return
    counted = {_counts(one): one for one in standing.regular}  # the last of each
    for name in _AS_COUNTED:
        if name in counted:
            yield name, counted[name]
    if "granted" in counted:
        yield _extent(counted["granted"]), counted["granted"]
    yield from _after_preserving(counted)
    if not _SETTLES.intersection(counted) and not standing.final:
        yield "unanswered", opening
    if any(one.running and not one.stands_still and one.due_at < as_of for one in standing.clocks):
        yield "overdue", opening


def _cuts(case: Case, opening: Judged, by: By) -> Iterator[Cut]:
    """The lines a procedure is counted in, each once; one that is exercise in that of exercises alone."""
    if is_exercise(opening.act.stated):
        yield EXERCISE
        return
    yield ALL
    for name in _SORTS:
        yield from (Cut(type=one) for one in _stated(case, opening, name))
    yield from (Cut(urgency=one) for one in _stated(case, opening, "urgency"))
    if case.bearing.spans:
        yield Cut(suspension="inside" if _was_lodged(opening) else "outside")
    yield Cut(period=period_of(opening.act.at, by))


def period_of(at: datetime, by: By) -> str:
    """The month or quarter of an instant, in UTC, as ``2026-03`` or ``2026-q1``."""
    day = at.astimezone(UTC)
    return f"{day:%Y-%m}" if by == MONTH else f"{day:%Y}-q{(day.month + 2) // 3}"


def _stated(case: Case, opening: Judged, name: str) -> Iterator[str]:
    """What the opening states under a name, each value once, as far as the instrument has them."""
    known = case.standing.procedure.statement_of.get(name)
    if known is not None:
        yield from (one for one in dict.fromkeys(values(opening.act.stated, name)) if one in known.values)


def _was_lodged(opening: Judged) -> bool:
    """Whether it was lodged in a suspension, confirmed since or not."""
    return opening.lodged_under is not None or opening.act.confirmed_by is not None


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
