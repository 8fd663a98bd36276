"""A node at rest: how soon its first page stands, and what it holds of memory while nothing happens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from bench import nodes
from bench.report import Row, median

if TYPE_CHECKING:
    from bench.nodes import Node
    from bench.report import Scale

_RESTS = 3.0


def measure(scale: Scale) -> list[Row]:
    """Start a node as an operator does, and leave it alone."""
    with nodes.one() as node:
        begun = [_start(node) for _ in range(scale.runs)]
        memory: list[float] = []

        def resting() -> float:
            seconds = _start(node, stop=False)
            time.sleep(_RESTS * scale.size)
            memory.append(node.memory()["now"] / 1e6)
            node.stop()
            return seconds

        median(scale, resting)
    return [
        Row(what="start to first page", value=sorted(begun)[len(begun) // 2], unit="s", bar=2, least=False),
        Row(
            what="memory of a resting node",
            value=sorted(memory)[len(memory) // 2],
            unit="MB",
            bar=120,
            least=False,
        ),
    ]


def _start(node: Node, *, stop: bool = True) -> float:
    """Seconds from the command to the whole log-in page."""
    begun = time.perf_counter()
    node.start("comity_cli.main", "serve")
    page = httpx.get(f"{node.address}/", trust_env=False, follow_redirects=True, timeout=30)
    page.raise_for_status()
    took = time.perf_counter() - begun
    if stop:
        node.stop()
    return took
