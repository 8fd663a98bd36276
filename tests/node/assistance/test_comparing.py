"""A legal service puts on record that it compared a text with the authentic one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comity.instruments import library
from comity_node.assistance import comparing, services
from comity_node.assistance.comparing import comparisons_of
from comity_node.officials import services as officials
from comity_node.officials.errors import NotEmpowered
from comity_node.register import rooms
from comity_node.register.citing import instrument_address, text_address
from comity_node.register.rebuilding import rebuild
from comity_node.web import compared
from tests.node.assistance.conftest import FILLED, THEIRS, lodges
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db

TEXT = library()["us-ru-1999"]
FOUND = {
    "compared": TEXT.id,
    "compared_table": TEXT.digest,
    "compared_on": "2026-05-04",
    "rule": "rule-consultation_first",
    "finding": "agrees",
}


@pytest.fixture
def borland():
    """An open channel with Borland."""
    return open_channel()


@pytest.fixture
def recorded(borland, hire):
    """A comparison of one rule, by our legal service."""
    laura, lars = (hire(login, "legal adviser") for login in ("laura", "lars"))
    draft = services.draft(channel=CHANNEL, procedure="comparison", title="Article 4", by=laura)
    services.save_draft(draft, by=laura, stated=FOUND)
    officials.second(services.submit(draft, by=laura), by=lars)
    return draft.ref


def test_a_comparison_stands_beside_the_text_it_is_about(recorded, borland, anna, browser):
    """Who relies on a rule sees who has read it, and when."""
    found = comparisons_of(TEXT.digest)
    page = browser(anna).get("/instruments/us-ru-1999/").content.decode()

    assert [("aa", "2026-05-04", "rule-consultation_first", True)] == [
        (one.party, str(one.on), one.rule, one.agrees) for one in found
    ]
    assert 'href="#rule-consultation_first"' in page
    assert 'id="rule-consultation_first"' in page
    assert [] == comparisons_of(library()["charter"].digest)


def test_the_other_party_agrees_or_disputes_it_and_both_see_so(recorded, borland):
    """What both have compared binds their reading; a dispute is never hidden."""
    borland.does("instrument.comparison.disputed", recorded)
    assert ["Disputed"] == [one.standing for one in comparisons_of(TEXT.digest)]

    borland.does("instrument.comparison.agreed", recorded)
    assert ["Agreed"] == [one.standing for one in comparisons_of(TEXT.digest)]


def test_theirs_is_shown_as_theirs_and_a_withdrawn_one_no_more(borland):
    """A comparison is its author's word, whoever shows it."""
    charter = library()["charter"]
    opening = {
        "instrument": "charter",
        "table": charter.digest,
        "requested": "aa",
        **FOUND,
        "finding": "differs",
    }
    borland.does("instrument.comparison.recorded", "bb-2026-0001", stated=opening)
    assert [("bb", False, False)] == [
        (one.party, one.ours, one.agrees) for one in comparisons_of(TEXT.digest)
    ]

    borland.does("instrument.comparison.withdrawn", "bb-2026-0001")
    assert [] == comparisons_of(TEXT.digest)


def test_a_flood_of_theirs_hides_none_of_ours(recorded, borland, monkeypatch, django_assert_num_queries):
    """Whoever disputes a reading could bury it among comparisons of other texts."""
    monkeypatch.setattr(comparing, "MOST", 2)
    for number in range(4):
        stated = {**FOUND, "instrument": "charter", "table": library()["charter"].digest, "requested": "aa"}
        borland.does("instrument.comparison.recorded", f"bb-2026-{number:04}", stated=stated)

    with django_assert_num_queries(1):
        found = comparisons_of(TEXT.digest)

    assert ["aa", "bb", "bb"] == sorted(one.party for one in found)


def test_only_a_legal_adviser_records_one(borland, anna):
    """It speaks for the State's reading of a treaty."""
    draft = services.draft(channel=CHANNEL, procedure="comparison", title="Article 4", by=anna)
    services.save_draft(draft, by=anna, stated=FOUND)

    with pytest.raises(NotEmpowered):
        services.submit(draft, by=anna)


def theirs(borland, ref: str, **said: str) -> None:
    """A comparison by the other side: of the whole text, unless it says otherwise."""
    whole = {name: value for name, value in FOUND.items() if name != "rule"}
    charter = library()["charter"]
    stated = {"instrument": "charter", "table": charter.digest, "requested": "aa", **whole, **said}
    borland.does("instrument.comparison.recorded", ref, stated=stated)


def test_wherever_the_rule_acts_it_says_who_compared_it_and_what_the_other_side_says(borland, anna, browser):
    """An officer relies on a rule where it is applied, and opens no other page to learn of a dispute."""
    lodges(borland, THEIRS)
    theirs(borland, "bb-2026-0900")
    reader = browser(anna)
    draft = services.draft(channel=CHANNEL, types=["documents_items"], title="Records", by=anna)
    other = services.draft(channel=CHANNEL, types=["documents_items"], title="Records", by=anna)
    prepared = services.submit(services.save_draft(other, fields=FILLED, by=anna), by=anna)
    said = "BB compared the whole text on 4 May 2026; AA has not answered"

    for page in (
        f"/requests/{CHANNEL}/{THEIRS}/",
        f"/requests/{CHANNEL}/{THEIRS}/basis/",
        f"/requests/{CHANNEL}/{THEIRS}/acts/executed/",
        reverse("officials:approval", args=[prepared.pk]),
        f"/requests/drafts/{draft.pk}/",
        f"/requests/drafts/{draft.pk}/steps/facts/",
        f"/requests/{CHANNEL}/{THEIRS}/chronology/",
        f"/channels/{CHANNEL}/",
        "/instruments/us-ru-1999/",
        "/instruments/us-ru-1999/assistance/",
    ):
        assert said in reader.get(page).content.decode(), page


def test_a_page_asks_once_however_many_rules_it_cites_and_comparisons_there_are(borland, anna, browser):
    """A text of four hundred statements is read as fast as one of twenty, and nobody can make it slower."""
    lodges(borland, THEIRS)
    reader = browser(anna)

    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as every:
            assert 200 == reader.get(page).status_code
        return sum("assistance_comparison" in one["sql"] for one in every)

    pages = ("/instruments/us-ru-1999/assistance/", f"/requests/{CHANNEL}/{THEIRS}/", "/channels/")
    assert [1, 1, 1] == [asked(page) for page in pages]
    for number in range(5):
        theirs(borland, f"bb-2026-09{number:02}", rule="rule-costs")
    assert [1, 1, 1] == [asked(page) for page in pages]
    assert 0 == asked("/logs/")


def test_what_differs_or_is_disputed_comes_first_and_warns(recorded, borland, anna, browser):
    """A warning that stands behind agreement would not be read."""
    theirs(borland, "bb-2026-0900", rule="rule consultation_first", finding="differs")
    page = browser(anna).get("/instruments/us-ru-1999/").content.decode()
    beside = page.split('id="rule-consultation_first"')[1].split("<li id=")[0]

    assert beside.index("BB found on 4 May 2026 that it differs") < beside.index(
        "AA compared it on 4 May 2026"
    )
    assert 'class="compared warns"' in beside


def test_a_comparison_of_one_rule_stands_beside_no_other(recorded, anna, browser):
    """Nobody has read what nobody says to have read."""
    page = browser(anna).get("/instruments/us-ru-1999/").content.decode()

    assert 1 == page.count("AA compared it on 4 May 2026; BB has not answered")


def test_neither_a_practice_nor_a_statement_the_text_lacks_was_compared(borland, anna, browser):
    """There is no authentic text of a practice; and a name nobody can find is not the whole text."""
    theirs(borland, "bb-2026-0900", rule="rule-that-is-not-there")
    page = browser(anna).get("/instruments/us-ru-1999/").content.decode()
    assert "rule-that-is-not-there" in page
    assert "BB compared" not in page

    theirs(borland, "bb-2026-0901")
    page = browser(anna).get("/instruments/us-ru-1999/").content.decode()
    assert all(
        "BB compared" not in one for one in page.split("statement-source")[1:] if "Practice" in one[:600]
    )


def test_one_party_that_floods_its_comparisons_hides_nobody_elses(recorded, borland, monkeypatch):
    """What is read for a page is bounded, and the bound is each party's own."""
    monkeypatch.setattr(comparing, "MOST", 2)
    for number in range(4):
        theirs(borland, f"bb-2026-09{number:02}")

    assert ["aa", "bb", "bb"] == sorted(one.party for one in comparisons_of(TEXT.digest))


def test_rebuilding_gives_the_same_comparisons(recorded, borland):
    """They are derived from entries and from nothing else."""
    theirs(borland, "bb-2026-0900", rule="x" * 100, compared_on="2026-02-28")
    borland.does("instrument.comparison.disputed", "bb-2026-0999")  # opens nothing
    before, after = rebuild()

    assert before == after


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/",
        "/nothing/here/",
        "/instruments/",
        "/instruments/none/#rule-costs",
        "/instruments/custody~1/exhibit/#row-added-requesting",
        "/instruments/us-ru-1999/#part-parties",
        "/instruments/us-ru-1999/#rule-none",
        "/instruments/us-ru-1999/none/#row-none",
        "https://example.test/instruments/us-ru-1999/",
        "\x00#",
    ],
)
def test_an_address_that_cites_no_statement_has_no_comparison(address, recorded):
    """A link to a list, or to another place, is no citation."""
    ask = compared.once_a_page(lambda _request: compared.beside(address))

    assert [] == ask(None)


def test_an_address_of_an_edition_finds_what_was_compared_there(recorded):
    """Every edition is another text."""
    rule = text_address(TEXT, "rule", "consultation_first")
    ask = compared.once_a_page(lambda _request: compared.beside(rule))

    assert ["aa"] == [one.party for one in ask(None)]
    assert [] == compared.beside(rule), "outside a page nothing is asked"
    assert [] == compared.once_a_page(lambda _request: compared.beside(instrument_address("charter")))(None)


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        ({}, []),
        ({"rule": "Rule consultation_first "}, []),
        ({"rule": "rule-none"}, ["One rule of it only, by its name"]),
        ({"rule": "clock-answer"}, ["One rule of it only, by its name"]),
        ({"compared_table": "0" * 64}, ["Digest of the text compared"]),
    ],
)
def test_a_comparison_that_would_stand_beside_no_rule_is_doubted_before_it_is_signed(
    said, doubt, borland, hire, browser
):
    """A name mistyped once would be signed by two officers and seen by nobody."""
    laura, lars = (hire(login, "legal adviser") for login in ("laura", "lars"))
    draft = services.draft(channel=CHANNEL, procedure="comparison", title="Article 4", by=laura)
    services.save_draft(draft, by=laura, stated={**FOUND, **said})
    prepared = services.submit(draft, by=laura)

    page = browser(lars).get(reverse("officials:approval", args=[prepared.pk])).content.decode()

    assert doubt == [one.place for one in rooms.doubts(officials.act_of(prepared))]
    assert all(f"<strong>{place}</strong>" in page for place in doubt)
