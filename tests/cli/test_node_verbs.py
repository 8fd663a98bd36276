"""The verbs that act on a node: each does what its service does, in the name of an official, and says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from comity_cli.main import comity

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "correct horse battery staple"
PEOPLE = {"cora": "ministry", "cyril": "prosecution"}


@pytest.fixture
def people(db: None) -> None:
    """Two coordinators of party aa, of different offices, and a clerk without powers."""
    from comity_node.officials import people as house  # noqa: PLC0415 - Django is not set up before

    for login, office in PEOPLE.items():
        house.add_office(office, names={"en": office.title()})
        house.add_official(
            login, display_name=login, office=office, roles=["coordinator", "case officer"], password=PASSWORD
        )
    house.add_official("dora", display_name="dora", office="ministry", roles=["analyst"], password=PASSWORD)


@pytest.fixture
def channel(people: None) -> str:
    """An open channel with bb, receipted so far."""
    from tests.node.counterpart import open_channel  # noqa: PLC0415 - Django is not set up before

    return open_channel().channel


def run(*words: object, by: str = "", password: str = PASSWORD) -> tuple[int, dict[str, Any], str]:
    """Run a verb with ``--json``: exit code, document, and what was said."""
    as_official = ["--as", by] if by else []
    result = CliRunner().invoke(
        comity, [*map(str, words), "--json", *as_official], input=f"{password}\n" if by else None
    )
    document = json.loads(result.stdout) if result.stdout.startswith("{") else {}
    return result.exit_code, document, result.stderr


def test_an_act_takes_the_officials_own_password(channel: str) -> None:
    """Whoever has the shell does not thereby have an official's powers."""
    code, said, _ = run("request", "list", by="cora", password="another")

    assert (3, "wrong-password") == (code, said["code"])


def test_a_name_nobody_has_is_answered_like_a_wrong_password(channel: str) -> None:
    """The command must not tell who works here."""
    code, said, _ = run("request", "list", by="nobody")

    assert (3, "wrong-password") == (code, said["code"])


def test_a_power_that_is_lacking_refuses_the_act(channel: str) -> None:
    """The command gives nobody more than the pages do."""
    code, said, _ = run("request", "draft", channel, "--title", "x", "--type", "documents", by="dora")

    assert (3, "not-empowered") == (code, said["code"])


def test_channels_are_listed_and_shown_with_what_is_receipted(channel: str) -> None:
    """An operator must see at once which log hangs."""
    _, listed, _ = run("channel", "list")
    code, shown, _ = run("channel", "show", channel)

    assert [channel] == [row["channel"] for row in listed["channels"]]
    assert (0, [1, 1]) == (code, [log["entries"] for log in shown["logs"]])
    assert 1 == next(log["receipted"] for log in shown["logs"] if log["origin"].startswith("aa."))


def test_a_channel_that_is_not_here_is_said_so(people: None) -> None:
    """A mistyped id must not look like an empty channel."""
    code, said, stderr = run("channel", "show", "aaaaaaaaaaaaaaaa")

    assert (3, "unknown-channel") == (code, said["code"])
    assert stderr.startswith("comity: there is no channel")
    assert "comity: hint: comity channel list" in stderr


def test_a_draft_says_what_the_instrument_still_demands(channel: str) -> None:
    """An incomplete request comes back months later; the command says so now."""
    code, said, _ = run(
        "request", "draft", channel, "--title", "Images", "--type", "documents_items", by="cora"
    )
    refused, why, _ = run("request", "submit", said["ref"], by="cora")

    assert code == 0
    assert any(gap["demanded"] for gap in said["lacks"])
    assert (3, "draft-incomplete") == (refused, why["code"])


def test_an_export_of_the_node_is_verified(channel: str, tmp_path: Path) -> None:
    """What the node writes, a stranger must be able to check."""
    code, said, _ = run("export", channel, tmp_path / "export", "--payloads")
    verified, report, _ = run("verify", tmp_path / "export")

    assert (0, 2, 2, 2) == (code, said["entries"], said["payloads"], said["receipts"] + 1)
    assert (0, 2) == (verified, report["entries"])
    assert "Accepted" in [row["standing"] for row in report["standings"]]


def test_an_export_never_mixes_with_what_is_there(channel: str, tmp_path: Path) -> None:
    """Two exports in one directory would prove neither."""
    code, said, _ = run("export", channel, tmp_path)

    assert (3, "export-exists") == (code, said["code"])


def test_a_delivery_can_be_carried_by_hand(channel: str, tmp_path: Path) -> None:
    """A channel must survive the loss of every wire."""
    code, said, _ = run("bundle", "export", channel, tmp_path / "stick")

    assert 0 == code
    assert (tmp_path / "stick").stat().st_size > 0
    assert said["entries"] == 0


def test_a_delivery_that_is_none_is_their_breach(people: None, tmp_path: Path) -> None:
    """What came from outside and cannot be read is not our fault, and scripts must see the difference."""
    (tmp_path / "stick").write_bytes(b"not a tar")

    code, said, _ = run("bundle", "import", tmp_path / "stick")

    assert (4, "malformed-bundle") == (code, said["code"])


def test_exchanging_with_nobody_confirmed_is_refused(people: None) -> None:
    """Nothing crosses before the ceremony."""
    code, said, _ = run("sync", "bb")

    assert (3, "no-such-counterpart") == (code, said["code"])


def test_officials_are_added_listed_and_relieved(people: None, tmp_path: Path) -> None:
    """The operator at the console sets up the people; the journal says it was the console."""
    secret = tmp_path / "password"
    secret.write_text("a long enough password 7\n", encoding="utf-8")

    added, *_ = run(
        "official", "add", "emil", "--name", "Emil", "--office", "ministry", "--role", "case officer",
        "--password-file", secret,
    )  # fmt: skip
    run("official", "end", "emil", "--reason", "moved on")
    _, listed, _ = run("official", "list")

    assert added == 0
    assert {"emil": "left office"} == {
        one["login"]: one["state"] for one in listed["officials"] if one["login"] == "emil"
    }


def test_nothing_waits_where_nothing_was_prepared(people: None) -> None:
    """An empty list of approvals is an answer, not an error."""
    assert (0, []) == (
        run("approve", "list", by="cyril")[0],
        run("approve", "list", by="cyril")[1]["awaiting"],
    )


def test_an_unknown_approval_is_refused(people: None) -> None:
    """A number from another list must not sign anything."""
    code, said, _ = run("approve", "sign", 99, "--yes", by="cyril")

    assert (3, "no-such-approval") == (code, said["code"])


def test_fsck_and_rebuild_say_that_all_is_well(channel: str) -> None:
    """An auditor asks the record itself."""
    checked, tally, _ = run("fsck")
    rebuilt, digests, _ = run("rebuild")

    assert (0, 2, 2) == (checked, tally["logs"], tally["entries"])
    assert (0, True) == (rebuilt, digests["equal"])


def test_another_home_in_one_process_is_refused(people: None, tmp_path: Path) -> None:
    """A process that changed its party half-way would sign in the wrong name."""
    code, said, _ = run("fsck", "--home", tmp_path)

    assert (3, "other-node") == (code, said["code"])
