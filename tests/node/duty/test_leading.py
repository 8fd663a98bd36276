"""Whatever officers are called for leads to the page on which it is read."""

from __future__ import annotations

import pytest

from comity_node.duty import queries
from comity_node.duty.models import Cause

PLACE = {"channel": "abcdefghijklmnop", "ref": "bb-2026-0001"}


@pytest.mark.parametrize(
    ("source", "kinds", "page"),
    [
        ("alert", "alert.incident", "/alerts/abcdefghijklmnop/bb-2026-0001/"),
        ("emergency", "emergency.request", "/requests/abcdefghijklmnop/bb-2026-0001/"),
        ("talk", "", "/talks/abcdefghijklmnop/bb-2026-0001/"),
        ("check", "", "/contacts/checks/abcdefghijklmnop/bb-2026-0001/"),
    ],
)
def test_a_call_leads_to_its_page(source, kinds, page):
    """An officer woken at three follows one link."""
    assert page == queries.page_of(Cause(source=source, kinds=kinds, **PLACE))


def test_a_call_about_no_procedure_leads_to_the_desk():
    """A silent channel, a refused delivery: what there is to see stands there."""
    assert "/" == queries.page_of(Cause(source="silent", channel="abcdefghijklmnop"))
