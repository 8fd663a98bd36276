"""An exhibit of 1 GiB: sealed and hashed, beside pyrage and age; then added here and fetched there."""

from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pyrage

from bench import nodes
from bench.delivery import signed_in
from bench.machine import sha256_rate
from bench.report import Row, percentile
from comity.keys.sealing import HybridIdentity, open_stream, seal_stream
from comity_node.evidence.store import FreshLanding

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from bench.nodes import Node
    from bench.report import Scale

_OURS: Final = "sealed, hashed and durable"
_GIB: Final = 1 << 30
_BLOCK: Final = 1 << 20


def measure(scale: Scale) -> list[Row]:
    """Alone first, then between two nodes."""
    size = scale.of(_GIB, least=_BLOCK)
    with TemporaryDirectory(prefix="comity-exhibit-") as folder:
        content = _content(Path(folder) / "content", size)
        return [*_alone(scale, content, size), *_between_nodes(scale, content, size)]


def _content(path: Path, size: int) -> Path:
    block = os.urandom(_BLOCK)
    with path.open("wb") as file:
        for _ in range(size // _BLOCK):
            file.write(block)
    return path


def _alone(scale: Scale, content: Path, size: int) -> list[Row]:
    """Every run does each once, so that what else the machine does falls on all alike."""
    work: dict[str, Callable[[Path, Path], None]] = {_OURS: _seal, "pyrage": _pyrage}
    if shutil.which("age"):
        work["age"] = _Age(content.parent).seal
    rates: dict[str, list[float]] = {what: [] for what in work}
    ratios, opened = [], []
    sealed = content.with_suffix(".age")
    for _ in range(scale.runs):
        for what, seal in work.items():
            rates[what].append(size / _timed(lambda seal=seal: seal(content, sealed)))
        ratios.append(rates[_OURS][-1] / sha256_rate(scale))
        opened.append(size / _opening(content, sealed))
    beside = [
        Row(what=f"{what}, not hashed, not durable", value=statistics.median(rates[what]) / 1e9, unit="GB/s")
        for what in ("pyrage", "age")
        if what in rates
    ]
    return [
        Row(
            what=_OURS,
            value=statistics.median(rates[_OURS]) / 1e9,
            unit="GB/s",
            bar=max(row.value for row in beside),
            note="as a node does it",
        ),
        *beside,
        Row(what="of one core's SHA-256", value=statistics.median(ratios), unit="x", bar=0.7),
        Row(what="opened and hashed", value=statistics.median(opened) / 1e9, unit="GB/s"),
    ]


_IDENTITY: Final = HybridIdentity.generate()
_OTHER: Final = HybridIdentity.generate()


def _seal(content: Path, sealed: Path) -> None:
    with (
        content.open("rb", buffering=0) as source,
        sealed.open("wb", buffering=0) as destination,
        FreshLanding(destination.fileno()) as landing,
    ):
        seal_stream(source, landing, [_IDENTITY.recipient(), _OTHER.recipient()], digest=hashlib.sha256())
        landing.flush()


def _pyrage(content: Path, sealed: Path) -> None:
    pyrage.encrypt_file(str(content), str(sealed), [pyrage.x25519.Identity.generate().to_public()])


class _Age:
    """The stock tool."""

    def __init__(self, folder: Path) -> None:
        key = folder / "age.key"
        subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
        made = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True)
        self._recipient = made.stdout.decode().strip()

    def seal(self, content: Path, sealed: Path) -> None:
        """Encrypt to one recipient."""
        subprocess.run(["age", "-r", self._recipient, "-o", sealed, content], check=True)


def _opening(content: Path, sealed: Path) -> float:
    _seal(content, sealed)
    with (
        sealed.open("rb", buffering=0) as source,
        content.with_suffix(".opened").open("wb", buffering=0) as opened,
    ):
        return _timed(lambda: open_stream(source, opened, [_OTHER], digest=hashlib.sha256()))


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _between_nodes(scale: Scale, content: Path, size: int) -> list[Row]:
    with nodes.two() as (ours, theirs, channel), closing(signed_in(ours)) as browser:
        idle = percentile(_pages(browser, lambda: False, least=50), 0.99)
        whole, sealing, busy, spent = [], [], [], []
        for run in range(scale.runs):
            begun, before = time.perf_counter(), _spent(ours, theirs)
            added, pages = _added(ours, browser, channel, content)
            sealing.append(added)
            busy += pages
            theirs.does("receive_exhibits", count=run + 1)
            whole.append(time.perf_counter() - begun)
            spent.append([after - one for one, after in zip(before, _spent(ours, theirs), strict=True)])
        peaks = [node.memory()["peak"] / 1e6 for node in (ours, theirs)]
    amount = f"{size / _GIB:.3g} GiB"
    return [
        Row(
            what=f"{amount} added, fetched, verified, receipted",
            value=statistics.median(whole),
            unit="s",
            bar=3 * size / _GIB,
            least=False,
        ),
        Row(what=f"{amount} added: sealed and durable", value=statistics.median(sealing), unit="s"),
        *(
            Row(what=f"processor time, the node that {does}", value=statistics.median(took), unit="s")
            for does, took in zip(("adds, pages with it", "fetches"), zip(*spent, strict=True), strict=True)
        ),
        Row(
            what="peak memory, the node that adds",
            value=peaks[0],
            unit="MB",
            bar=150,
            least=False,
            note="main process and worker",
        ),
        Row(
            what="peak memory, the node that fetches",
            value=peaks[1],
            unit="MB",
            bar=150,
            least=False,
            note="main process and worker",
        ),
        Row(
            what="p99 of a page meanwhile, against idle",
            value=percentile(busy, 0.99) / idle,
            unit="x",
            bar=3,
            least=False,
            note=f"idle {1e3 * idle:.0f} ms",
        ),
    ]


def _spent(*both: Node) -> list[float]:
    return [node.processor_seconds() for node in both]


def _added(node: Node, browser: httpx.Client, channel: str, content: Path) -> tuple[float, list[float]]:
    """Seconds to add a file, and those of every page asked for meanwhile."""
    took: list[float] = []

    def add() -> None:
        took.append(node.does("add_exhibit", channel=channel, path=str(content))["added"])

    adding = threading.Thread(target=add)
    adding.start()
    pages = _pages(browser, adding.is_alive, least=1)
    adding.join()
    return took[0], pages


def _pages(browser: httpx.Client, more: Callable[[], bool], *, least: int) -> list[float]:
    times: list[float] = []
    while more() or len(times) < least:
        times.append(_timed(lambda: browser.get("/channels/").raise_for_status()))
    return times
