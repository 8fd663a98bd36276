"""Counterparts' nodes come in past everything that is there for browsers, and browsers do not."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_the_wire_knows_no_cookies_and_no_policy_for_pages(client) -> None:
    """Nothing a browser carries counts there, and nothing is set in one."""
    client.cookies["sessionid"] = "x" * 32

    answer = client.get("/wire/hello")

    assert 200 == answer.status_code
    assert not answer.cookies
    assert "Content-Security-Policy" not in answer.headers
    assert "nosniff" == answer.headers["X-Content-Type-Options"]


def test_what_the_wire_does_not_know_is_an_ordinary_page_that_is_not_there(client) -> None:
    """No stranger learns anything from it."""
    assert 404 == client.get("/wire/nothing").status_code


def test_the_wire_lets_nobody_in_by_a_log_in(client) -> None:
    """A counterpart proves who it is with each request; an official has nothing to do there."""
    assert 401 == client.post("/wire/bundle", b"", content_type="application/octet-stream").status_code


def test_pages_are_not_kept_by_browsers(client) -> None:
    """The next person at the desk could go back to them."""
    assert "no-store" == client.get("/").headers["Cache-Control"]
    assert "no-store" in client.get("/officials/login/").headers["Cache-Control"]
