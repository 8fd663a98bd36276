"""Figures that both sides derive alike, each made of entries that anybody can look up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.instruments import library
from comity.lifecycle import Act, Suspensions, fold, obligations
from comity.lifecycle.suspensions import NO_BEARING, Span, Suspension
from comity.names import EntryRef, Origin
from comity.reciprocity import FIGURES, Case, Cut, count, count_terms, document
from tests.procedures.playing import SCENARIOS, play, read

CHANNEL = "a" * 16
ASSISTANCE = library()["us-ru-1999"].procedure("assistance")
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATE = BEGAN + timedelta(days=4_000)
LODGED = {"instrument": "us-ru-1999", "table": "0" * 64, "types": ["service"]}


class Written:
    """Requests of both sides, act by act; everybody has seen everything."""

    def __init__(self) -> None:
        self.size: Counter[str] = Counter()
        self.acts: dict[str, list[Act]] = {}

    def act(self, party: str, ref: str, name: str, *, day: float = 0, **stated) -> Act:
        """Put an act on record, receipted at once."""
        at = BEGAN + timedelta(days=day)
        done = Act(
            EntryRef(Origin(party, CHANNEL), self.size[party]), party, name, at, stated, (),
            {"aa": 10**6, "bb": 10**6}, at, depth=sum(self.size.values()) + 1,
        )  # fmt: skip
        self.size[party] += 1
        self.acts.setdefault(ref, []).append(done)
        return done

    def lodges(self, party: str, ref: str, *, day: float = 0, types=("service",)) -> Act:
        """Lodge a request."""
        other = "bb" if party == "aa" else "aa"
        return self.act(party, ref, "lodged", day=day, **LODGED | {"requested": other, "types": list(types)})

    def cases(self, bearing=NO_BEARING):
        """All of it, folded."""
        return [
            Case(ref, "us-ru-1999", fold(ASSISTANCE, acts, bearing), bearing)
            for ref, acts in self.acts.items()
        ]

    def line(self, party: str, type_: str = "", *, as_of: datetime = LATE, **more):
        """The line of what one party asked."""
        found = count(self.cases(**more), as_of=as_of, parties=("aa", "bb"))
        return next(one for one in found.lines if (one.requesting, one.cut) == (party, Cut(type=type_)))


@pytest.fixture
def written() -> Written:
    """Nothing yet."""
    return Written()


def test_each_figure_is_made_of_entries_of_its_own(written):
    """A number that nobody can open is a claim."""
    lodged = written.lodges("aa", "r1")
    refused = written.lodges("aa", "r2"), written.act("bb", "r2", "consulted")
    no = written.act("bb", "r2", "refused", day=3, ground="military_only")
    taken = written.act("bb", "r1", "acknowledged", day=1)

    line = written.line("aa")

    assert (lodged.ref, refused[0].ref) == line.figures["lodged"] == line.figures["receipted"]
    assert (taken.ref,) == line.figures["acknowledged"]
    assert (no.ref,) == line.figures["refused"]
    assert {"refused": {"military_only": (no.ref,)}} == line.because
    assert (lodged.ref,) == line.figures["unanswered"]


def test_directions_are_told_apart(written):
    """Each side's requests are its own."""
    for number in range(3):
        written.lodges("aa", f"a{number}")
    written.lodges("bb", "b0")

    assert (3, 1) == tuple(len(written.line(party).figures["lodged"]) for party in ("aa", "bb"))


def test_a_request_for_two_types_is_in_both_lines_and_once_in_that_of_all(written):
    """Types are not added up; the line of all together is counted by itself."""
    written.lodges("aa", "r1", types=("service", "testimony"))

    assert [1, 1, 1] == [
        len(written.line("aa", one).figures["lodged"]) for one in ("", "service", "testimony")
    ]


def test_a_type_stated_many_times_counts_once_and_one_nobody_knows_not_at_all(written):
    """Nobody's record grows by writing a word again, nor a page by inventing words."""
    written.lodges("aa", "r1", types=["service"] * 20)
    written.act("aa", "r2", "lodged", **LODGED | {"requested": "zz"})

    found = count(written.cases(), as_of=LATE, parties=("aa", "bb"))

    assert [("bb", ""), ("bb", "service")] == [
        (one.requested, one.cut.type) for one in found.lines if not one.cut.period
    ]
    assert [1, 1, 1] == [len(one.figures["lodged"]) for one in found.lines]


def test_what_is_executed_in_part_is_granted_in_part_until_the_rest_comes(written):
    """The last word counts."""
    written.lodges("aa", "r1")
    written.act("bb", "r1", "accepted", day=1)
    written.act("bb", "r1", "executed", day=2, extent="in part")
    assert {"granted_in_part"} == {one for one in written.line("aa").figures if one.startswith("granted")}

    written.act("bb", "r1", "executed", day=3, extent="in whole")
    assert {"granted_in_whole"} == {one for one in written.line("aa").figures if one.startswith("granted")}


def test_response_times_leave_out_what_a_suspension_froze(written):
    """Nobody answers late in a time in which nobody had to."""
    written.lodges("aa", "r1")
    began = Act(EntryRef(Origin("bb", CHANNEL), 50), "bb", "declared", BEGAN + timedelta(days=1), {}, (), {})
    ended = Act(EntryRef(Origin("bb", CHANNEL), 51), "bb", "lifted", BEGAN + timedelta(days=31), {}, (), {})
    suspended = Suspensions(
        [Suspension("s", frozenset({"assistance"}), began, (ended,), Span(began.at, ended.at))]
    )
    written.size["bb"] = 60
    written.act("bb", "r1", "accepted", day=32)
    written.act("bb", "r1", "executed", day=33, extent="in whole")

    line = written.line("aa", bearing=suspended.on("assistance.request"))

    assert (1, 3 * 86_400, 3 * 86_400) == (line.response.count, line.response.median, line.response.p90)


def test_overdue_is_what_runs_past_its_day_at_the_instant_asked_for(written):
    """Yesterday's figures stay yesterday's."""
    lodged = written.lodges("aa", "r1")

    assert "overdue" not in written.line("aa", as_of=BEGAN + timedelta(hours=1)).figures
    assert (lodged.ref,) == written.line("aa", as_of=BEGAN + timedelta(days=90)).figures["overdue"]


def test_what_was_lodged_before_the_period_is_left_out(written):
    """A year's figures are of what was lodged in it."""
    written.lodges("aa", "r1")
    second = written.lodges("aa", "r2", day=40)

    found = count(written.cases(), as_of=LATE, parties=("aa", "bb"), since=BEGAN + timedelta(days=30))

    assert [(second.ref,)] * 3 == [one.figures["lodged"] for one in found.lines]


def test_months_and_quarters_part_what_was_lodged_without_losing_any(written):
    """A chart shows each request once, in the month it was lodged (UTC)."""
    for number, day in enumerate((0, 10, 40, 100)):
        written.lodges("aa", f"r{number}", day=day)

    by = {
        length: {
            one.cut.period: len(one.figures["lodged"])
            for one in count(written.cases(), as_of=LATE, parties=("aa", "bb"), by=length).lines
            if one.cut.period
        }
        for length in ("month", "quarter")
    }

    assert {"2026-03": 2, "2026-04": 1, "2026-06": 1} == by["month"]
    assert {"2026-q1": 2, "2026-q2": 2} == by["quarter"]


def test_what_was_lodged_inside_and_outside_a_suspension_are_lines_of_their_own(written):
    """Whoever compares must be able to leave out the time in which nothing had effect."""
    before = written.lodges("aa", "r1", day=-10)
    written.acts["r1"][0] = replace(before, seen={})
    began = Act(EntryRef(Origin("bb", CHANNEL), 50), "bb", "declared", BEGAN, {}, (), {})
    suspended = Suspensions(
        [Suspension("s", frozenset({"assistance"}), began, (), Span(BEGAN, None), frozenset({"aa", "bb"}))]
    )
    during = written.lodges("bb", "r2", day=1)
    line = written.acts["r2"]
    line[0] = replace(during, ref=EntryRef(during.ref.origin, 60))

    found = count(written.cases(bearing=suspended.on("assistance.request")), as_of=LATE, parties=("aa", "bb"))
    by = {(one.requesting, one.cut.suspension): one.figures for one in found.lines if one.cut.suspension}

    assert {("aa", "outside"), ("bb", "inside")} == by.keys()
    assert {"lodged", "receipted", "lodged_in_suspension"} == by["bb", "inside"].keys()


def test_the_urgency_that_a_table_has_stated_is_counted_by_itself():
    """Hours and days are not compared."""
    orders = library()["eu-2023-1543"].procedure("production")
    stated = {
        "instrument": "eu-2023-1543", "table": "0" * 64, "requested": "bb", "types": ["traffic"],
        "urgency": "emergency",
    }  # fmt: skip
    row = next(row for row in orders.rows if not row.from_)
    known = orders.statement_of["types"].values[0]
    act = Act(
        EntryRef(Origin("aa", CHANNEL), 0), "aa", row.act, BEGAN, {**stated, "types": [known]}, (), {}, BEGAN
    )
    case = Case("r1", "eu-2023-1543", fold(orders, [act]), NO_BEARING)

    found = count([case], as_of=LATE, parties=("aa", "bb"))

    assert {"", "emergency"} == {one.cut.urgency for one in found.lines}


def test_what_is_exercise_is_in_a_line_of_its_own_and_owed_by_nobody(written):
    """Figures of what was meant and of what was practised are never one number."""
    table = library()["charter"].procedure("alert")
    head = {"instrument": "charter", "table": "0" * 64, "requested": "bb", "severity": "5"}
    meant = written.act("aa", "aa-1", "raised", **head)
    practised = written.act("aa", "aa-2", "raised", **head, exercise="yes")
    cases = [
        Case(ref, "charter", fold(table, acts, NO_BEARING), NO_BEARING) for ref, acts in written.acts.items()
    ]
    found = count(cases, as_of=LATE, parties=("aa", "bb"))

    assert {(meant.ref,)} == {one.figures["lodged"] for one in found.lines if not one.cut.exercise}
    assert [(practised.ref,)] == [one.figures["lodged"] for one in found.lines if one.cut.exercise]
    assert [True, False] == [any(obligations(one.ref, library()["charter"], one.standing)) for one in cases]
    lines = document(CHANNEL, found)["lines"]
    assert [one.cut.exercise for one in found.lines if one.cut.exercise] == [
        one["exercise"] for one in lines if "exercise" in one
    ]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.lists(st.integers(0, 10_000), max_size=8))
def test_figures_stay_the_same_until_the_instant_they_name(days, hours):
    """What is kept is shown for as long as it is true, and no longer."""
    written = Written()
    for number, day in enumerate(days):
        written.lodges("aa", f"r{number}", day=day)
    cases, start = written.cases(), BEGAN + timedelta(days=61)
    found = count(cases, as_of=start, parties=("aa", "bb"))
    ends = [start + timedelta(hours=one) for one in hours]
    ends += [found.until] if found.until else []

    for as_of in ends:
        again = count(cases, as_of=as_of, parties=("aa", "bb"))
        if found.until is None or as_of <= found.until:
            assert found.lines == again.lines


def test_an_irregular_request_is_not_counted_as_lodged(written):
    """Whoever writes nonsense does not ask for more."""
    written.act("aa", "r1", "lodged", **LODGED | {"requested": "aa"})

    assert () == count(written.cases(), as_of=LATE, parties=("aa", "bb")).lines


def test_terms_are_counted_by_whoever_is_to_perform_them():
    """With those past their day."""
    path = next(one for one in SCENARIOS if one.stem == "suspension_01_resumed_on_terms")
    *_, (_written, standing) = play(read(path))

    aa, bb = count_terms(standing.terms, as_of=LATE)

    assert ("aa", ["released"], ()) == (aa.performer, list(aa.by_standing), aa.past_their_day)
    assert ("bb", ["open", "released"]) == (bb.performer, list(bb.by_standing))
    assert ["3"] == [number for _proposal, number in bb.past_their_day]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), max_size=14), st.randoms(use_true_random=False)
)
def test_the_order_in_which_procedures_are_read_changes_no_figure(steps, shuffled):
    """Nodes read their databases in what order they like."""
    names = ("lodges", "acknowledged", "returned", "accepted", "executed", "refused", "withdrawn")
    written = Written()
    for day, (which, what) in enumerate(steps):
        ref, (asks, answers) = f"r{which}", ("aa", "bb") if which % 2 else ("bb", "aa")
        if names[what] == "lodges" or ref not in written.acts:
            written.lodges(asks, ref, day=day)
        else:
            stated = {"executed": {"extent": "in part"}, "returned": {"reasons": ["no_time_zone"]}}
            party = asks if names[what] == "withdrawn" else answers
            written.act(party, ref, names[what], day=day, **stated.get(names[what], {}))
    cases = written.cases()
    found = count(cases, as_of=LATE, parties=("aa", "bb"))
    shuffled.shuffle(cases)

    assert found == count(cases, as_of=LATE, parties=("aa", "bb"))
    for line in found.lines:
        assert set(line.figures) <= set(FIGURES)
        assert all(len(set(made)) == len(made) for made in line.figures.values())
        assert len(line.figures.get("unanswered", ())) <= len(line.figures["lodged"])
