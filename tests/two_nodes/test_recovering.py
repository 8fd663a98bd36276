"""An old backup is restored: what it lacks comes back from the counterpart, and both are equal again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from tests.two_nodes.nodes import ROOT, carry, environment, settle, start
from tests.two_nodes.test_delivery import eventually, holds_exactly, lodges

pytestmark = pytest.mark.two_nodes


def comity(node, *words: str) -> dict:
    """Run the command for this node, and give back what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "comity_cli.main", *words, "--json"],
        cwd=ROOT,
        env=environment(node.home),
        capture_output=True,
        check=False,
    )
    return {**json.loads(done.stdout), "exit": done.returncode}


@pytest.fixture
def backup(tmp_path):
    """Back a node up, and later restore it in place, both by the command."""
    secret = tmp_path / "passphrase"
    secret.write_text("a passphrase for the backup\n")

    def make(node):
        file = tmp_path / f"{node.party}.backup"
        assert comity(node, "backup", "--passphrase-file", str(secret), str(file))["ok"]

        def put_back() -> None:
            keys = (node.home / "keys" / "keyring").read_bytes()
            shutil.rmtree(node.home)
            assert comity(node, "restore", str(file), str(node.home))["ok"]
            (node.home / "keys" / "keyring").write_bytes(keys)  # as opened by its passphrase

        return put_back

    return make


def exchange(anna, boris, *numbers: int) -> dict[str, list[str]]:
    """Both lodge in turn, each having seen what the other did before."""
    refs: dict[str, list[str]] = {"aa": [], "bb": []}
    for number in numbers:
        for node in (anna, boris):
            refs[node.party] += lodges(node, 1, first=number)
            carry(anna, boris)
    return refs


def test_what_an_old_backup_lacks_comes_back_by_itself(nodes, backup) -> None:
    """Acts on both sides, receipts on both sides, in the one order and with the times first signed."""
    anna, boris = nodes
    refs = exchange(anna, boris, 1)
    put_back = backup(anna)
    later = exchange(anna, boris, 2, 3, 4)
    before = boris.does("course")
    put_back()
    assert "not-heard-since-restore" == anna.does("lodge", ref="aa-2026-0009")["error"]

    start(*nodes)
    eventually(lambda: anna.does("course")["closed"] == 0)
    settle(*nodes)

    assert before == {**anna.does("course"), "closed": 0}
    refs = {party: refs[party] + later[party] for party in refs}
    holds_exactly(nodes, **refs)
    refs["aa"] += lodges(anna, 1, first=5)
    settle(*nodes)
    holds_exactly(nodes, **refs)
    assert anna.does("course")["order"] == boris.does("course")["order"]


def test_a_node_copied_back_by_hand_notices_and_recovers_too(nodes) -> None:
    """No restore told it that anything is missing: the counterpart's receipts do."""
    anna, boris = nodes
    refs = exchange(anna, boris, 1, 2)
    anna.set_back()

    start(*nodes)
    settle(*nodes)

    holds_exactly(nodes, **refs)
    assert [] == boris.does("examine")["misconduct"]


def test_what_was_lost_is_carried_back_on_a_stick(nodes, backup, tmp_path) -> None:
    """No line at all: the counterpart's export with its payloads."""
    anna, boris = nodes
    refs = exchange(anna, boris, 1)
    put_back = backup(anna)
    later = exchange(anna, boris, 2, 3)
    refs = {party: refs[party] + later[party] for party in refs}
    channel = boris.does("channel")["channel"]
    stick = tmp_path / "stick"
    assert comity(boris, "export", channel, str(stick), "--payloads")["ok"]
    put_back()

    said = comity(anna, "recover", channel, "--from", str(stick))

    assert (0, 2, 2, True) == (said["exit"], said["own"], said["theirs"], said["reopened"])
    assert boris.does("course")["order"] == anna.does("course")["order"]
    assert 0 == anna.does("course")["closed"]
    holds_exactly(nodes, **refs)
    refs["aa"] += lodges(anna, 1, first=4)
    carry(*nodes)
    holds_exactly(nodes, **refs)


def test_both_sides_restored_at_once_come_back_to_what_either_holds(nodes, backup) -> None:
    """Giving back signs nothing, so a node that is itself being recovered can do it."""
    anna, boris = nodes
    refs = exchange(anna, boris, 1)
    put_anna_back = backup(anna)
    later = exchange(anna, boris, 2)
    put_boris_back = backup(boris)
    refs = {party: refs[party] + later[party] for party in refs}
    put_anna_back()
    put_boris_back()

    start(*nodes)
    eventually(lambda: [0, 0] == [node.does("course")["closed"] for node in nodes])
    settle(*nodes)

    holds_exactly(nodes, **refs)


def test_a_kill_while_recovering_leaves_all_or_nothing(nodes, backup) -> None:
    """It is one transaction; what was not stored is asked for again."""
    anna, boris = nodes
    refs = exchange(anna, boris, 1)
    put_back = backup(anna)
    later = exchange(anna, boris, 2, 3)
    refs = {party: refs[party] + later[party] for party in refs}
    put_back()
    start(boris)
    for _ in range(3):
        anna.launch()
        anna.wait_until_it_listens()
        anna.kill()
        assert [] == anna.does("examine")["findings"]

    start(anna)
    settle(*nodes)

    holds_exactly(nodes, **refs)


def test_a_second_history_is_not_healed_and_nobody_is_fooled(nodes) -> None:
    """Copied back by hand and signed on before anybody was heard: it is said, on this side as well."""
    anna, boris = nodes
    exchange(anna, boris, 1)
    anna.set_back()
    lodges(anna, 3, first=7)

    start(*nodes)
    assert eventually(
        lambda: "we signed two histories" in anna.does("lines").get("bb", {}).get("because", "") or None
    )

    assert "record-set-back" == anna.does("lodge", ref="aa-2026-0011")["error"]
    assert [] == anna.does("examine")["findings"]
