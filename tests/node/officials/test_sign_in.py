"""Signing in and out, and being signed out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from comity_node.officials import people
from comity_node.officials.models import Official, SignIn
from comity_node.officials.sign_in import address

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def sign_in(login="anna", password=PASSWORD, headers=None, **more):
    browser = Client(headers=headers)
    answer = browser.post(reverse("officials:login"), {"username": login, "password": password, **more})
    return browser, answer


def is_in(browser):
    return browser.get(reverse("officials:sign-ins")).status_code == 200


def test_right_password_signs_in(anna):
    """The official must find the browser in their list."""
    browser, answer = sign_in()

    assert (answer.status_code, answer.url) == (302, "/")
    assert is_in(browser)
    assert SignIn.objects.filter(official=anna).count() == 1


@pytest.mark.parametrize(
    ("wanted", "got"), [("/officials/approvals/", "/officials/approvals/"), ("https://evil.test/", "/")]
)
def test_signing_in_leads_nowhere_else(anna, wanted, got):
    """A link with our name must not carry an official to another site."""
    _, answer = sign_in(next=wanted)

    assert answer.url == got


def test_signing_in_brings_the_officials_language(anna):
    """Whoever reads French at one desk reads it at every desk."""
    Official.objects.filter(pk=anna.pk).update(language="fr")

    browser, answer = sign_in()

    assert answer.cookies["django_language"].value == "fr"
    assert 'lang="fr"' in browser.get(reverse("officials:sign-ins")).text


def test_wrong_password_does_not(anna):
    """Without the password there is no session."""
    browser, answer = sign_in(password="wrong")

    assert answer.status_code == 200
    assert not is_in(browser)


def test_five_wrong_passwords_pause_signing_in(anna, settings):
    """Guessing must not be worth the time; after that even the right password waits."""
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(password="wrong")

    browser, answer = sign_in()

    assert answer.status_code == 429
    assert "Signing in is paused" in answer.text
    assert not is_in(browser)


def test_behind_a_proxy_a_stranger_locks_out_nobody_else(anna, settings):
    """Every connection is the proxy's; attempts are counted against the address that it saw."""
    settings.NODE = replace(settings.NODE, address="https://aa.test")
    official, stranger = "203.0.113.7", "198.51.100.9"
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(password="wrong", headers={"X-Forwarded-For": f"{official}, {stranger}"})

    assert 429 == sign_in(headers={"X-Forwarded-For": stranger})[1].status_code
    assert 302 == sign_in(headers={"X-Forwarded-For": official})[1].status_code
    assert official == SignIn.objects.get(official=anna).address


@pytest.mark.parametrize("forwarded", ["", "not an address", "203.0.113.7,"])
def test_an_address_nobody_can_read_is_the_connections_own(rf, settings, forwarded):
    """What stands in a header is not yet an address."""
    settings.NODE = replace(settings.NODE, address="https://aa.test")

    assert "127.0.0.1" == address(rf.get("/", headers={"X-Forwarded-For": forwarded}))


def test_without_a_proxy_nobody_chooses_their_address(rf):
    """Whoever connects directly could otherwise write another one for every guess."""
    assert "127.0.0.1" == address(rf.get("/", headers={"X-Forwarded-For": "203.0.113.7"}))


def test_signing_out_ends_the_session(anna):
    """The next person at the desk must not be Anna."""
    browser, _ = sign_in()

    browser.post(reverse("officials:logout"))

    assert not is_in(browser)
    assert not SignIn.objects.exists()


def test_signing_out_takes_a_form(anna):
    """A link on another site must not sign an official out."""
    browser, _ = sign_in()

    assert browser.get(reverse("officials:logout")).status_code == 405


def test_changing_the_password_signs_the_others_out(anna):
    """Whoever knew the old password must be out; the official stays."""
    here, _ = sign_in()
    elsewhere, _ = sign_in()
    new = "another long and quiet phrase"

    here.post(
        reverse("officials:password"),
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )

    assert is_in(here)
    assert not is_in(elsewhere)
    assert sign_in(password=new)[1].status_code == 302


def test_short_password_is_refused(anna):
    """A password too easy to guess changes nothing."""
    browser, _ = sign_in()

    page = browser.post(
        reverse("officials:password"),
        {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"},
    )

    assert page.status_code == 200
    assert Official.objects.get(login="anna").check_password(PASSWORD)


def test_another_browser_can_be_signed_out(anna):
    """A forgotten browser must not stay open until it expires."""
    here, _ = sign_in()
    elsewhere, _ = sign_in()
    forgotten = SignIn.objects.order_by("pk").last()

    here.post(reverse("officials:end-sign-in", args=[forgotten.pk]))

    assert is_in(here)
    assert not is_in(elsewhere)


def test_nobody_signs_others_out(anna, boris):
    """Only one's own sign-ins can be ended."""
    boris_browser, _ = sign_in("boris")
    anna_browser, _ = sign_in()

    anna_browser.post(reverse("officials:end-sign-in", args=[SignIn.objects.get(official=boris).pk]))

    assert is_in(boris_browser)


def test_relieved_official_is_out_at_once(anna):
    """Powers end when the appointment ends, not when the session does."""
    browser, _ = sign_in()

    people.suspend("anna")

    assert not is_in(browser)
    assert sign_in()[1].status_code == 200


def test_pages_carry_the_policy(client):
    """Nothing but our own files may run on a page where States sign."""
    page = client.get(reverse("officials:login"))

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
