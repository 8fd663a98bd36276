"""The cast of every room's tests: offices and officials of party aa, and a browser for each.

Django is set up here, before the rooms' own conftests are read: they import models, also where only one room
is asked for.
"""

from __future__ import annotations

import os

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_node.settings.test")
django.setup()

from django.test import Client  # noqa: E402 - only now is Django set up
from django.utils import translation  # noqa: E402 - as above

from comity_node.officials import people  # noqa: E402 - as above

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _in_english():
    """A page asked for in another language leaves it behind, and the next test would read that."""
    with translation.override("en"):
        yield


@pytest.fixture
def offices(db):
    """Two offices of party aa."""
    return [people.add_office(code, names={"en": code.title()}) for code in ("ministry", "prosecution")]


@pytest.fixture
def hire(offices):
    """Add an official whose password the tests know."""

    def add(login, *roles, office="ministry"):
        return people.add_official(
            login, display_name=login.title(), office=office, roles=roles, password=PASSWORD
        )

    return add


@pytest.fixture
def browser():
    """A browser signed in as an official."""

    def sign_in(official):
        client = Client()
        client.force_login(official)
        return client

    return sign_in
