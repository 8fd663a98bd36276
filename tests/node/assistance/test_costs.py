"""What a page asks of the database, however much the record holds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.node.assistance.conftest import THEIRS, lodges
from tests.node.counterpart import CHANNEL

PAGES = (
    "/",
    "/requests/",
    "/requests/?words=witness&sort=-basis",
    f"/requests/{CHANNEL}/{THEIRS}/",
    f"/requests/{CHANNEL}/{THEIRS}/correspondence/",
    f"/requests/{CHANNEL}/{THEIRS}/chronology/",
    "/requests/?standing=open&sort=due",
    "/requests/?procedure=assistance.request",
    "/search/?words=witness",
    "/search/?words=2026-0001&sort=request&standing=open",
    "/requests/drafts/",
    "/evidence/",
    "/channels/",
    f"/channels/{CHANNEL}/",
    f"/channels/{CHANNEL}/?order=procedure",
    "/logs/",
    f"/logs/bb/{CHANNEL}/",
    f"/logs/bb/{CHANNEL}/?kind=assistance",
    f"/logs/bb/{CHANNEL}/?ref={THEIRS}",
    f"/logs/bb/{CHANNEL}/1/",
    f"/logs/bb/{CHANNEL}/1/proof",
)


@pytest.fixture
def visitor(anna, browser):
    """Anna's browser."""
    return browser(anna)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_much_with_one_request_as_with_many(page, asked, boris, visitor):
    """Whoever works with a hundred thousand requests waits no longer than whoever has one."""
    assert 200 == visitor.get(page).status_code

    with CaptureQueriesContext(connection) as few:
        visitor.get(page)
    for number in range(2, 8):
        lodges(boris, f"bb-2026-{number:04}")
    with CaptureQueriesContext(connection) as many:
        visitor.get(page)

    assert len(few) == len(many), [one["sql"] for one in many]
