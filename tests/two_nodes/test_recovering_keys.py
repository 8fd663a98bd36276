"""An old backup is restored after keys were changed, ours or theirs: what can be proven comes back."""

from __future__ import annotations

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start
from tests.two_nodes.test_delivery import eventually, holds_exactly, lodges
from tests.two_nodes.test_recovering import backup, comity  # noqa: F401 - a fixture

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]


def changes_keys(desk: Desk, *others) -> None:
    """Announce new keys and retire the old, with something lodged by both in each time."""
    assert {} == desk.run("passport", "rotate", by="adam")["left"]
    settle(desk.node, *others)
    assert {} == desk.run("passport", "revoke", "--reason", "scheduled", by="adam")["left"]


def test_both_sides_changed_keys_after_the_backup_and_all_comes_back(nodes, backup, tmp_path) -> None:  # noqa: F811
    """Each part that comes back says by which keys the next one stands; the keyring was kept elsewhere."""
    anna, boris = nodes
    start(*nodes)
    refs = {"aa": lodges(anna, 1, first=1), "bb": lodges(boris, 1, first=1)}
    settle(*nodes)
    put_back = backup(boris)
    for node, other in ((anna, boris), (boris, anna)):
        changes_keys(Desk(node, tmp_path), other)
        refs["aa"] += lodges(anna, 1, first=len(refs["aa"]) + 1)
        refs["bb"] += lodges(boris, 1, first=len(refs["bb"]) + 1)
        settle(*nodes)
    before = anna.does("course")
    boris.kill()
    put_back()

    start(boris)
    eventually(lambda: boris.does("course")["closed"] == 0)
    settle(*nodes)

    assert before["order"] == boris.does("course")["order"]
    refs["bb"] += lodges(boris, 1, first=len(refs["bb"]) + 1)
    settle(*nodes)
    holds_exactly(nodes, **refs)
    assert [] == boris.does("examine")["misconduct"] == anna.does("examine")["misconduct"]


def test_without_the_keys_that_sign_now_the_record_comes_back_and_nothing_is_signed(
    nodes,
    backup,  # noqa: F811
    tmp_path,
) -> None:
    """What the old keys would sign the other side may not take, and no log takes it back."""
    anna, boris = nodes
    start(*nodes)
    lodges(boris, 1, first=1)
    settle(*nodes)
    old = (boris.home / "keys" / "keyring").read_bytes()
    put_back = backup(boris)
    changes_keys(Desk(boris, tmp_path), anna)
    lodges(anna, 1, first=1)
    settle(*nodes)
    new = (boris.home / "keys" / "keyring").read_bytes()
    before = anna.does("course")
    boris.kill()
    put_back()
    (boris.home / "keys" / "keyring").write_bytes(old)
    channel = anna.does("channel")["channel"]

    lost = comity(boris, "recover", channel)

    assert "keys-lost" == lost["code"], lost
    assert before["order"] == boris.does("course")["order"]
    assert "not-heard-since-restore" == boris.does("lodge", ref="bb-2026-0009")["error"]
    (boris.home / "keys" / "keyring").write_bytes(new)
    assert comity(boris, "recover", channel)["ok"]
    start(boris)
    lodges(boris, 1, first=2)
    settle(*nodes)
    assert [] == anna.does("examine")["misconduct"]


def test_a_stick_gives_it_back_across_the_same_changes(nodes, backup, tmp_path) -> None:  # noqa: F811
    """No line at all: the counterpart's export says by which keys each part of both logs stands."""
    anna, boris = nodes
    start(*nodes)
    refs = {"aa": lodges(anna, 1, first=1), "bb": lodges(boris, 1, first=1)}
    settle(*nodes)
    put_back = backup(boris)
    for node, other in ((anna, boris), (boris, anna)):
        changes_keys(Desk(node, tmp_path), other)
        refs["aa"] += lodges(anna, 1, first=len(refs["aa"]) + 1)
        refs["bb"] += lodges(boris, 1, first=len(refs["bb"]) + 1)
        settle(*nodes)
    before = anna.does("course")
    channel, place = anna.does("channel")["channel"], tmp_path / "stick"
    assert comity(anna, "export", channel, str(place), "--payloads")["ok"]
    anna.kill()
    boris.kill()
    put_back()

    done = comity(boris, "recover", channel, "--from", str(place))

    assert done["ok"], done
    assert before["order"] == boris.does("course")["order"]
    assert 0 == boris.does("course")["closed"]
    start(*nodes)
    refs["bb"] += lodges(boris, 1, first=len(refs["bb"]) + 1)
    settle(*nodes)
    holds_exactly(nodes, **refs)
    assert [] == boris.does("examine")["misconduct"] == anna.does("examine")["misconduct"]
