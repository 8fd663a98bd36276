"""The channels' pages: who sees them, and that what is signed is what was read."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from comity.instruments import library
from comity_node.channels import services, wording
from comity_node.channels.models import Channel
from comity_node.officials.models import PreparedAct
from comity_node.register import queries
from tests.node.channels.test_services import FIRST, SECOND, first_delivery, proposal

pytestmark = pytest.mark.django_db
SAID = {
    "counterparts": ["bb"],
    "instruments": ["us-ru-1999"],
    "purpose": "Mutual legal assistance",
    "languages": ["en"],
    "office": "ministry",
    "capacity": "coordinator",
    "exercise": "on",
}


def hidden(page):
    """What a confirmation page carries on to the signature."""
    rows = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode())
    return {name: [value for other, value in rows if other == name] for name, _ in rows}


@pytest.fixture
def proposed(logs_of):
    """A channel that Borland proposes to us."""
    log = logs_of(FIRST)
    services.recognise(first_delivery(log, **proposal(FIRST)))
    log.delivers()
    return Channel.objects.get(channel=FIRST)


@pytest.mark.parametrize("page", ["channels:list", "channels:propose"])
def test_an_official_without_the_power_is_told_there_is_nothing(adam, browser, page):
    """Whether channels exist is itself on record, and not for everyone."""
    assert 404 == browser(adam).get(reverse(page)).status_code


def test_an_official_who_may_not_answer_finds_no_page_to_answer_on(proposed, clara, browser):
    """A form that ends in a refusal teaches only that there is something to attack."""
    reader = browser(clara)

    assert 200 == reader.get(reverse("channels:channel", args=[FIRST])).status_code
    assert 404 == reader.get(reverse("channels:answer", args=[FIRST, "accepted"])).status_code


def test_a_proposal_is_prepared_only_after_its_text_was_read(borland, anna, browser):
    """Two posts: the first shows the exact text, the second sends it for the second signature."""
    officer, address = browser(anna), reverse("channels:propose")

    confirmation = officer.post(address, SAID)
    assert not PreparedAct.objects.exists()
    officer.post(address, hidden(confirmation))

    prepared = PreparedAct.objects.get()
    assert "channel.proposed" == prepared.act["kind"]
    assert prepared.text in confirmation.context["act"]["text"]


def test_nobody_is_called_about_a_proposal_that_waits_for_its_second_signature(borland, anna, browser):
    """It may never be signed; the other side must not learn of it, nor refuse what is no delivery yet."""
    officer, address = browser(anna), reverse("channels:propose")

    officer.post(address, hidden(officer.post(address, SAID)))

    assert queries.channel_logs(PreparedAct.objects.get().act["channel"])
    assert {} == queries.own_sizes("bb")


def test_a_channel_the_other_side_proposed_is_asked_about_before_we_have_answered(proposed):
    """What it writes after its proposal is wanted at once."""
    assert {FIRST: 0} == queries.own_sizes("bb")


def test_another_text_than_the_one_read_is_shown_again_and_not_signed(borland, anna, browser):
    """A charter changed between reading and signing is another charter."""
    officer, address = browser(anna), reverse("channels:propose")
    carried = hidden(officer.post(address, SAID))

    again = officer.post(address, carried | {"purpose": "Something else"})

    assert "Something else" in again.context["act"]["text"]
    assert not PreparedAct.objects.exists()


def test_an_answer_nobody_read_is_not_signed(proposed, anna, browser):
    """A post without the digest of the text is a form, not a signature."""
    browser(anna).post(
        reverse("channels:answer", args=[FIRST, "declined"]), {"note": "No", "confirmed": "yes"}
    )

    assert not PreparedAct.objects.exists()
    assert ["bb"] == [one.party for one in queries.entries(FIRST)]


@pytest.mark.parametrize(
    ("elsewhere", "said"),
    [(-1, "has not yet said whether there were more"), (7, "has signed for 7, or for others"), (0, "")],
)
def test_a_channel_that_a_loss_keeps_closed_says_so(proposed, clara, browser, elsewhere, said):
    """An officer must not learn it from an act that fails."""
    type(queries.own_log(FIRST)).objects.filter(ours=True, channel=FIRST).update(held_elsewhere=elsewhere)

    page = browser(clara).get(reverse("channels:channel", args=[FIRST])).content.decode()

    desk = browser(clara).get("/").content.decode()

    assert bool(said) == ("Closed on our side" in page) == ("Closed on our side" in desk)
    assert said in page


def listed(answer):
    """The channels of a list, in its order."""
    return [row.channel for row in answer.context["rows"]]


@pytest.fixture
def two(proposed, logs_of):
    """Another channel that Borland proposes, with a name that a spreadsheet would run."""
    log = logs_of(SECOND)
    services.recognise(first_delivery(log, **proposal(SECOND)))
    log.delivers()
    Channel.objects.filter(channel=SECOND).update(purpose="=HYPERLINK(evil)")
    return FIRST, SECOND


def test_the_list_of_channels_filters_sorts_and_exports(two, clara, browser):
    """What is on the page is what the files hold."""
    reader, address = browser(clara), reverse("channels:list")

    by_name = listed(reader.get(address, {"sort": "name"}))
    turned = listed(reader.get(address, {"sort": "-name"}))
    words = listed(reader.get(address, {"words": "hyperlink"}))
    nowhere = reader.get(address, {"standing": "accepted", "counterpart": "bb"})
    table = reader.get(reverse("channels:export", args=["csv"]), {"sort": "name"}).getvalue().decode()
    document = json.loads(reader.get(reverse("channels:export", args=["json"]), {"words": FIRST}).getvalue())

    assert [SECOND, FIRST] == by_name == turned[::-1]
    assert [SECOND] == words
    assert [] == listed(nowhere)
    assert "None fits the filter." in nowhere.text
    assert "'=HYPERLINK(evil)" in table
    assert [FIRST] == [one["channel"] for one in document["channels"]]


def test_the_list_of_channels_asks_no_more_the_longer_it_is(two, clara, browser, django_assert_num_queries):
    """A counterpart may propose a hundred channels; the list must not grow slow with them."""
    reader = browser(clara)

    with django_assert_num_queries(12):
        reader.get(reverse("channels:list"))


@pytest.mark.parametrize("odd", [{"page": "-1"}, {"sort": "nothing"}, {"standing": "nowhere"}])
def test_an_odd_address_shows_the_list_of_channels_all_the_same(proposed, clara, browser, odd):
    """A link may be old or mistyped."""
    assert [FIRST] == listed(browser(clara).get(reverse("channels:list"), odd))


def test_an_export_of_channels_is_for_readers_of_the_record(proposed, adam, browser):
    """A file is a way to read, too."""
    assert 404 == browser(adam).get(reverse("channels:export", args=["csv"])).status_code


def test_the_heading_carries_the_mark_of_the_instruments_identity(proposed, clara, browser):
    """A channel must not look better founded than the text it rests on: the mark comes from the table."""
    mark = library()["us-ru-1999"].identity_verified.value

    page = browser(clara).get(reverse("channels:channel", args=[FIRST]))

    assert "V" != mark == page.context["channel"]["verified"]
    assert f'class="badge" data-mark="{mark}"' in page.text.partition("</header>")[2][:3000]


def test_an_instrument_nobody_here_has_is_not_known(proposed):
    """What this node cannot read it cannot have verified."""
    assert "?" == wording.identity(["charter", "xx-yy-1900"], charter="charter")
    assert "?" == wording.identity(["charter"], charter="charter")
