"""An offer is answered, or unanswered since a day both sides hold; silence makes no deadline and no debt."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from comity.instruments import library
from comity.lifecycle import Act, accepted, fold, obligations, positions, unanswered
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
CHARTER = library()["charter"]
OFFER = CHARTER.procedure("offer")
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPENING = {"instrument": "charter", "table": "0" * 64, "requested": "bb", "sort": "talks"}


def course(*written: tuple[object, ...]) -> list[Act]:
    """Acts as (party, act, day, stated, blind): ``blind`` of the other's latest were not seen."""
    acts: list[Act] = []
    for party, name, day, *more in written:
        stated = more[0] if more else {}
        blind = more[1] if len(more) > 1 else 0
        own = sum(one.party == party for one in acts)
        theirs = [one for one in acts if one.party != party]
        at = BEGAN + timedelta(days=day)
        acts.append(
            Act(
                ref=EntryRef(Origin(party, CHANNEL), own), party=party, act=name, at=at, stated=stated,
                answers=(), seen={theirs[0].party: len(theirs) - blind} if theirs else {},
                receipted_at=at + timedelta(hours=1), depth=len(acts) + 1,
            )
        )  # fmt: skip
    return acts


def test_an_offer_is_unanswered_since_the_other_side_signed_for_it():
    """Not since it was sent: nobody can ignore what it has not received."""
    found = unanswered(fold(OFFER, course(("aa", "offered", 0, OPENING | {"answer_by": "2026-04-01"}))))

    assert found is not None
    assert ("bb", BEGAN + timedelta(hours=1), True, date(2026, 4, 1)) == (
        found.party, found.since, found.is_receipted, found.hoped_for,
    )  # fmt: skip
    assert [0, 6, 7] == [found.days(BEGAN + timedelta(days=n, hours=1)) for n in (0, 6, 7)]
    assert 0 == found.days(BEGAN - timedelta(days=3))


def test_nobody_owes_an_answer_who_has_promised_none():
    """An offer with a deadline is an ultimatum; a promise with a day is owed like any other."""
    acts = course(("aa", "offered", 0, OPENING))
    assert [] == list(obligations("o1", CHARTER, fold(OFFER, acts)))

    acts = course(
        ("aa", "offered", 0, OPENING),
        ("bb", "answer_promised", 3, {"promised_for": "2026-03-20"}),
        ("bb", "declined", 5),
    )
    standing = fold(OFFER, acts[:2])
    (owed,) = obligations("o1", CHARTER, standing)
    assert ("bb", "clock", date(2026, 3, 20)) == (owed.party, owed.sort, owed.due_at.date())
    assert unanswered(standing) is not None

    assert [] == list(obligations("o1", CHARTER, fold(OFFER, acts)))


def test_reminders_stand_beside_it_and_start_nothing_anew():
    """Who reminds does not forgive the days gone by."""
    acts = course(("aa", "offered", 0, OPENING), ("aa", "reminded", 10), ("aa", "reminded", 20))
    found = unanswered(fold(OFFER, acts))

    assert found is not None
    assert (tuple(act.ref for act in acts[1:]), BEGAN + timedelta(hours=1)) == (found.reminders, found.since)


def test_taking_note_is_no_silence_and_no_answer_either():
    """The count of silent days ends; whether it was accepted is another question."""
    standing = fold(OFFER, course(("aa", "offered", 0, OPENING), ("bb", "taken_note", 1)))

    assert (None, "noted", False) == (unanswered(standing), standing.state, standing.final)


def test_a_counter_offer_turns_the_count_round_and_back():
    """Each side's silence is counted by the same rule."""
    acts = course(
        ("aa", "offered", 0, OPENING),
        ("bb", "counter_offered", 5, {"answer_by": "2026-05-01"}),
        ("aa", "counter_offered", 9),
    )

    turned, back = unanswered(fold(OFFER, acts[:2])), unanswered(fold(OFFER, acts))

    assert turned is not None
    assert back is not None
    assert ("aa", acts[1].ref, date(2026, 5, 1)) == (turned.party, turned.source, turned.hoped_for)
    assert ("bb", acts[2].ref, None) == (back.party, back.source, back.hoped_for)


def test_an_acceptance_is_of_the_offer_its_author_had_seen():
    """Nobody is bound by a counter-offer put on the table behind its back."""
    acts = course(
        ("aa", "offered", 0, OPENING),
        ("bb", "counter_offered", 5),
        ("bb", "counter_withdrawn", 6),
        ("bb", "counter_offered", 7),
        ("aa", "accepted", 7, {}, 2),
    )
    standing = fold(OFFER, acts)

    assert ("accepted", acts[1].ref) == (standing.state, accepted(standing))
    assert accepted(fold(OFFER, acts[:4])) is None


def test_what_is_no_offer_is_not_counted_so():
    """A request is owed an answer: its silence is an obligation, and elsewhere."""
    assistance = library()["us-ru-1999"].procedure("assistance")
    lodged = {"instrument": "us-ru-1999", "table": "0" * 64, "requested": "bb", "types": ["service"]}

    assert unanswered(fold(assistance, course(("aa", "lodged", 0, lodged)))) is None
    assert unanswered(fold(OFFER, course(("aa", "accepted", 0)))) is None


def test_each_side_holds_its_own_last_word_and_nobody_speaks_for_the_other():
    """Positions stand side by side: a court must not find one side's words under the other's name."""
    table = CHARTER.procedure("position")
    acts = course(
        ("aa", "stated", 0, OPENING | {"subject": "The count"}),
        ("bb", "other_stated", 1),
        ("aa", "replaced", 2),
        ("bb", "withdrawn", 3),
        ("bb", "other_withdrawn", 4),
    )

    held = [positions(fold(table, acts[:many])) for many in range(len(acts) + 1)]

    own, theirs, later = (act.ref for act in acts[:3])
    assert [{}, {"aa": own}, {"aa": own, "bb": theirs}] == held[:3]
    assert [{"aa": later, "bb": theirs}] * 2 == held[3:5], "an irregular withdrawal withdraws nothing"
    assert {"aa": later} == held[5]
