"""Real nodes on loopback: homes made once, server processes that are killed and started again."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 20.0
SETTLE_SECONDS = 25.0


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a process inside this home is started with."""
    python_path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    own = {"COMITY_HOME": str(home), "PYTHONPATH": python_path}
    kept = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    return {**kept, **own, "DJANGO_SETTINGS_MODULE": "comity_node.settings.production", **more}


def _limit_files(size: int) -> None:
    """As a full disk does it: what would make a file larger fails."""
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


class Node:
    """One party's node: its home, a process inside it that obeys, and its server process."""

    def __init__(self, place: Path, party: str, inside: str = "tests.two_nodes.inside") -> None:
        """``inside``: the module that obeys in the home."""
        self.party = party
        self.home = place / party
        self.port = free_port()
        self._template = place / f"{party}.template"
        self._server: subprocess.Popen[bytes] | None = None
        self._inside = subprocess.Popen(
            [sys.executable, "-m", inside, str(self.home), party, str(self.port)],
            cwd=ROOT,
            env=environment(self.home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def does(self, do: str, **said) -> dict:
        """Have it done inside the home."""
        self.order(do, **said)
        return self.answer()

    def order(self, do: str, **said) -> None:
        """Order it without waiting for the answer."""
        self._inside.stdin.write(json.dumps({"do": do, **said}) + "\n")
        self._inside.stdin.flush()

    def answer(self) -> dict:
        """The answer to the last order."""
        return json.loads(self._inside.stdout.readline())

    # --- the server --------------------------------------------------------------------------------------

    def launch(
        self, application: str = "comity_node.settings.wsgi", *, largest_file: int = 0, **variables: str
    ) -> None:
        """Start the server; with ``largest_file`` none of its files can grow beyond so many bytes."""
        program = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"]
        program += ["--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(self.port), "--no-log"]
        with (self.home / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                [*program, f"{application}:application"],
                cwd=ROOT,
                env=environment(self.home, **variables),
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: _limit_files(largest_file),  # noqa: PLW1509 - no thread was started here
            )

    def comes_to_day(self, day: float) -> None:
        """Let everything of this node be so many days ahead of the machine; its server starts anew."""
        self.kill()
        self.does("pass_days", days=day)
        self.launch("tests.two_nodes.clock_off", DAYS_OFF=str(day))

    def wait_until_it_listens(self) -> None:
        """Wait for the first connection it takes."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with closing(socket.socket()) as caller:
                if caller.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(f"{self.party} does not listen: {self.said()}")

    def said(self) -> str:
        """The last that the server wrote."""
        log = self.home / "server.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else ""

    def kill(self) -> None:
        """Kill the server and its worker as a power failure would."""
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
            self._server = None

    # --- its disk ----------------------------------------------------------------------------------------

    def keep_as_template(self) -> None:
        """Remember the home as it stands."""
        self.copy_to(self._template)

    def copy_to(self, path: Path) -> None:
        """Copy the home, as a backup of the files would."""
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.home, path)

    def set_back(self, path: Path | None = None) -> None:
        """Put the home back as it was when it was copied; the server must not run."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(path or self._template, self.home)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Size of each log held here, and how much of it has a receipt: read from the disk."""
        with closing(sqlite3.connect(f"file:{self.home}/comity.sqlite3?mode=ro", uri=True)) as database:
            return {
                origin: (size, receipted)
                for origin, size, receipted in database.execute(
                    "SELECT origin, size, (SELECT coalesce(max(size), 0) FROM register_receipt "
                    "WHERE log_id = register_log.id) FROM register_log"
                )
            }

    def end(self) -> None:
        """End everything that was started."""
        self.kill()
        self._inside.stdin.close()
        self._inside.wait(timeout=10)
        self._inside.stdout.close()


def start(*nodes: Node) -> None:
    """Start the servers, and wait until all listen."""
    for node in nodes:
        node.launch()
    for node in nodes:
        node.wait_until_it_listens()


def settle(*nodes: Node, seconds: float = SETTLE_SECONDS) -> dict[str, tuple[int, int]]:
    """Wait until all hold the same logs, all of it receipted everywhere."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        held = [node.sizes() for node in nodes]
        if held[0] and all(one == held[0] for one in held) and all(s == r for s, r in held[0].values()):
            return held[0]
        time.sleep(0.05)
    raise AssertionError(f"not settled after {seconds} s: {[node.sizes() for node in nodes]}")


def open_channel(first: Node, second: Node) -> str:
    """Furnish both homes, hold both ceremonies, open a channel by files, and keep both as templates."""
    for node in (first, second):
        node.order("furnish")
    passports = {node.party: node.answer()["passport"] for node in (first, second)}
    first.does("confirm", passport=passports[second.party])
    second.does("confirm", passport=passports[first.party])
    channel = first.does("propose", counterpart=second.party)["channel"]
    carry(first, second)
    second.does("accept", channel=channel)
    carry(second, first)
    for node in (first, second):
        node.keep_as_template()
    return str(channel)


def carry(first: Node, second: Node) -> None:
    """Walk deliveries over and back until neither has news."""
    bundle = first.does("export")["bundle"]
    for receiver in (second, first, second):
        bundle = receiver.does("take", bundle=bundle)["bundle"]
