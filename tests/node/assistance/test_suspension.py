"""A channel is suspended and resumed: what is under way stands still, what is sent waits, nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comity.channel.verified_course import Course
from comity.instruments import library
from comity.names import EntryRef
from comity.reciprocity import Extent
from comity.reciprocity import document as plain
from comity_node.assistance import recalls, services
from comity_node.assistance.choices import choices
from comity_node.assistance.detail import detail
from comity_node.assistance.models import Request
from comity_node.assistance.room import facts
from comity_node.assistance.suspending import waiting
from comity_node.channels.reciprocity import document
from comity_node.officials import services as officials
from comity_node.officials.errors import AnotherMustSecond
from comity_node.register import mirroring, queries, rooms
from comity_node.register.describing import describe
from comity_node.register.rebuilding import rebuild
from tests.node.assistance.conftest import THEIRS, lodges
from tests.node.counterpart import CHANNEL, INSTRUMENT, SECONDED

KIND = "channel.suspension"
CHARTER = library()["charter"]
SAID = {
    "topics": ["assistance", "evidence"],
    "legal_basis": "none",
    "pending": "stand_as_they_are",
    "material": "kept_under_its_limits",
}
OPENING = {"instrument": "charter", "table": CHARTER.digest, "requested": "aa", **SAID}


@pytest.fixture
def emil(hire):
    """Coordinator of aa at the central authority: the other office of two."""
    return hire("emil", "coordinator")


def row(ref):
    """A request as it is listed."""
    return Request.objects.get(channel=CHANNEL, ref=ref)


def suspends(emil, **said):
    """Begin the declaration of a suspension by us."""
    draft = services.draft(channel=CHANNEL, procedure="suspension", title="Suspension", by=emil)
    return services.save_draft(draft, by=emil, stated={**SAID, **said})


@pytest.fixture
def ours(emil, dora, boris):
    """A suspension that we declared."""
    draft = suspends(emil)
    officials.second(services.submit(draft, by=emil), by=dora)
    boris.receipts()
    return draft.ref


@pytest.fixture
def theirs(boris):
    """A suspension that the other side declared."""
    boris.does(f"{KIND}.declared", "bb-2026-0900", stated=OPENING, by=SECONDED)
    return "bb-2026-0900"


def test_it_takes_officials_of_two_offices(emil, hire, dora):
    """Nobody leaves a channel alone, nor with a colleague from the next desk."""
    prepared = services.submit(suspends(emil), by=emil)
    with pytest.raises(AnotherMustSecond, match="two different offices"):
        officials.second(prepared, by=hire("eva", "coordinator"))

    officials.second(prepared, by=dora)


@pytest.fixture(autouse=True)
def _open(boris):
    """Every test has the channel."""


def test_what_is_under_way_stands_still_at_once(lodged, asked, theirs):
    """The list of what is due must not ask for what nobody owes now."""
    ours, other = row(lodged), row(asked)

    assert (True, True, None, None) == (ours.suspended, other.suspended, ours.due_at, other.due_at)
    assert all(one.stands_still for one in detail(CHANNEL, lodged).standing.clocks)


def test_before_it_is_signed_one_reads_what_will_stand_still(lodged, asked, emil):
    """Whoever leaves should see what that stops, on both sides."""
    said = dict(facts(services.opening(suspends(emil))))

    assert "aa-2026-0001" in said["Stands still, with its clocks"]
    assert THEIRS in said["Stands still, with its clocks"]
    assert THEIRS in said["We go on owing"]
    assert "aa-2026-0001" in said["They go on owing"]
    nothing = dict(facts(services.opening(suspends(emil, topics=["preservation"]))))
    assert "nothing under way" == nothing["Stands still, with its clocks"]


def test_who_suspends_again_what_stands_still_is_told_that_it_does_nothing(ours, emil):
    """A second suspension over the first would be signed by two offices, and hold nothing up."""
    again = services.opening(suspends(emil, topics=["evidence", "preservation"]))
    other = services.opening(suspends(emil, topics=["preservation"]))

    assert [ours in one.what for one in rooms.doubts(again)] == [True]
    assert [] == rooms.doubts(other)


def test_what_they_send_meanwhile_is_lodged_and_takes_effect_once_they_confirm_it(ours, boris, emil, dora):
    """It is on record and receipted as always; nobody can say that it was not sent."""
    lodges(boris, "bb-2026-0005")
    entry = row("bb-2026-0005").last_entry
    assert ("", "Lodged while suspended", 1, 0) == (
        row("bb-2026-0005").state, row("bb-2026-0005").label, row("bb-2026-0005").lodged,
        row("bb-2026-0005").irregular,
    )  # fmt: skip
    assert [entry] == [str(one.ref) for one, _procedure in waiting(CHANNEL, ours)]

    lifted = services.act(channel=CHANNEL, ref=ours, act_name="lifted", by=emil)
    officials.second(lifted, by=dora)
    assert "" == row("bb-2026-0005").state
    boris.does(f"{KIND}.confirmed", ours, stated={"entries": [entry]}, by=SECONDED)

    found = row("bb-2026-0005")
    assert ("lodged", 0, False) == (found.state, found.lodged, found.suspended)
    assert found.due_at is not None
    before, after = rebuild()
    assert before == after


def test_what_we_send_meanwhile_is_offered_to_be_confirmed(theirs, draft, anna, dora, boris, emil):
    """Afterwards our officers find what waits for their word, and nothing else."""
    officials.second(services.submit(draft, by=anna), by=dora)
    boris.receipts()
    assert 1 == row(draft.ref).lodged
    boris.does(f"{KIND}.lifted", theirs, by=SECONDED)

    found = detail(CHANNEL, theirs)
    offered = choices(found, next(one for one in found.ours if one.act == "confirmed"))["entries"]
    assert [row(draft.ref).last_entry] == [value for value, _label in offered]
    assert draft.ref in offered[0][1]

    prepared = services.act(
        channel=CHANNEL, ref=theirs, act_name="confirmed", by=emil, stated={"entries": [offered[0][0]]}
    )
    officials.second(prepared, by=dora)
    assert ("lodged", 0) == (row(draft.ref).state, row(draft.ref).lodged)
    assert [] == list(waiting(CHANNEL, theirs))


def test_clocks_run_on_longer_by_the_time_they_stood_still(asked, theirs, boris):
    """To the instant, on both sides: the same acts, the same sum."""
    due = detail(CHANNEL, asked).standing.clocks[0].due_at
    boris.does(f"{KIND}.lifted", theirs, by=SECONDED, at=timezone.now() + timedelta(days=30))

    clock = detail(CHANNEL, asked).standing.clocks[0]

    assert not row(asked).suspended
    assert due + clock.stood_still == clock.due_at == row(asked).due_at
    assert timedelta(days=30) <= clock.stood_still < timedelta(days=30, minutes=5)


def test_the_record_of_the_channel_shows_its_acts_as_what_they_are(theirs, ours, boris):
    """Its kinds begin as those of the opening do: what table judges them must not hang on that."""
    boris.does(f"{KIND}.position_stated", theirs, payload={"text": "x"}, by=SECONDED)

    shown = {
        one.title: one.irregular for one in describe(CHANNEL, queries.entries(CHANNEL, prefix=f"{KIND}."))
    }

    assert {"Suspension declared": "", "Position stated": ""} == shown


def test_other_topics_go_on(boris, asked):
    """What is not named is not touched."""
    boris.does(f"{KIND}.declared", "bb-2026-0901", stated=OPENING | {"topics": ["information"]}, by=SECONDED)

    assert not row(asked).suspended
    assert row(asked).due_at is not None


def test_resumption_is_agreed_on_terms_and_each_stays_open_until_both_say_it_was_performed(
    theirs, boris, emil, dora
):
    """Goodwill is not a term; a commitment with a name and a day is."""
    prepared = services.act(
        channel=CHANNEL, ref=theirs, act_name="terms_proposed", by=emil,
        stated={"terms": ["1 aa 2027-01-31", "2 bb 2027-02-28"]},
        payload={"text": "1. The promised evidence. 2. The answers owed."},
    )  # fmt: skip
    proposal = officials.second(prepared, by=dora)
    boris.does(f"{KIND}.terms_accepted", theirs, by=SECONDED)
    assert "Resumed on terms" == row(theirs).label

    mark = {"proposal": str(proposal), "term": "1"}
    services.act(channel=CHANNEL, ref=theirs, act_name="term_performed", by=emil, stated=mark)
    assert ["open", "open"] == [one.standing for one in detail(CHANNEL, theirs).standing.terms]
    boris.does(f"{KIND}.term_performed", theirs, stated=mark)
    assert ["performed", "open"] == [one.standing for one in detail(CHANNEL, theirs).standing.terms]
    found = detail(CHANNEL, theirs)
    offered = choices(found, next(one for one in found.ours if one.act == "term_disputed"))
    assert ([str(proposal)], ["1", "2"]) == tuple(
        [value for value, _label in offered[name]] for name in ("proposal", "term")
    )


def test_what_we_lodged_we_may_take_back_and_it_never_takes_effect(theirs, draft, anna, dora, boris, emil):
    """A request sent into a closed channel may be moot a year later: nobody is bound to bring it up again."""
    officials.second(services.submit(draft, by=anna), by=dora)
    boris.receipts()
    found = detail(CHANNEL, theirs)
    offered = choices(found, next(one for one in found.ours if one.act == "taken_back"))["entries"]

    prepared = services.act(
        channel=CHANNEL, ref=theirs, act_name="taken_back", by=emil, stated={"entries": [offered[0][0]]}
    )
    officials.second(prepared, by=dora)

    assert ("", "Lodged while suspended, and taken back", 0, 0) == (
        row(draft.ref).state, row(draft.ref).label, row(draft.ref).lodged, row(draft.ref).irregular,
    )  # fmt: skip
    assert [] == list(waiting(CHANNEL, theirs))
    boris.does(f"{KIND}.lifted", theirs, by=SECONDED)
    found = detail(CHANNEL, theirs)
    assert [] == choices(found, next(one for one in found.ours if one.act == "confirmed"))["entries"]
    before, after = rebuild()
    assert before == after


def test_what_they_lodged_and_took_back_is_not_to_be_used(ours, boris):
    """Officials see that it was sent; nothing that is not an official is given its words."""
    lodges(boris, "bb-2026-0005")
    entry = row("bb-2026-0005").last_entry
    assert set() == recalls.unanswered(CHANNEL, "assistance.request", ["bb-2026-0005"])

    boris.does(f"{KIND}.taken_back", ours, stated={"entries": [entry]}, by=SECONDED)

    assert {entry} == recalls.unanswered(CHANNEL, "assistance.request", ["bb-2026-0005"])
    assert recalls.is_unanswered(queries.entry(EntryRef.parse(entry)))


def test_they_cannot_take_back_what_is_ours(theirs, draft, anna, dora, boris, emil):
    """One entry of a hostile side must not silence what we lodged."""
    officials.second(services.submit(draft, by=anna), by=dora)
    boris.receipts()
    entry = row(draft.ref).last_entry

    boris.does(f"{KIND}.taken_back", theirs, stated={"entries": [entry]}, by=SECONDED)

    assert 1 == row(draft.ref).lodged


def test_confirming_in_writing_is_offered_whether_or_not_anything_was_lodged(lodged, boris, anna):
    """Another procedure has an act of that name, and nothing of a suspension is to be chosen for it."""
    found = detail(CHANNEL, lodged)
    confirmed = next(one for one in found.procedure.rows if one.act == "confirmed")

    assert {} == choices(found, confirmed)


# --- what a hostile side may try -----------------------------------------------------------------------


def test_a_confirmed_act_of_theirs_gives_our_request_no_other_title_or_basis(asked, draft, anna, dora, boris):
    """An entry that sorts before our opening, and takes effect after it, opened nothing."""
    for _ in range(4):  # so that ours stands deeper in the common order than what has seen nothing of it
        services.act(channel=CHANNEL, ref=asked, act_name="consulted", by=anna, payload={"text": "Well?"})
    officials.second(services.submit(draft, by=anna), by=dora)
    boris.receipts()
    lodged, before = draft.ref, row(draft.ref)
    boris.does(f"{KIND}.declared", "bb-2026-0900", stated=OPENING, by=SECONDED, seen=1)
    entry = boris.does(
        "assistance.request.acknowledged",
        lodged,
        by=SECONDED,
        seen=1,
        payload={"title": "Theirs", "text": "x"},
    )
    boris.does(f"{KIND}.lifted", "bb-2026-0900", by=SECONDED)
    boris.does(f"{KIND}.confirmed", "bb-2026-0900", stated={"entries": [str(entry)]}, by=SECONDED)

    after = row(lodged)

    assert (before.title, before.basis, before.types) == (after.title, after.basis, after.types)
    assert before.said_by == after.said_by


def test_a_stranger_counts_what_the_node_counts_of_a_day_gone_by(boris):
    """Receipts given since are no receipts of that day, in suspensions neither."""
    now = timezone.now().replace(microsecond=0)
    days = {
        name: now - timedelta(days=ago)
        for name, ago in (("left", 10), ("asked", 9), ("back", 8), ("said", 7))
    }
    boris.does(f"{KIND}.declared", "bb-2026-0900", stated=OPENING, at=days["left"], by=SECONDED)
    lodges(boris, "bb-2026-0001")
    opening = {
        "instrument": INSTRUMENT,
        "table": library()[INSTRUMENT].digest,
        "requested": "aa",
        "types": ["service"],
    }
    entry = boris.does(
        "assistance.request.lodged", "bb-2026-0002", stated=opening, at=days["asked"], by=SECONDED
    )
    boris.does(f"{KIND}.lifted", "bb-2026-0900", at=days["back"], by=SECONDED)
    stated = {"entries": [str(entry)]}
    boris.does(f"{KIND}.confirmed", "bb-2026-0900", stated=stated, at=days["said"], by=SECONDED)
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)
    texts = {one.digest: one for one in library().values()}
    course = Course(CHANNEL, texts, parties=("aa", "bb"))
    for one in queries.entries(CHANNEL):
        course.take(one.ref, one.entry, lambda _index, _party, one=one: one.receipted_at)

    for as_of in (now - timedelta(days=3), now + timedelta(days=1)):
        counted = course.figures(Extent(as_of))
        assert document(CHANNEL, as_of=as_of) == plain(CHANNEL, counted)
