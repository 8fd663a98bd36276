"""``make faults``: kill two nodes at random moments while they work; prove that nothing is lost or doubled.

Many lives end from outside at a random moment, the others at a named step of the code, before or after it is
done, the n-th time it is reached. Both nodes lodge requests all the while. In the end both are left in peace
until they have settled, and then everything is recomputed on both.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.crashing import JOURNAL, STEPS
from tests.two_nodes.nodes import ROOT, Node, environment, open_channel, settle


class Life:
    """The lives of one node, one after the other."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.ended: Counter[str] = Counter()
        self._step, self._crashed = "", False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.crashing", str(node.home)],
            cwd=ROOT,
            env=environment(node.home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, do: str, **crash) -> None:
        """End the life that runs, if any, and begin another."""
        if self._order(do, **crash):
            self._crashed = True
        if self._step:
            self.ended[self._step if self._crashed else "from outside"] += 1
        step = crash.get("step", "from outside")
        self._step, self._crashed = (f"{crash['when']} {step}" if crash else step), False

    def falls_within(self, seconds: float) -> bool:
        """Give a life time to reach the step it is to end at."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._crashed:
            time.sleep(0.02)
            self._crashed = self._order("look")
        return self._crashed

    def _order(self, do: str, **crash) -> bool:
        self._process.stdin.write(json.dumps({"do": do, **crash}) + "\n")
        self._process.stdin.flush()
        return bool(json.loads(self._process.stdout.readline())["crashed"])

    def end(self) -> None:
        """End for good."""
        self.begin("kill")
        self._process.stdin.close()
        self._process.wait(timeout=10)


def crash(chance: random.Random) -> dict:
    """Where the next life is to end: at a step, or nowhere in particular."""
    if chance.random() < 0.3:
        return {}
    return {
        "step": chance.choice(STEPS),
        "when": chance.choice(["before", "after"]),
        "nth": chance.choice([1, 1, 2, 3, 5]),
    }


def torment(lives: list[Life], kills: int, chance: random.Random) -> None:
    """Kill one or the other, and begin again at once."""
    for life in lives:
        life.begin("live")
    for number in range(kills):
        victim, how = chance.choice(lives), crash(chance)
        victim.begin("live", **how)
        if how:
            victim.falls_within(1.5)
        else:
            time.sleep(chance.uniform(0.02, 0.8))
        if (number + 1) % 25 == 0:
            print(f"{number + 1} kills", file=sys.stderr)


def lodged(node: Node) -> tuple[list[str], set[str], list[str]]:
    """What a node's officials tried, what they were told stands, and what was refused."""
    lines = [line.split() for line in (node.home / JOURNAL).read_text(encoding="ascii").splitlines()]
    told = {kind: [line[1] for line in lines if line[0] == kind] for kind in ("tried", "stands", "failed")}
    return told["tried"], set(told["stands"]), told["failed"]


def violations(nodes: list[Node], examined: list[dict]) -> list[str]:
    """Everything that must hold and does not."""
    found = []
    for node, one in zip(nodes, examined, strict=True):
        found += [f"{node.party}: {finding}" for finding in one["findings"]]
        if not one["rebuilt"]:
            found.append(f"{node.party}: projections derived anew differ")
        if one["misconduct"]:
            found.append(f"{node.party}: holds a fork proof")
        tried, stands, _ = lodged(node)
        found += _against_the_list(node.party, one["logs"], tried, stands)
    if examined[0]["logs"] != examined[1]["logs"]:
        found.append("the nodes do not hold the same logs")
    for origin, log in examined[0]["logs"].items():
        if log["receipted"] != log["size"]:
            found.append(f"{origin}: {log['receipted']} of {log['size']} entries are receipted")
        if not (log["payloads"] and log["proven"]):
            found.append(f"{origin}: a payload is missing, or a receipt is not consistent with the log")
    return found


def _against_the_list(party: str, logs: dict, tried: list[str], stands: set[str]) -> list[str]:
    (log,) = [log for origin, log in logs.items() if origin.startswith(f"{party}.")]
    refs = [ref for ref in log["refs"] if ref.startswith(f"{party}-2026-")]
    counted = Counter(refs)
    return [
        *(f"{ref} stands {times} times" for ref, times in counted.items() if times > 1),
        *(f"{ref} was said to stand and is lost" for ref in sorted(stands - counted.keys())),
        *(f"{ref} stands and nobody lodged it" for ref in sorted(counted.keys() - set(tried))),
        *([f"{party}: entries changed places"] if refs != sorted(refs) else []),
    ]


def inject(place: Path, kills: int, seed: int) -> dict:
    """Run the whole of it, and give the summary."""
    began = time.monotonic()
    nodes = [Node(place, party) for party in ("aa", "bb")]
    lives: list[Life] = []
    try:
        open_channel(*nodes)
        lives += [Life(node) for node in nodes]
        torment(lives, kills, random.Random(seed))
        for life in lives:
            life.begin("rest")
        peace = time.monotonic()
        settle(*nodes, seconds=60)
        settled = time.monotonic() - peace
        for life in lives:
            life.end()
        examined = [node.does("examine") for node in nodes]
        ended = lives[0].ended + lives[1].ended
        return {
            "kills": kills,
            "seed": seed,
            "ended_from_outside": ended["from outside"],
            "ended_at_a_step": ended.total() - ended["from outside"],
            "steps_reached": sorted(step for step in ended if step != "from outside"),
            "entries": {origin: log["size"] for origin, log in examined[0]["logs"].items()},
            "undone": {node.party: len(lodged(node)[0]) - len(lodged(node)[1]) for node in nodes},
            "refused": Counter(examined[0]["refused"] + examined[1]["refused"]),
            "settled_after_seconds": round(settled, 2),
            "seconds": round(time.monotonic() - began, 1),
            "violations": violations(nodes, examined),
        }
    finally:
        for node in nodes:
            node.end()


def main() -> int:
    """Inject faults; 0 if everything held."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-faults-") as place:
        summary = inject(Path(place), asked.kills, asked.seed)
    print(json.dumps(summary, indent=1))
    return 1 if summary["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
