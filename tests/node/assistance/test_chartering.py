"""A charter is amended, a channel left or closed: officers read what will be so, and the node holds to it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from comity.channel.amendment import read_wording
from comity.instruments import library
from comity.lifecycle.leaving import period
from comity_node.assistance import filling, services
from comity_node.assistance.errors import AmendsNothing, ChannelEnded, NotAllowedNow
from comity_node.assistance.models import Draft, Request
from comity_node.assistance.room import facts
from comity_node.channels import duties, neighbours
from comity_node.channels import queries as channels
from comity_node.channels.errors import NoSuccession
from comity_node.channels.models import Channel
from comity_node.channels.services import draft_charter
from comity_node.officials import services as officials
from comity_node.officials.errors import AnotherMustSecond
from comity_node.register import queries, standings
from comity_node.register.rebuilding import rebuild
from tests.node.assistance.conftest import THEIRS, lodges
from tests.node.counterpart import CHANNEL, INSTRUMENT, SECONDED, Counterpart, open_channel

CHARTER = library()["charter"]
ICT = "us-ru-ict-cbm-2013"
OPENS = {"instrument": "charter", "table": CHARTER.digest, "requested": "aa"}
CLOSED = {
    "exhibits": "kept_under_limits",
    "lists": "destroyed_with_certificate",
    "materials": "returned",
    "carried_out_by": "2027-06-30",
    "obligations": "released",
}
FROM_THEM = "bb-2026-0700"


@pytest.fixture
def emil(hire):
    """Coordinator of aa at the central authority: the other office of two."""
    return hire("emil", "coordinator")


@pytest.fixture
def ict(db):
    """A channel that rests on an arrangement alone."""
    return open_channel(instrument=ICT)


def begin(procedure, by, **said) -> Draft:
    """Begin a procedure of the charter, filled in as a form would be."""
    draft = services.draft(channel=CHANNEL, procedure=procedure, instrument="charter", title="Title", by=by)
    return filling.write(draft, {name: [value] for name, value in said.items()}, by=by)


def put_on_record(draft, by, second):
    """Have a draft signed and seconded."""
    officials.second(services.submit(draft, by=by), by=second)
    return draft.ref


def stated(**said):
    """Fields that state something in the open."""
    return {f"stated_{name}": value for name, value in said.items()}


def channel() -> Channel:
    """The channel as it is listed."""
    return Channel.objects.get(channel=CHANNEL)


# --- amendment -----------------------------------------------------------------------------------------


def test_an_amendment_shows_the_old_charter_beside_the_new_before_it_is_signed(boris, emil):
    """Officers sign a difference, and must see both sides of it."""
    draft = begin(
        "amendment",
        emil,
        **stated(instruments="untoc-2000", taken_away=INSTRUMENT),
        purpose="Assistance and talks",
        languages="en, ru",
    )
    said = dict(facts(services.opening(draft)))

    old, new = (f"{library()[name].short} (edition 1)" for name in (INSTRUMENT, "untoc-2000"))

    assert f"now: {old}\nas amended: {new}" == said["Rests on"]
    assert "as amended: Assistance and talks" in said["Purpose"]
    assert "now: nothing\nas amended: en, ru" == said["Languages"]
    assert "It keeps the text it began under" in said["What was begun before"]


def test_an_accepted_amendment_changes_what_can_be_begun_and_nothing_that_was(boris, emil, dora, asked):
    """New requests rest on the new text alone; the old request goes on, and rebuilding gives the same."""
    ref = put_on_record(
        begin("amendment", emil, **stated(instruments="untoc-2000", taken_away=INSTRUMENT), purpose="Talks"),
        emil,
        dora,
    )
    before = {one.table.instrument.id for one in services.ways(CHANNEL)}
    boris.does("channel.amendment.accepted", ref, by=SECONDED)
    after = {one.table.instrument.id for one in services.ways(CHANNEL)}
    lodges(boris, "bb-2026-0002")  # under the text that was taken away
    rows = list(Request.objects.order_by("pk").values("ref", "state", "instrument", "irregular"))
    listed = Channel.objects.filter(channel=CHANNEL).values()
    projected = list(listed)

    assert INSTRUMENT in before
    assert "untoc-2000" not in before
    assert {"charter", "untoc-2000"} == after
    assert ["charter", "untoc-2000"] == channel().instruments
    assert ("Talks", [ref]) == (channel().purpose, [one["ref"] for one in channel().amendments])
    assert ("lodged", INSTRUMENT) == _of(rows, THEIRS, "state", "instrument")
    assert ("", 1) == _of(rows, "bb-2026-0002", "state", "irregular")
    rebuild()
    assert [{**one, "id": 0} for one in projected] == [{**one, "id": 0} for one in listed]


def test_a_draft_under_a_text_taken_away_can_be_read_and_is_not_lodged(boris, emil, dora, draft, anna):
    """What an officer wrote is not lost; it says why it cannot be lodged so."""
    ref = put_on_record(
        begin("amendment", emil, **stated(instruments="untoc-2000", taken_away=INSTRUMENT)), emil, dora
    )
    boris.does("channel.amendment.accepted", ref, by=SECONDED)

    assert INSTRUMENT == services.table(draft).instrument.id
    with pytest.raises(
        NotAllowedNow, match=f"does not rest on this text of {INSTRUMENT} since the amendment {ref}"
    ):
        services.submit(draft, by=anna)


@pytest.mark.parametrize(
    ("said", "why"),
    [({}, "changes nothing"), ({"languages": "en, <b>"}, "languages cannot be read")],
)
def test_an_amendment_says_something_that_can_be_read(boris, emil, said, why):
    """A signature under nothing would be a trap for whoever seconds it."""
    with pytest.raises(AmendsNothing, match=why):
        services.submit(begin("amendment", emil, **said), by=emil)


@pytest.mark.parametrize(
    "payload",
    [
        b"not json",
        {"fields": "text"},
        {"fields": {"purpose": ["a"], "languages": {"x": 1}, "coordinator": 5}},
        {"fields": {"purpose": "\u0000", "languages": "<script>", "coordinator": "a\u202eb"}},
        {"fields": {"purpose": "x" * 5000, "languages": "en " * 40, "coordinator": "y" * 5000}},
    ],
)
def test_hostile_words_of_an_amendment_change_nothing_and_stop_no_page(boris, emil, dora, browser, payload):
    """What a counterpart seals is shown as its own and never becomes the charter unread."""
    boris.does(
        "channel.amendment.proposed", FROM_THEM, stated={**OPENS, "taken_away": [INSTRUMENT]}, payload=payload
    )
    act = filling.act(CHANNEL, FROM_THEM, "accepted", {}, by=emil)
    officials.second(officials.prepare(act, by=emil), by=dora)

    assert ["charter"] == channel().instruments
    assert "" == channel().purpose
    assert 200 == browser(emil).get(reverse("channels:channel", args=[CHANNEL])).status_code


def test_the_words_of_an_amendment_are_bounded_and_read_in_one_form():
    """What is written in one language must read alike on both nodes."""
    said = read_wording({"fields": {"purpose": " P ", "languages": "en; ru,,ar en", "coordinator": "Office"}})

    assert ("P", ("en", "ru", "ar"), "Office", ()) == (
        said.purpose,
        said.languages,
        said.coordinator,
        said.faults,
    )


# --- leaving -------------------------------------------------------------------------------------------


def test_a_notice_begins_with_the_first_day_it_can_take_effect(boris, emil):
    """Counting months is not for three in the morning; an earlier day is refused with the article."""
    draft = begin("denunciation", emil, **stated(legal_basis="none"))
    earliest = period([library()[INSTRUMENT]], timezone.now().date()).earliest
    said = dict(facts(services.opening(draft)))
    begun = draft.stated["takes_effect_on"]
    early = services.save_draft(
        draft, by=emil, stated={"takes_effect_on": (earliest - timedelta(days=1)).isoformat()}
    )

    assert earliest.isoformat() == begun
    assert f"{earliest}, because the channel rests on" in said["Earliest day"]
    assert "No treaty is denounced by this" in said["What will be so"]
    with pytest.raises(NotAllowedNow, match=f"it can take effect on {earliest} at the earliest"):
        services.submit(early, by=emil)


def test_leaving_takes_officers_of_two_offices(ict, emil, dora, hire):
    """Whoever leaves ends what others rest on."""
    colleague = hire("egon", "coordinator")
    prepared = services.submit(begin("denunciation", emil, **stated(legal_basis="none")), by=emil)

    with pytest.raises(AnotherMustSecond):
        officials.second(prepared, by=colleague)
    officials.second(prepared, by=dora)
    assert timezone.now().date() == channel().ends_on


def test_once_a_notice_has_effect_nothing_new_is_begun_by_either_side(ict, emil, dora, browser):
    """What they send all the same is received, receipted and irregular; what we would begin is refused."""
    put_on_record(begin("denunciation", emil, **stated(legal_basis="none")), emil, dora)
    text = library()[ICT]
    opens = {"instrument": text.id, "table": text.digest, "requested": "aa"}
    before = queries.their_logs(CHANNEL)[0].size
    consultation = text.procedure("consultation")
    opening = next(iter(consultation.openings))
    must = {one.id: "x" for one in consultation.statements_by[opening]}
    ict.does(consultation.kind(opening), "bb-2026-0801", stated={**must, **opens})

    assert before + 1 == queries.their_logs(CHANNEL)[0].size
    assert ("", 1) == _of(
        Request.objects.filter(ref="bb-2026-0801").values(), "bb-2026-0801", "state", "irregular"
    )
    assert {"closing", "position", "treaty"} == {one.table.procedure.id for one in services.ways(CHANNEL)}
    with pytest.raises(ChannelEnded):
        services.draft(channel=CHANNEL, procedure="consultation", title="Talks", by=emil)
    page = browser(emil).get(reverse("channels:channel", args=[CHANNEL])).content.decode()
    assert "Denounced, ended on" in page
    assert "Close the channel by agreement" in page
    assert "Draft a request" not in page


def test_a_notice_is_taken_back_on_the_page_and_on_record(boris, emil, dora):
    """Before the day, a word of the same side is enough, and the channel goes on."""
    ref = put_on_record(begin("denunciation", emil, **stated(legal_basis="none")), emil, dora)
    denounced = channels.standing(channel())
    act = filling.act(CHANNEL, ref, "taken_back", {}, by=emil)
    officials.second(officials.prepare(act, by=emil), by=dora)

    assert denounced.startswith("Denounced, ends on")
    assert ("Accepted", None, []) == (channels.standing(channel()), channel().ends_on, channel().notices)


# --- closing and succeeding ----------------------------------------------------------------------------


def close(boris, **said):
    """Have the other side propose to close."""
    boris.does("channel.closing.proposed", FROM_THEM, stated={**OPENS, **CLOSED, **said}, by=SECONDED)


def accept(emil, dora):
    """Accept on our side."""
    act = filling.act(CHANNEL, FROM_THEM, "accepted", {}, by=emil)
    officials.second(officials.prepare(act, by=emil), by=dora)


def test_before_a_channel_is_closed_both_read_what_is_owed_and_what_becomes_of_it(boris, emil, asked):
    """The moment's obligations are computed and shown; whoever accepts reads the terms of the other side."""
    close(boris)
    said = dict(facts(filling.act(CHANNEL, FROM_THEM, "accepted", {}, by=emil)))

    assert ("destroyed with certificate", "released") == (said["Lists"], said["Obligations"])
    assert THEIRS in said["We owe now"]
    assert "nothing new is begun in the channel" in said["What will be so"]


def test_what_both_released_is_owed_no_more_and_no_clock_of_it_runs(boris, emil, dora, asked):
    """No officer may be woken at night for what nobody owes."""
    close(boris)
    running = Request.objects.get(ref=THEIRS).due_at
    accept(emil, dora)
    row = Request.objects.get(ref=THEIRS)
    left = duties.documents(CHANNEL)

    assert running is not None
    assert (None, "lodged") == (row.due_at, row.state)
    assert [("aa", "disposition"), ("bb", "disposition")] == [(one["party"], one["sort"]) for one in left]
    assert ("Closed", "ended") == (channels.standing(channel()), channels.tone(channel()))


def test_a_certificate_meets_the_disposition_it_is_about(boris, emil, dora):
    """What was to be destroyed is owed until somebody signs that it was."""
    close(boris)
    accept(emil, dora)
    boris.does(
        "channel.closing.carried_out",
        FROM_THEM,
        stated={"what": ["exhibits", "lists", "materials"]},
        payload={"text": "Destroyed on 1 March."},
    )

    assert ["aa"] == [one["party"] for one in duties.documents(CHANNEL)]


def test_a_successor_lists_what_was_carried_over_and_both_pages_name_the_other(
    boris, emil, dora, asked, browser
):
    """Whoever works in the new channel must not lose what is owed from the old one."""
    close(boris, obligations="carried_over")
    accept(emil, dora)
    other = Counterpart("bb", "bcdefghijklmnopq")
    _propose(other, succeeds=CHANNEL)
    found = Channel.objects.get(channel=other.channel)
    before, after = neighbours.predecessor(found), neighbours.successor(channel())
    reader = browser(emil)
    old, new, owed, listed = (
        reader.get(address).content.decode()
        for address in (
            reverse("channels:channel", args=[CHANNEL]),
            reverse("channels:channel", args=[other.channel]),
            reverse("channels:obligations", args=[other.channel]),
            reverse("channels:list") + "?standing=succeeded",
        )
    )

    assert (CHANNEL, other.channel) == (before and before.channel, after and after.channel)
    assert reverse("channels:channel", args=[other.channel]) in old
    assert "Succeeded by" in old
    assert reverse("channels:channel", args=[CHANNEL]) in new
    assert "carried over from channel" in owed
    assert THEIRS in owed
    assert {CHANNEL} == {one["channel"] for one in duties.documents(other.channel)}
    assert ["Closed"] == [row.standing for row in channels.lines(channels.wanted(standing="succeeded"))]
    assert "Succeeded by" in listed


@pytest.mark.parametrize("said", ["../../etc", "<b>", "zzzzzzzzzzzzzzzz", "bcdefghijklmnopq", ""])
def test_a_channel_that_says_it_succeeds_what_it_cannot_links_to_nothing(boris, emil, browser, said):
    """A counterpart may name any channel: one with somebody else, none at all, or itself."""
    other = Counterpart("bb", "bcdefghijklmnopq")
    _propose(other, succeeds=said)
    found = Channel.objects.get(channel=other.channel)

    assert neighbours.predecessor(found) is None
    assert 200 == browser(emil).get(reverse("channels:channel", args=[other.channel])).status_code


def test_nothing_takes_up_from_a_channel_of_another_counterpart(boris):
    """What a third party closed with them is none of ours to name."""
    other = Counterpart("cc", "cdefghijklmnopqr")
    _propose(other, succeeds=CHANNEL)

    assert neighbours.predecessor(Channel.objects.get(channel=other.channel)) is None
    assert neighbours.successor(channel()) is None


def test_we_propose_no_successor_of_a_channel_that_goes_on(boris, monkeypatch):
    """Two channels for one matter would each have half of the record."""
    known = SimpleNamespace(party="bb")
    monkeypatch.setattr("comity_node.channels.services._trusted", lambda _party: known)
    with pytest.raises(NoSuccession):
        draft_charter(
            counterparts=["bb"],
            instruments=["us-ru-1999"],
            purpose="Again",
            languages=["en"],
            coordinator=None,
            exercise=True,
            belongs=neighbours.Belongs(succeeds=CHANNEL),
        )


# --- what States do ------------------------------------------------------------------------------------


def test_that_a_treaty_was_denounced_is_put_on_record_and_changes_nothing_by_itself(boris, asked):
    """The States denounce it by their own means; the node decides nothing about whom a treaty binds."""
    boris.does(
        "instrument.denunciation.recorded",
        FROM_THEM,
        stated={
            **OPENS,
            "denounced": INSTRUMENT,
            "denounced_by": "bb",
            "notified_on": "2026-01-01",
            "takes_effect_on": "2026-07-01",
        },
        by=SECONDED,
    )
    lodges(boris, "bb-2026-0009")

    assert "recorded" == Request.objects.get(ref=FROM_THEM).state
    assert "lodged" == Request.objects.get(ref="bb-2026-0009").state
    assert standings.begins(CHANNEL)


def _propose(other, *, succeeds):
    open_channel(other, states={"succeeds": succeeds} if succeeds else {})


def _of(rows, ref, *names):
    return next(tuple(row[name] for name in names) for row in rows if row["ref"] == ref)
