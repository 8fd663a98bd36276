"""Tokens and hooks by command: the operator at the console, or an administrator in their own name."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from comity_cli.main import comity

PASSWORD = "correct horse battery staple"
UNTIL = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()


@pytest.fixture
def house(db: None) -> None:
    """Adam, who administers, and Anna, who is a case officer."""
    from comity_node.officials import people  # noqa: PLC0415 - Django is not set up before

    people.add_office("ministry", names={"en": "Ministry"})
    for login, role in (("adam", "administrator"), ("anna", "case officer")):
        people.add_official(login, display_name=login, office="ministry", roles=[role], password=PASSWORD)


def run(*words: str, by: str = "") -> tuple[int, dict[str, Any]]:
    """Run a verb with ``--json``."""
    acting = ["--as", by] if by else []
    result = CliRunner().invoke(comity, [*words, "--json", *acting], input=f"{PASSWORD}\n" if by else None)
    return result.exit_code, json.loads(result.stdout)


def test_a_token_is_issued_drawn_listed_and_revoked(house: None) -> None:
    """What the page does, the command does by the same services."""
    _, issued = run(
        "token", "issue", "anna", "--label", "Cases", "--scope", "read", "--until", UNTIL, by="adam"
    )
    _, drawn = run("token", "draw", issued["token"], by="anna")
    _, listed = run("token", "list")
    revoked, _ = run("token", "revoke", issued["token"], by="anna")

    assert drawn["secret"].startswith(f"comity_{issued['token']}_")
    assert ["live"] == [one["state"] for one in listed["tokens"]]
    assert drawn["secret"] not in json.dumps(listed)
    assert 0 == revoked
    assert "revoked" == run("token", "list")[1]["tokens"][0]["state"]


def test_a_refusal_says_what_and_why(house: None) -> None:
    """Scripts read the code; nothing half-issued is left."""
    code, said = run("token", "issue", "anna", "--label", "x", "--scope", "sign", "--until", UNTIL, by="adam")

    assert (3, "unfit-token") == (code, said["code"])
    assert [] == run("token", "list")[1]["tokens"]


def test_a_failing_hook_shows_in_the_code(house: None) -> None:
    """What watches a node runs the list and looks at its code."""
    from comity_node.api.models import Hook  # noqa: PLC0415 - Django is not set up before

    added, _ = run("webhook", "add", "cases", "https://cases.example/", by="adam")
    sound, _ = run("webhook", "list")
    Hook.objects.update(failures=1, last_error="the hook was not answered: 503")
    failing, listed = run("webhook", "list")
    removed, _ = run("webhook", "remove", "cases", by="adam")

    assert (0, 0, 1, 0) == (added, sound, failing, removed)
    assert "the hook was not answered: 503" == listed["hooks"][0]["last_error"]
