"""A legal service puts on record that it compared a text with the authentic one."""

from __future__ import annotations

import pytest

from comity.instruments import library
from comity_node.assistance import comparing, services
from comity_node.assistance.comparing import comparisons
from comity_node.officials import services as officials
from comity_node.officials.errors import NotEmpowered
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
    found = comparisons(TEXT.digest)
    page = browser(anna).get("/instruments/us-ru-1999/").content.decode()

    assert [("aa", "2026-05-04", "rule-consultation_first", True)] == [
        (one.party, str(one.on), one.rule, one.agrees) for one in found
    ]
    assert 'href="#rule-consultation_first"' in page
    assert 'id="rule-consultation_first"' in page
    assert [] == comparisons(library()["charter"].digest)


def test_the_other_party_agrees_or_disputes_it_and_both_see_so(recorded, borland):
    """What both have compared binds their reading; a dispute is never hidden."""
    borland.does("instrument.comparison.disputed", recorded)
    assert ["Disputed"] == [one.standing for one in comparisons(TEXT.digest)]

    borland.does("instrument.comparison.agreed", recorded)
    assert ["Agreed"] == [one.standing for one in comparisons(TEXT.digest)]


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
    assert [("bb", False, False)] == [(one.party, one.ours, one.agrees) for one in comparisons(TEXT.digest)]

    borland.does("instrument.comparison.withdrawn", "bb-2026-0001")
    assert [] == comparisons(TEXT.digest)


def test_a_flood_of_theirs_hides_none_of_ours(recorded, borland, monkeypatch, django_assert_num_queries):
    """Whoever disputes a reading could bury it among comparisons of other texts."""
    monkeypatch.setattr(comparing, "MOST", 2)
    for number in range(4):
        stated = {**FOUND, "instrument": "charter", "table": library()["charter"].digest, "requested": "aa"}
        borland.does("instrument.comparison.recorded", f"bb-2026-{number:04}", stated=stated)

    with django_assert_num_queries(2):
        found = comparisons(TEXT.digest)

    assert ["aa", "bb", "bb"] == sorted(one.party for one in found)


def test_only_a_legal_adviser_records_one(borland, anna):
    """It speaks for the State's reading of a treaty."""
    draft = services.draft(channel=CHANNEL, procedure="comparison", title="Article 4", by=anna)
    services.save_draft(draft, by=anna, stated=FOUND)

    with pytest.raises(NotEmpowered):
        services.submit(draft, by=anna)
