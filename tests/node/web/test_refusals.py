"""What an official sees who asks for what they may not have."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(hire):
    """Ada, who administers the node and reads no case."""
    return hire("ada", "administrator", office="ministry")


def test_an_administrator_starts_among_the_officials(admin, browser):
    """The desk shows cases; whoever reads none is led to their own work, not to an error."""
    answer = browser(admin).get("/", follow=True)

    assert (200, "/officials/") == (answer.status_code, answer.redirect_chain[-1][0])


def test_a_page_beyond_ones_powers_says_so(admin, browser):
    """It says what did not happen and what to do, and gives no traceback."""
    answer = browser(admin).get("/logs/")

    assert 403 == answer.status_code
    assert "record.read" in answer.content.decode()


def test_no_news_is_offered_to_who_may_not_read_it(admin, browser):
    """A page that would be refused the news does not ask for it."""
    answer = browser(admin).get("/officials/")

    assert b"data-live-url" not in answer.content
