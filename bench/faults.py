"""``make faults``: ten thousand faults in three nodes at work; nothing is lost or doubled, and no lie passes.

Three nodes work in a channel of all three and in one of two of them. They are killed at random moments and at
named steps of the code; calls between them are lost, damaged, cut short, brought twice, late, out of order
and again; two of them are parted, and a third brings what they lack; disks are full, clocks jump, keys turn.
In the end all are left in peace until they have settled, and everything is recomputed on all of them. Then
each lies to the others, over and over, in every way there is.

One seed injects the same faults in the same order. Where in the code each strikes depends on the machine.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from itertools import permutations
from pathlib import Path

from bench import lies
from bench.settling import journal, settle, violations
from bench.torment import Life, Storm
from bench.wires import Network, Wire
from comity_node.home.node_toml import read
from tests.two_nodes.nodes import Node

PARTIES = ("aa", "bb", "cc")
# Of so many faults one is a lie: they are told one after another, when the storm is over.
ONE_LIE_IN = 10


def open_channels(nodes: dict[str, Node]) -> dict[str, list[str]]:
    """Furnish the homes, hold all ceremonies, propose a channel of two and one of all three."""
    for node in nodes.values():
        node.order("furnish")
    passports = {party: node.answer()["passport"] for party, node in nodes.items()}
    for one, other in permutations(nodes, 2):
        nodes[one].does("confirm", passport=passports[other])
    first, *others = nodes
    invited = [others[:1], others]
    return {nodes[first].does("propose", counterpart=some)["channel"]: [first, *some] for some in invited}


def accept(nodes: dict[str, Node], channels: dict[str, list[str]]) -> None:
    """Have each invited party accept, once it has heard of the channel."""
    waiting = [(party, channel) for channel, parties in channels.items() for party in parties[1:]]
    until = time.monotonic() + 60
    while waiting and time.monotonic() < until:
        waiting = [
            (party, one) for party, one in waiting if "error" in nodes[party].does("accept", channel=one)
        ]
        time.sleep(0.2)
    if waiting:
        raise RuntimeError(f"never accepted: {waiting}")
    settle(nodes, seconds=60)


def inject(place: Path, count: int, seed: int) -> dict:
    """Run the whole of it, and give the summary."""
    began, lied = time.monotonic(), count // ONE_LIE_IN
    nodes = {party: Node(place, party, inside="bench.tormented") for party in PARTIES}
    network = Network(random.Random(f"{seed} network"))
    wires, storm = [], None
    try:
        channels = open_channels(nodes)
        for party, node in nodes.items():
            wires.append(Wire(network, party, node.port, read(node.home).listen_port))
        storm = Storm({party: Life(node) for party, node in nodes.items()}, network)
        storm.calm()
        accept(nodes, channels)
        storm.rage(count - lied, random.Random(f"{seed} storm"))
        storm.calm()
        settled = settle(nodes, seconds=600)
        keys = storm.finish_keys(nodes)
        settle(nodes, seconds=120)
        storm.end()
        examined = {party: node.does("examine") for party, node in nodes.items()}
        found, told = [*keys, *storm.deaths(), *violations(nodes, examined)], Counter()
        chance = random.Random(f"{seed} lies")
        for _ in range(lied):
            found += lies.tell(nodes, channels, told, chance)
        return {
            "seed": seed,
            "faults": storm.met.total() + told.total(),
            "met": dict(sorted(storm.met.items())),
            "lies": dict(sorted(told.items())),
            "steps_died_at": dict(sorted(storm.steps.items())),
            **work(nodes, examined),
            "settled_after_seconds": round(settled, 1),
            "seconds": round(time.monotonic() - began),
            "violations": found,
        }
    finally:
        if storm is not None:
            storm.end()
        for wire in wires:
            wire.close()
        for node in nodes.values():
            node.end()


def work(nodes: dict[str, Node], examined: dict[str, dict]) -> dict:
    """What was done meanwhile: the faults would prove nothing on nodes that rest."""
    first = examined[PARTIES[0]]
    refused: Counter[str] = Counter()
    for one in examined.values():
        refused.update(one["refused"])
    return {
        "entries": {origin: log["size"] for origin, log in first["logs"].items()},
        "keys_changed": {origin: len(log["keys"]) - 1 for origin, log in first["logs"].items()},
        "deliveries_refused": dict(sorted(refused.items())),
        "acts_refused": dict(
            sorted(Counter(one for node in nodes.values() for one in _failed(node)).items())
        ),
        "signatures_verified": sum(one["signatures"] for one in examined.values()),
    }


def _failed(node: Node) -> list[str]:
    return [line[2] for line in journal(node) if line[0] == "failed"]


def main() -> int:
    """Inject faults; 0 if everything held."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--faults", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    print(f"{asked.faults:,} faults, seed {asked.seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="comity-faults-") as place:
        summary = inject(Path(place), asked.faults, asked.seed)
    print(json.dumps(summary, indent=1))
    return 1 if summary["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
