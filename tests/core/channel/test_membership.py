"""Who is in a channel: each party answers for itself, and every author acts on what it had seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.channel.membership import courses_of, membership, seen_by
from comity.instruments import library
from comity.lifecycle import Act
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
TABLE = library()["charter"].procedure("channel")
AT = datetime(2026, 1, 1, tzinfo=UTC)


class Record:
    """Acts of the opening, each written with all that stood before unless it says otherwise."""

    def __init__(self) -> None:
        self.acts: list[Act] = []

    def writes(self, party: str, name: str, *, blind: int = 0, **stated) -> Act:
        """``blind``: how many of the latest acts its author had not seen."""
        seen: dict[str, int] = {}
        for act in self.acts[: len(self.acts) - blind]:
            if act.party != party:
                seen[act.party] = act.ref.index + 1
        index = sum(one.party == party for one in self.acts)
        ref = EntryRef(Origin(party, CHANNEL), index)
        self.acts.append(Act(ref, party, name, AT, stated, (), seen, AT, len(self.acts) + 1))
        return self.acts[-1]

    def proposes(self, *to: str, by: str = "aa") -> Act:
        """Propose the channel to these."""
        return self.writes(by, "proposed", requested=list(to), instruments=["charter"], tables=["0" * 64])

    @property
    def known(self):
        """Who is in by all of it."""
        return membership(TABLE, self.acts)


@pytest.fixture
def record() -> Record:
    """A channel proposed by aa to bb and cc."""
    found = Record()
    found.proposes("bb", "cc")
    return found


def test_each_party_answers_for_itself(record):
    """What one answers says nothing of another."""
    assert ({"aa"}, {"bb", "cc"}, False) == (record.known.members, record.known.asked, record.known.is_open)

    record.writes("bb", "accepted")
    record.writes("cc", "declined")

    known = record.known
    assert ({"aa", "bb"}, set(), True) == (known.members, known.asked, known.is_open)
    assert ("accepted", "declined") == (known.course("bb").state, known.course("cc").state)
    assert "accepted" == known.course("aa").state


def test_a_withdrawal_takes_the_invitation_from_who_has_not_answered(record):
    """Who accepted is in; and an acceptance prevails over a withdrawal it crosses."""
    record.writes("bb", "accepted")
    record.writes("aa", "withdrawn")

    assert ({"aa", "bb"}, set()) == (record.known.members, record.known.asked)
    record.writes("cc", "accepted", blind=1)
    assert {"aa", "bb", "cc"} == record.known.members


def test_one_leaves_and_the_others_stay(record):
    """The founder too may leave what it founded."""
    record.writes("bb", "accepted")
    record.writes("cc", "accepted")
    record.writes("aa", "left")

    assert ({"bb", "cc"}, True) == (record.known.members, record.known.is_open)
    record.writes("bb", "left")
    assert ({"cc"}, False) == (record.known.members, record.known.is_open)


@pytest.mark.parametrize("to", [[], ["aa"], ["bb", "bb"], ["bb", "aa"], [f"x-{n}" for n in range(50)]])
def test_a_proposal_that_names_no_such_parties_opens_nothing(to):
    """Nobody proposes to itself, twice to one, to nobody, or to more than a record is read by."""
    record = Record()
    record.proposes(*to)

    assert ("", {}) == (record.known.founder, record.known.courses)


def test_only_the_first_proposal_counts(record):
    """Or whoever writes another could choose who is in."""
    record.proposes("dd", by="bb")

    assert ("aa", {"bb", "cc"}) == (record.known.founder, set(record.known.courses))


def test_content_is_sealed_to_who_is_in_and_the_channel_itself_is_shown_to_who_is_asked(record):
    """Whoever has not answered learns that it was asked, and no more."""
    record.writes("bb", "accepted")

    assert {"aa", "bb"} == record.known.sealed_to("assistance.request")
    assert {"aa", "bb", "cc"} == record.known.sealed_to("channel")


def test_a_channel_of_two_is_sealed_to_both_whatever_became_of_it():
    """There was never a third from whom anything had to be kept."""
    record = Record()
    record.proposes("bb")
    record.writes("bb", "declined")

    assert record.known.is_bilateral
    assert {"aa", "bb"} == record.known.sealed_to("assistance.request")


def test_an_author_knows_what_it_had_made_or_seen(record):
    """Whoever it had not seen accept is not in for it yet."""
    accepted = record.writes("bb", "accepted")
    late = record.writes("cc", "accepted", blind=1)

    assert accepted not in seen_by(record.acts, late.ref, late.seen)
    view = membership(TABLE, seen_by(record.acts, EntryRef(late.ref.origin, 1), late.seen))
    assert {"aa", "cc"} == view.members


def test_an_act_is_judged_in_the_courses_of_its_author(record):
    """The founder is a side of every course, an invited party of its own, and anybody else of none."""
    record.writes("bb", "accepted")

    assert 2 == len(courses_of(record.known, record.acts, "aa"))
    (own,) = courses_of(record.known, record.acts, "cc")
    assert ["aa"] == [one.party for one in own]
    assert [] == courses_of(record.known, record.acts, "dd")
