"""A party comes in later: agreed by all that are in, invited by one of them, and by its own word."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from comity.channel import membership
from comity.channel.accession import Accessions
from comity.channel.membership import Concern, Seats, courses_of, judged
from comity.instruments import library
from comity.lifecycle import Act
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
CHARTER = library()["charter"]
TABLE = CHARTER.procedure("channel")
ACCESSION = CHARTER.procedure("accession")
AT = datetime(2026, 1, 1, tzinfo=UTC)
TEXT, OTHER_TEXT = "1" * 64, "2" * 64


class Record:
    """Acts of a channel of aa, bb and cc, each written with all before it unless it says otherwise."""

    def __init__(self) -> None:
        self.acts: list[tuple[str, Act]] = []
        self.writes("aa", "proposed", requested=["bb", "cc"], instruments=["charter"], tables=["0" * 64])
        self.writes("bb", "accepted")
        self.writes("cc", "accepted")

    def writes(self, party: str, name: str, *, ref: str = "", blind: int = 0, **stated) -> Act:
        """``blind``: how many of the latest acts its author had not seen; ``ref``: of which accession."""
        own = [act for _, act in self.acts if act.party == party]
        seen = dict(own[-1].seen) if own else {}
        for act in [act for _, act in self.acts[: len(self.acts) - blind] if act.party != party]:
            seen[act.party] = max(act.ref.index + 1, seen.get(act.party, 0))
            seen |= {one: max(size, seen.get(one, 0)) for one, size in act.seen.items() if one != party}
        index = sum(act.party == party for _, act in self.acts)
        at = EntryRef(Origin(party, CHANNEL), index)
        self.acts.append((ref, Act(at, party, name, AT, stated, (), seen, AT, len(self.acts) + 1)))
        return self.acts[-1][1]

    def proposes(self, by: str, newcomer: str, *, to: tuple[str, ...] = (), text: str = TEXT, **how) -> str:
        """Propose to let a party in; the reference of it."""
        ref = f"{by}-{newcomer}-{len(self.acts)}"
        named = to or tuple(sorted(self.now.members - {by}))
        under = {"instrument": "charter", "table": CHARTER.digest, "passport": "3" * 64, "charter": text}
        self.writes(by, "proposed", ref=ref, requested=list(named), newcomer=newcomer, **under, **how)
        return ref

    def invites(self, by: str, newcomer: str, ref: str, *, text: str = TEXT, **how) -> Act:
        """Invite a party."""
        return self.writes(by, "invited", requested=newcomer, accession=ref, charter=text, **how)

    def lets_in(self, by: str, newcomer: str) -> str:
        """All agree, and the party is invited."""
        ref = self.proposes(by, newcomer)
        for party in sorted(self.now.members - {by}):
            self.writes(party, "accepted", ref=ref)
        self.invites(by, newcomer, ref)
        return ref

    @property
    def opening(self) -> list[Act]:
        """The acts of the opening."""
        return [act for ref, act in self.acts if not ref]

    @property
    def seats(self) -> Seats:
        """Who is in, for whoever knew what."""
        later: dict[str, list[Act]] = {}
        for ref, act in self.acts:
            if ref:
                later.setdefault(ref, []).append(act)
        return Seats(TABLE, self.opening, Accessions(ACCESSION, later))

    @property
    def now(self):
        """Who is in by all of it."""
        return self.seats.now

    def why(self) -> list[str]:
        """Why invitations have no effect."""
        return list(self.now.refused.values())


@pytest.fixture
def record() -> Record:
    """Three are in."""
    return Record()


def test_whoever_all_agreed_to_is_asked_and_in_once_it_accepts(record):
    """Content is sealed to it from its acceptance on, and what the channel is from its invitation on."""
    before = record.now
    record.lets_in("bb", "dd")
    asked = record.now
    record.writes("dd", "accepted")

    assert ({"aa", "bb", "cc"}, set()) == (before.members, before.asked)
    assert ({"aa", "bb", "cc"}, {"dd"}) == (asked.members, asked.asked)
    assert asked.sealed_to("channel") - asked.sealed_to("assistance.request") == {"dd"}
    assert {"aa", "bb", "cc", "dd"} == record.now.members == record.now.sealed_to("assistance.request")
    assert "proposed" == record.now.course("dd").regular[0].act.act
    assert all(one.regular for one in judged(TABLE, record.opening, record.now))


def test_one_that_has_not_agreed_keeps_a_party_out(record):
    """Nobody is let in over its head, and no word of two binds the third."""
    ref = record.proposes("bb", "dd")
    record.writes("aa", "accepted", ref=ref)
    record.invites("bb", "dd", ref)

    assert (set(), ["cc had not agreed, as its author knew"]) == (record.now.asked, record.why())
    record.writes("cc", "declined", ref=ref)
    record.invites("bb", "dd", ref)
    assert "accession declined" in record.why()[-1]


def test_an_agreement_its_author_had_not_seen_does_not_count(record):
    """It is judged by what it knew; invited again, once it knows, the party is asked."""
    ref = record.proposes("bb", "dd")
    record.writes("aa", "accepted", ref=ref)
    record.writes("cc", "accepted", ref=ref)
    record.invites("bb", "dd", ref, blind=1)
    assert ["cc had not agreed, as its author knew"] == record.why()

    record.invites("bb", "dd", ref)
    assert {"dd"} == record.now.asked


@pytest.mark.parametrize(
    ("invites", "why"),
    [
        ({"by": "aa", "newcomer": "dd"}, "its author proposed"),
        ({"by": "bb", "newcomer": "ee"}, "another party, or another charter"),
        ({"by": "bb", "newcomer": "dd", "text": OTHER_TEXT}, "another party, or another charter"),
        ({"by": "bb", "newcomer": "cc"}, "another party, or another charter"),
        ({"by": "bb", "newcomer": "bb"}, "names one other party"),
        ({"by": "dd", "newcomer": "ee"}, "its author proposed"),
    ],
)
def test_nobody_is_invited_but_as_it_was_agreed(record, invites, why):
    """By whom, whom, and shown what: all of it is what the others agreed to."""
    ref = record.proposes("bb", "dd")
    for party in ("aa", "cc"):
        record.writes(party, "accepted", ref=ref)
    record.invites(ref=ref, **invites)

    assert why in record.why()[0]
    (of_it,) = [one for one in judged(TABLE, record.opening, record.now) if one.act.act == "invited"]
    assert (False, record.why()[0]) == (of_it.regular, of_it.because)


def test_a_proposal_that_left_one_out_lets_nobody_in(record):
    """Two cannot agree for three, also where the third has left by then."""
    ref = record.proposes("bb", "dd", to=("aa",))
    record.writes("aa", "accepted", ref=ref)
    record.writes("cc", "left")
    record.invites("bb", "dd", ref)

    assert ["the accession was not proposed to each that was in the channel"] == record.why()


def test_one_that_leaves_while_it_is_pending_need_not_agree_any_more(record):
    """Those that are in decide; but who declined before it left has declined."""
    ref = record.proposes("bb", "dd")
    record.writes("aa", "accepted", ref=ref)
    record.writes("cc", "left")
    record.invites("bb", "dd", ref)
    assert ({"aa", "bb"}, {"dd"}) == (record.now.members, record.now.asked)

    other = Record()
    ref = other.proposes("bb", "dd")
    other.writes("aa", "accepted", ref=ref)
    other.writes("cc", "declined", ref=ref)
    other.writes("cc", "left")
    other.invites("bb", "dd", ref)
    assert set() == other.now.asked


def test_two_accessions_that_cross_both_let_in_and_one_that_does_not_is_made_anew(record):
    """Whoever was in as the inviting party knew had to agree: the newcomer too, once it is in."""
    first, second = record.proposes("aa", "dd"), record.proposes("bb", "ee")
    for party in ("bb", "cc"):
        record.writes(party, "accepted", ref=first)
    for party in ("aa", "cc"):
        record.writes(party, "accepted", ref=second)
    record.invites("aa", "dd", first)
    record.writes("dd", "accepted")
    record.invites("bb", "ee", second, blind=1)
    assert ({"dd"}, {"ee"}) == (record.now.members - {"aa", "bb", "cc"}, record.now.asked)
    record.writes("ee", "accepted")
    assert {"aa", "bb", "cc", "dd", "ee"} == record.now.members

    other = Record()
    pending = other.proposes("bb", "ee")
    for party in ("aa", "cc"):
        other.writes(party, "accepted", ref=pending)
    other.lets_in("aa", "dd")
    other.writes("dd", "accepted")
    other.invites("bb", "ee", pending)
    assert ["dd came in since and was not asked"] == other.why()


def test_who_declines_or_is_withdrawn_is_out_until_it_is_agreed_to_anew(record):
    """One agreement invites once."""
    ref = record.lets_in("bb", "dd")
    record.writes("dd", "declined")
    record.invites("bb", "dd", ref)
    assert (set(), [f"{ref} was carried out before"]) == (record.now.asked, record.why())

    record.lets_in("cc", "dd")
    assert {"dd"} == record.now.asked
    record.writes("cc", "withdrawn", concerns=["dd"])
    assert ("withdrawn", set()) == (record.now.course("dd").state, record.now.asked)
    record.writes("dd", "accepted", blind=1)
    assert "dd" in record.now.members


def test_an_invitation_does_not_unseat_who_came_in_by_an_earlier_one_unseen(record):
    """Its acceptance crossed the withdrawal, and prevails; who invited it anew had not seen it."""
    record.lets_in("cc", "dd")
    record.writes("cc", "withdrawn", concerns=["dd"])
    ref = record.proposes("aa", "dd")
    record.writes("bb", "accepted", ref=ref)
    record.writes("cc", "accepted", ref=ref)
    record.writes("dd", "accepted", blind=4)
    record.invites("aa", "dd", ref, blind=1)

    assert ([], {"aa", "bb", "cc", "dd"}, set()) == (record.why(), record.now.members, record.now.asked)
    record.writes("dd", "left")
    assert ({"aa", "bb", "cc"}, set()) == (record.now.members, record.now.asked)


def test_the_founder_withdraws_from_the_newcomer_it_invited_and_from_nobody_else():
    """What it proposed at the beginning stands."""
    record = Record()
    record.acts = record.acts[:2]  # cc has not answered
    ref = record.proposes("aa", "dd")
    record.writes("bb", "accepted", ref=ref)
    record.invites("aa", "dd", ref)
    record.writes("aa", "withdrawn", concerns=["dd"])

    assert {"cc"} == record.now.asked


def test_who_left_comes_back_by_a_new_invitation(record):
    """Also the founder; until it accepts again it is not in."""
    record.writes("aa", "left")
    assert {"bb", "cc"} == record.now.members
    record.lets_in("bb", "aa")
    assert ({"bb", "cc"}, {"aa"}) == (record.now.members, record.now.asked)
    record.writes("aa", "accepted")
    assert {"aa", "bb", "cc"} == record.now.members
    record.writes("aa", "left")
    assert {"bb", "cc"} == record.now.members


def test_one_that_invited_and_leaves_leaves_its_guest_in(record):
    """Who is in is in by word of all, and not by its host."""
    record.lets_in("bb", "dd")
    record.writes("dd", "accepted")
    record.writes("bb", "left")

    assert {"aa", "cc", "dd"} == record.now.members
    assert 1 == len(courses_of(record.now, record.opening, "dd"))


def test_a_channel_of_two_stays_one_of_two():
    """There was never a third from whom anything had to be kept."""
    record = Record()
    record.acts = []
    record.writes("aa", "proposed", requested="bb", instruments=["charter"], tables=["0" * 64])
    record.writes("bb", "accepted")
    ref = record.proposes("aa", "dd", to=("bb",))
    record.writes("bb", "accepted", ref=ref)
    record.invites("aa", "dd", ref)

    assert record.now.is_bilateral
    assert {"aa", "bb"} == record.now.members


def _story(seed: int) -> Record:
    """Parties propose, agree, invite, answer and leave at random, each knowing more or less of the others."""
    record, chance = Record(), Random(seed)
    parties, refs = ("aa", "bb", "cc", "dd", "ee"), []
    for _ in range(16):
        party, other = chance.sample(parties, 2)
        blind = chance.choice((0, 0, 0, 1, 2))
        match chance.randrange(7):
            case 0 | 1:
                members = record.now.members
                other = chance.choice(sorted(set(parties) - members) or [other])
                by = chance.choice(sorted(members)) if members else party
                ref = record.proposes(by, other, to=tuple(sorted(members - {by})) or ("zz",))
                for one in sorted(members - {by}):
                    record.writes(one, chance.choice(("accepted",) * 9 + ("declined",)), ref=ref)
                refs.append((by, other, ref))
            case 2 | 3 if refs:
                by, newcomer, ref = chance.choice(refs[-2:])
                record.invites(by, newcomer, ref, blind=blind)
            case 4 | 5:
                asked = sorted(record.now.asked)
                record.writes(chance.choice(asked or [party]), "accepted", blind=blind)
            case 6:
                record.writes(party, chance.choice(("left", "declined", "withdrawn")), blind=blind)
    return record


@pytest.mark.parametrize("seed", range(60))
def test_whatever_was_written_everybody_reads_the_same_and_nobody_is_let_in_unasked(seed):
    """What an author knew is so for every reader, however much more that one holds."""
    record = _story(seed)
    whole = record.seats
    for act in record.opening:
        known = whole.known_to(act.ref, act.seen)
        part = Record()
        part.acts = [
            (ref, one)
            for ref, one in record.acts
            if one.ref.index < (act.ref.index if one.party == act.party else act.seen.get(one.party, 0))
        ]
        assert (known.members, known.asked) == (part.now.members, part.now.asked)
    found = whole.now
    assert not found.members & found.asked
    for party in found.members - {"aa", "bb", "cc"}:
        invitation = found.invited[party]
        assert {"accepted"} <= {one.act.act for one in found.courses[party].judged if one.act.party == party}
        assert party not in whole.known_to(invitation.ref, invitation.seen).members


def test_such_stories_do_let_parties_in():
    """Or the one above would show nothing."""
    found = [_story(seed).now for seed in range(60)]

    assert 10 < sum(bool(one.members - {"aa", "bb", "cc"}) for one in found)
    assert 10 < sum(len(one.refused) for one in found)


@pytest.mark.parametrize("seed", range(20))
def test_acts_taken_in_one_by_one_come_to_what_all_of_them_come_to(seed):
    """A node judges a delivery entry by entry, and must not read another channel than a stranger does."""
    record = _story(seed)
    grown = Seats(TABLE, [], Accessions(ACCESSION, {}))

    assert all(grown.take(Concern(ref), act) for ref, act in record.acts)

    whole = record.seats
    assert (whole.now.members, whole.now.asked) == (grown.now.members, grown.now.asked)
    assert whole.now.refused == grown.now.refused
    for act in record.opening:
        assert whole.members(act) == grown.members(act)


def test_an_act_that_something_rests_on_is_not_taken_in_behind_it(record):
    """What was judged without it might have been judged otherwise: whoever asks reads all of it anew."""
    first, *rest = [act for _, act in record.acts]
    grown = Seats(TABLE, rest)

    assert not grown.take(Concern(""), first)


@pytest.mark.parametrize("by", ["bb", "dd"])
def test_invitations_without_effect_are_not_read_again_with_each_that_follows(record, monkeypatch, by):
    """One member, or a stranger, could otherwise stop every node with a few hundred of them."""
    read = []
    fold = membership.fold
    monkeypatch.setattr(membership, "fold", lambda *of: read.append(1) or fold(*of))

    def work(count: int) -> int:
        for _ in range(count):
            record.invites(by, "dd", "bb-none")
        read.clear()
        assert len(record.acts) - 3 == len(record.why())
        return len(read)

    assert work(20) == work(40)


def test_invitations_that_rest_on_nothing_are_refused_before_the_channel_is_read(record, monkeypatch):
    """Each with an acceptance before it, they would have it read anew as often as there are of them."""
    read = []
    fold = membership.fold
    monkeypatch.setattr(membership, "fold", lambda *of: read.append(1) or fold(*of))

    def work(count: int) -> int:
        for _ in range(count):
            record.writes("bb", "accepted")
            record.invites("bb", "dd", "bb-none")
        read.clear()
        assert record.why()
        return len(read)

    assert work(20) == work(40)
