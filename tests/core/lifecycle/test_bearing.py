"""A suspension bears on what is between its two parties, whoever else is in the channel."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.entries import depth
from comity.instruments import library
from comity.lifecycle import Act, Suspensions, bearing_on, fold
from comity.lifecycle.suspensions import NO_BEARING
from comity.names import EntryRef, Origin
from tests.core.lifecycle.record import ASSISTANCE, BEGAN, CHANNEL, CHARTER, DECLARED, LODGED

PARTIES = ("aa", "bb", "cc", "dd")


class Many:
    """Several logs, written act by act; each author has seen everything so far."""

    def __init__(self) -> None:
        self.acts: list[tuple[str, Act]] = []

    def writes(self, party: str, ref: str, name: str, day: float, **stated) -> Act:
        """Put an act on record."""
        sizes = {one: sum(act.party == one for _, act in self.acts) for one in PARTIES}
        index = sizes.pop(party)
        seen = {one: size for one, size in sizes.items() if size}
        at = BEGAN + timedelta(days=day)
        done = Act(
            ref=EntryRef(Origin(party, CHANNEL), index), party=party, act=name, at=at, stated=stated,
            answers=(), seen=seen, receipted_at=at, depth=depth(index, seen),
        )  # fmt: skip
        self.acts.append((ref, done))
        return done

    def of(self, ref: str) -> list[Act]:
        """The acts of one procedure."""
        return sorted((act for one, act in self.acts if one == ref), key=lambda act: act.place)

    def bearing(self):
        """How all suspensions bear on requests, whoever they are between."""
        refs = dict.fromkeys(ref for ref, _ in self.acts if ref.startswith("s"))
        return Suspensions.of({ref: fold(CHARTER, self.of(ref)) for ref in refs}).on(ASSISTANCE.kinds)

    def standing(self, ref: str):
        """Where a request stands."""
        return fold(ASSISTANCE, self.of(ref), self.bearing())


@pytest.fixture
def record() -> Many:
    """Aa suspended assistance towards bb."""
    found = Many()
    found.writes("aa", "s1", "declared", 0, **DECLARED)
    return found


@pytest.mark.parametrize(("author", "to", "lodged"), [
    ("aa", "bb", True), ("bb", "aa", True), ("aa", "cc", False), ("cc", "aa", False), ("bb", "cc", False),
])  # fmt: skip
def test_only_what_is_between_the_two_waits(record, author, to, lodged):
    """What either has with a third goes on: it has done nothing to it."""
    record.writes(author, "r1", "lodged", 1, **LODGED | {"requested": to})

    standing = record.standing("r1")

    assert ("" if lodged else "lodged") == standing.state
    assert int(lodged) == len(standing.lodged)


def test_clocks_of_others_do_not_stand_still(record):
    """A third party's days are its own."""
    record.writes("bb", "r1", "lodged", 1, **LODGED | {"requested": "cc"})
    record.writes("cc", "r1", "acknowledged", 2)

    assert record.standing("r1").clocks
    assert not any(one.stands_still for one in record.standing("r1").clocks)


def test_one_suspends_towards_two_and_ends_towards_one(record):
    """Each is a procedure of its own."""
    record.writes("aa", "s2", "declared", 1, **DECLARED | {"requested": "cc"})
    record.writes("aa", "s1", "lifted", 2)
    record.writes("aa", "r1", "lodged", 3, **LODGED)
    record.writes("aa", "r2", "lodged", 3, **LODGED | {"requested": "cc"})

    assert ("lodged", "") == (record.standing("r1").state, record.standing("r2").state)


def test_a_second_suspension_towards_another_is_none_of_the_same(record):
    """Nobody suspends twice what stands still; towards another party it is something else."""
    record.writes("aa", "s2", "declared", 1, **DECLARED | {"requested": "cc"})
    record.writes("aa", "s3", "declared", 2, **DECLARED)

    assert ["s1", "s2"] == [one.ref for one in Suspensions.of(
        {ref: fold(CHARTER, record.of(ref)) for ref in ("s1", "s2", "s3")}
    ).all]  # fmt: skip


def test_whom_a_procedure_is_between_is_said_by_its_first_act_that_opens_it(record):
    """A third party's act under the same reference makes it nobody else's."""
    record.writes("cc", "r1", "acknowledged", 1)
    record.writes("cc", "r1", "lodged", 1, types=["service"], requested="dd")
    opened = record.writes("aa", "r1", "lodged", 2, **LODGED)

    found = bearing_on(ASSISTANCE, record.of("r1"), record.bearing())

    assert found.lodged_under(opened) is not None
    assert "" == record.standing("r1").state


def test_until_something_opens_it_a_suspension_is_taken_to_bear(record):
    """Nobody knows yet whom it is between, and waiting undoes nothing."""
    record.writes("cc", "r1", "acknowledged", 1)

    bearing = record.bearing()

    assert bearing is bearing_on(ASSISTANCE, record.of("r1"), bearing)


def test_where_nothing_was_suspended_nothing_is_asked():
    """The usual case costs nothing."""
    assert NO_BEARING is bearing_on(ASSISTANCE, [], NO_BEARING)


def test_what_is_between_others_is_as_if_it_had_never_been(record):
    """To two that are not concerned the record reads the same with the suspension and without."""
    record.writes("cc", "r1", "lodged", 1, **LODGED | {"requested": "dd"})

    assert bearing_on(ASSISTANCE, record.of("r1"), record.bearing()) is NO_BEARING


# --- words on what was lodged -------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other", "third"), list(permutations(PARTIES[:3])))
@pytest.mark.parametrize("word", ["confirmed", "taken_back"])
def test_a_word_counts_only_of_the_suspension_it_was_lodged_under(one, other, third, word):
    """Of a suspension towards somebody else it says nothing of this one, whoever suspended whom."""
    record = Many()
    record.writes(one, "s1", "declared", 0, **DECLARED | {"requested": other})
    record.writes(one, "s2", "declared", 1, **DECLARED | {"requested": third})
    lodged = record.writes(one, "r1", "lodged", 2, **LODGED | {"requested": other})
    record.writes(one, "s1", "lifted", 3)
    record.writes(one, "s2", "lifted", 4)

    record.writes(one, "s2", word, 5, entries=[str(lodged.ref)])
    after_another = record.standing("r1")
    record.writes(one, "s1", "confirmed", 6, entries=[str(lodged.ref)])

    assert (lodged,) == tuple(one.act for one in after_another.lodged)
    assert ("lodged", None) == (record.standing("r1").state, record.standing("r1").judged[-1].taken_back)


@pytest.mark.parametrize("word", ["confirmed", "taken_back"])
def test_a_word_of_a_suspension_of_another_topic_says_nothing(record, word):
    """What stopped the talk never kept the request from having effect."""
    record.writes("aa", "s2", "declared", 1, **DECLARED | {"topics": ["talk"]})
    lodged = record.writes("bb", "r1", "lodged", 2, **LODGED | {"requested": "aa"})
    record.writes("aa", "s1", "lifted", 3)
    record.writes("aa", "s2", "lifted", 4)

    record.writes("bb", "s2", word, 5, entries=[str(lodged.ref)])

    assert (lodged,) == tuple(one.act for one in record.standing("r1").lodged)


_PAIRS = st.permutations(PARTIES).map(lambda some: some[:2])


@given(
    st.lists(_PAIRS, min_size=1, max_size=3, unique_by=frozenset),
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(PARTIES), st.sampled_from(["confirmed", "taken_back"])),
        max_size=6,
    ),
)
def test_a_word_does_the_same_whatever_else_its_author_suspended(suspended, words):
    """A channel of many reads, between any two, as if they were alone in it."""
    record = Many()
    for number, (one, other) in enumerate(suspended):
        record.writes(one, f"s{number}", "declared", number, **DECLARED | {"requested": other})
    named = {}
    for number, two in enumerate(suspended):
        for one, other in (two, reversed(two)):
            request = f"r{number}{one}"
            named[request] = record.writes(one, request, "lodged", 10, **LODGED | {"requested": other})
    for number, (one, _) in enumerate(suspended):
        record.writes(one, f"s{number}", "lifted", 20)
    for number, party, word in words:
        entries = [str(one.ref) for one in named.values()]
        record.writes(party, f"s{number % len(suspended)}", word, 30, entries=entries)

    for number, two in enumerate(suspended):
        for party in two:
            said = [word for of, by, word in words if (of % len(suspended), by) == (number, party)]
            [*_, last] = record.standing(f"r{number}{party}").judged
            assert (said[:1] == ["confirmed"], said[:1] == ["taken_back"]) == (
                last.regular,
                last.taken_back is not None,
            )


# --- whoever is in the channel ------------------------------------------------------------------------


@given(st.lists(_PAIRS, max_size=6), st.permutations(PARTIES))
def test_each_request_is_lodged_if_and_only_if_its_own_two_are_suspended(suspended, order):
    """Whoever else suspends whom, and in whatever order, is nothing to it."""
    record = Many()
    for number, (one, other) in enumerate(suspended):
        record.writes(one, f"s{number}", "declared", number, **DECLARED | {"requested": other})
    between = {frozenset(two) for two in suspended}
    pairs = [(one, other) for one in order for other in order if one != other]
    for number, (one, other) in enumerate(pairs):
        record.writes(one, f"r{number}", "lodged", 30, **LODGED | {"requested": other})

    for number, two in enumerate(pairs):
        assert bool(record.standing(f"r{number}").lodged) == (frozenset(two) in between)


def test_the_table_that_is_suspended_says_whom_it_is_towards():
    """Without a `requested` it would bear on everybody, or on nobody."""
    declared = next(one for one in library()["charter"].procedure("suspension").acts if one.id == "declared")

    assert "requested" in declared.must_state
