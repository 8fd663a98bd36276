"""One of three changes its keys: the others follow by its entries, whoever brings them and whenever."""

from __future__ import annotations

import pytest

from comity.channel.verification import verify_export
from comity_cli.directory import Directory
from tests.many_nodes.conftest import apart, settled, until
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import start

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]


def retires(desk: Desk) -> None:
    """Retire the old keys, once every member has signed for the new ones."""
    until(lambda: desk.run("passport", "revoke", "--reason", "scheduled", by="adam")["left"] == {})


def verifies(nodes, tmp_path) -> None:
    """What each of them holds is proven to a stranger, by all keys there were."""
    for party, node in nodes.items():
        out = tmp_path / f"export-{party}"
        desk = Desk(node, tmp_path)
        desk.run("export", desk.channel, out, by="")
        report = verify_export(Directory(out))
        assert any("aa announced new keys" in said.words() for said in report.proven)
        assert any("aa retired its old keys" in said.words() for said in report.proven)
        assert report.receipted == report.logs


def test_who_is_cut_off_from_the_author_follows_its_keys_by_what_another_brings(opened, tmp_path) -> None:
    """A receipt under keys not read of yet is no false one: the entry that announces them is shown first."""
    nodes, channel = opened
    desk = Desk(nodes["aa"], tmp_path)
    apart(nodes, "aa", "cc")
    assert {} == desk.run("passport", "rotate", by="adam")["left"]
    nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb")
    settled(nodes, channel)

    retires(desk)
    nodes["aa"].does("ask", channel=channel, ref="aa-2026-0002", of="cc")
    nodes["cc"].does("ask", channel=channel, ref="cc-2026-0001", of="aa")
    settled(nodes, channel)

    apart(nodes, "aa", "cc", off=False)
    nodes["cc"].does("ask", channel=channel, ref="cc-2026-0002", of="aa")
    settled(nodes, channel)
    verifies(nodes, tmp_path)


def test_who_comes_in_after_keys_were_changed_reads_the_record_from_its_beginning(proposed, tmp_path) -> None:
    """The passport is sealed to whoever may still come in, and comes before what its keys have signed."""
    nodes, channel = proposed
    start(*nodes.values())
    desk = Desk(nodes["aa"], tmp_path)
    until(lambda: "error" not in nodes["bb"].does("accept", channel=channel))
    until(lambda: nodes["aa"].does("view", channel=channel)["sizes"]["bb"] == 1)
    assert {} == desk.run("passport", "rotate", by="adam")["left"]
    retires(desk)
    nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb")

    until(lambda: "error" not in nodes["cc"].does("accept", channel=channel))
    seen = settled(nodes, channel)

    assert 4 == seen["cc"]["sizes"]["aa"]
    nodes["aa"].does("ask", channel=channel, ref="aa-2026-0002", of="cc")
    settled(nodes, channel)
    verifies(nodes, tmp_path)
