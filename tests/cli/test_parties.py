"""``comity instruments`` at a node: facts about Parties shown, taken, said where from, taken back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from comity_cli.main import comity

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "correct horse battery staple"
FILE = """as_of = 2026-06-01
complete = true
[[party]]
code = "us"
name = "United States of America"
bound_from = 2002-01-31
bound_until = 2026-05-31
basis = "source: the depositary"
verified = "S"
"""


@pytest.fixture
def home(db: None) -> str:
    """The node of aa, with a legal adviser."""
    from django.conf import settings  # noqa: PLC0415 - Django is not set up before

    from comity_node.officials import people  # noqa: PLC0415 - as above

    people.add_office("ministry", names={"en": "Ministry"})
    people.add_official(
        "lena", display_name="Lena", office="ministry", roles=["legal adviser"], password=PASSWORD
    )
    return str(settings.NODE.path)


def run(*words: object, by: str = "lena") -> tuple[int, dict[str, Any]]:
    """Run a verb with ``--json``: exit code and document."""
    said = ["--as", by] if by else []
    given = f"{PASSWORD}\n" if by else None
    result = CliRunner().invoke(comity, ["instruments", *map(str, words), "--json", *said], input=given)
    return result.exit_code, json.loads(result.stdout)


def test_facts_are_shown_taken_said_and_taken_back(home: str, tmp_path: Path) -> None:
    """The command does what the pages do, in the same two steps."""
    file = tmp_path / "parties.toml"
    file.write_text(FILE)
    _, shipped = run("list", "--between", "us,ru", "--on", "2026-07-01", by="")
    _, offered = run("update-parties", "us-ru-1999", file)
    refused, why = run("update-parties", "us-ru-1999", file, "--confirm", "0" * 64, "--source", "Depositary")
    code, taken = run(
        "update-parties", "us-ru-1999", file, "--confirm", offered["confirm"], "--source", "Depositary"
    )
    _, shown = run("show", "us-ru-1999", "--home", home, by="")
    _, listed = run("list", "--between", "us,ru", "--on", "2026-07-01", "--home", home, by="")

    assert {"party us": "leaves", "party ru": "leaves"}.items() <= {
        one["place"]: one["change"] for one in offered["differences"]
    }.items()
    assert (3, "parties-moved") == (refused, why["code"])
    assert (0, "2026-06-01") == (code, taken["taken"]["as_of"])
    assert ("taken", "lena", "Depositary") == tuple(
        shown["parties_from"][key] for key in ("origin", "by", "source")
    )
    assert ["no", "yes"] == [
        next(row for row in said["instruments"] if row["id"] == "us-ru-1999")["footing"]["binds"]
        for said in (listed, shipped)
    ]
    plain = CliRunner().invoke(comity, ["instruments", "show", "us-ru-1999", "--home", home]).stdout
    assert "taken by lena" in " ".join(plain.split())
    code, back = run("take-back-parties", "us-ru-1999")
    _, history = run("parties-history", "us-ru-1999", by="")
    assert (0, None) == (code, back["taken_back"]["as_of"])
    assert ["taken_back", "taken"] == [row["act"] for row in history["history"]]


def test_the_doctor_says_which_facts_are_of_long_ago(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was bound then may not be today."""
    from datetime import UTC, datetime  # noqa: PLC0415 - only here

    from comity_cli import examinations  # noqa: PLC0415 - Django is not set up before

    monkeypatch.setattr(examinations.timezone, "now", lambda: datetime(2028, 1, 1, tzinfo=UTC))

    found = {one.subject: one for one in examinations.parties()}
    assert "note" == found["parties to us-ru-1999"].state
    assert "update-parties us-ru-1999" in found["parties to us-ru-1999"].remedy
