"""A talk in a suspension, among many, and by weight: judged alike whatever else was said."""

from __future__ import annotations

import pytest

from comity.instruments import library
from comity.lifecycle import Suspensions, fold, judged_by_weight, standings, together, weighty
from tests.core.lifecycle.record import CHARTER, DECLARED
from tests.core.lifecycle.test_bearing import Many

TALK = library()["charter"].procedure("talk")
OPENED = {"instrument": "charter", "table": "0" * 64, "requested": "bb", "about": "hotline"}
LEFT = DECLARED | {"topics": ["talk"]}


def bearing(record: Many):
    """How the suspensions on record bear on talks."""
    refs = dict.fromkeys(ref for ref, _ in record.acts if ref.startswith("s"))
    return Suspensions.of({ref: fold(CHARTER, record.of(ref)) for ref in refs}).on(TALK.kinds)


def both_ways(record: Many, ref: str):
    """What the table makes of each act: folded whole, and by weight one by one; they must be the same."""
    acts, how = record.of(ref), bearing(record)
    whole = together(TALK, acts, standings(TALK, acts, how))
    heavy = weighty(TALK)
    weight = [act for act in acts if act.act in heavy]
    for act in acts:
        if act.act not in heavy:
            assert whole[act.ref] == judged_by_weight(TALK, weight, [act], how)[act.ref]
    return [whole[act.ref] for act in acts]


def test_what_is_said_in_a_suspension_of_talks_waits_for_its_author_and_a_mark_does_not():
    """It is received and receipted all the same; that a desk opened something is a fact, and no step."""
    record = Many()
    record.writes("aa", "t1", "opened", 0, **OPENED)
    before = record.writes("aa", "t1", "said", 0)
    record.writes("bb", "s1", "declared", 1, **(LEFT | {"requested": "aa"}))
    record.writes("aa", "t1", "said", 2)
    record.writes("bb", "t1", "read", 2, up_to=[str(before.ref)])

    found = both_ways(record, "t1")

    assert [False, False, True, False] == [one.lodged_under is not None for one in found]
    assert [True, True, False, True] == [one.regular for one in found]


def test_what_its_author_confirms_after_the_end_was_said_then():
    """It counts from the confirmation on, by the acts that carry weight alone as by all."""
    record = Many()
    record.writes("aa", "t1", "opened", 0, **OPENED)
    record.writes("bb", "s1", "declared", 1, **(LEFT | {"requested": "aa"}))
    lodged = record.writes("aa", "t1", "said", 2)
    record.writes("bb", "s1", "lifted", 3)
    record.writes("aa", "s1", "confirmed", 4, entries=[str(lodged.ref)])

    (_, said) = both_ways(record, "t1")

    assert said.regular
    assert said.act.confirmed_by is not None


def test_a_talk_on_resumption_goes_on_whatever_is_suspended():
    """Coming back begins with being able to say so: it may be opened in the suspension, too."""
    record = Many()
    record.writes("aa", "s1", "declared", 0, **LEFT)
    record.writes("bb", "t1", "opened", 1, **(OPENED | {"requested": "aa", "about": "resumption"}))
    record.writes("aa", "t1", "said", 2)
    record.writes("aa", "t2", "opened", 3, **OPENED)

    assert [True, True] == [one.regular for one in both_ways(record, "t1")]
    assert [False] == [one.regular for one in both_ways(record, "t2")]


@pytest.mark.parametrize(("party", "regular"), [("bb", True), ("cc", True), ("dd", False)])
def test_in_a_channel_of_many_all_it_was_opened_with_speak_and_nobody_else(party, regular):
    """Whoever came in later opens a talk of its own."""
    record = Many()
    record.writes("aa", "t1", "opened", 0, **(OPENED | {"requested": ["bb", "cc"]}))
    record.writes(party, "t1", "said", 1)

    assert regular is both_ways(record, "t1")[1].regular


def test_of_many_one_that_leaves_the_talk_leaves_it_alone():
    """What is between whoever opened it and another goes on."""
    record = Many()
    record.writes("aa", "t1", "opened", 0, **(OPENED | {"requested": ["bb", "cc"]}))
    record.writes("bb", "t1", "closed", 1)
    record.writes("bb", "t1", "said", 2)
    record.writes("cc", "t1", "said", 3)

    assert [True, True, False, True] == [one.regular for one in both_ways(record, "t1")]
