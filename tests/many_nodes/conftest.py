"""Arland, Borland and Corland with confirmed passports and a channel of all three, made once."""

from __future__ import annotations

import time
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from tests.two_nodes.nodes import Node, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARTIES = ("aa", "bb", "cc")
SETTLE_SECONDS = 90.0


@pytest.fixture(scope="session")
def _three(tmp_path_factory):
    yield from proposing(tmp_path_factory.mktemp("many"), PARTIES)


def proposing(place: Path, parties: tuple[str, ...]) -> Iterator[tuple[dict[str, Node], str]]:
    """Nodes that trust each other's passports, and a channel the first proposed to the rest; ends them."""
    nodes = {party: Node(place, party, inside="tests.many_nodes.lying") for party in parties}
    try:
        for node in nodes.values():
            node.order("furnish")
        passports = {party: node.answer()["passport"] for party, node in nodes.items()}
        for one, other in permutations(parties, 2):
            nodes[one].does("confirm", passport=passports[other])
        channel = nodes[parties[0]].does("propose", counterpart=list(parties[1:]))["channel"]
        for node in nodes.values():
            node.keep_as_template()
        yield nodes, channel
    finally:
        for node in nodes.values():
            node.end()


@pytest.fixture
def proposed(_three):
    """The three nodes, the channel proposed and nothing delivered yet; servers down."""
    nodes, channel = _three
    for node in nodes.values():
        node.set_back()
    yield nodes, channel
    for node in nodes.values():
        node.kill()


@pytest.fixture
def opened(proposed):
    """The three nodes up, and all in the channel."""
    nodes, channel = proposed
    start(*nodes.values())
    for party in ("bb", "cc"):
        comes_in(nodes, party, channel)
    settled(nodes, channel)
    return nodes, channel


@pytest.fixture(scope="session")
def _newcomer(tmp_path_factory):
    node = Node(tmp_path_factory.mktemp("newcomer"), "dd", inside="tests.many_nodes.lying")
    node.order("furnish")
    passport = node.answer()["passport"]
    node.keep_as_template()
    yield node, passport
    node.end()


@pytest.fixture
def fourth(_newcomer, opened):
    """A fourth node, up, that has met the three; they are in a channel it knows nothing of."""
    (node, passport), (nodes, channel) = _newcomer, opened
    node.set_back()
    for other in nodes.values():
        mine = other.does("passport")["passport"]
        assert "error" not in other.does("confirm", passport=passport)
        assert "error" not in node.does("confirm", passport=mine)
    start(node)
    yield {**nodes, "dd": node}, channel
    node.kill()


def comes_in(nodes: dict[str, Node], party: str, channel: str) -> None:
    """Have a party accept once it has been asked; where it is not, everybody's last words say why."""
    said: dict[str, object] = {}

    def accepts() -> bool:
        said.update({"error": "", **nodes[party].does("accept", channel=channel)})
        return not said["error"]

    try:
        until(accepts)
    except AssertionError as late:
        logs = {one: node.said() for one, node in nodes.items()}
        raise AssertionError(f"{party} could not accept: {said}; {logs}") from late


def until(holds, seconds: float = SETTLE_SECONDS) -> None:
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.2)
    raise AssertionError(f"not so after {seconds} s")


def apart(nodes: dict[str, Node], one: str, other: str, *, off: bool = True) -> None:
    """Let two of them not reach each other any more, or again."""
    nodes[one].does("cut", party=other, off=off)
    nodes[other].does("cut", party=one, off=off)


def settled(nodes: dict[str, Node], channel: str, seconds: float = SETTLE_SECONDS) -> dict[str, dict]:
    """Wait until all hold the same, and each knows that every member does; gives back how each sees it."""
    seen: dict[str, dict] = {}

    def same() -> bool:
        seen.update({party: node.does("view", channel=channel) for party, node in nodes.items()})
        if any("error" in one for one in seen.values()):
            return False
        first, *others = seen.values()
        members = {one["party"] for one in first.get("parties", ()) if one["place"] == "member"}
        whole = all(
            size == first["sizes"][author]
            for author, givers in first.get("holds", {}).items()
            for giver, size in givers.items()
            if giver in members
        )
        return whole and all(
            (one["sizes"], one["holds"]) == (first["sizes"], first["holds"]) for one in others
        )

    try:
        until(same, seconds)
    except AssertionError:
        held = {party: (one.get("sizes"), one.get("holds")) for party, one in seen.items()}
        raise AssertionError(f"not settled: {held}") from None
    return seen
