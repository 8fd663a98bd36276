"""Whether nodes have settled after faults, and everything that must hold of them then."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from bench.crashing import JOURNAL, ODD

if TYPE_CHECKING:
    from tests.two_nodes.nodes import Node

_HELD = """
SELECT l.origin, l.size, (
  SELECT min(coalesce((
    SELECT max(r.size) FROM register_receipt r WHERE r.log_id = l.id AND r.party = o.party), 0))
  FROM register_log o WHERE o.channel = l.channel AND o.id <> l.id)
FROM register_log l ORDER BY l.origin"""
Held = dict[str, tuple[int, int]]


def held(node: Node) -> Held:
    """By log: its size on a node's disk, and how much of it every other party has signed for."""
    with closing(sqlite3.connect(f"file:{node.home}/comity.sqlite3?mode=ro", uri=True)) as database:
        return {origin: (size, receipted) for origin, size, receipted in database.execute(_HELD)}


def settle(nodes: dict[str, Node], seconds: float) -> float:
    """Wait until all that share a log hold the same of it, all receipted by all; says how long it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        found = {party: held(node) for party, node in nodes.items()}
        if _is_settled(found.values()):
            return time.monotonic() - begun
        time.sleep(0.2)
    raise AssertionError(f"not settled after {seconds} s: {found}")


def _is_settled(found) -> bool:
    whole: dict[str, set[tuple[int, int]]] = {}
    for one in found:
        for origin, standing in one.items():
            whole.setdefault(origin, set()).add(standing)
    return all(len(standings) == 1 for standings in whole.values()) and all(
        size and size == receipted for standings in whole.values() for size, receipted in standings
    )


def journal(node: Node) -> list[list[str]]:
    """What a node's officials tried, and what they were told."""
    path = node.home / JOURNAL
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    return [line.split() for line in lines]


def violations(nodes: dict[str, Node], examined: dict[str, dict]) -> list[str]:
    """Everything that must hold and does not."""
    found = []
    for party, one in examined.items():
        found += [f"{party}: {finding}" for finding in one["findings"]]
        found += [] if one["rebuilt"] else [f"{party}: projections derived anew differ"]
        found += [
            f"{party}: holds a proof against {origin}, who lied to nobody" for origin in one["misconduct"]
        ]
        found += [f"{party}: {what}" for what in _odd(nodes[party])]
        found += _against_the_list(nodes[party], one["logs"])
        for origin, log in one["logs"].items():
            found += _whole(f"{party}: {origin}", log)
    return found + _equal(examined, "logs") + _equal(examined, "course")


def _whole(where: str, log: dict) -> list[str]:
    lacking = {party: size for party, size in log["receipted"].items() if size != log["size"]}
    return [
        *([f"{where}: of {log['size']} entries receipted: {lacking}"] if lacking else []),
        *([] if log["payloads"] else [f"{where}: a payload is missing"]),
        *([f"{where}: old keys were never retired"] if _open(log["keys"]) else []),
    ]


def _open(keys: list[list]) -> bool:
    """Whether more than the last pair may still sign."""
    return any(until is None for _, until in keys[:-1])


def _equal(examined: dict[str, dict], what: str) -> list[str]:
    """That whoever holds the same channel holds the same of it."""
    seen: dict[str, tuple[str, object]] = {}
    found = []
    for party, one in examined.items():
        for name, value in one[what].items():
            first, said = seen.setdefault(name, (party, value))
            found += [] if said == value else [f"{name}: {first} and {party} differ in {what}"]
    return found


def _against_the_list(node: Node, logs: dict) -> list[str]:
    """What was said to stand stands once, in the order in which it was done; nothing stands unasked."""
    lines = journal(node)
    tried = {line[1] for line in lines if line[0] == "tried"}
    stands = {line[1] for line in lines if line[0] == "stands"}
    own = [log for origin, log in logs.items() if origin.startswith(f"{node.party}.")]
    counted = Counter(ref for log in own for ref in log["refs"])
    moved = any(log["refs"] != sorted(log["refs"]) for log in own)
    return [
        *(f"{ref} stands {times} times" for ref, times in counted.items() if times > 1),
        *(f"{ref} was said to stand and is lost" for ref in sorted(stands - counted.keys())),
        *(f"{ref} stands and nobody lodged it" for ref in sorted(counted.keys() - tried)),
        *([f"{node.party}: entries changed places"] if moved else []),
    ]


def _odd(node: Node) -> list[str]:
    """What the node wrote down as failures of its own, and nobody injected."""
    path = node.home / ODD
    return path.read_text(encoding="utf-8").splitlines()[:20] if path.exists() else []
