"""A procedure addressed to several parties is one course of its table with each of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from comity import custody
from comity.instruments import Row
from comity.lifecycle import Act, Refusal, courses, judged, standings, together
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
TABLE = custody.table()
AT = datetime(2026, 1, 1, tzinfo=UTC)
DIGEST = custody.custody().digest


class Record:
    """Acts on one exhibit, each written with all that stood before."""

    def __init__(self) -> None:
        self.acts: list[Act] = []

    def would(self, party: str, name: str, **stated) -> Act:
        """An act as it would be written now."""
        seen: dict[str, int] = {}
        for act in self.acts:
            if act.party != party:
                seen[act.party] = act.ref.index + 1
        ref = EntryRef(Origin(party, CHANNEL), sum(one.party == party for one in self.acts))
        return Act(ref, party, name, AT, stated, (), seen, None, len(self.acts) + 1)

    def writes(self, party: str, name: str, receipts: dict[str, datetime] | None = None, **stated) -> Act:
        """Put an act on record."""
        self.acts.append(replace(self.would(party, name, **stated), receipts=receipts or {}))
        return self.acts[-1]

    @property
    def courses(self):
        """Where each course stands."""
        return standings(TABLE, self.acts)

    @property
    def states(self) -> dict[str, str]:
        """The state of each."""
        return {party: one.state for party, one in self.courses.items()}


@pytest.fixture
def record() -> Record:
    """An exhibit of aa, announced to bb and cc."""
    found = Record()
    found.writes("aa", "added", requested=["bb", "cc"], table=DIGEST)
    return found


def test_what_one_party_does_is_nothing_to_the_other(record):
    """Each receives, or not, for itself."""
    record.writes("bb", "received")

    assert {"bb": "received", "cc": "announced"} == record.states


def test_an_act_of_who_opened_it_counts_with_all_or_with_those_it_names(record):
    """A recall is for everybody; what is asked of one is asked of that one."""
    record.writes("bb", "received")
    record.writes("cc", "received")
    record.writes("aa", "disposal_asked", disposal="return", dispose_by="2026-03-01", concerns=["cc"])
    clocks = {party: [one.id for one in found.clocks] for party, found in record.courses.items()}
    assert {"bb": [], "cc": ["disposing"]} == clocks

    record.writes("aa", "recalled")
    assert {"bb": "recalled", "cc": "recalled"} == record.states


def test_an_act_is_irregular_only_where_no_course_gives_it_effect(record):
    """What answers bb is no answer to cc, who asked nothing; and a stranger moves neither."""
    record.writes("bb", "received")
    record.writes("cc", "received")
    record.writes("bb", "use_asked", use="before_a_court")
    answer = record.writes("aa", "use_allowed", use="before_a_court")
    stranger = record.writes("dd", "received")

    found = record.courses
    made = together(TABLE, record.acts, found)

    assert (True, False) == (made[answer.ref].regular, made[stranger.ref].regular)
    assert answer.ref not in {one.act.ref for one in found["cc"].regular}
    assert len(record.acts) == len(made)


def test_what_may_be_signed_is_asked_of_each_course(record):
    """A receiving party has one course, the providing one has all, and nobody else has any."""
    record.writes("bb", "received")

    assert {"cc"} == judged(TABLE, record.acts, record.would("cc", "received")).keys()
    lifted = judged(TABLE, record.acts, record.would("aa", "limits_lifted", limits=["not_passed_on"]))
    assert {"bb", "cc"} == {party for party, one in lifted.items() if isinstance(one, Row)}
    for act in (record.would("dd", "received"), record.would("aa", "recalled", concerns=["dd"])):
        (only,) = judged(TABLE, record.acts, act).values()
        assert isinstance(only, Refusal)


def test_a_clock_starts_when_the_party_whose_it_is_signed_for_it(record):
    """Nobody is late with what only somebody else has received."""
    record.writes("bb", "received")
    record.writes("cc", "received")
    later = AT + timedelta(hours=5)
    record.writes("aa", "recalled", {"bb": AT, "cc": later})

    assert {"bb": AT, "cc": later} == {
        party: found.clocks[0].started_at for party, found in record.courses.items()
    }


@pytest.mark.parametrize("requested", [["bb", "bb"], ["aa", "bb"], [f"x-{n}" for n in range(50)], []])
def test_what_names_nobody_or_somebody_twice_opens_nothing(requested):
    """A list that is none leaves the procedure unopened, for everybody alike."""
    record = Record()
    record.writes("aa", "added", requested=requested, table=DIGEST)

    assert {""} == courses(TABLE, record.acts).keys()
