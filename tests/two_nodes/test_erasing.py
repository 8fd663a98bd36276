"""What was sent by mistake is gone on both real nodes, and neither a kill nor a backup brings it back."""

from __future__ import annotations

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start
from tests.two_nodes.test_recovering import backup, comity

pytestmark = pytest.mark.two_nodes
CERTIFICATE = [
    word
    for said in ("method=Shredded", "done_by=Registry", "done_at=2 May 2026", "copies=None")
    for word in ("--say", said)
]

__all__ = ["backup"]


def files(node) -> list[str]:
    """The sealed exhibits on a node's disk."""
    return sorted(path.name for path in (node.home / "exhibits").rglob("*") if len(path.name) == 64)


def checked(node) -> dict:
    """Every hash, signature and content of a node, recomputed; and every projection."""
    found, rebuilt = comity(node, "fsck"), comity(node, "rebuild")
    assert (0, 0) == (found["exit"], rebuilt["exit"]), (found, rebuilt)
    return found


@pytest.mark.lengthy
def test_what_was_recalled_is_erased_on_both_sides_and_stays_so(nodes, tmp_path, backup) -> None:
    """Request and exhibit: the record verifies, the content is with nobody, a backup changes nothing."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)
    limits = ("--limit", "not_passed_on", "--limit", "to_be_destroyed")
    exhibit = anna.adds("list.txt", b"Names of witnesses", "--description", "A list", *limits)
    ref = anna.drafts("--exhibit", exhibit)
    lodged = anna.signs_with_second("request", "submit", ref)
    boris.exhibit(exhibit, "received")
    put_back = backup(boris.node)

    anna.acts(ref, "recalled", "--state", f"entries={lodged}", "--text", "Meant for another State.")
    anna.signs("evidence", "act", anna.channel, exhibit, "recalled", "--say", "text=By mistake.")
    settle(*nodes)
    boris.node.kill()
    boris.node.launch()
    boris.acts_with_second(ref, "destroyed", "--state", f"entries={lodged}")
    boris.signs_with_second("evidence", "act", boris.channel, exhibit, "destroyed", *CERTIFICATE)
    settle(*nodes)
    anna.acts_with_second(ref, "erased", "--state", f"entries={lodged}")
    anna.signs_with_second("evidence", "act", anna.channel, exhibit, "erased", "--say", "text=Done.")
    settle(*nodes)

    shown = [desk.run("request", "show", desk.channel, ref) for desk in (anna, boris)]
    chains = [desk.run("evidence", "show", desk.channel, exhibit) for desk in (anna, boris)]
    assert shown[0]["entries"] == shown[1]["entries"]
    assert chains[0]["custody"] == chains[1]["custody"]
    assert ["erased"] * 2 == [one["state"] for one in chains]
    assert [""] * 2 == [one["title"] for one in shown]
    assert [[], []] == [files(node) for node in nodes]
    assert [1, 1] == [checked(node)["erased"] for node in nodes]

    boris.node.kill()
    put_back()
    assert files(boris.node)
    boris.node.launch()
    settle(*nodes)
    assert comity(boris.node, "sync")["exit"] == 0
    settle(*nodes)

    assert [] == files(boris.node)
    assert 1 == checked(boris.node)["erased"]
