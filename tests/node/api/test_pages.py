"""The pages on case systems: issue, draw once, revoke; add, test and remove hooks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from comity_node.api import reaching
from comity_node.api.errors import HookNotAnswered
from comity_node.api.models import Hook, Token
from tests.node.api.conftest import System

SYSTEMS = "/systems/"


def issued(browser, clara):
    """Fill the form in as an administrator does."""
    until = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    said = {"label": "Case <b>system</b>", "official": "anna", "scopes": ["read"], "expires": until}
    return browser(clara).post(f"{SYSTEMS}tokens/new/", said, follow=True)


def test_a_token_is_issued_drawn_once_and_revoked(browser, anna, clara, boris):
    """The secret is on one page of one official, which no browser keeps."""
    page = issued(browser, clara)
    name = Token.objects.get().name
    drawn = browser(anna).post(f"{SYSTEMS}tokens/{name}/draw/")
    again = browser(anna).post(f"{SYSTEMS}tokens/{name}/draw/", follow=True)
    secret = drawn.context["secret"]
    before = System(secret)("GET", "/channels").status_code
    browser(anna).post(f"{SYSTEMS}tokens/{name}/revoke/")

    assert "Case &lt;b&gt;system&lt;/b&gt;" in page.content.decode()
    assert secret in drawn.content.decode()
    assert "no-store" in drawn["Cache-Control"]
    assert secret not in again.content.decode()
    assert (200, 401) == (before, System(secret)("GET", "/channels").status_code)


def test_a_date_too_far_is_said_beside_the_form(browser, anna, clara, boris):
    """The administrator learns the limit where they typed."""
    said = {"label": "x", "official": "anna", "scopes": ["read"], "expires": "2099-01-01"}

    page = browser(clara).post(f"{SYSTEMS}tokens/new/", said)

    assert 422 == page.status_code
    assert "366 days" in page.content.decode()


def test_administration_is_hidden_from_others(browser, anna, clara, boris):
    """Whoever may not do it is not told that it is there."""
    issued(browser, clara)
    officer = browser(anna)

    for path in ("tokens/new/", "hooks/new/"):
        assert 404 == officer.get(f"{SYSTEMS}{path}").status_code
    for path in ("hooks/cases/test/", "hooks/cases/remove/"):
        assert 404 == officer.post(f"{SYSTEMS}{path}").status_code
    assert "Add a hook" not in officer.get(SYSTEMS).content.decode()


def test_a_hook_is_added_tried_and_removed(browser, clara, boris, monkeypatch):
    """A failure is said where the button is."""
    admin = browser(clara)

    def refuses(*_args, **_named):
        raise HookNotAnswered("the hook was not answered: 503")

    page = admin.post(
        f"{SYSTEMS}hooks/new/",
        {"name": "cases", "address": "https://cases.example/", "events": ["entry.received"]},
        follow=True,
    )
    monkeypatch.setattr(reaching, "post", refuses)
    failed = admin.post(f"{SYSTEMS}hooks/cases/test/", follow=True)
    admin.post(f"{SYSTEMS}hooks/cases/remove/")

    assert "https://cases.example/" in page.content.decode()
    assert "503" in failed.content.decode()
    assert not Hook.objects.exists()


def test_an_address_that_may_not_be_called_is_said_beside_the_form(browser, clara, boris):
    """And what to do: another address, or the operator."""
    said = {"name": "cases", "address": "http://127.0.0.1/", "events": ["entry.received"]}

    page = browser(clara).post(f"{SYSTEMS}hooks/new/", said)

    assert 422 == page.status_code
    assert "hook_addresses" in page.content.decode()
