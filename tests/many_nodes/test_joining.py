"""A fourth party comes into a channel of three: by word of all, and by its own; and all four work."""

from __future__ import annotations

import pytest

from comity.channel.verification import verify_export
from comity_cli.directory import Directory
from tests.many_nodes.conftest import PARTIES, settled, until
from tests.two_nodes.nodes import start

TO_INVITE = "Invite DD, as all have agreed"

pytestmark = [pytest.mark.two_nodes]


@pytest.fixture
def working(fourth):
    """Three have worked; the fourth knows nothing of it."""
    nodes, channel = fourth
    assert "error" not in nodes["bb"].does("ask", channel=channel, ref="bb-2026-0001", of="cc")
    assert "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb")
    return nodes, channel


def agreed(nodes, channel: str, by: str = "bb", newcomer: str = "dd") -> str:
    """All that are in agree to an accession; its reference."""
    begun = nodes[by].does("accede", channel=channel, party=newcomer)
    assert "error" not in begun, begun
    others = [party for party in PARTIES if party != by]
    for party in others:
        until(
            lambda party=party: "error" not in nodes[party].does("agree", channel=channel, ref=begun["ref"])
        )
    return str(begun["ref"])


def is_in(nodes, channel: str, party: str = "dd", by: str = "bb") -> None:
    """The party is let in, and has accepted."""
    ref = agreed(nodes, channel, by=by, newcomer=party)
    until(lambda: "error" not in nodes[by].does("invite", channel=channel, ref=ref))
    until(lambda: "error" not in nodes[party].does("accept", channel=channel))


@pytest.mark.lengthy
def test_a_fourth_comes_in_and_all_four_work(working, tmp_path) -> None:
    """It sees that all was done before, reads what is done from now on, and a stranger reads the same."""
    nodes, channel = working
    ref = agreed(nodes, channel)
    until(lambda: TO_INVITE in nodes["bb"].does("desk")["says"])
    assert TO_INVITE not in nodes["aa"].does("desk")["says"]
    until(lambda: "error" not in nodes["bb"].does("invite", channel=channel, ref=ref))
    assert TO_INVITE not in nodes["bb"].does("desk")["says"]
    until(lambda: nodes["dd"].does("sizes", channel=channel)["sizes"])
    nodes["dd"].kill()  # in the middle of what is brought to it, wherever that is
    start(nodes["dd"])
    until(lambda: "error" not in nodes["dd"].does("accept", channel=channel))
    settled(nodes, channel)
    assert "error" not in nodes["dd"].does("ask", channel=channel, ref="dd-2026-0001", of="cc")
    assert "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0002", of="dd")

    seen = settled(nodes, channel)

    for name in ("order", "receipted", "standings", "parties"):
        assert seen["aa"][name] == seen["bb"][name] == seen["cc"][name] == seen["dd"][name]
    assert {"member"} == {one["place"] for one in seen["dd"]["parties"]}
    closed = {one for one in seen["cc"]["readable"] if one not in seen["dd"]["readable"]}
    assert {f"{party}.comity/{channel}" for party in PARTIES} == {one.rpartition("#")[0] for one in closed}
    assert f"bb.comity/{channel}#1" in closed
    assert f"aa.comity/{channel}#3" in seen["dd"]["readable"]
    for node in nodes.values():
        examined = node.does("examine")
        assert ([], True) == (examined["findings"], examined["rebuilt"])
    place = tmp_path / "export"
    done = nodes["dd"].does("command", words=["export", channel, str(place)], by="")
    assert 0 == done["code"], done
    report = verify_export(Directory(place))
    standings = {one["ref"]: one["standing"] for one in report.standings}
    assert ("Accepted", "Accession agreed") == (standings[f"{channel} dd"], standings[ref])
