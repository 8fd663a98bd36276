"""``make soak``: two nodes at work for an hour, with outages; nothing is lost or doubled, and nothing leaks.

Both note, lodge requests and talk, a little at a time. Now and then one of them is stopped or killed, the
other goes on, and what piled up is brought in order once it is back. In the end ten thousand entries wait for
a node that was away: they must be there, without a gap, within a minute of its return. Memory and open files
of both are looked at after every round, when all is receipted: what grows and grows is a leak.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench import nodes
from comity.tlog.merkle import verify_consistency

if TYPE_CHECKING:
    from bench.nodes import Node

BACK_WITHIN: Final = 60.0
_MOST_GROWTH: Final = 1.25  # of memory, between the first third of the rounds and the last
_MOST_FILES: Final = 30  # more open files in the end than in the beginning
_OUTAGE_EVERY: Final = 5
_FEWEST: Final = 6


@dataclass
class Soak:
    """Two nodes, what each has put on record, and what was seen of them."""

    ours: Node
    theirs: Node
    channel: str
    chance: random.Random
    noted: dict[str, int] = field(default_factory=lambda: {"aa": 0, "bb": 0})
    lodged: int = 0
    said: int = 0
    talk: str = ""
    outages: list[float] = field(default_factory=list)
    memory: dict[str, list[int]] = field(default_factory=lambda: {"aa": [], "bb": []})
    files: dict[str, list[int]] = field(default_factory=lambda: {"aa": [], "bb": []})
    violations: list[str] = field(default_factory=list)

    @property
    def both(self) -> tuple[Node, Node]:
        """Both nodes."""
        return self.ours, self.theirs

    def work(self) -> None:
        """One round of what officers do, on both sides, until all of it is receipted."""
        for node in self.both:
            self.note(node, self.chance.randint(1, 40))
        count = self.chance.randint(1, 5)
        self.ours.does(
            "requests", channel=self.channel, party="aa", other="bb", first=self.lodged, count=count, batch=1
        )
        self.lodged += count
        words = self.chance.randint(1, 10)
        self.ours.does("talk_said", channel=self.channel, ref=self.talk, first=self.said, count=words)
        self.said += words
        self.settle()
        for node in self.both:
            self.memory[node.party].append(node.memory()["now"])
            self.files[node.party].append(_open_files(node))

    def note(self, node: Node, count: int, *, batch: int = 1) -> None:
        """Have a node put so many entries on record, whoever is there to receipt them."""
        first = self.noted[node.party]
        node.does("notes", channel=self.channel, first=first, count=count, batch=batch, settled=False)
        self.noted[node.party] += count

    def outage(self) -> None:
        """One of them goes away, the other goes on; seconds until nothing is missing after its return."""
        away, here = self.chance.sample(self.both, 2)
        (away.kill if self.chance.random() < 0.5 else away.stop)()
        self.note(here, self.chance.randint(50, 400), batch=10)
        time.sleep(self.chance.uniform(0.0, 20.0))
        self.outages.append(self.returns(away))

    def backlog(self, count: int) -> float:
        """So many entries wait for a node that was away; seconds until it has them all."""
        self.theirs.kill()
        self.note(self.ours, count, batch=100)
        return self.returns(self.theirs)

    def returns(self, away: Node) -> float:
        """Start a node again; seconds until all that waited is receipted on both sides."""
        begun = time.perf_counter()
        away.start()
        self.settle()
        took = time.perf_counter() - begun
        if took > BACK_WITHIN:
            self.violations.append(f"{away.party} was back for {took:.0f} s before nothing was missing")
        return took

    def settle(self) -> None:
        """Wait until both have every receipt."""
        for node in self.both:
            node.does("settle", channel=self.channel, within=600)

    def compare(self) -> None:
        """Hold both nodes' records of both logs against each other, and against what was put on them."""
        for party, count in self.noted.items():
            held = [node.does("state", channel=self.channel, party=party) for node in self.both]
            if held[0] != held[1]:
                self.violations.append(f"the two nodes hold different logs of {party}")
            if sorted(held[0]["numbers"]) != list(range(count)):
                self.violations.append(f"of {count} notes of {party} some are missing or doubled")

    def look_for_leaks(self) -> None:
        """What a node needs when all is done must not follow how long it has worked."""
        for party, sizes in self.memory.items():
            third = len(sizes) // 3
            early, late = (statistics.median(some) for some in (sizes[:third], sizes[-third:]))
            if late > _MOST_GROWTH * early:
                self.violations.append(f"the memory of {party} grew from {early:,.0f} to {late:,.0f} bytes")
            if self.files[party][-1] - self.files[party][0] > _MOST_FILES:
                self.violations.append(f"open files of {party} grew to {self.files[party][-1]}")


def soak(*, minutes: float, backlog: int, seed: int) -> dict[str, Any]:
    """Let two nodes work for so long; what was seen, and every violation.

    Args:
        minutes: How long they work before the last outage.
        backlog: How many entries wait at the end of that.
        seed: Of what happens in which order; where in the code an outage strikes depends on the machine.
    """
    with nodes.two() as (ours, theirs, channel):
        run = Soak(ours, theirs, channel, random.Random(seed))
        run.talk = str(ours.does("talk_opened", channel=channel))
        before = {party: ours.does("state", channel=channel, party=party) for party in run.noted}
        until = time.monotonic() + 60 * minutes
        rounds = 0
        while time.monotonic() < until or rounds < _FEWEST:
            run.work()
            rounds += 1
            if not rounds % _OUTAGE_EVERY:
                run.outage()
        run.look_for_leaks()
        back = run.backlog(backlog)
        run.compare()
        _must_be_one_history(run, before)
        return _found(run, rounds, backlog, back)


def _must_be_one_history(run: Soak, before: dict[str, dict[str, Any]]) -> None:
    """Each log there is now begins with the log there was at first: by the proof a stranger would ask for."""
    for party, old in before.items():
        now = run.theirs.does("state", channel=run.channel, party=party)
        path = run.theirs.does("grown", channel=run.channel, party=party, before=old["size"])
        proof = [bytes.fromhex(digest) for digest in path]
        verify_consistency(
            old["size"], bytes.fromhex(old["root"]), now["size"], bytes.fromhex(now["root"]), proof
        )


def _found(run: Soak, rounds: int, backlog: int, back: float) -> dict[str, Any]:
    return {
        "rounds": rounds,
        "notes": dict(run.noted),
        "requests": run.lodged,
        "messages": run.said,
        "outages": len(run.outages),
        "longest_return_s": round(max(run.outages, default=0.0), 1),
        "backlog": backlog,
        "backlog_return_s": round(back, 1),
        "memory_mb": {
            party: [round(sizes[0] / 1e6), round(sizes[-1] / 1e6)] for party, sizes in run.memory.items()
        },
        "open_files": {party: [counts[0], counts[-1]] for party, counts in run.files.items()},
        "violations": run.violations,
    }


def _open_files(node: Node) -> int:
    """Open files of a node's server and its workers."""
    if node.process is None:
        return 0
    children = Path(f"/proc/{node.process.pid}/task/{node.process.pid}/children").read_text("ascii").split()
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in (node.process.pid, *children))


def main() -> int:
    """Soak, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--backlog", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    said = parser.parse_args()
    found = soak(minutes=said.minutes, backlog=said.backlog, seed=said.seed)
    print(json.dumps(found, indent=2))
    return int(bool(found["violations"]))


if __name__ == "__main__":
    sys.exit(main())
