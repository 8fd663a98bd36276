"""The faults themselves: which, in what order, and how each is injected into running nodes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.crashing import STEPS
from bench.wires import FAULTS
from tests.two_nodes.nodes import ROOT, environment

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from bench.wires import Network
    from tests.two_nodes.nodes import Node

KILL, STEP, PARTITION, DISK, CLOCK, KEYS = (
    "killed", "killed at a step", "partition", "disk full", "clock jumped", "keys changed"
)  # fmt: skip
# How often each is drawn. Of the calls between nodes all sorts are drawn alike.
WEIGHTS = {KILL: 4, STEP: 12, PARTITION: 6, DISK: 4, CLOCK: 5, KEYS: 0.4} | dict.fromkeys(FAULTS, 6)
# By how much clocks are off: not at all, by seconds, by more than honest ones are, by what nobody answers.
OFF = (0, 0, 3, -3, 90, -90, 3_600, -3_600, 129_600, -129_600, 30 * 86_400, -30 * 86_400)
_PAUSE = 0.05
_SAID_EVERY = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: of what sort, with whom, towards whom, and how much of it."""

    sort: str
    party: str
    other: str
    share: float
    step: str
    when: str
    nth: int
    off: float
    seed: int
    pause: float


def plan(parties: list[str], chance: random.Random) -> Iterator[Fault]:
    """Faults without end: with one seed the same ones, in the same order."""
    sorts, weights = list(WEIGHTS), list(WEIGHTS.values())
    while True:
        party, other = chance.sample(parties, 2)
        yield Fault(
            sort=chance.choices(sorts, weights)[0],
            party=party,
            other=other,
            share=chance.random(),
            step=chance.choice(STEPS),
            when=chance.choice(["before", "after"]),
            nth=chance.choice([1, 1, 2, 3, 5]),
            off=chance.choice(OFF),
            seed=chance.getrandbits(32),
            pause=chance.uniform(0, 2 * _PAUSE),
        )


class Life:
    """The lives of one node, one after the other."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.steps: Counter[str] = Counter()
        self._step, self._room_at = "", 0.0
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
        self.order(do, **crash)
        self._step = f"{crash['when']} {crash['step']}" if "step" in crash else ""
        self._room_at = 0.0

    def order(self, do: str, **said) -> bool:
        """Have something done; whether the life that ran had ended by itself is known then, and noted."""
        self._process.stdin.write(json.dumps({"do": do, **said}) + "\n")
        self._process.stdin.flush()
        crashed = bool(json.loads(self._process.stdout.readline())["crashed"])
        self.steps[self._step] += crashed
        return crashed

    def fill(self, largest: int, seconds: float) -> None:
        """Let its disk be full for a while."""
        self.order("disk", largest=largest)
        self._room_at = time.monotonic() + seconds

    def tend(self, seed: int) -> None:
        """Begin anew where it has died at a step; make room on its disk once it was full for long enough."""
        if self.order("look"):
            self.begin("live", seed=seed)
        elif self._room_at and time.monotonic() > self._room_at:
            self.order("disk", largest=0)
            self._room_at = 0.0

    def end(self) -> None:
        """End for good."""
        if self._process.poll() is None:
            self.order("kill")
            self._process.stdin.close()
            self._process.wait(timeout=10)
        self._process.stdout.close()


class Storm:
    """All that befalls the nodes."""

    def __init__(self, lives: dict[str, Life], network: Network) -> None:
        self._lives, self._network = lives, network
        self._own: Counter[str] = Counter()

    @property
    def steps(self) -> Counter[str]:
        """At which steps lives ended, and how often."""
        return sum((life.steps for life in self._lives.values()), Counter())

    @property
    def met(self) -> Counter[str]:
        """How many faults of each sort were met; one that waits for a call that never came does not count."""
        return self._own + self._network.met + Counter({STEP: self.steps.total()})

    def rage(self, count: int, chance: random.Random) -> None:
        """Inject faults until so many were met."""
        for party, life in self._lives.items():
            life.begin("live", seed=chance.getrandbits(32) + len(party))
        said = 0
        for fault in plan(list(self._lives), chance):
            if (met := self.met.total()) >= count:
                return
            if met // _SAID_EVERY > said:
                said = met // _SAID_EVERY
                print(f"{met:,} faults", file=sys.stderr, flush=True)
            self._inject(fault)
            for life in self._lives.values():
                life.tend(fault.seed)
            time.sleep(fault.pause)

    def _inject(self, fault: Fault) -> None:
        life = self._lives[fault.party]
        match fault.sort:
            case sort if sort in FAULTS:
                self._network.arm(fault.party, fault.other, sort)
                return
            case "partition":
                self._network.part(fault.party, fault.other, 0.5 + 4 * fault.share)
                return
            case "killed at a step":  # the life that runs is killed now; that of the next counts once it dies
                life.begin("live", seed=fault.seed, step=fault.step, when=fault.when, nth=fault.nth)
                self._own[KILL] += 1
                return
            case "killed":
                life.begin("live", seed=fault.seed)
            case "disk full":
                life.fill(largest=round(fault.share * 500_000), seconds=0.2 + 2 * fault.share)
            case "clock jumped":
                life.order("clock", off=fault.off)
            case "keys changed":
                life.order("keys")
        self._own[fault.sort] += 1

    def calm(self) -> None:
        """Let nothing more go wrong: lines and disks are whole, clocks right, and nobody acts."""
        self._network.mend()
        for life in self._lives.values():
            life.order("clock", off=0)
            life.begin("rest")

    def finish_keys(self, nodes: dict[str, Node]) -> list[str]:
        """Take each node's change of keys to its end, whatever broke it off; gives those that cannot be."""
        found = []
        for party, node in nodes.items():
            until, done = time.monotonic() + 60, node.does("turn_keys")
            while (done.get("did") != "retired" or done["left"]) and time.monotonic() < until:
                time.sleep(0.3)
                done = node.does("turn_keys")
            if done.get("did") != "retired" or done["left"]:
                found.append(f"{party}: a change of keys cannot be ended: {done}")
        return found

    def deaths(self) -> list[str]:
        """Nodes that died, and nobody had killed them."""
        return [f"{party}: died by itself" for party, life in self._lives.items() if life.steps[""]]

    def end(self) -> None:
        """End all lives for good."""
        for life in self._lives.values():
            life.end()
