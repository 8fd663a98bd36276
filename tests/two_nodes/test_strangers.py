"""A second implementation beside ours: the runner tries both, and the two hold a channel with one another."""

from __future__ import annotations

import ast
import base64
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from comity.instruments import texts as our_texts
from conformance.peer import entries, notes, tree
from conformance.peer.channel import Channel
from conformance.runner import CHECKS, Trial, run
from conformance.texts import texts
from tests.house.source import ROOT
from tests.second_node.node import SecondNode
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import Node, start

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.two_nodes
TREATY = "us-ru-1999"


@pytest.fixture
def known(tmp_path: Path) -> dict[str, tuple[str, str]]:
    """The instruments as an export has them: all that another implementation is given of ours."""
    for name in ("charter", TREATY):
        (tmp_path / "texts" / name).mkdir(parents=True)
        for file, content in our_texts()[name].items():
            (tmp_path / "texts" / name / file).write_bytes(content)
    return texts(tmp_path / "texts")


@pytest.fixture
def ours(tmp_path: Path):
    """Our node alone, furnished, with nobody trusted."""
    node = Node(tmp_path, "aa")
    passport = base64.b64decode(node.does("furnish")["passport"])
    try:
        start(node)
        yield OurOfficers(node, passport)
    finally:
        node.end()


@dataclass
class OurOfficers:
    """What our node's officers do for a stranger."""

    node: Node
    own: bytes

    def passport(self) -> bytes:
        return self.own

    def trust(self, passport: bytes) -> None:
        self.node.does("confirm", passport=base64.b64encode(passport).decode())

    def accept(self, channel: str) -> None:
        self.node.does("accept", channel=channel)


@dataclass
class TheirOfficers:
    """The same of the second node."""

    node: SecondNode
    trusted: list[bytes] = field(default_factory=list)

    def passport(self) -> bytes:
        return self.node.passport()

    def trust(self, passport: bytes) -> None:
        self.node.trust(passport)

    def accept(self, channel: str) -> None:
        self.node.accept(channel)


def failures(trial: Trial) -> list[str]:
    """What did not pass."""
    found = list(run(trial))
    assert len(found) == len(CHECKS) > 25
    return [f"{one.section}: {one.says}: {one.because}" for one in found if not one.passed]


def test_our_node_passes_every_check(ours, known) -> None:
    """What the specification says of a node must hold of ours, tried by code that knows nothing of it."""
    assert [] == failures(Trial(f"http://127.0.0.1:{ours.node.port}", ours, known, TREATY))


def test_the_second_node_passes_every_check(known) -> None:
    """Whatever a stranger needs to write a node stands in the specification: here is one."""
    with SecondNode("bb", known) as node:
        assert [] == failures(Trial(node.party.address, TheirOfficers(node), known, TREATY))


def test_the_runner_fails_a_node_that_signs_for_anything(known, monkeypatch) -> None:
    """A runner that passes whoever answers tries nothing."""
    monkeypatch.setattr(Channel, "_claims", lambda *_said: None)
    with SecondNode("bb", known) as node:
        found = failures(Trial(node.party.address, TheirOfficers(node), known, TREATY))

    assert any("claims to have seen" in one for one in found)


def until(holds, seconds: float = 25) -> None:
    """Wait for our courier, which calls once a second."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    assert holds()


def test_the_second_node_and_ours_hold_a_whole_channel(ours, known, tmp_path) -> None:
    """Opened by theirs, accepted by ours, asked and answered, receipted both ways, and verified by each."""
    with SecondNode("bb", known) as other:
        ours.trust(other.passport())
        other.trust(ours.passport())
        name = other.propose("aa", TREATY)
        other.exchange(name)
        ours.accept(name)
        channel = other.channels[name]
        until(lambda: channel.theirs.size == 1 == channel.theirs.receipted)
        anna = Desk(ours.node, tmp_path)

        other.lodge(name, "bb-2026-0001", TREATY, ["testimony"])
        other.exchange(name)
        until(lambda: "bb-2026-0001" in str(anna.run("request", "list")))
        anna.acts("bb-2026-0001", "acknowledged")
        ref = anna.drafts()
        anna.signs_with_second("request", "submit", ref)
        until(lambda: channel.theirs.size >= 3 and channel.own.receipted == channel.own.size)

        kinds = [entries.decode(leaf)["kind"] for leaf in channel.theirs.leaves]
        assert ["channel.accepted", "assistance.request.acknowledged", "assistance.request.lodged"] == kinds
        assert "Records" in str(channel.read(2)[1]), "they open what we sealed"
        until(lambda: ours.node.sizes()[f"aa.comity/{name}"] == (3, 3))
        assert (2, 2) == ours.node.sizes()[f"bb.comity/{name}"]
        anna.run("export", name, tmp_path / "export", by="")
        verified = anna.run("verify", tmp_path / "export", by="")
        assert (5, {"aa": 3, "bb": 2}) == (verified["entries"], verified["receipted"])
        assert_their_verifier_agrees(channel, tmp_path / "export")


def assert_their_verifier_agrees(channel: Channel, export: Path) -> None:
    """Read our export by the code of the other house: signatures, tree, entries, receipts."""
    keys = {
        "aa": channel.other.log_keys(channel.name),
        "bb": [one.vkey for one in channel.us.log_signers(channel.name)],
    }
    mirrors = {"bb": channel.other.keys["mirror"], "aa": [one.vkey for one in channel.us.keys["mirror"]]}
    for party, log in (("aa", channel.theirs), ("bb", channel.own)):
        text = notes.signed_by((export / party / "checkpoint").read_bytes(), keys[party])
        (bundle,) = (export / party / "tile" / "entries").rglob("*.p/*")
        leaves = leaves_of(bundle.read_bytes())
        assert log.leaves == leaves
        assert notes.checkpoint(text) == (
            f"{party}.comity/{channel.name}",
            len(leaves),
            tree.root([*map(tree.leaf, leaves)]),
        )
        for receipt in (export / party / "receipts").iterdir():
            assert notes.signed_by(receipt.read_bytes(), [*keys[party], *mirrors[party]])


def leaves_of(bundle: bytes) -> list[bytes]:
    """The entries of a tlog-tiles bundle."""
    found, place = [], 0
    while place < len(bundle):
        size = int.from_bytes(bundle[place : place + 2], "big")
        found.append(bundle[place + 2 : place + 2 + size])
        place += 2 + size
    return found


def test_ours_proposes_and_the_second_accepts(ours, known, tmp_path) -> None:
    """Whoever begins, the channel opens."""
    with SecondNode("bb", known) as other:
        ours.trust(other.passport())
        other.trust(ours.passport())
        name = ours.node.does("propose", counterpart="bb")["channel"]
        until(lambda: name in other.channels)
        other.accept(name)
        other.exchange(name)

        until(
            lambda: (1, 1) == ours.node.sizes()[f"aa.comity/{name}"] == ours.node.sizes()[f"bb.comity/{name}"]
        )
        listed = Desk(ours.node, tmp_path).run("channel", "list", by="")["channels"][0]
        assert name == listed["channel"]


def test_the_stranger_knows_nothing_of_our_source() -> None:
    """A second implementation that imported ours would prove nothing."""
    for path in [*(ROOT / "conformance").rglob("*.py"), *(ROOT / "tests" / "second_node").rglob("*.py")]:
        imported = {
            name
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            for name in (
                [one.name for one in node.names]
                if isinstance(node, ast.Import)
                else [str(node.module)]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert not any(name.partition(".")[0].startswith("comity") for name in imported), path
