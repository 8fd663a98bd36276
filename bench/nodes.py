"""Two real nodes on loopback, made, introduced to each other, commanded, stopped by their process ids."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from bench import machine

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARTS_WITHIN = 60.0
_STOPS_WITHIN = 10.0
_ROOT = Path(__file__).parent.parent
PASSWORD = "measured and thrown away"


class NodeFailed(RuntimeError):
    """A node under measurement did not do what it was told; its words are in the message."""


@dataclass
class Node:
    """One node under measurement."""

    party: str
    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Of every process that is this node."""
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        return {**inherited, "COMITY_HOME": str(self.home), "PYTHONPATH": path}

    def make(self) -> None:
        """Make its home, as an operator would."""
        secret = self.home.with_suffix(".password")
        secret.write_text(PASSWORD)
        said = {
            "party": self.party,
            "name": self.party.upper(),
            "address": self.address,
            "listen": f"127.0.0.1:{self.port}",
            "password-file": secret,
            "check-days": 0,  # measured is what is asked of it
        }
        options = [f"--{name}={value}" for name, value in said.items()]
        command = [sys.executable, "-m", "comity_cli.main", "init", str(self.home), *options]
        done = subprocess.run(command, env=self.environment, capture_output=True, check=False)
        if done.returncode:
            raise NodeFailed(done.stderr.decode(errors="replace"))

    def start(self, module: str = "bench.served", *words: str) -> float:
        """Start it; returns the seconds until it first answered."""
        begun = time.perf_counter()
        with self.home.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env=self.environment,
                cwd=_ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while time.perf_counter() - begun < _STARTS_WITHIN and self.process.poll() is None:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/wire/hello", trust_env=False, timeout=5).is_success:
                    return time.perf_counter() - begun
            time.sleep(0.01)
        raise NodeFailed(f"{self.party} did not start:\n{self.said()}")

    def does(self, verb: str, **said: Any) -> Any:
        """Have it do one of the verbs of ``bench.inside``."""
        answer = httpx.post(f"{self.address}/bench/{verb}", json=said, trust_env=False, timeout=1800).json()
        if "failed" in answer:
            raise NodeFailed(f"{self.party} {verb}: {answer['failed']}")
        return answer["done"]

    def memory(self) -> dict[str, int]:
        """Resident bytes of all its processes: now, and at their highest."""
        return machine.memory(self.process.pid) if self.process else {"now": 0, "peak": 0}

    def processor_seconds(self) -> float:
        """Processor time all its processes have spent."""
        return machine.processor_seconds(self.process.pid) if self.process else 0.0

    def said(self) -> str:
        """The end of what it wrote."""
        with suppress(OSError):
            return self.home.with_suffix(".log").read_text(errors="replace")[-4000:]
        return ""

    def kill(self) -> None:
        """End its process as a power failure would."""
        process, self.process = self.process, None
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)  # it leads its own session: its worker, and no one else
            process.wait()

    def stop(self) -> None:
        """End its process: asked first, after a while by force."""
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):  # it leads its own session: its worker, and no one else
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def one() -> Iterator[Node]:
    """A node, made but not started."""
    with _made("aa") as (node,):
        yield node


@contextmanager
def two() -> Iterator[tuple[Node, Node, str]]:
    """Two running nodes whose officers compared fingerprints, and the channel they opened."""
    with _made("aa", "bb") as (ours, theirs):
        for node in (ours, theirs):
            node.start()
        yield ours, theirs, introduce(ours, theirs)


def introduce(ours: Node, theirs: Node) -> str:
    """Exchange passports, compare, open a channel; returns its id once both hold its two entries."""
    ours.does("trust", passport=theirs.does("passport"))
    theirs.does("trust", passport=ours.does("passport"))
    channel = ours.does("propose", counterpart=theirs.party)
    theirs.does("accept", channel=channel)
    for node in (ours, theirs):
        node.does("settle", channel=channel)
    return str(channel)


@contextmanager
def _made(*parties: str) -> Iterator[list[Node]]:
    place = Path(tempfile.mkdtemp(prefix="comity-bench-"))
    nodes = [
        Node(party, place / party, port)
        for party, port in zip(parties, free_ports(len(parties)), strict=True)
    ]
    try:
        for node in nodes:
            node.make()
        yield nodes
    finally:
        for node in nodes:
            node.stop()
        shutil.rmtree(place, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    sockets = [
        socket.create_server(("127.0.0.1", 0)) for _ in range(count)
    ]  # all at once: none is found twice
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports
