"""What an author had seen of third parties' logs: awaited, held against what those had seen, or let pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.entries import decode
from comity.errors import ClaimsTheUnseen
from comity.mirror import Accepted, Awaits, consider
from comity.names import EntryRef, Origin
from tests.core.entries.test_order import histories
from tests.core.mirror.parties import CHANNEL, Author, Store

PARTIES = ("aa", "bb", "cc")


class Reader(Store):
    """A mirror of one log among many, and what it holds of the others."""

    def __init__(self, author: Author, *, us: str = "aa", sizes=None, seen=None, forked=()) -> None:
        super().__init__(author, sizes=sizes)
        self.us = us
        self.forked = frozenset(forked)
        self.by_others = seen or {}  # what each stored entry of the others had seen, by party

    def held(self):
        """What the core judges by."""
        return replace(
            super().held(),
            us=self.us,
            many=True,
            forked=self.forked,
            seen_by=lambda party, index: self.by_others[party][index],
        )


@pytest.fixture
def corin():
    """The author: cc, among aa, who reads, and bb."""
    return Author("cc")


def test_more_of_a_third_partys_log_than_is_held_is_awaited(corin) -> None:
    """It may be so: the author can be in touch with whoever the reader is cut off from."""
    reader = Reader(corin, sizes={"aa": 1, "bb": 2}, seen={"bb": [{}, {}]})
    corin.writes(seen={"bb": 3})

    assert Awaits("bb", 2) == reader.takes(corin.offer())
    assert [] == reader.leaves


def test_once_it_is_held_the_same_delivery_is_taken(corin) -> None:
    """Nothing was concluded meanwhile."""
    corin.writes(seen={"bb": 3})
    reader = Reader(corin, sizes={"aa": 1, "bb": 3}, seen={"bb": [{}, {}, {}]})

    assert isinstance(reader.takes(corin.offer()), Accepted)


def test_of_several_a_log_that_is_known_is_awaited_first(corin) -> None:
    """Of a log the reader has no mirror of, nobody could show it anything."""
    reader = Reader(corin, sizes={"aa": 1, "bb": 2}, seen={"bb": [{}, {}]})
    corin.writes(seen={"ab": 1, "bb": 3})
    stranger = Author("cc")
    stranger.writes(seen={"ab": 1})

    assert Awaits("bb", 2) == reader.takes(corin.offer())
    assert Awaits("ab", 0) == Reader(stranger, sizes={"aa": 1}).takes(stranger.offer())


def test_more_of_our_own_log_than_there_is_is_a_lie_and_not_awaited(corin) -> None:
    """Nobody can have seen what we did not write, and there is nobody else to show it."""
    reader = Reader(corin, sizes={"aa": 1, "bb": 0})
    corin.writes(seen={"aa": 2})

    with pytest.raises(ClaimsTheUnseen, match="there are fewer"):
        reader.takes(corin.offer())


def test_a_third_partys_log_that_is_awaited_hides_no_other_lie(corin) -> None:
    """What is awaited is judged whole when it comes again."""
    corin.writes(seen={"bb": 3})
    corin.writes(seen={"bb": 2})

    assert Awaits("bb", 2) == Reader(corin, sizes={"bb": 2}, seen={"bb": [{}, {}]}).takes(corin.offer())
    with pytest.raises(ClaimsTheUnseen, match="less than the one before"):
        Reader(corin, sizes={"bb": 3}, seen={"bb": [{}, {}, {}]}).takes(corin.offer())


@pytest.mark.parametrize("cause", [{"dd": 1}, {"aa": 2}], ids=["of a fourth party", "of the reader"])
def test_whoever_saw_an_entry_and_not_what_it_had_seen_is_refused(corin, cause) -> None:
    """In the one order its entry would stand before what it followed."""
    reader = Reader(
        corin, sizes={"aa": 2, "bb": 1, "dd": 1}, seen={"bb": [cause], "dd": [{}], "aa": [{}, {}]}
    )
    corin.writes(seen={"bb": 1})

    with pytest.raises(ClaimsTheUnseen, match="not what that had seen of"):
        reader.takes(corin.offer())


def test_it_is_held_against_our_own_entries_too(corin) -> None:
    """We know best what we had seen when we wrote."""
    corin.writes(seen={"aa": 1})
    reader = Reader(corin, sizes={"aa": 1, "bb": 3}, seen={"aa": [{"bb": 3}], "bb": [{}, {}, {}]})

    with pytest.raises(ClaimsTheUnseen, match="not what that had seen of bb"):
        reader.takes(corin.offer())


def test_nobody_saw_an_entry_that_had_seen_one_it_wrote_later(corin) -> None:
    """The cause names a later entry of the author's own log than this one follows."""
    reader = Reader(corin, sizes={"bb": 1}, seen={"bb": [{"cc": 1}]})
    corin.writes(seen={"bb": 1})

    with pytest.raises(ClaimsTheUnseen, match="not what that had seen of cc"):
        reader.takes(corin.offer())


def test_a_later_entry_is_held_only_against_what_it_is_the_first_to_have_seen(corin) -> None:
    """What was seen before was judged before; nothing is asked of the record twice."""
    reader = Reader(corin, sizes={"bb": 2}, seen={"bb": [{}, {}]})
    corin.writes(seen={"bb": 2})
    reader.takes(corin.offer())
    reader.by_others.clear()
    corin.writes(seen={"bb": 2})

    assert isinstance(reader.takes(corin.offer(1)), Accepted)


@pytest.mark.parametrize("seen", [{"bb": 9}, {"bb": 1}, {"bb": 4, "dd": 1}])
def test_of_a_log_proven_forked_nobody_is_held_to_one_history(corin, seen) -> None:
    """An honest party that was shown the other history must not be refused for it."""
    reader = Reader(
        corin, sizes={"aa": 1, "bb": 1, "dd": 1}, seen={"bb": [{"aa": 1}], "dd": [{"bb": 4}]}, forked={"bb"}
    )
    corin.writes(seen=seen)

    assert isinstance(reader.takes(corin.offer()), Accepted)


def test_of_a_forked_log_an_answer_says_as_much_as_what_it_answers(corin) -> None:
    """Whoever holds the shorter history knows that it is the shorter, or its answer would come first."""
    reader = Reader(corin, sizes={"bb": 1, "dd": 1}, seen={"bb": [{}], "dd": [{"bb": 4}]}, forked={"bb"})
    corin.writes(seen={"bb": 3, "dd": 1})

    with pytest.raises(ClaimsTheUnseen, match="not what that had seen of bb"):
        reader.takes(corin.offer())


def test_a_fork_of_one_excuses_nothing_said_of_another(corin) -> None:
    """One liar is no licence for the next."""
    reader = Reader(
        corin,
        sizes={"bb": 1, "dd": 1, "ee": 1},
        seen={"dd": [{"ee": 1}], "bb": [{}], "ee": [{}]},
        forked={"bb"},
    )
    corin.writes(seen={"bb": 7, "dd": 1})

    with pytest.raises(ClaimsTheUnseen, match="not what that had seen of ee"):
        reader.takes(corin.offer())


def test_between_two_nothing_is_awaited(corin) -> None:
    """There is no third, so whoever names one lies."""
    corin.writes(seen={"bb": 1})

    with pytest.raises(ClaimsTheUnseen):
        consider(corin.offer(), Store(corin, sizes={"aa": 1}).held())


@given(histories(), st.sampled_from(PARTIES), st.data())
def test_what_honest_parties_write_is_taken_in_whatever_order_it_comes(logs, us, data) -> None:
    """Each delivery is taken, or awaits a log that can be shown; in the end all of it is held."""
    authors = {}
    for party in PARTIES:
        authors[party] = Author(party)
        for seen in logs[party]:
            authors[party].writes(seen=seen)
    sizes = dict.fromkeys(PARTIES, 0) | {us: len(logs[us])}
    readers = {party: Reader(authors[party], us=us, seen=logs) for party in PARTIES if party != us}
    waiting = [party for party in readers if logs[party]]
    while waiting:
        party = data.draw(st.sampled_from(waiting))
        while True:
            reader = readers[party]
            reader.sizes = {other: size for other, size in sizes.items() if other != party}
            judged = reader.takes(authors[party].offer(sizes[party], min(sizes[party] + 1, len(logs[party]))))
            if isinstance(judged, Accepted):
                sizes[party] += 1
                break
            assert isinstance(judged, Awaits)
            assert sizes[judged.party] < len(logs[judged.party])
            party = judged.party
        waiting = [one for one in readers if sizes[one] < len(logs[one])]

    assert sizes == {party: len(logs[party]) for party in PARTIES}


@given(histories(), st.data())
def test_whoever_drops_a_cause_of_a_cause_is_found_out(logs, data) -> None:
    """Take away, of what an entry saw, the one log that a third party's entry had seen: that is a lie."""
    found = [
        (index, third, other)
        for index, seen in enumerate(logs["cc"])
        for third, size in seen.items()
        for other, had in logs[third][size - 1].items()
        if other not in ("cc", third) and had and (not index or not logs["cc"][index - 1].get(third))
    ]
    if not found:
        return
    index, _third, other = data.draw(st.sampled_from(found))
    liar = Author("cc")
    for seen in logs["cc"][:index]:
        liar.writes(seen={one: size for one, size in seen.items() if one != other})
    liar.writes(seen={one: size for one, size in logs["cc"][index].items() if one != other})
    sizes = {party: len(logs[party]) for party in ("aa", "bb")}

    with pytest.raises(ClaimsTheUnseen):
        Reader(liar, us="aa", sizes=sizes, seen=logs).takes(liar.offer())


def test_the_entry_that_is_refused_is_named(corin) -> None:
    """Its author must be able to find it."""
    reader = Reader(corin, sizes={"bb": 1, "dd": 1}, seen={"bb": [{"dd": 1}], "dd": [{}]})
    corin.writes()
    corin.writes(seen={"bb": 1})

    with pytest.raises(ClaimsTheUnseen) as refused:
        reader.takes(corin.offer())

    assert str(EntryRef(Origin("cc", CHANNEL), 1)) in str(refused.value)
    assert {"bb": 1} == decode(corin.leaves[1]).seen
