"""Officials by command: the operator at the console, or an administrator in their own name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from comity_cli.main import comity

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD, ANOTHER = "correct horse battery staple", "a phrase of their own"


@pytest.fixture
def house(db: None) -> None:
    """Adam, who appoints, and Anna, who is a case officer."""
    from comity_node.officials import people  # noqa: PLC0415 - Django is not set up before

    people.add_office("ministry", names={"en": "Ministry"})
    for login, role in (("adam", "administrator"), ("anna", "case officer")):
        people.add_official(login, display_name=login, office="ministry", roles=[role], password=PASSWORD)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A new password in a file."""
    file = tmp_path / "secret"
    file.write_text(f"{ANOTHER}\n", encoding="utf-8")
    return file


def run(*words: object, by: str = "", password: str = PASSWORD) -> tuple[int, dict[str, Any], str]:
    """Run a verb of the house with ``--json``."""
    acting = ["--as", by] if by else []
    result = CliRunner().invoke(
        comity,
        ["official", *map(str, words), "--json", *acting],
        input=f"{password}\n" if by else None,
    )
    return (
        result.exit_code,
        json.loads(result.stdout) if result.stdout.startswith("{") else {},
        result.stderr,
    )


def test_an_administrator_appoints_suspends_reinstates_and_ends_by_command(house: None, secret: Path) -> None:
    """Whatever the pages do, the command does, and the journal names the same person."""
    run("office", "customs", "--name", "Customs", by="adam")
    added, *_ = run(
        "add", "nora", "--name", "Nora", "--office", "customs", "--role", "analyst",
        "--password-file", secret, by="adam",
    )  # fmt: skip
    states = [
        run("appoint", "nora", "--role", "case officer", "--office", "ministry", by="adam")[1],
        run("suspend", "nora", "--reason", "leave", by="adam")[1],
        run("reinstate", "nora", by="adam")[1],
        run("end", "nora", "--reason", "moved", by="adam")[1],
    ]
    _, shown, _ = run("show", "nora")

    assert 0 == added
    assert [
        ("no password of their own", ["case officer"]),
        ("suspended", ["case officer"]),
        ("no password of their own", ["case officer"]),
        ("left office", []),
    ] == [(one["state"], one["roles"]) for one in states]
    assert {"adam"} == {one["by"] for one in shown["changes"]}
    assert "nora: moved" == shown["changes"][0]["about"]


@pytest.mark.parametrize(
    "words", [("suspend", "adam"), ("appoint", "adam", "--role", "case officer"), ("end", "adam")]
)
def test_no_administrator_changes_themselves_by_command(house: None, words: tuple[str, ...]) -> None:
    """The way round the page must not be open at the terminal."""
    code, said, _ = run(*words, by="adam")

    assert (3, "own-appointment") == (code, said["code"])


def test_a_case_officer_appoints_nobody_by_command(house: None) -> None:
    """Powers are the same at every door."""
    code, said, _ = run("appoint", "adam", "--role", "analyst", by="anna")

    assert (3, "not-empowered") == (code, said["code"])


def test_whoever_was_given_a_password_chooses_their_own_at_the_terminal(house: None, secret: Path) -> None:
    """Not everybody who acts has a browser."""
    from comity_node.officials import people  # noqa: PLC0415 - Django is not set up before

    people.set_password("anna", password="quite a long phrase", by=people.find("adam"))

    chosen, *_ = run("password", "anna", "--password-file", secret, by="anna", password="quite a long phrase")

    assert 0 == chosen
    assert people.find("anna").check_password(ANOTHER)
    assert people.find("anna").has_perm("assistance.sign")


def test_what_the_operator_changed_is_named_as_the_consoles(house: None) -> None:
    """Whoever holds the machine holds the node; the journal must still say that it was the machine."""
    run("suspend", "anna", "--reason", "lost token")

    _, shown, _ = run("show", "anna")

    assert ("console", "official.suspended") == (shown["changes"][0]["by"], shown["changes"][0]["did"])
