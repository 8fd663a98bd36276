"""A request that a counterpart makes long: every entry is reachable, no page grows with them."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from comity_node.assistance import folded, pages, services
from comity_node.assistance.models import Request
from comity_node.assistance.projecting import MOST_NAMED
from comity_node.register import queries, rebuilding
from tests.node.counterpart import CHANNEL

LONG = 130


@pytest.fixture
def flooded(lodged, boris):
    """Our request, on which Boris reports progress again and again."""
    boris.writes("assistance.request.acknowledged", lodged)
    for number in range(LONG - 2):
        boris.writes("assistance.request.progressed", lodged, payload={"text": f"Report {number}."})
    boris.delivers()
    return lodged


def show(visitor, ref, tab, **asked):
    """A tab of the request."""
    return visitor.get(reverse("assistance:tab", args=[CHANNEL, ref, tab]), asked)


def walk(visitor, ref, tab, rows):
    """Every row of every page of a tab, from the latest page to the earliest."""
    found, asked = [], {}
    while True:
        page = show(visitor, ref, tab, **asked)
        found = [*rows(page), *found]
        earlier = page.context["pages"]["previous_href"]
        if not earlier:
            return found
        asked = {"page": earlier.rpartition("=")[2]}


@pytest.mark.parametrize(
    ("tab", "rows"),
    [
        ("overview", lambda page: [one["entry"].ref for one in page.context["said"]]),
        ("correspondence", lambda page: [one.ref for one in page.context["entries"]]),
        ("log", lambda page: [one["ref"] for one in page.context["rows"]]),
    ],
)
def test_every_entry_stands_on_one_page_and_on_one_only(flooded, anna, browser, tab, rows):
    """Whatever is long is paged; nothing falls between two pages."""
    found = walk(browser(anna), flooded, tab, rows)

    assert [one.ref for one in queries.entries(CHANNEL, ref=flooded)] == found
    assert LONG == len(found)


def test_the_first_page_is_the_latest_and_full(flooded, anna, browser):
    """Whoever opens a request wants to know what happened last."""
    page = show(browser(anna), flooded, "correspondence")

    shown = [one.ref.index for one in page.context["entries"]]
    assert pages.LISTED == len(shown)
    assert queries.entries(CHANNEL, ref=flooded, last=1)[0].ref.index == shown[-1]
    assert f"{LONG - pages.LISTED + 1} to {LONG} of {LONG}" in page.text


@pytest.mark.parametrize("tab", pages.TABS)
def test_no_tab_asks_more_the_longer_the_request_is(
    lodged, boris, anna, browser, django_assert_max_num_queries, tab
):
    """A page whose queries follow the number of entries is a page the counterpart can stop."""
    visitor = browser(anna)
    for _ in range(2):
        for number in range(60):
            boris.writes("assistance.request.acknowledged" if not number else "assistance.request.progressed",
                         lodged)  # fmt: skip
        boris.delivers()
        with django_assert_max_num_queries(24):
            show(visitor, lodged, tab)


def test_a_long_request_is_judged_once_for_as_long_as_nothing_is_added(
    flooded, boris, anna, browser, monkeypatch
):
    """Reading ten thousand entries for every click would be work a counterpart gives us for nothing."""
    judged = []
    whole = folded.standing
    monkeypatch.setattr(folded, "LONG", 50)
    monkeypatch.setattr(folded, "standing", lambda *said: judged.append(said) or whole(*said))
    visitor = browser(anna)

    for tab in pages.TABS:
        show(visitor, flooded, tab)
    once = len(judged)
    boris.does(
        "assistance.request.executed", flooded, stated={"extent": "in whole"}, payload={"text": "Done."}
    )
    shown = show(visitor, flooded, "overview").text

    assert (1, 2) == (once, len(judged))
    assert "Executed" in shown
    assert "Done." in shown


def test_a_receipt_that_arrives_starts_the_clocks_of_a_long_request(
    flooded, boris, anna, browser, monkeypatch
):
    """What was kept of a request must not outlive what changes its clocks."""
    monkeypatch.setattr(folded, "LONG", 50)
    visitor = browser(anna)
    boris.does("assistance.request.returned", flooded, stated={"reasons": ["offences"]})

    before = folded.folded(CHANNEL, flooded, "assistance.request")
    services.act(channel=CHANNEL, ref=flooded, act_name="supplemented", by=anna, payload={"text": "Here."})
    unreceipted = folded.folded(CHANNEL, flooded, "assistance.request")
    boris.receipts()
    receipted = folded.folded(CHANNEL, flooded, "assistance.request")

    assert before is not unreceipted is not receipted
    assert [False, True] == [
        next(clock for clock in one.standing.clocks if clock.running).agreed
        for one in (unreceipted, receipted)
    ]
    assert visitor.get(reverse("assistance:request", args=[CHANNEL, flooded])).status_code == 200


def test_entries_full_to_the_brim_do_not_fill_the_page(lodged, boris, anna, browser):
    """A megabyte sealed into an entry, as one text or as thousands: the page says what it left out."""
    boris.writes("assistance.request.acknowledged", lodged, payload={"text": "x" * 900_000})
    boris.writes("assistance.request.progressed", lodged, payload={f"n{n}": "<b>" * 20 for n in range(9_000)})
    boris.delivers()

    page = show(browser(anna), lodged, "overview")

    assert len(page.content) < 3 * 5 * pages.LONGEST_SHOWN
    assert 2 == page.text.count("This is not all of it: the whole text stands in the entry.")


def test_an_ordinary_text_is_shown_whole(lodged, boris, anna, browser):
    """Whoever writes ten pages is read in full."""
    boris.does("assistance.request.acknowledged", lodged, payload={"text": "Line.\n" * 5_000})

    page = show(browser(anna), lodged, "overview")

    assert "This is not all of it" not in page.text
    assert 5_000 <= page.text.count("Line.")


def test_exhibits_without_end_are_named_up_to_a_limit(lodged, boris, anna, browser):
    """Results in part can be given for ever, a hundred exhibits at a time; what is kept is bounded."""
    boris.writes("assistance.request.acknowledged", lodged)
    for number in range(MOST_NAMED // 100 + 3):
        named = [{"sha256": f"{number:032x}{one:032x}", "title": "x"} for one in range(100)]
        boris.writes(
            "assistance.request.executed", lodged, stated={"extent": "in part"}, payload={"exhibits": named}
        )
    boris.delivers()

    page = show(browser(anna), lodged, "evidence")
    before, after = rebuilding.rebuild()

    assert MOST_NAMED == len(Request.objects.get(ref=lodged).exhibits)
    assert pages.LISTED == len(page.context["named"])
    assert "The first 1000 are listed" in re.sub(r"\s+", " ", page.text)
    assert before == after


def test_conditions_without_end_are_summed_up(lodged, boris, anna, browser):
    """An offer can be made anew for ever; the page shows the latest and says how many went before."""
    boris.writes("assistance.request.acknowledged", lodged)
    for _ in range(60):
        boris.writes(
            "assistance.request.conditions_offered",
            lodged,
            stated={"conditions": ["confidential", "stated_purpose_only"]},
        )
        boris.writes("assistance.request.consulted", lodged, payload={"text": "Or so?"})
    boris.delivers()

    page = show(browser(anna), lodged, "overview")

    assert 50 == len(folded.folded(CHANNEL, lodged, "assistance.request").standing.conditions)
    assert "70 more stand in the entries that stated them" in page.text
