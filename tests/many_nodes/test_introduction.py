"""Two authorities that never met, and a third that compared with both: real nodes, by command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.channel.introduction import introduce, stored_introduction
from comity.channel.passport import identity_signers, issue, public_keys
from comity.keys.keyring import Keyring
from tests.many_nodes.conftest import PARTIES, until
from tests.two_nodes.inside import PASSWORD
from tests.two_nodes.nodes import Node, environment, settle, start

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]


@pytest.fixture
def nodes(tmp_path: Path):
    """Arland and Borland, each of which compared with Corland, and not with each other."""
    nodes = {party: Node(tmp_path, party) for party in PARTIES}
    try:
        for node in nodes.values():
            node.order("furnish")
        passports = {party: node.answer()["passport"] for party, node in nodes.items()}
        for one in ("aa", "bb"):
            nodes[one].does("confirm", passport=passports["cc"])
            nodes["cc"].does("confirm", passport=passports[one])
        yield nodes
    finally:
        for node in nodes.values():
            node.end()


def runs(node: Node, *words: object, by: str = "anna") -> dict[str, Any]:
    """Run a verb in a process of its own, so that it reads the settings as they are now."""
    done = subprocess.run(
        [Path(sys.executable).parent / "comity", *map(str, words), "--json", *(["--as", by] if by else [])],
        env=environment(node.home),
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return dict(json.loads(done.stdout))


def test_two_that_never_met_work_together_on_the_word_of_a_third(nodes, tmp_path: Path) -> None:
    """By each one's own rule; shown as that on both sides; and the third is in no channel of theirs."""
    for about, to in (("bb", "aa"), ("aa", "bb")):
        file, there = tmp_path / f"{about}-to-{to}", nodes[to]
        runs(nodes["cc"], "counterpart", "introduce", about, file, "--to", to)
        read = runs(there, "counterpart", "import", file)
        assert (["cc"], False) == (read["introduced_by"], read["in_force"])
        assert "not-enough-words" == runs(there, "counterpart", "accept", about)["code"]
        settings = there.home / "node.toml"
        settings.write_text(f"introductions_needed = 1\n{settings.read_text()}")
        assert ["cc"] == runs(there, "counterpart", "accept", about)["introduced_by"]

    first, second = nodes["aa"], nodes["bb"]
    channel = first.does("propose", counterpart="bb")["channel"]
    start(first, second)
    until(lambda: "error" not in second.does("accept", channel=channel))
    settle(first, second)

    for one, other in (("aa", "bb"), ("bb", "aa")):
        listed = runs(nodes[one], "counterpart", "list", by="")["counterparts"]
        states = {row["party"]: row["state"] for row in listed}
        assert ("trusted", "never compared, introduced by cc") == (states["cc"], states[other])
    assert {"aa", "bb"} == {origin.partition(".")[0] for origin in first.sizes()}
    assert {} == nodes["cc"].sizes()


def test_a_third_that_lies_to_one_is_proven_to_have_lied(nodes, tmp_path: Path) -> None:
    """Corland vouches to Arland for keys of Borland's, and for others; the file convinces without a node."""
    true, lie, proof = (tmp_path / name for name in ("true", "lie", "proof"))
    runs(nodes["cc"], "counterpart", "introduce", "bb", true, "--to", "aa")
    lie.write_bytes(_lie(nodes["cc"], true.read_bytes()))
    for file in (true, lie):
        assert runs(nodes["aa"], "counterpart", "import", file)["ok"]

    runs(nodes["aa"], "counterpart", "contradiction", "cc", proof, by="")
    done = subprocess.run(
        [Path(sys.executable).parent / "comity", "counterpart", "check", proof, "--json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    said = json.loads(done.stdout)
    assert ("cc", "bb", 2) == (said["introducer"], said["about"], len(set(said["vouched_for"])))
    assert said["fingerprint"] == runs(nodes["cc"], "passport", "fingerprint", by="")["words"]


def _lie(node: Node, true: bytes) -> bytes:
    """What a dishonest Corland signs: Borland's passport as somebody else would write it."""
    ring = Keyring.from_bytes((node.home / "keys" / "keyring").read_bytes(), None)
    said = stored_introduction(true)
    thief = Keyring.generate("bb")
    about = msgspec.structs.replace(said.passport.about, keys=public_keys(thief, witness=False))
    passport = issue(about, *identity_signers(thief)).note.decode()
    return introduce(msgspec.structs.replace(said.said, passport=passport), *identity_signers(ring))
