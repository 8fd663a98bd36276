"""Two real nodes on loopback: what crosses crosses once, whatever fails on the way."""

from __future__ import annotations

import base64
import json
import random
import time

import pytest

from tests.two_nodes.nodes import carry, settle, start

pytestmark = pytest.mark.two_nodes


def lodges(node, count: int, first: int = 1) -> list[str]:
    """Have so many requests lodged; give back their references."""
    refs = [f"{node.party}-2026-{number:04}" for number in range(first, first + count)]
    for ref in refs:
        assert "ref" in node.does("lodge", ref=ref)
    return refs


def holds_exactly(nodes, **lodged: list[str]) -> None:
    """Both nodes hold the same logs, whole and proven, and of each author just these requests, in order."""
    first, second = (node.does("examine") for node in nodes)
    for examined in (first, second):
        assert [] == examined["findings"]
        assert examined["rebuilt"]
        assert [] == examined["misconduct"]
    assert first["logs"] == second["logs"]
    for origin, log in first["logs"].items():
        party = origin.partition(".")[0]
        assert lodged.get(party, []) == [ref for ref in log["refs"] if ref.startswith(f"{party}-2026-")]
        assert log["payloads"]
        assert log["proven"]
        assert log["size"] == log["receipted"]


def eventually(condition, seconds: float = 15.0):
    """Wait until something is so, and give it back."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come to be")


def test_a_request_crosses_and_is_receipted(nodes) -> None:
    """The whole way: act, delivery, storing, receipt, and the same standing on both sides."""
    start(*nodes)

    refs = {node.party: lodges(node, 2) for node in nodes}
    settle(*nodes)

    holds_exactly(nodes, **refs)


def test_a_counterpart_that_was_down_catches_up_without_a_gap(nodes) -> None:
    """There is no queue to lose: what has no receipt is what is sent."""
    anna, boris = nodes
    start(anna)
    refs = {"aa": lodges(anna, 25), "bb": lodges(boris, 5)}
    eventually(lambda: anna.does("lines").get("bb", {}).get("because"))
    assert "did not answer" in anna.does("lines")["bb"]["because"]

    start(boris)
    settle(*nodes)

    holds_exactly(nodes, **refs)


@pytest.mark.parametrize("victim", [0, 1], ids=["author", "mirror"])
def test_a_node_killed_again_and_again_loses_and_doubles_nothing(nodes, victim) -> None:
    """``kill -9`` at any moment of a delivery; `make faults` does it hundreds of times."""
    start(*nodes)
    moments, refs = random.Random(victim), []

    for number in range(4):
        nodes[0].order("lodge", ref=f"aa-2026-{number + 1:04}")
        time.sleep(moments.uniform(0.0, 0.15))
        nodes[victim].kill()
        nodes[0].answer()
        refs.append(f"aa-2026-{number + 1:04}")
        nodes[victim].launch()
        nodes[victim].wait_until_it_listens()
    settle(*nodes)

    holds_exactly(nodes, aa=refs)


@pytest.mark.parametrize("days", ["1", "-1"])
def test_a_clock_a_day_off_is_reported_by_both_and_stops_nothing(nodes, days) -> None:
    """A channel must not hang on a clock; both sides must see whose is wrong against whose."""
    anna, boris = nodes
    anna.launch("tests.two_nodes.clock_off", DAYS_OFF=days)
    start(boris)
    anna.wait_until_it_listens()

    refs = {node.party: lodges(node, 1) for node in nodes}
    settle(*nodes)

    holds_exactly(nodes, **refs)
    off = int(days) * 86_400
    seen = eventually(lambda: _skews(nodes))
    assert -off == pytest.approx(seen["aa"], abs=3)
    assert off == pytest.approx(seen["bb"], abs=3)


def _skews(nodes):
    skews = {node.party: next(iter(node.does("lines").values()), {}).get("skew") for node in nodes}
    return skews if all(skews.values()) else None


def test_a_mirror_with_a_full_disk_says_so_and_signs_for_nothing(nodes) -> None:
    """No half-written entry and no receipt for one; it goes on by itself once there is room."""
    anna, boris = nodes
    boris.launch(largest_file=128 * 1024)
    start(anna)
    boris.wait_until_it_listens()
    refs = lodges(anna, 12)

    because = eventually(lambda: _matching(anna, "database"), 20)
    held = boris.sizes()
    boris.kill()

    assert "nothing was recorded" in because
    assert all(receipted <= size for size, receipted in held.values())
    start(boris)
    settle(*nodes)
    holds_exactly(nodes, aa=refs)


def _matching(node, word: str) -> str:
    because = next(iter(node.does("lines").values()), {}).get("because", "")
    return because if word in because else ""


def test_an_author_with_a_full_disk_records_nothing_and_says_why(nodes) -> None:
    """The act fails whole, with its cause and remedy; the next one follows without a gap."""
    anna, _ = nodes
    before = lodges(anna, 1)
    sizes = anna.sizes()
    anna.does("cramp", limit=40 * 1024)

    refused = anna.does("lodge", ref="aa-2026-0002")

    anna.does("cramp", limit=0)
    assert "cannot-store" == refused["error"]
    assert "room on the disk" in refused["hint"]
    assert sizes == anna.sizes()
    refs = before + lodges(anna, 1, first=2)
    carry(*nodes)
    holds_exactly(nodes, aa=refs)


def test_deliveries_walked_over_on_a_stick_are_the_same(nodes) -> None:
    """No line at all: files over, files back, again, damaged, and out of order."""
    anna, boris = nodes
    refs = {node.party: lodges(node, 3) for node in nodes}
    early = anna.does("export")["bundle"]
    refs["aa"] += lodges(anna, 1, first=4)
    damaged = bytearray(base64.b64decode(anna.does("export")["bundle"]))
    damaged[6000] ^= 1

    assert "error" in boris.does("take", bundle=base64.b64encode(damaged).decode())
    assert "not-for-us" == anna.does("take", bundle=early)["error"]
    carry(*nodes)
    assert 0 == boris.does("take", bundle=early)["entries"]

    holds_exactly(nodes, **refs)


def test_a_mirror_put_back_to_an_old_backup_is_given_again_what_it_lost(nodes) -> None:
    """It says where its copy ends; the author's log has the rest."""
    anna, boris = nodes
    refs = lodges(anna, 3)
    carry(*nodes)
    boris.set_back()
    refs += lodges(anna, 1, first=4)

    start(*nodes)
    settle(*nodes)

    holds_exactly(nodes, aa=refs)


def test_a_rewritten_log_is_proven_and_kept(nodes) -> None:
    """Set back by hand and written on in another way: two signatures, and the other side holds both."""
    anna, boris = nodes
    lodges(anna, 2)
    carry(*nodes)
    anna.set_back()
    lodges(anna, 3, first=7)

    start(*nodes)
    (proof,) = eventually(lambda: boris.does("examine")["misconduct"])

    assert "two histories" in eventually(lambda: _matching(anna, "two histories"))
    assert json.loads(proof)["earlier"] != json.loads(proof)["later"]
    examined = boris.does("examine")
    assert [] == examined["findings"]
    log = next(log for origin, log in examined["logs"].items() if origin.startswith("aa."))
    assert ["aa-2026-0001", "aa-2026-0002"] == log["refs"][1:]
    assert "fork-proven" in examined["refused"]
