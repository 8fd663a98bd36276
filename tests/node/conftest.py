"""The cast of every room's tests: offices and officials of party aa, and a browser for each.

What needs Django is imported inside the fixtures: this file is read before Django is set up.
"""

from __future__ import annotations

import pytest

PASSWORD = "correct horse battery staple"


@pytest.fixture
def offices(db):
    """Two offices of party aa."""
    from comity_node.officials import people  # noqa: PLC0415 - Django is not set up when this file is read

    return [people.add_office(code, names={"en": code.title()}) for code in ("ministry", "prosecution")]


@pytest.fixture
def hire(offices):
    """Add an official whose password the tests know."""
    from comity_node.officials import people  # noqa: PLC0415 - Django is not set up when this file is read

    def add(login, *roles, office="ministry"):
        return people.add_official(
            login, display_name=login.title(), office=office, roles=roles, password=PASSWORD
        )

    return add


@pytest.fixture
def browser():
    """A browser signed in as an official."""
    from django.test import Client  # noqa: PLC0415 - Django is not set up when this file is read

    def sign_in(official):
        client = Client()
        client.force_login(official)
        return client

    return sign_in
