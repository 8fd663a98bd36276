"""Figures on a node: counted from its record, opened to their entries, the same as a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from comity.instruments import library
from comity.reciprocity import encoded
from comity_node.channels import duties
from comity_node.channels import reciprocity as figures
from tests.node.counterpart import CHANNEL, INSTRUMENT, SECONDED, open_channel

END = datetime(2099, 1, 1, 23, 59, 59, tzinfo=UTC)
OPENING = {
    "instrument": INSTRUMENT,
    "table": library()[INSTRUMENT].digest,
    "requested": "aa",
    "types": ["documents_items"],
}


@pytest.fixture
def borland(db):
    """Borland asked us twice, and took one request back."""
    other = open_channel()
    for number in (1, 2):
        other.does("assistance.request.lodged", f"bb-2026-000{number}", stated=OPENING, by=SECONDED)
    other.does("assistance.request.withdrawn", "bb-2026-0002")
    return other


@pytest.fixture
def reader(borland, hire, browser):
    """Who reads the record."""
    return browser(hire("rita", "coordinator"))


def test_the_page_counts_and_each_number_opens_its_entries(reader):
    """A figure nobody can open is a claim."""
    address = reverse("channels:reciprocity", args=[CHANNEL])
    page = reader.get(address).content.decode()
    assert "Withdrawn" in page
    opened = reader.get(
        address, {"of": f"bb/aa/{INSTRUMENT}/assistance/", "figure": "withdrawn"}
    ).content.decode()

    assert "of=bb/aa/us-ru-1999/assistance/&amp;figure=withdrawn" in page.replace("%2F", "/")
    assert f"/logs/bb/{CHANNEL}/" in opened
    assert 1 == opened.count('id="opened"')


@pytest.mark.parametrize(
    "said",
    [
        {"of": "'><script>", "figure": "withdrawn"},
        {"of": f"bb/aa/{INSTRUMENT}/assistance/", "figure": "<b>"},
        {"as_of": "never"},
        {"since": "9999-99-99", "as_of": "0000"},
        {"as_of": "2001-01-01"},
    ],
)
def test_what_makes_no_sense_opens_nothing_and_breaks_nothing(reader, said):
    """Addresses are typed and cut by people."""
    answer = reader.get(reverse("channels:reciprocity", args=[CHANNEL]), said)

    assert answer.status_code in (200, 422)
    assert 'id="opened"' not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_the_files_say_the_same(reader):
    """A spreadsheet and a program start from the page's numbers."""
    address = {form: reverse("channels:reciprocity-file", args=[CHANNEL, form]) for form in ("json", "csv")}
    asked = {"as_of": "2099-01-01"}
    found = json.loads(reader.get(address["json"], asked).content)
    table = b"".join(reader.get(address["csv"], asked).streaming_content).decode()

    (line,) = (one for one in found["lines"] if not one["type"])
    assert (2, 1, 1) == tuple(line["figures"][one]["count"] for one in ("lodged", "withdrawn", "unanswered"))
    assert "withdrawn,1," in table
    assert encoded(figures.document(CHANNEL, as_of=END)) == encoded(found)
    assert 404 == reader.get(reverse("channels:reciprocity-file", args=[CHANNEL, "exe"])).status_code


def test_figures_of_a_day_are_those_of_that_day(borland):
    """What came later is not in them."""
    early = figures.document(CHANNEL, as_of=datetime(2020, 1, 1, tzinfo=UTC))

    assert [] == early["lines"]


def test_what_is_owed_is_listed_on_both_sides_with_its_entry(reader):
    """The page of obligations is the list of the command."""
    rows = duties.documents(CHANNEL)
    page = reader.get(reverse("channels:obligations", args=[CHANNEL])).content.decode()

    assert ["aa", "aa"] == [one["party"] for one in rows]
    assert {"bb-2026-0001"} == {one["ref"] for one in rows}
    assert all(one["entry"] in page or one["what"] in page for one in rows)
    assert "owes nothing now" in page


@pytest.mark.parametrize("page", ["reciprocity", "obligations"])
def test_who_may_not_read_the_record_sees_no_figures(borland, hire, browser, page):
    """Figures tell of cases."""
    visitor = browser(hire("clara", "administrator"))

    assert visitor.get(reverse(f"channels:{page}", args=[CHANNEL])).status_code in (403, 404)
