"""One node changes its keys while the other keeps delivering; a stranger verifies across the change."""

from __future__ import annotations

import pytest

from comity.channel.verification import verify_export
from comity_cli.directory import Directory
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start
from tests.two_nodes.test_delivery import holds_exactly, lodges

pytestmark = pytest.mark.two_nodes


def test_keys_are_changed_while_the_other_keeps_delivering(nodes, tmp_path) -> None:
    """Nothing is lost or refused, no officer of the other side does anything, and old signatures stand."""
    anna, boris = nodes
    start(*nodes)
    desks = [Desk(node, tmp_path) for node in nodes]
    lodged = {"aa": lodges(anna, 1, first=1), "bb": lodges(boris, 2, first=1)}

    announced = desks[0].run("passport", "rotate", by="adam")
    assert {} == announced["left"]
    lodged["bb"] += lodges(boris, 2, first=3)
    lodged["aa"] += lodges(anna, 2, first=2)
    settle(*nodes)
    retired = desks[0].run(
        "passport", "revoke", "--reason", "stolen", "--since", "2026-01-31T09:30:00Z", by="adam"
    )
    lodged["bb"] += lodges(boris, 1, first=5)
    lodged["aa"] += lodges(anna, 1, first=4)
    boris.kill()
    boris.launch()
    settle(*nodes)

    assert ([desks[0].channel], {}) == (retired["done"], retired["left"])
    holds_exactly(nodes, **lodged)
    for desk in desks:
        pairs = [
            one for one in desk.run("channel", "keys", desk.channel, by="")["pairs"] if one["party"] == "aa"
        ]
        assert [("stolen", "2026-01-31T09:30:00Z"), ("", "")] == [
            (one["reason"], one["compromised"]) for one in pairs
        ]
        out = tmp_path / f"export-{desk.node.party}"
        desk.run("export", desk.channel, out, by="")
        report = verify_export(Directory(out))
        assert any("aa announced new keys" in said.words() for said in report.proven)
        assert any("aa retired its old keys" in said.words() for said in report.proven)
        assert report.receipted == report.logs
