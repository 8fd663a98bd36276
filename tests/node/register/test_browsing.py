"""Leafing through one log."""

from __future__ import annotations

import pytest

from comity_node.register import browsing, queries
from tests.node.counterpart import CHANNEL


@pytest.fixture
def log(acts):
    """Our log: the channel's proposal, then seven entries of two procedures."""
    for number in range(7):
        acts(ref="aa-1" if number % 2 else "aa-2")
    return queries.log_of(CHANNEL, "aa")


def leafed(log, **wanted):
    """The indexes of every entry, page by page."""
    found, start = [], 0
    while True:
        page, total = browsing.page_of(log, **{"kind": "", "ref": "", **wanted}, start=start, count=3)
        if not page:
            return found, total
        found += [one.ref.index for one in page]
        start += 3


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6, 7]),
        ({"kind": "note"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"ref": "aa-1"}, [2, 4, 6]),
        ({"ref": "aa-2"}, [1, 3, 5, 7]),
        ({"ref": "aa-404"}, []),
        ({"kind": "nothing"}, []),
    ],
)
def test_every_entry_is_on_one_page_and_only_there(log, wanted, held):
    """Whether a place is computed or looked up, no entry may be shown twice or passed over."""
    assert (held, len(held)) == leafed(log, **wanted, oldest_first=True)
    assert (held[::-1], len(held)) == leafed(log, **wanted)


def test_a_page_costs_one_query_and_a_filtered_one_two(log, django_assert_num_queries):
    """The last page of a million entries opens as fast as the first."""
    with django_assert_num_queries(1):
        browsing.page_of(log, kind="", ref="", start=6, count=3)
    with django_assert_num_queries(2):
        browsing.page_of(log, kind="", ref="aa-1", start=0, count=3)
