"""In a channel of many a suspension is between two: a page speaks of these two, and of no third."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from comity.instruments import library
from comity.keys.keyring import Keyring
from comity_node.assistance import recalls, services
from comity_node.assistance.choices import choices
from comity_node.assistance.detail import detail
from comity_node.assistance.models import Request
from comity_node.assistance.room import facts
from comity_node.assistance.suspending import panel, waiting
from comity_node.channels import neighbours
from comity_node.channels import queries as channels
from comity_node.channels.models import Channel
from comity_node.officials import services as officials
from comity_node.register import models, queries, rooms
from comity_node.register.rebuilding import rebuild
from comity_node.register.services import open_log
from tests.node.assistance.conftest import FILLED, THEIRS
from tests.node.assistance.test_suspension import KIND, OPENING, SAID
from tests.node.counterpart import CHANNEL, INSTRUMENT, SECONDED, Counterpart, open_channel

CHARTER = library()["charter"]
BETWEEN_OTHERS = "bb-2026-0300"
REQUEST = {"instrument": INSTRUMENT, "table": library()[INSTRUMENT].digest, "types": ["testimony"]}


class Member(Counterpart):
    """A counterpart in a channel of many, which has seen whatever we hold."""

    def seen_of_others(self):
        """Of each third party as much as stands on its log here."""
        others = (log for log in queries.their_logs(self.channel) if log.party != self.party)
        return {log.party: log.size for log in others if log.size}

    def third_recipients(self):
        """Once three are in, the third of them: here nobody reads what was sealed to it."""
        is_of_three = len(queries.others(self.channel)) == 2
        return [Keyring.generate("dd").recipient] if is_of_three else []


@pytest.fixture
def boris(db):
    """Party bb, in a channel that it proposed to us and to cc."""
    return open_channel(Member(), states={"requested": ["aa", "cc"]})


@pytest.fixture
def cyril(boris):
    """Party cc, which came in."""
    third = Member("cc", CHANNEL)
    open_log(replace(third.seat(), many=True))
    models.Log.objects.filter(channel=CHANNEL).update(many=True, place=models.Log.Place.MEMBER)
    third.does("channel.accepted", CHANNEL, payload={"note": ""}, by=SECONDED)
    return third


@pytest.fixture
def emil(hire):
    """Coordinator of aa at the central authority: the other office of two."""
    return hire("emil", "coordinator")


@pytest.fixture
def under_way(cyril, asked, boris):
    """A request of bb to us, one of cc to us, and one of bb to cc."""
    cyril.does(
        "assistance.request.lodged", "cc-2026-0001", stated={**REQUEST, "requested": "aa"}, by=SECONDED
    )
    stated = {**REQUEST, "requested": "cc"}
    boris.does("assistance.request.lodged", BETWEEN_OTHERS, stated=stated, by=SECONDED)
    assert 3 == Request.objects.filter(kinds="assistance.request", state="lodged").count()


def begins(by, towards, **said):
    """The declaration of a suspension towards one of them, as it is about to be signed."""
    draft = services.draft(
        channel=CHANNEL, procedure="suspension", requested=towards, title="Until then", by=by
    )
    return services.save_draft(draft, by=by, stated={**SAID, **said})


def shown(by, towards, **said):
    """What its page says before it is signed."""
    return dict(facts(services.opening(begins(by, towards, **said))))


def suspends(other, ref, towards, *topics):
    """Have a counterpart suspend topics towards another party."""
    stated = {**OPENING, "requested": towards, **({"topics": list(topics)} if topics else {})}
    other.does(f"{KIND}.declared", ref, stated=stated, by=SECONDED)


def test_before_it_is_signed_only_what_is_between_the_two_is_listed(under_way, emil):
    """What we have with a third goes on, and what two others have is none of ours."""
    towards_bb, towards_cc = shown(emil, "bb"), shown(emil, "cc")

    for said, names, others in ((towards_bb, THEIRS, "cc-2026-0001"), (towards_cc, "cc-2026-0001", THEIRS)):
        frozen, owing = said["Stands still, with its clocks"], said["We go on owing"]
        assert names in frozen
        assert names in owing
        assert others not in frozen + owing
        assert BETWEEN_OTHERS not in frozen + owing + said["They go on owing"]


def test_a_suspension_towards_another_member_is_not_said_to_do_nothing(cyril, emil, dora):
    """It is the first towards that one, and holds up what is with it."""
    first = begins(emil, "bb")
    officials.second(services.submit(first, by=emil), by=dora)

    assert [] == rooms.doubts(services.opening(begins(emil, "cc")))
    assert [first.ref in one.what for one in rooms.doubts(services.opening(begins(emil, "bb")))] == [True]


def test_a_third_is_not_told_that_its_channel_is_suspended(boris, cyril, emil, browser):
    """What two others suspended between them holds up nothing of ours, and asks for no successor."""
    suspends(boris, "bb-2026-0900", "cc")

    found = Channel.objects.get(channel=CHANNEL)
    page = browser(emil).get(reverse("channels:channel", args=[CHANNEL])).content.decode()
    assert ("Accepted", "done") == (channels.standing(found), channels.tone(found))
    assert [found] == channels.wanted(standing="goes_on")
    assert [] == channels.wanted(standing="suspended") == neighbours.to_take_up_from()
    assert "Propose a channel that takes up from this one" not in page
    assert "Clocks stand still" not in page
    assert "This suspension is between these two" in page
    assert reverse("assistance:request", args=[CHANNEL, "bb-2026-0900"]) in page
    assert len({*rebuild()}) == 1


def test_the_page_of_the_channel_says_between_whom_a_suspension_is(boris, cyril, emil, browser):
    """Of several, an officer must know which of them holds up what."""
    suspends(boris, "bb-2026-0900", "aa")

    found = Channel.objects.get(channel=CHANNEL)
    page = browser(emil).get(reverse("channels:channel", args=[CHANNEL])).content.decode()
    (one,) = channels.suspended(found)
    assert ("bb", "aa") == (found.suspended[0]["party"], found.suspended[0]["towards"])
    assert (False, True) == (one.ours, one.towards_us)
    assert "Suspended" == channels.standing(found)
    assert "towards" in page
    assert "Clocks stand still" in page
    assert "This suspension is between these two" not in page
    assert len({*rebuild()}) == 1


def test_under_a_suspension_only_what_was_lodged_under_it_is_listed_and_offered(
    boris, cyril, anna, dora, emil
):
    """A word given under another suspension is no word on it."""
    suspends(boris, "bb-2026-0900", "aa")
    suspends(cyril, "cc-2026-0900", "aa")
    lodged = {}
    for towards in ("bb", "cc"):
        draft = services.draft(
            channel=CHANNEL, requested=towards, types=["documents_items"], title="Records", by=anna
        )
        draft = services.save_draft(draft, fields=FILLED, by=anna)
        officials.second(services.submit(draft, by=anna), by=dora)
        lodged[towards] = Request.objects.get(ref=draft.ref)
        assert 1 == lodged[towards].lodged

    for ref, towards in (("bb-2026-0900", "bb"), ("cc-2026-0900", "cc")):
        found = detail(CHANNEL, ref)
        back = next(one for one in found.ours if one.act == "taken_back")
        assert [lodged[towards].last_entry] == [str(one.ref) for one, _table in waiting(CHANNEL, ref)]
        assert [lodged[towards].ref] == [one["procedure"] for one in panel(found)["lodged"]]
        assert [lodged[towards].last_entry] == [name for name, _label in choices(found, back)["entries"]]


def test_a_word_under_a_suspension_between_others_withholds_nothing(boris, cyril):
    """What was lodged towards us is taken back under the suspension towards us, or not at all."""
    suspends(boris, "bb-2026-0900", "aa")
    suspends(boris, "bb-2026-0901", "cc")
    stated = {**REQUEST, "requested": "aa"}
    boris.does("assistance.request.lodged", "bb-2026-0700", stated=stated, by=SECONDED)
    lodged = Request.objects.get(ref="bb-2026-0700").last_entry
    word = {"stated": {"entries": [lodged]}, "by": SECONDED}

    boris.does(f"{KIND}.taken_back", "bb-2026-0901", **word)
    assert set() == recalls.unanswered(CHANNEL, "assistance.request", ["bb-2026-0700"])
    assert 1 == Request.objects.get(ref="bb-2026-0700").lodged

    boris.does(f"{KIND}.taken_back", "bb-2026-0900", **word)
    assert {lodged} == recalls.unanswered(CHANNEL, "assistance.request", ["bb-2026-0700"])
    assert 0 == Request.objects.get(ref="bb-2026-0700").lodged
    assert len({*rebuild()}) == 1


def test_before_it_is_signed_one_reads_what_stays_open(cyril, emil):
    """Who believes that everything stops asks by telephone what could be asked on the record."""
    said = shown(emil, "bb", topics=["assistance", "talk"])["Stays open"]

    for word in ("Alert", "Question of origin", "Communication check", "Contact point", "evidence"):
        assert word in said
    assert "List of protected objects" in said
    assert "talks on resumption" in said
    assert "with the other members of the channel" in said
    assert "assistance" not in said
    assert "Closing" not in said


def test_what_is_said_to_stay_open_is_open_by_the_table(cyril, emil, boris):
    """The page promises it, so it must hold: with every topic named an alert still has effect."""
    topics = CHARTER.procedure("suspension").statement_of["topics"].values
    said = shown(emil, "bb", topics=list(topics))["Stays open"]
    titles = {one.title: one.kinds.partition(".")[0] for one in CHARTER.procedures}

    named = {title for title in titles if title in said}
    assert named >= {"Alert", "Question of origin", "Communication check", "List of protected objects"}
    assert not {titles[title] for title in named} & {*topics, "instrument", "authority", "record"}
    assert "The topics not named" not in said


def test_open_talks_between_the_two_are_listed_and_no_others(boris, cyril, emil):
    """What is said in them waits too; a talk on a resumption goes on, and one that was closed is over."""
    opening = {"instrument": "charter", "table": CHARTER.digest, "requested": "aa", "about": "hotline"}
    for ref, said, title in (
        ("bb-2026-t0001", {}, "Night shift"),
        ("bb-2026-t0002", {"about": "resumption"}, "Coming back"),
        ("bb-2026-t0003", {}, "Over"),
        ("bb-2026-t0004", {"requested": "cc"}, "Theirs alone"),
        ("bb-2026-t0005", {"requested": ["aa", "cc"]}, "All of us"),
    ):
        boris.does("talk.room.opened", ref, stated={**opening, **said}, payload={"title": title})
    boris.does("talk.room.closed", "bb-2026-t0003")
    cyril.does("talk.room.opened", "cc-2026-t0001", stated=opening, payload={"title": "With cc"})

    listed = shown(emil, "bb", topics=["talk"])["Talks in which what is said waits"]

    assert "2" == listed.split("\n")[0]
    assert "Night shift" in listed
    assert "All of us" in listed
    for title in ("Coming back", "Over", "Theirs alone", "With cc"):
        assert title not in listed
    assert "Talks in which what is said waits" not in shown(emil, "bb", topics=["assistance"])
