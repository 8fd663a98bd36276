"""A witness by itself, as a process of its own, dates a request while the counterpart is down."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from click.testing import CliRunner

from comity_cli.main import comity
from tests.ports import free_port
from tests.two_nodes.nodes import ROOT, environment
from tests.two_nodes.test_delivery import lodges

pytestmark = pytest.mark.two_nodes
NAME = "witness.example/w1"


def run(*words):
    """Run a verb that needs no node; its document."""
    done = CliRunner().invoke(comity, [*map(str, words), "--json"])
    assert 0 == done.exit_code, done.output
    return json.loads(done.stdout)


@pytest.fixture
def witness(nodes, tmp_path):
    """A witness that serves the logs of the first node's party, and is told of there."""
    anna, _ = nodes
    port, place = free_port(), tmp_path / "witness"
    made = run("witness", "init", place, "--name", NAME, "--listen", f"127.0.0.1:{port}")
    passport = tmp_path / "aa.passport"
    anna.does("command", words=["passport", "export", str(passport)], by="")
    said = anna.does("command", words=["passport", "fingerprint"], by="")
    run(
        "witness",
        "add-log",
        place,
        "--passport",
        passport,
        "--fingerprint",
        json.loads(said["stdout"])["words"],
    )
    settings = (anna.home / "node.toml").read_text()
    told = f'\n[[witnesses]]\nvkey = "{made["vkeys"][0]}"\naddress = "http://127.0.0.1:{port}"\n'
    (anna.home / "node.toml").write_text(settings + told)
    command = [sys.executable, "-m", "comity_cli.main", "witness", "serve", str(place)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment(place), stderr=subprocess.DEVNULL, start_new_session=True
    )
    yield place
    os.killpg(server.pid, signal.SIGTERM)
    assert server.wait(timeout=15) in (0, -signal.SIGTERM)


def test_a_request_is_dated_by_a_witness_while_the_counterpart_is_down(nodes, witness) -> None:
    """Lodged in time is lodged in time, whether or not the other side answers."""
    anna, _ = nodes
    anna.launch()
    anna.wait_until_it_listens()
    lodges(anna, 1)

    size = next(size for origin, (size, _) in anna.sizes().items() if origin.startswith("aa."))
    until = time.monotonic() + 25
    while time.monotonic() < until and _marked(anna) < size:
        time.sleep(0.1)

    assert size == _marked(anna)
    logs = {one["origin"]: one["size"] for one in run("witness", "show", witness)["logs"] if "size" in one}
    assert size in logs.values()


def _marked(node) -> int:
    with closing(sqlite3.connect(f"file:{node.home}/comity.sqlite3?mode=ro", uri=True)) as database:
        return database.execute("SELECT COALESCE(MAX(size), 0) FROM register_witnessmark").fetchone()[0]
