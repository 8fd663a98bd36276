"""The charter of a channel of many: all amend and close it, each leaves alone, and the others go on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from comity.channel.membership import Seats, membership
from comity.entries import depth
from comity.lifecycle import Act, Life
from comity.lifecycle.jointly import joint
from comity.names import EntryRef, Origin
from tests.core.lifecycle.charters import CHANNEL, CHARTER, CLOSED, DAY, ICT, KINDS, OPENS, TEXTS, TREATY

OPENING = CHARTER.procedure("channel")
TO = {"aa": ["bb", "cc"], "bb": ["aa", "cc"], "cc": ["aa", "bb"]}


class Record:
    """Three logs of a channel that aa proposed; each author has seen all, or not what one other did last."""

    def __init__(self, *joined: str) -> None:
        self.acts: list[tuple[str, Act]] = []
        texts = (CHARTER, TREATY)
        chosen = {"instruments": [one.id for one in texts], "tables": [one.digest for one in texts]}
        self.write("aa", "c", "proposed", 0, requested=["bb", "cc"], **chosen)
        for party in joined or ("bb", "cc"):
            self.write(party, "c", "accepted", 0)

    def write(self, party: str, ref: str, name: str, day: float, *, blind: str = "", **stated) -> Act:
        """Put an act on record."""
        own = [one for _, one in self.acts if one.party == party]
        seen = dict(own[-1].seen) if own else {}
        for _, one in self.acts:
            if one.party not in (party, blind):
                seen |= {other: max(size, seen.get(other, 0)) for other, size in one.seen.items()}
                seen[one.party] = one.ref.index + 1
        seen.pop(party, None)
        at = DAY + timedelta(days=day)
        ref_ = EntryRef(Origin(party, CHANNEL), len(own))
        act = Act(ref_, party, name, at, stated, (), seen, at, depth(len(own), seen))
        self.acts.append((ref, act))
        return act

    def opens(self, party: str, ref: str, name: str, day: float, to: list[str] | None = None, **said) -> Act:
        """Open a procedure of the charter's life, to all others unless it says otherwise."""
        return self.write(party, ref, name, day, **OPENS | {"requested": to or TO[party]}, **said)

    def asks(self, ref: str, day: float, party: str, to: str, text=TREATY, **said) -> None:
        """Lodge a request."""
        opens = {"instrument": text.id, "table": text.digest, "requested": to, "types": [text.types[0].id]}
        self.write(party, ref, "lodged", day, **opens, **said)

    def of(self, ref: str) -> list[Act]:
        """The acts of one procedure."""
        return sorted((act for one, act in self.acts if one == ref), key=lambda act: act.place)

    @property
    def life(self) -> Life:
        """What became of the charter."""
        refs = [ref for ref in dict.fromkeys(ref for ref, _ in self.acts) if ref != "c"]
        known = membership(OPENING, self.of("c"))
        opening = known.course(known.founder)
        assert opening is not None
        acts = {(KINDS[one[0]], one): self.of(one) for one in refs}
        return Life(CHARTER, opening, acts, texts=TEXTS, members=Seats(OPENING, self.of("c")).members)

    def standing(self, ref: str):
        """Where a procedure stands."""
        life, kinds = self.life, KINDS[ref[0]]
        table = life.governing(kinds, self.of(ref))
        assert table is not None
        return joint(table.procedure, self.of(ref), life.on(kinds))


def test_an_amendment_is_in_force_once_every_other_party_has_accepted():
    """Two of three change nothing; the third makes it so, for whoever knew of all acceptances."""
    record = Record()
    record.opens("bb", "a1", "proposed", 1, instruments=[ICT.id], tables=[ICT.digest])
    record.write("aa", "a1", "accepted", 2)
    assert ("proposed", ()) == (record.standing("a1").state, record.life.basis.changes)

    record.write("cc", "a1", "accepted", 3)
    assert "accepted" == record.standing("a1").state
    unknowing = record.write("bb", "r9", "noted", 4, blind="cc")
    knowing = record.write("aa", "r9", "noted", 4)
    assert ICT.id in record.life.basis.at(knowing)
    assert ICT.id not in record.life.basis.at(unknowing)


def test_one_party_that_declines_ends_it_for_all():
    """An acceptance before or after it changes nothing."""
    record = Record()
    record.opens("aa", "a1", "proposed", 1, taken_away=[TREATY.id])
    record.write("bb", "a1", "accepted", 2)
    record.write("cc", "a1", "declined", 3)

    assert ("declined", ()) == (record.standing("a1").state, record.life.basis.changes)
    assert not record.standing("a1").irregular


@pytest.mark.parametrize(
    ("ref", "name", "said"),
    [
        ("a1", "proposed", {"taken_away": [TREATY.id]}),
        ("k1", "proposed", CLOSED),
        ("d1", "given", {"legal_basis": "none", "takes_effect_on": "2027-06-01"}),
    ],
)
def test_what_is_for_all_and_leaves_one_out_has_no_effect(ref: str, name: str, said: dict):
    """What two of three agree binds no third; who had not come in, as its author knew, is none."""
    record = Record()
    record.opens("aa", ref, name, 1, ["bb"], **said)
    assert "not addressed to cc" in record.standing(ref).judged[0].because

    early = Record("bb")
    early.opens("aa", ref, name, 1, ["bb"], **said)
    assert early.standing(ref).state


def test_all_close_it_and_then_nothing_new_is_begun_by_anybody():
    """Until the last has signed everything goes on."""
    record = Record()
    record.opens("aa", "k1", "proposed", 1, **CLOSED | {"obligations": "released"})
    record.write("bb", "k1", "accepted", 2)
    record.asks("r1", 3, "bb", "cc")
    assert ("lodged", ()) == (record.standing("r1").state, record.life.closings)

    record.write("cc", "k1", "accepted", 4)
    record.asks("r2", 5, "bb", "cc")
    assert "was closed by all (k1)" in record.standing("r2").judged[-1].because
    assert "accepted" == record.standing("k1").state


def test_who_leaves_by_notice_begins_nothing_more_and_the_others_go_on():
    """From its day on, nothing is begun by it or with it; between the others everything is as before."""
    record = Record()
    day = date(2026, 3, 1) + timedelta(days=400)
    record.opens("cc", "d1", "given", 1, legal_basis="none", takes_effect_on=day.isoformat())
    after = (day - DAY.date()).days + 1
    record.asks("r1", after, "cc", "aa")
    record.asks("r2", after, "aa", "cc")
    record.asks("r3", after, "aa", "bb")

    assert ["", "", "lodged"] == [record.standing(ref).state for ref in ("r1", "r2", "r3")]
    assert "cc left the channel by notice" in record.standing("r2").judged[-1].because
    assert record.life.ended(DAY + timedelta(days=after)) is None
    assert (day, None) == (record.life.notice_of("cc").day, record.life.notice_of("aa"))


def test_a_notice_is_no_shorter_than_the_instrument_asks_and_is_taken_back_before_its_day():
    """As between two."""
    record = Record()
    record.opens("cc", "d1", "given", 1, legal_basis="none", takes_effect_on="2026-03-10")
    record.opens("cc", "d2", "given", 1, legal_basis="none", takes_effect_on="2027-06-01")
    record.write("cc", "d2", "taken_back", 2)
    record.asks("r1", 600, "cc", "aa")

    assert ("", "taken_back", "lodged") == tuple(record.standing(ref).state for ref in ("d1", "d2", "r1"))


@pytest.mark.parametrize("order", [("aa", "bb"), ("bb", "aa")])
def test_acceptances_that_cross_come_to_the_same_whoever_is_named_first(order: tuple[str, str]):
    """Neither has seen the other's; the proposal is in force once both are known."""
    record = Record()
    record.opens("cc", "a1", "proposed", 1, taken_away=[TREATY.id])
    first, second = order
    record.write(first, "a1", "accepted", 2)
    record.write(second, "a1", "accepted", 2, blind=first)

    (change,) = record.life.basis.changes
    assert {"aa", "bb"} == {one.party for one in change.acceptances}


# --- who may begin anything ----------------------------------------------------------------------------


def test_who_has_not_accepted_begins_nothing():
    """A party that was only asked signed for no text: nothing it lodges is judged by one."""
    record = Record("bb")
    record.asks("r1", 1, "cc", "aa")
    record.write("cc", "c", "accepted", 2)
    record.asks("r2", 3, "cc", "aa")

    assert ("", "lodged") == (record.standing("r1").state, record.standing("r2").state)
    assert "cc was not in the channel" in record.standing("r1").judged[0].because


def test_who_has_left_begins_nothing_more_and_goes_on_with_what_it_began():
    """Leaving ends no procedure that was begun in good faith."""
    record = Record()
    record.asks("r1", 1, "cc", "aa")
    record.write("cc", "c", "left", 2)
    record.asks("r2", 3, "cc", "aa")
    record.write("cc", "r1", "withdrawn", 4)

    assert ("withdrawn", "") == (record.standing("r1").state, record.standing("r2").state)
    assert "cc was not in the channel" in record.standing("r2").judged[0].because


def test_who_came_in_at_once_with_another_is_in_all_the_same():
    """Each knows of its own acceptance, whatever it knew of the other's."""
    record = Record("bb")
    record.write("cc", "c", "accepted", 1, blind="bb")
    bb = record.write("bb", "r9", "noted", 2, blind="cc")
    cc = record.write("cc", "r9", "noted", 2, blind="bb")
    members = Seats(OPENING, record.of("c")).members

    assert {"aa", "bb"} == members(bb)
    assert {"aa", "cc"} <= members(cc)
