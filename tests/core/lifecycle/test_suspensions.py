"""A suspension stops effects and clocks, never receipts; afterwards nothing is lost and nothing is gained."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.instruments import Row, library
from comity.lifecycle import Act, Suspensions, fold, judge, obligations
from comity.lifecycle.suspensions import KINDS, NO_BEARING, Bearing, Span, Suspension, topic
from comity.names import EntryRef, Origin
from tests.core.lifecycle.record import ASSISTANCE, BEGAN, CHANNEL, CHARTER, DECLARED, LODGED, Record


@pytest.fixture
def record() -> Record:
    """A request of our side, taken up by the other."""
    found = Record()
    found.write("aa", "r1", "lodged", 0, **LODGED)
    found.write("bb", "r1", "acknowledged", 0)
    return found


def clock(record: Record, name: str):
    """The clock of this name."""
    return next(one for one in reversed(record.standing().clocks) if one.id == name)


def test_a_clock_stands_still_and_is_due_later_by_exactly_that_time(record):
    """Nobody runs late while the channel is closed, and nobody gains a minute by it."""
    before = clock(record, "completeness_check")
    record.write("bb", "s1", "declared", 1, **DECLARED | {"requested": "aa"})
    during = clock(record, "completeness_check")
    record.write("bb", "s1", "lifted", 61)
    after = clock(record, "completeness_check")

    assert (before.due_at, True, timedelta(0)) == (during.due_at, during.stands_still, during.stood_still)
    assert (before.due_at + timedelta(days=60), False) == (after.due_at, after.stands_still)
    assert timedelta(days=60) == after.stood_still


def test_a_clock_that_had_run_out_stays_run_out(record):
    """A suspension is no pardon."""
    before = clock(record, "completeness_check")
    record.write("bb", "s1", "declared", 30, **DECLARED | {"requested": "aa"})
    record.write("bb", "s1", "lifted", 61)

    assert before == clock(record, "completeness_check")


def test_what_is_sent_during_a_suspension_waits_for_its_authors_word(record):
    """It is on record, is not irregular, and moves nothing until it is confirmed."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    lodged = record.write("bb", "r1", "accepted", 2)
    standing = record.standing()
    assert ("acknowledged", (), (lodged,)) == (
        standing.state, standing.irregular, tuple(one.act for one in standing.lodged)
    )  # fmt: skip
    assert "takes effect if its author confirms it" in standing.lodged[0].because

    record.write("aa", "s1", "lifted", 40)
    assert "acknowledged" == record.standing().state
    said = record.write("bb", "s1", "confirmed", 41, entries=[str(lodged.ref)])

    standing = record.standing()
    assert ("accepted", ()) == (standing.state, standing.lodged)
    assert [0, 0, 1] == [one.act.ref.index for one in standing.judged]
    assert (said.at, said.ref) == (standing.judged[-1].act.at, standing.judged[-1].act.confirmed_by)


def test_clocks_of_what_is_confirmed_start_with_the_confirmation(record):
    """The other side did not have to act on it before."""
    record.write("bb", "s1", "declared", 1, **DECLARED | {"requested": "aa"})
    lodged = record.write("aa", "r2", "lodged", 2, **LODGED)
    record.write("bb", "s1", "lifted", 40)
    said = record.write("aa", "s1", "confirmed", 41, entries=[str(lodged.ref)])

    started = record.standing("r2").clocks[0]

    assert (said.receipted_at, True, timedelta(0)) == (
        started.started_at,
        started.agreed,
        started.stood_still,
    )


def test_an_act_that_crossed_the_suspension_has_effect(record):
    """Its author could not know; nobody makes it void by writing faster."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    record.write("bb", "r1", "accepted", 1, blind=1)

    assert "accepted" == record.standing().state


def test_an_act_that_had_not_seen_the_end_is_still_lodged(record):
    """What has effect follows from what its author had seen, on both sides alike."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    record.write("aa", "s1", "lifted", 2)
    record.write("bb", "r1", "accepted", 3, blind=1)

    assert "acknowledged" == record.standing().state
    assert 1 == len(record.standing().lodged)


def test_other_topics_go_on(record):
    """A suspension says what it is of."""
    record.write("aa", "s1", "declared", 1, **DECLARED | {"topics": ["evidence"]})
    record.write("bb", "r1", "accepted", 2)

    assert "accepted" == record.standing().state
    assert not any(one.stands_still for one in record.standing().clocks)


def test_nobody_confirms_for_another_and_nothing_twice(record):
    """What was said is its author's to stand by."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    lodged = record.write("bb", "r1", "accepted", 2)
    record.write("aa", "s1", "lifted", 3)
    record.write("aa", "s1", "confirmed", 4, entries=[str(lodged.ref), "nonsense"])
    assert "acknowledged" == record.standing().state

    first = record.write("bb", "s1", "confirmed", 5, entries=[str(lodged.ref), str(lodged.ref)])
    record.write("bb", "s1", "confirmed", 6, entries=[str(lodged.ref)])

    assert first.ref == record.standing().judged[-1].act.confirmed_by


def test_nothing_is_confirmed_into_another_suspension(record):
    """The other side's own suspension holds it up as well."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    lodged = record.write("bb", "r1", "accepted", 2)
    record.write("bb", "s2", "declared", 3, **DECLARED | {"requested": "aa"})
    record.write("aa", "s1", "lifted", 4)
    record.write("bb", "s1", "confirmed", 5, entries=[str(lodged.ref)])
    assert "acknowledged" == record.standing().state

    record.write("bb", "s2", "lifted", 6)
    record.write("bb", "s1", "confirmed", 7, entries=[str(lodged.ref)])

    assert "accepted" == record.standing().state
    assert timedelta(days=5) == clock(record, "completeness_check").stood_still


def test_a_party_suspends_nothing_twice(record):
    """A second suspension over the first would outlast it, and could be piled up without end."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    record.write("aa", "s2", "declared", 2, **DECLARED)
    record.write("aa", "s3", "declared", 2, **DECLARED | {"topics": ["evidence"]})
    record.write("aa", "s1", "lifted", 3)

    assert ["s1", "s3"] == [one.ref for one in record.suspensions.all]
    assert ["s3"] == [one.ref for one in record.suspensions.in_force()]
    assert "accepted" == (record.write("bb", "r1", "accepted", 4), record.standing().state)[1]


def test_what_disposes_of_content_has_effect_in_a_suspension(record):
    """Return and destruction are owed whatever becomes of the channel."""
    wrong = record.write("aa", "r1", "supplemented", 0.5)
    record.write("aa", "s1", "declared", 1, **DECLARED)
    record.write("aa", "r1", "recalled", 2, entries=[str(wrong.ref)])
    record.write("bb", "r1", "destroyed", 3, entries=[str(wrong.ref)])

    standing = record.standing()

    assert ((), ()) == (standing.lodged, standing.irregular)
    assert not clock(record, "recall_answer").stands_still


def test_an_act_is_judged_as_if_it_had_effect(record):
    """Whoever lodges something meanwhile should know whether it could be done at all."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    bearing = record.suspensions.on(ASSISTANCE.kinds)
    last = record.acts[-1][2]
    mine = replace(last, ref=EntryRef(Origin("bb", CHANNEL), 1), party="bb", act="accepted", seen={"aa": 9})

    assert isinstance(judge(ASSISTANCE, record.of("r1"), mine, bearing), Row)
    assert not isinstance(judge(ASSISTANCE, record.of("r1"), replace(mine, act="lodged"), bearing), Row)


def test_a_later_day_agreed_after_the_end_is_that_day(record):
    """What both agree on once they talk again is not moved by what was before."""
    record.write("bb", "s1", "declared", 1, **DECLARED | {"requested": "aa"})
    record.write("bb", "s1", "lifted", 11)
    record.write("bb", "r1", "extension_asked", 12, clock="completeness_check", until="2026-05-01")
    record.write("aa", "r1", "extension_agreed", 13)

    found = clock(record, "completeness_check")

    assert ("2026-05-01", timedelta(0)) == (str(found.due_at.date()), found.stood_still)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), max_size=8), st.integers(1, 200))
def test_a_clock_never_runs_while_it_stands_still(spans, period):
    """The time it runs outside all spans is its period, to the instant."""
    began = [
        _suspension(_at(since, n), _at(since + lasts, 100 + n)) for n, (since, lasts) in enumerate(spans)
    ]
    bearing = Bearing(began)
    due, still_since = bearing.stands_still(BEGAN, BEGAN + timedelta(days=period), None)

    ran = due - BEGAN
    for span in bearing.spans:
        ran -= max(timedelta(0), min(due, span.until) - max(BEGAN, span.since))
    assert (timedelta(days=period), None) == (ran, still_since)
    assert all(one.until < other.since for one, other in zip(bearing.spans, bearing.spans[1:], strict=False))


def _suspension(began: Act, end: Act) -> Suspension:
    return Suspension("s", frozenset({"assistance"}), began, (end,), Span(began.at, end.at))


def _at(day: int, index: int) -> Act:
    ref = EntryRef(Origin("aa", CHANNEL), index)
    return Act(ref, "aa", "declared", BEGAN + timedelta(days=day), {}, (), {}, depth=index)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["aa", "bb"]),
        st.sampled_from(
            [
                "declared",
                "lifted",
                "accepted",
                "postponed",
                "executed",
                "supplemented",
                "confirmed",
                "taken_back",
            ]
        ),
        st.integers(0, 3),
    ),
    max_size=14,
)


@given(_STEPS)
def test_what_was_lodged_counts_as_if_it_had_been_done_with_its_confirmation(steps):
    """Leave out what was never confirmed, and move what was: the same standing follows."""
    record = Record()
    record.write("aa", "r1", "lodged", 0, **LODGED)
    record.write("bb", "r1", "acknowledged", 0)
    for day, (party, name, blind) in enumerate(steps, 1):
        if name == "declared":
            other = "bb" if party == "aa" else "aa"
            record.write(party, f"s-{party}-{day}", name, day, blind=blind, **DECLARED | {"requested": other})
        elif name in ("lifted", "confirmed", "taken_back"):
            lasting = [ref for kinds, ref, one in record.acts if kinds == KINDS and one.act == "declared"]
            own = [str(one.act.ref) for one in record.standing().lodged if one.act.party == party]
            stated = {"entries": own or [f"{party}.comity/{CHANNEL}#0"]} if name != "lifted" else {}
            record.write(party, lasting[-1] if lasting else "s-none", name, day, blind=blind, **stated)
        else:
            stated = {"extent": "in part"} if name == "executed" else {}
            record.write(party, "r1", name, day, blind=blind, **stated)

    standing = record.standing()
    counted = sorted(
        (one.act for one in standing.judged if one.lodged_under is None), key=lambda act: act.place
    )
    plain = fold(ASSISTANCE, counted)
    assert (standing.state, len(standing.irregular)) == (plain.state, len(plain.irregular))
    assert {one.act.ref for one in standing.judged} == {act.ref for act in record.of("r1")}


def test_nothing_bears_on_a_channel_that_was_never_suspended():
    """The usual case costs nothing."""
    assert NO_BEARING is Suspensions().on("assistance.request")
    assert () == NO_BEARING.spans
    assert ["assistance", "evidence"] == [topic(one) for one in ("assistance.request", "evidence.exhibit")]


# --- what a hostile side may try -----------------------------------------------------------------------


def test_a_late_end_takes_nothing_back_that_was_done_after_the_first(record):
    """Whoever accepts terms with old eyes makes nothing void that was done in good faith since the end."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    record.write("aa", "s1", "terms_proposed", 2, terms=["1 bb 2026-12-01"])
    lifted = record.write("aa", "s1", "lifted", 3)
    record.write("aa", "r1", "supplemented", 4)
    record.write("bb", "s1", "terms_accepted", 40, blind=2, depth=lifted.depth - 5)

    standing = record.standing()

    assert ((), "resumed") == (standing.lodged, fold(CHARTER, record.of("s1")).state)
    assert clock(record, "completeness_check").stood_still <= timedelta(days=2)
    assert record.suspensions.in_force() == ()


def test_terms_that_were_countered_are_on_the_table_no_more_once_others_were_agreed(record):
    """An officer must not read as proposed what nobody can accept any more."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    record.write("bb", "s1", "terms_proposed", 2, terms=["1 aa 2026-12-01"])
    record.write("aa", "s1", "terms_proposed", 3, terms=["7 bb 2026-12-01"])
    before = fold(CHARTER, record.of("s1")).terms_in_play
    record.write("bb", "s1", "terms_accepted", 4)

    assert {"1": "proposed", "7": "proposed"} == {one.number: one.standing for one in before}
    after = fold(CHARTER, record.of("s1")).terms_in_play
    assert {"7": "open"} == {one.number: one.standing for one in after}


def test_nothing_is_confirmed_before_it_is_done(record):
    """Or a party would prepare in advance what no suspension of ours could hold up."""
    record.write("bb", "s0", "declared", 1, **DECLARED | {"requested": "aa"})
    record.write("bb", "s0", "lifted", 2)
    record.write("bb", "s0", "confirmed", 3, entries=[f"bb.comity/{CHANNEL}#{n}" for n in range(3, 40)])
    record.write("aa", "s1", "declared", 4, **DECLARED)
    record.write("bb", "r1", "accepted", 5)
    record.write("bb", "r9", "lodged", 6, **LODGED | {"requested": "aa"})

    assert "acknowledged" == record.standing().state
    assert ("", 1) == (record.standing("r9").state, len(record.standing("r9").lodged))
    assert [] == list(obligations("r9", library()["us-ru-1999"], record.standing("r9")))


def test_a_suspension_dated_back_makes_nothing_irregular_that_was_done_before(record):
    """What its author could not know of took nothing from what it did; so live and rebuilt rows agree."""
    record.write("aa", "r5", "lodged", 0, **LODGED | {"form": "other"})
    record.write("bb", "r5", "form_accepted", 0)
    record.write("bb", "r5", "lapsed", 20)
    assert "lapsed" == record.standing("r5").state

    record.write("aa", "s1", "declared", 2, **DECLARED)
    record.write("aa", "s1", "lifted", 200)

    assert ("lapsed", ()) == (record.standing("r5").state, record.standing("r5").irregular)


def test_a_time_that_its_receipt_belies_moves_no_clock(record):
    """An end dated into the next millennium would let clocks stand still until then."""
    record.write("bb", "s1", "declared", 1, **DECLARED | {"requested": "aa"})
    lifted = record.write("bb", "s1", "lifted", 11)
    record.acts[-1] = (KINDS, "s1", replace(lifted, at=datetime(9999, 1, 1, tzinfo=UTC)))

    found = clock(record, "completeness_check")

    assert (timedelta(days=10), False) == (found.stood_still, found.stands_still)


def test_many_confirmations_and_suspensions_cost_what_they_are():
    """A counterpart may write thousands of each."""
    record = Record()
    record.write("aa", "r1", "lodged", 0, **LODGED)
    for number in range(300):
        record.write("bb", f"s{number}", "declared", number + 1, **DECLARED | {"requested": "aa"})
        record.write("bb", f"s{number}", "lifted", number + 1.5)
    assert 300 == len(record.suspensions.all)
    assert 300 == len(record.suspensions.on(ASSISTANCE.kinds).spans)
