"""The scripted parties while an exercise is run: a server each, and a process inside each node that obeys."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from comity_cli.exercise.errors import CastFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from comity_cli.staging.nodes import Node

_INSIDE: Final = "comity_cli.exercise.inside"
_STOPS_WITHIN: Final = 10.0


class Member:
    """One scripted party: its node, and the process inside it."""

    def __init__(self, node: Node, script: Path) -> None:
        """Begin the process inside; the server is started apart."""
        self.node = node
        self._log = node.log.open("ab")
        self._inside = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
            [sys.executable, "-m", _INSIDE, str(script)],
            env=node.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
        )

    def does(self, do: str, **said: object) -> dict[str, Any]:
        """Have it done inside; its answer.

        Raises:
            CastFailed: It could not be done.
        """
        answer = self.tries(do, **said)
        if "error" in answer:
            raise CastFailed(f"{self.node.party}: {answer['error']}", hint=str(answer["hint"]))
        return answer

    def tries(self, do: str, **said: object) -> dict[str, Any]:
        """The same, where that it cannot be done yet is an answer too."""
        assert self._inside.stdin is not None, "it was asked for"
        assert self._inside.stdout is not None, "it was asked for"
        line = b""
        with suppress(BrokenPipeError):
            self._inside.stdin.write(json.dumps({"do": do, **said}).encode() + b"\n")
            self._inside.stdin.flush()
            line = self._inside.stdout.readline()
        if not line:
            raise CastFailed(f"{self.node.party} ended: {do}", hint=f"its log is {self.node.log}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """End the process inside, and the server."""
        for pipe in (self._inside.stdin, self._inside.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        try:
            self._inside.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._inside.kill()
            self._inside.wait()
        self.node.stop()
        self._log.close()


@contextmanager
def stopping(cast: Iterable[Member]) -> Iterator[None]:
    """Whatever happens, leave no process behind."""
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        for member in cast:
            member.node.ask_to_stop()
        for member in cast:
            member.end()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
