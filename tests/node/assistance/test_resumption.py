"""Whoever ends a suspension sees first what moves; terms near their day stand on the desk afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comity_node.assistance import reminding, services
from comity_node.assistance.detail import detail
from comity_node.assistance.room import facts
from comity_node.channels import duties, resuming
from comity_node.officials import services as officials
from tests.node.assistance.conftest import lodges
from tests.node.assistance.test_suspension import KIND, OPENING, row, suspends
from tests.node.counterpart import CHANNEL, SECONDED


@pytest.fixture
def emil(hire):
    """Coordinator of aa at the central authority: the other office of two."""
    return hire("emil", "coordinator")


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


@pytest.fixture(autouse=True)
def _open(boris):
    """Every test has the channel."""


def test_whoever_ends_it_reads_first_what_that_moves(asked, ours, boris, emil):
    """The page says it before the signature: clocks, what waits, what goes on, what stays owed."""
    lodges(boris, "bb-2026-0005")
    lifting = services.proposed(channel=CHANNEL, ref=ours, kind=f"{KIND}.lifted", stated={}, payload={})

    said = dict(facts(lifting))

    assert asked in said["Clocks that run on"]
    assert "UTC if it ends now" in said["Clocks that run on"]
    assert "bb-2026-0005" in said["Lodged meanwhile, not confirmed yet"]
    assert asked in said["Procedures that go on"]
    assert asked in said["Obligations that remain"]


def test_the_dry_run_says_to_the_second_what_then_comes(asked, theirs, boris, emil, browser):
    """It promises nothing that does not come, and changes nothing by being read."""
    at = timezone.now().replace(microsecond=0) + timedelta(days=30)
    run = resuming.document(CHANNEL, at=at)
    page = browser(emil).get(reverse("channels:resumption", args=[CHANNEL])).content.decode()
    assert row(asked).suspended

    boris.does(f"{KIND}.lifted", theirs, by=SECONDED, at=at)

    (one,) = run["procedures"]
    assert (asked, True) == (one["ref"], one["goes_on"])
    assert [clock.due_at.isoformat() for clock in detail(CHANNEL, asked).standing.clocks] == [
        clock["due_at"] for clock in one["clocks"]
    ]
    owed = duties.documents(CHANNEL)
    assert owed == [each for each in duties.in_order(one["obligations"]) if each["sort"] != "term"]
    assert asked in page
    assert theirs in page
    assert [] == resuming.document(CHANNEL, at=at)["ending"]


def test_where_both_left_one_return_alone_moves_no_clock(asked, ours, theirs, boris, emil, browser):
    """Each side should see that its own return is not yet the other's."""
    reader = browser(emil)

    alone = resuming.document(CHANNEL, at=timezone.now(), refs=[ours])

    assert ([ours], [theirs]) == tuple([one["ref"] for one in alone[name]] for name in ("ending", "lasting"))
    assert {None} == {clock["due_at"] for one in alone["procedures"] for clock in one["clocks"]}
    page = reader.get(reverse("channels:resumption", args=[CHANNEL]), {"of": ours}).content.decode()
    assert "goes on standing still" in page
    lifting = services.proposed(channel=CHANNEL, ref=ours, kind=f"{KIND}.lifted", stated={}, payload={})
    assert f"goes on standing still under {theirs}" in dict(facts(lifting))["Clocks that run on"]
    assert 200 == reader.get(reverse("channels:resumption", args=[CHANNEL]), {"of": "x" * 300}).status_code


def test_terms_on_the_table_are_part_of_the_dry_run(ours, boris, emil, browser):
    """Who accepts them owes their own part from then on: it is said beforehand."""
    terms = {"terms": ["1 aa 2027-01-31", "2 bb 2027-02-28"]}
    boris.does(f"{KIND}.terms_proposed", ours, stated=terms, payload={"text": "1. 2."}, by=SECONDED)

    run = resuming.document(CHANNEL, at=timezone.now())

    assert [("bb", "1", "aa"), ("bb", "2", "bb")] == [
        (one["by"], one["number"], one["performer"]) for one in run["terms"]
    ]
    page = browser(emil).get(reverse("channels:resumption", args=[CHANNEL])).content.decode()
    assert "31 January 2027" in page


def test_terms_near_their_day_stand_on_the_desk_of_both(theirs, boris, emil, dora, browser, monkeypatch):
    """A term is forgotten as easily as it is agreed; whoever performed it waits for the other's word."""
    terms = {"terms": ["1 aa 2027-01-31", "2 bb 2027-02-28", "3 aa 2028-01-01"]}
    prepared = services.act(
        channel=CHANNEL,
        ref=theirs,
        act_name="terms_proposed",
        by=emil,
        stated=terms,
        payload={"text": "1. 2."},
    )
    proposal = officials.second(prepared, by=dora)
    assert [] == reminding.due_terms(datetime(2027, 1, 20, tzinfo=UTC)), "proposed is not agreed"
    boris.does(f"{KIND}.terms_accepted", theirs, by=SECONDED)

    def due(*day):
        found = reminding.due_terms(datetime(*day, 12, tzinfo=UTC))
        return [(one.number, one.ours, one.is_late, one.to_confirm) for one in found]

    assert [] == due(2027, 1, 1)
    assert [("1", True, False, False)] == due(2027, 1, 20)
    assert [("1", True, True, False), ("2", False, False, False)] == due(2027, 2, 20)
    boris.does(f"{KIND}.term_performed", theirs, stated={"proposal": str(proposal), "term": "2"})
    assert [("2", False, False, True)] == due(2027, 1, 1)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 2, 5, tzinfo=UTC))
    desk = browser(emil).get("/").content.decode()
    assert "the day has passed" in desk
    assert "say whether it was" in desk
    mark = {"proposal": str(proposal), "term": "2"}
    monkeypatch.undo()
    services.act(channel=CHANNEL, ref=theirs, act_name="term_performed", by=emil, stated=mark)
    assert [("1", True, True, False)] == due(2027, 2, 20)
