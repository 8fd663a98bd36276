"""Nodes on this machine: made, furnished, started, stopped by their process ids, commanded."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import httpx

from comity_cli.exits import Exit
from comity_cli.staging.errors import NodeFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_COMITY: Final = [sys.executable, "-m", "comity_cli.main"]
_TETHERED: Final = [sys.executable, "-m", "comity_cli.staging.tethered"]
_STARTS_WITHIN: Final = 60.0
_STOPS_WITHIN: Final = 10.0
_TAIL: Final = 30
# Of whoever gave the command; the nodes it makes are others.
_NOT_THEIRS: Final = frozenset(
    {"COMITY_HOME", "COMITY_PASSPHRASE", "COMITY_PASSWORD_FILE", "DJANGO_SETTINGS_MODULE"}
)


@dataclass
class Node:
    """One node: its home, its address, and its process while it runs.

    Attributes:
        host: Under which it is reached, and where it listens.
        tethered: Its process ends with ours, however ours ends.
    """

    party: str
    home: Path
    port: int
    host: str = "127.0.0.1"
    tethered: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://{self.host}:{self.port}"

    @property
    def log(self) -> Path:
        """What its process has said."""
        return self.home.parent / f"{self.party}.log"

    @property
    def environment(self) -> dict[str, str]:
        """Of every process that is this node."""
        return {**_own_environment(), "COMITY_HOME": str(self.home)}

    def start(self) -> None:
        """Start it; :meth:`must_answer` waits until it does."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
                _TETHERED if self.tethered else [*_COMITY, "serve"],
                env=self.environment,
                stdin=subprocess.PIPE if self.tethered else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def must_answer(self) -> None:
        """Wait until it answers.

        Raises:
            NodeFault: It ended, or did not answer within a minute.
        """
        until = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                break
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/wire/hello", trust_env=False, timeout=5).is_success:
                    return
            time.sleep(0.05)
        raise NodeFault(f"the node of {self.party} did not start", hint=f"its log is {self.log}")

    def ask_to_stop(self) -> None:
        """Tell its process to end, and do not wait."""
        if self.process is not None:
            self.process.terminate()

    def stop(self) -> None:
        """End its process: asked first, and after a while by force."""
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            with suppress(
                ProcessLookupError
            ):  # it leads its own session, so this reaches its worker and no one else
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def log_tail(self) -> str:
        """The last lines of its log."""
        with suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL:])
        return ""


@dataclass
class Work:
    """A command on a node that is under way."""

    what: str
    process: subprocess.Popen[bytes]

    def result(self) -> dict[str, Any]:
        """Wait for it, and read its JSON, which may say that what was asked is not so.

        Raises:
            NodeFault: It failed.
        """
        try:
            out, err = self.process.communicate()
        finally:
            self.end()
        document = _read(out)
        if self.process.returncode not in (Exit.DONE, Exit.NOT_SO) or document is None:
            said = err.decode(errors="replace").strip() or out.decode(errors="replace").strip()
            raise NodeFault(f"{self.what} ended with {self.process.returncode}: {said[-2000:]}")
        return document

    def end(self) -> None:
        """End it if nobody waits for it any more; one that has ended is left alone."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


def results(works: Mapping[str, Work]) -> dict[str, dict[str, Any]]:
    """Wait for several commands at once. Where one fails, or nobody waits any more, the others are ended.

    Raises:
        NodeFault: One of them failed.
    """
    try:
        return {name: work.result() for name, work in works.items()}
    finally:
        for work in works.values():
            work.end()


def comity(node: Node | None, *words: str | os.PathLike[str]) -> Work:
    """Begin a verb of the command, as an operator would type it, with ``--json``."""
    return _begin([*_COMITY, *(os.fspath(word) for word in words), "--json"], f"comity {words[0]}", node)


def ask(node: Node, module: str, said: object) -> Work:
    """Begin a module inside a node, with ``said`` as JSON on its input."""
    what = f"{module.rpartition('.')[2]} of {node.party}"
    return _begin([sys.executable, "-m", module], what, node, json.dumps(said).encode())


def _begin(command: Sequence[str], what: str, node: Node | None, stdin: bytes = b"") -> Work:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
        command,
        env=node.environment if node else _own_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None, "it was asked for"
    with process.stdin as written:
        written.write(stdin)
    process.stdin = None  # what waits for the answer shall not close it again
    return Work(what, process)


def _own_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _NOT_THEIRS}


def free_ports(wanted: Sequence[int]) -> list[int]:
    """The ports wanted, each replaced by a free one where it is taken."""
    with ExitStack() as held:  # all at once, so that none is found twice
        return [_free_port(held.enter_context(socket.socket()), port) for port in wanted]


def _free_port(holder: socket.socket, wanted: int) -> int:
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind(("127.0.0.1", wanted))
    except OSError:
        holder.bind(("127.0.0.1", 0))
    port: int = holder.getsockname()[1]
    return port


def _read(out: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(out)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
