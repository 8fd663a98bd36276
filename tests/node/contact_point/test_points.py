"""Points of both sides, listed, changed and doubted; and what a hostile counterpart may say of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from comity_node.contact_point import queries, services
from comity_node.contact_point.errors import (
    BadPoint,
    ContactActNotAllowed,
    NoSuchPoint,
    WaysNotStated,
)
from comity_node.contact_point.models import ContactPoint
from comity_node.officials import services as officials
from comity_node.officials.models import PreparedAct
from comity_node.register import rebuilding, seeking
from comity_node.register.acts import Act
from comity_node.register.rebuilding import rebuild
from tests.node.contact_point.conftest import DESK, THEIRS, amends, lists
from tests.node.counterpart import CHANNEL, SECONDED

pytestmark = pytest.mark.django_db


def ours():
    """Our one point as it is listed now."""
    (found,) = queries.listed(timezone.now(), party="aa")
    return found


def theirs():
    """Their one point as it is listed now."""
    (found,) = queries.listed(timezone.now(), party="bb")
    return found


def test_a_point_is_listed_by_two_and_confirmed_by_one(listed, sign, anna):
    """Where a party is reached is said by two who speak for it; that it is still so, by one."""
    before = ours()
    (confirmed,) = services.confirmation(listed)

    assert ("Duty desk", "always_on", (CHANNEL,)) == (before.point.role, before.row.kind, before.channels)
    assert before.row.ways_seconded
    assert not isinstance(officials.prepare(confirmed, by=anna), PreparedAct)
    assert ours().row.sure_at >= before.row.sure_at
    assert 1 == ours().row.version


def test_who_changes_the_telephone_needs_a_second_officer(listed, sign, anna):
    """A hotline turned aside is a classic attack: hours may be changed alone, the number may not."""
    (hours,) = services.amendment(listed, services.point({**DESK, "hours": "Mo-Fr 08:00-18:00"}))
    assert not isinstance(officials.prepare(hours, by=anna), PreparedAct)

    (number,) = services.amendment(listed, services.point({**DESK, "telephones": ["+41446681801"]}))
    assert "telephone" == number.stated["ways"]
    waits = officials.prepare(number, by=anna)
    assert isinstance(waits, PreparedAct)
    assert ("+41446681800",) == ours().point.telephones
    sign([number])
    assert ("+41446681801",) == ours().point.telephones


def test_a_changed_number_cannot_be_passed_off_as_something_else(listed, anna):
    """What calls for the second officer is not for the first to leave out."""
    (act,) = services.amendment(listed, services.point({**DESK, "telephones": ["+41446681801"]}))
    stated = {name: value for name, value in act.stated.items() if name != "ways"}

    with pytest.raises(WaysNotStated, match="telephone"):
        officials.prepare(
            Act(channel=CHANNEL, kind=act.kind, ref=act.ref, stated=stated, payload=act.payload), by=anna
        )
    assert 1 == ours().row.version


def test_what_they_changed_alone_is_shown_as_that(boris):
    """We cannot make them sign twice; we can say that they did not, and since when the number is another."""
    lists(boris)
    amends(boris, {**THEIRS, "telephones": ["+33123456780"]})
    alone = theirs()
    amends(boris, {**THEIRS, "telephones": ["+33123456781"]}, by=SECONDED, ways="telephone")

    assert not alone.row.ways_seconded
    assert alone.row.ways_changed_at is not None
    assert theirs().row.ways_seconded
    versions = queries.versions(CHANNEL, "bb-point-1")
    assert [["telephone"], ["telephone"], []] == [one.changed for one in versions]


@pytest.mark.parametrize(
    "said",
    [
        {**THEIRS, "authority": "Cyber Centre of B\u043erland"},
        {**THEIRS, "role": "Desk \u202e0081866144+"},
        {**THEIRS, "telephones": ["tel:+33123456789"]},
        {**THEIRS, "zone": "Mars/Olympus", "hours": "Mo 25:00-26:00"},
        {"point": "\x00"},
        b"\xff not a document",
    ],
)
def test_what_reads_two_ways_is_kept_and_used_for_nothing(boris, said):
    """What was said before counts on, and the page says that something later cannot be read."""
    lists(boris)
    stated = {"as_of": "2026-11-27", "confirm_by": "2027-05-01"}
    payload = said if isinstance(said, bytes) else {"point": said}
    boris.does("contact.point.amended", "bb-point-1", stated=stated, payload=payload)

    assert THEIRS["telephones"] == list(theirs().point.telephones)
    assert theirs().row.unreadable
    assert "Cyber Centre of Borland" == theirs().point.authority


def test_a_point_that_cannot_be_read_at_all_is_listed_nowhere(boris):
    """Its entry stands in the record; nobody is sent to it."""
    lists(boris, said={**THEIRS, "telephones": []})

    assert [] == queries.listed(timezone.now(), party="bb")
    assert [True] == [bool(one.unreadable) for one in queries.versions(CHANNEL, "bb-point-1")]


def test_a_zone_this_node_does_not_know_is_said_so(boris):
    """Nothing is concluded about who is there."""
    lists(boris, said={**THEIRS, "zone": "Europe/Atlantis"})

    assert not theirs().opening.is_known
    assert [] == queries.open_now("bb", timezone.now())


def test_whoever_answers_now_comes_with_those_at_all_hours_first(boris):
    """An alert that nobody acknowledged is told by telephone: to somebody who is there."""
    lists(boris, "bb-point-1")
    lists(boris, "bb-point-2", kind="always_on", said={**THEIRS, "hours": "24/7", "role": "Night desk"})
    at_noon = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)

    assert ["Night desk", "Technical desk"] == [one.point.role for one in queries.open_now("bb", at_noon)]
    assert ["Night desk"] == [one.point.role for one in queries.open_now("bb", at_noon + timedelta(hours=12))]


def test_a_point_found_not_to_answer_comes_last_until_its_owner_says_something(listed, boris, sign, anna):
    """Its owner has a task; confirming it, or changing it, is the answer."""
    boris.does("contact.point.doubted", listed, stated={"tried": "telephone"}, payload={"text": "No tone."})

    assert ("bb", True) == (ours().row.doubted_by, ours().row.doubted_at is not None)
    assert [listed] == [one.row.ref for one in queries.needing_care(timezone.now())]
    sign(services.confirmation(listed))
    assert ours().row.doubted_at is None
    assert [] == queries.needing_care(timezone.now())


def test_a_point_is_stale_after_half_a_year_whatever_day_its_owner_named(boris):
    """Who names a day in ten years is asked again all the same."""
    stated = {"as_of": "2026-05-01", "confirm_by": "2036-05-01"}
    lists(boris)
    boris.does("contact.point.confirmed", "bb-point-1", stated=stated)

    now = timezone.now()
    assert [False, True] == [
        queries.listed(at, party="bb")[0].is_stale for at in (now, now + timedelta(days=184))
    ]


def test_only_its_owner_changes_a_point(listed, boris):
    """What the other side writes on it has no effect, and stands as irregular."""
    amends(boris, {**THEIRS, "telephones": ["+33123456780"]}, listed)

    assert ("+41446681800",) == ours().point.telephones
    assert queries.versions(CHANNEL, listed)[0].irregular
    with pytest.raises(NoSuchPoint):
        services.doubt(CHANNEL, listed, tried="telephone", text="No tone.")


def test_a_withdrawn_point_is_used_no_more(listed, sign, anna):
    """Withdrawing takes one officer: what is wrong must be gone at night too."""
    (act,) = services.withdrawal(listed)
    assert not isinstance(officials.prepare(act, by=anna), PreparedAct)

    assert [] == queries.listed(timezone.now(), party="aa")
    assert "withdrawn" == ContactPoint.objects.get(ref=listed).state
    with pytest.raises(NoSuchPoint):
        services.confirmation(listed)
    with pytest.raises(ContactActNotAllowed):
        officials.prepare(Act(channel=CHANNEL, kind="contact.point.withdrawn", ref=listed), by=anna)


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"telephones": ["+41"]}, "no number in E.164"),
        ({"telephones": ["+9991234567"]}, "no number that can exist"),
        ({"zone": "Europe/Atlantis"}, "no time zone"),
        ({"authority": "Cyb\u0435r Centre"}, "would read otherwise"),
    ],
)
def test_what_others_could_not_use_is_not_listed(said, because):
    """Told before it is signed, since what is signed stands for good."""
    with pytest.raises(BadPoint, match=because):
        services.point({**DESK, **said})


def test_rebuilding_gives_the_same_points_to_the_byte(listed, boris):
    """They are projections of the record and of nothing else."""
    lists(boris)
    amends(boris, {**THEIRS, "telephones": ["+33123456780"]})
    boris.does(
        "contact.point.doubted", listed, stated={"tried": "telephone"}, payload={"text": "No\x00 tone."}
    )
    boris.receipts()

    before, after = rebuilding.rebuild()
    assert before == after


def test_a_flood_of_points_is_cut_where_the_limit_says(boris, settings):
    """Of each party so many are shown; the record keeps all."""
    from dataclasses import replace  # noqa: PLC0415 - for the limit alone

    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, contact_points=2))
    for number in range(1, 4):
        lists(boris, f"bb-point-{number}")

    assert 2 == len(queries.listed(timezone.now(), party="bb"))
    assert 3 == ContactPoint.objects.filter(party="bb").count()


@pytest.mark.parametrize("words", ["technical desk", "33123456789", "Borland"])
def test_a_point_is_found_by_what_is_said_of_it(boris, words):
    """Whoever is called by a number looks the number up; a desk is sought by its name."""
    lists(boris)

    (found,) = seeking.seek(seeking.Sought(words=words, sort="contact"))["contact"].passages(0, 9)

    assert ("bb", False, "Cyber Centre of Borland, Technical desk") == (found.party, found.ours, found.title)


def test_a_point_is_sought_as_it_is_said_now_and_found_after_rebuilding(boris, browser, anna):
    """An old number leads to nobody; the page of what is found is that of the point."""
    lists(boris)
    amends(boris, {**THEIRS, "telephones": ["+33123450000"]})
    rebuild()

    old, new = (
        seeking.seek(seeking.Sought(words=words, sort="contact"))["contact"].keys
        for words in ("33123456789", "33123450000")
    )
    page = browser(anna).get("/search/", {"words": "33123450000", "sort": "contact"})

    assert ((), 1) == (old, len(new))
    (hit,) = page.context["groups"][0]["hits"]
    assert 200 == browser(anna).get(hit["href"]).status_code
