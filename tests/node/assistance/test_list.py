"""The list of requests: filtered, sorted, taken away as a file."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from tests.node.assistance.conftest import THEIRS, lodges


def test_the_list_filters_sorts_and_exports(lodged, asked, anna, browser):
    """What is filtered on the page is what the spreadsheet holds."""
    visitor = browser(anna)

    both = visitor.get(reverse("assistance:list")).content.decode()
    ours = visitor.get(reverse("assistance:list"), {"direction": "ours", "sort": "title"}).content.decode()
    words = visitor.get(reverse("assistance:list"), {"words": "witness", "standing": "open"}).content.decode()
    table = (
        visitor.get(reverse("assistance:export", args=["csv"]), {"direction": "theirs"}).getvalue().decode()
    )

    assert lodged in both
    assert THEIRS in both
    assert (True, False) == (lodged in ours, THEIRS in ours)
    assert (False, True) == (lodged in words, THEIRS in words)
    assert (False, True) == (lodged in table, THEIRS in table)


def test_the_list_is_exported_for_programs_too(lodged, asked, anna, browser):
    """A program must not have to take a spreadsheet apart."""
    found = browser(anna).get(reverse("assistance:export", args=["json"]), {"sort": "title"}).getvalue()

    rows = json.loads(found)["requests"]
    assert [lodged, asked] == [one["reference"] for one in rows]
    assert {"aa"} == {one["requesting"] for one in rows if one["reference"] == lodged}
    assert 404 == browser(anna).get(reverse("assistance:export", args=["xlsx"])).status_code


@pytest.mark.parametrize(
    "odd", [{"page": "-1"}, {"page": "999999"}, {"sort": "'; --"}, {"standing": "nowhere"}]
)
def test_an_odd_address_shows_the_list_all_the_same(odd, asked, anna, browser):
    """A link may be old or mistyped; the list is never lost over it."""
    page = browser(anna).get(reverse("assistance:list"), odd)

    assert 200 == page.status_code
    assert THEIRS in page.content.decode()


def test_a_cell_is_never_a_formula(boris, anna, browser):
    """A title made by a counterpart must not run in our spreadsheet."""
    lodges(boris, "bb-2026-0009", title="=HYPERLINK(evil)")

    table = browser(anna).get(reverse("assistance:export", args=["csv"])).getvalue().decode()

    assert "'=HYPERLINK(evil)" in table
