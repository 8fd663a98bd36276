"""Where a procedure stands, what may follow, and when a clock starts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from comity.instruments import Row, library
from comity.lifecycle import Act, Refusal, fold, judge
from comity.names import EntryRef, Origin

ASSISTANCE = library()["us-ru-1999"].procedure("assistance")
BEGAN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OPENING = {"instrument": "us-ru-1999", "table": "0" * 64, "requested": "bb", "types": ["service"]}


def act(party: str, name: str, index: int = 0, *, hours: int = 0, **more) -> Act:
    """An act whose author had seen everything before it, unless ``seen`` says otherwise."""
    given = {
        "stated": OPENING if name == "lodged" else {},
        "answers": (),
        "seen": {"aa": 99, "bb": 99},
        **more,
    }
    return Act(EntryRef(Origin(party, "a" * 16), index), party, name, BEGAN + timedelta(hours=hours), **given)


def test_before_anything_is_lodged_only_lodging_may_follow():
    """A page has to offer the first act before there is a standing."""
    standing = fold(ASSISTANCE, [])

    assert ("", "Not begun", False) == (standing.state, standing.label, standing.final)
    assert ["lodged"] == [row.act for row in standing.may("aa")]
    assert ["lodged"] == [row.act for row in standing.may("zz")]


def test_the_author_of_the_opening_act_is_the_requesting_party():
    """Roles come from the record, not from the node that reads it."""
    standing = fold(ASSISTANCE, [act("bb", "lodged", stated={**OPENING, "requested": "aa"})])

    assert ("bb", "aa") == (standing.requesting, standing.requested)
    assert "acknowledged" in {row.act for row in standing.may("aa")}
    own = {"supplemented", "withdrawn", "consulted", "extension_asked", "recalled"}
    assert own == {row.act for row in standing.may("bb")}
    assert () == standing.may("cc")
    assert ["requested", "requesting", None] == [standing.side(party) for party in ("aa", "bb", "cc")]


def test_a_clock_of_the_other_party_starts_with_its_receipt():
    """Nobody is late with what it has not received."""
    received = BEGAN + timedelta(hours=30)

    claimed = fold(ASSISTANCE, [act("aa", "lodged")]).clocks[0]
    agreed = fold(ASSISTANCE, [act("aa", "lodged", receipted_at=received)]).clocks[0]

    assert (BEGAN, BEGAN + timedelta(hours=24), False) == (claimed.started_at, claimed.due_at, claimed.agreed)
    assert (received, received + timedelta(hours=24), True) == (
        agreed.started_at,
        agreed.due_at,
        agreed.agreed,
    )


def test_a_clock_is_met_by_its_own_party_and_lifted_by_the_end():
    """A clock that ended with the request was neither kept nor missed."""
    acts = [act("aa", "lodged"), act("bb", "acknowledged", hours=3), act("aa", "withdrawn", 1, hours=5)]

    acknowledgement, completeness = fold(ASSISTANCE, acts).clocks

    assert (BEGAN + timedelta(hours=3), None) == (acknowledgement.met_at, acknowledgement.lifted_at)
    assert (None, BEGAN + timedelta(hours=5)) == (completeness.met_at, completeness.lifted_at)
    assert not completeness.running


def test_a_later_day_waits_until_it_is_answered():
    """Whoever is asked must see what for, and sign for that and nothing else."""
    asking = {"clock": "completeness_check", "until": "2026-05-01"}
    acts = [act("aa", "lodged"), act("bb", "extension_asked", stated=asking)]
    waiting = fold(ASSISTANCE, acts)
    asked = waiting.later_days

    answered = fold(ASSISTANCE, [*acts, act("aa", "extension_agreed", 1)])

    assert [(acts[1].ref, "bb", "completeness_check")] == [(one.asked, one.party, one.clock) for one in asked]
    assert datetime(2026, 5, 1, 23, 59, 59, 999999, tzinfo=UTC) == asked[0].until
    answers = {"extension_agreed", "extension_declined"}
    assert [answers, set()] == [answers & {row.act for row in waiting.may(one)} for one in ("aa", "bb")]
    assert not answers & {row.act for row in answered.open_rows}
    assert () == answered.later_days
    assert asked[0].until in {one.due_at for one in answered.clocks}


def test_an_act_that_answers_the_other_has_seen_it():
    """Naming an entry proves knowing it, even where the count of entries seen is not given."""
    acts = [act("aa", "lodged"), act("bb", "returned", stated={"reasons": "no_law_text"})]
    returned = acts[-1].ref

    crossing = fold(ASSISTANCE, [*acts, act("aa", "supplemented", 1, seen={})])
    answering = fold(ASSISTANCE, [*acts, act("aa", "supplemented", 1, seen={}, answers=(returned,))])

    assert ("returned", True) == (crossing.state, crossing.judged[-1].regular)
    assert "acknowledged" == answering.state


def test_a_refused_signature_says_why_and_what_may_follow():
    """The official is told the provision and the way that is open, before anything is signed."""
    acts = [act("aa", "lodged"), act("bb", "acknowledged")]

    refused = judge(ASSISTANCE, acts, act("bb", "refused", 1, stated={"ground": "non_conformity"}))

    assert isinstance(refused, Refusal)
    assert "“Request refused” by the requested Party has no effect at “Acknowledged”" in refused.reason
    assert "Consultation (requested Party, Art. 4)" in refused.reason
    assert "consulted" in {row.act for row in refused.may}
    assert "refused" not in {row.act for row in refused.may}


def test_an_allowed_act_comes_with_its_row():
    """The confirmation page shows the sentence, the article and who seconds, all from the row."""
    row = judge(
        ASSISTANCE,
        [act("aa", "lodged"), act("bb", "consulted")],
        act("bb", "refused", 1, stated={"ground": "non_conformity"}),
    )

    assert isinstance(row, Row)
    assert ("Art. 4", "R", "Refuse the request on a ground") == (row.basis, row.verified, row.sentence)
    assert row.needs_second({})


def test_an_irregular_opening_opens_nothing():
    """A request that names no addressee was sent, and stands nowhere."""
    standing = fold(
        ASSISTANCE,
        [act("aa", "lodged", stated={}), act("aa", "lodged", 1, stated={**OPENING, "requested": "B B"})],
    )

    assert "" == standing.state
    assert 2 == len(standing.irregular)
    assert "must state" in standing.irregular[0].because
    assert "cannot be stated as Addressed to" in standing.irregular[1].because


def test_a_conditional_acceptance_sets_its_conditions():
    """Conditions set on acceptance are shown as set by one side, not as agreed."""
    acts = [act("aa", "lodged"), act("bb", "accepted", stated={"conditions": ["confidential"]})]

    assert [("confidential", "set")] == [
        (one.code, one.standing) for one in fold(ASSISTANCE, acts).conditions
    ]


def test_a_new_offer_supersedes_the_open_one():
    """Only the last offer can be accepted."""
    acts = [
        act("aa", "lodged"),
        act("bb", "conditions_offered", stated={"conditions": ["confidential"]}),
        act("bb", "consulted", 1),
        act("bb", "conditions_offered", 2, stated={"conditions": ["return_items"]}),
        act("aa", "conditions_accepted", 1),
    ]

    conditions = fold(ASSISTANCE, acts).conditions

    assert [("confidential", "superseded"), ("return_items", "binding")] == [
        (one.code, one.standing) for one in conditions
    ]
    assert acts[3].ref == conditions[1].stated_by


def test_a_day_that_is_none_is_not_stated():
    """A review on 30 February is no review."""
    acts = [act("aa", "lodged"), act("bb", "accepted")]
    for day in ("2026-02-30", "2026-3-1", "20260301"):
        postponed = act("bb", "postponed", 1, stated={"reason": "own_investigation", "review_on": day})

        assert isinstance(judge(ASSISTANCE, acts, postponed), Refusal), day


def test_a_time_at_the_end_of_the_calendar_breaks_nothing():
    """The author writes the time; a hostile one must not stop the other side from reading the record."""
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    lodged = replace(act("aa", "lodged", stated={**OPENING, "form": "other"}), at=end)
    accepted = replace(act("bb", "form_accepted"), at=end)

    standing = fold(ASSISTANCE, [lodged, accepted, replace(act("bb", "lapsed", 1), at=end)])

    assert "acknowledged" == standing.state
    assert all(clock.due_at.year == 9999 for clock in standing.clocks)
    assert "not before 9999-12-31" in standing.judged[-1].because
