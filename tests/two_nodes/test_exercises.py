"""An exercise is played by real scripted nodes against a live one, and both sides read the same of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from comity_cli.exercise import shelf
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import ROOT, environment, start

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.two_nodes
SHORT = Path(__file__).parent / "exercise_short.toml"
SCRIPTS = ROOT / "src" / "comity_cli" / "exercise" / "scripts"
_COMITY = [sys.executable, "-m", "comity_cli.main", "exercise"]
_PLAIN = """import json, sys
from comity_cli.node import enter
enter(None)
from comity.exercise import plain
from comity_node.exercises import gathering
print(json.dumps(plain(gathering.gathered(sys.argv[1]))))
"""


class Trainer:
    """Whoever runs an exercise, at a terminal beside the trainee's node."""

    def __init__(self, script: Path | str, where: Path, trainee: Desk) -> None:
        self.script, self.where, self.trainee = str(script), where, trainee

    def prepares(self) -> None:
        """Make the scripted nodes; the trainee confirms each after a telephone call."""
        passport = self.where.parent / "trainee.passport"
        shown = self.trainee.node.does("own_passport")
        passport.write_text(shown["passport"])
        done = self.command("prepare", "--trainee", passport, "--fingerprint", shown["digits"])
        for party, one in done["prepared"].items():
            self.trainee.run("counterpart", "import", one["passport"])
            self.trainee.run(
                "counterpart", "confirm", party, "--fingerprint", one["digits"], "--how", "telephone",
                "--with", "the trainer",
            )  # fmt: skip

    def command(self, verb: str, *words: object) -> dict:
        """Run a verb of the trainer."""
        line = [*_COMITY, verb, self.script, "--in", str(self.where), *map(str, words), "--json"]
        done = subprocess.run(line, env=_environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return dict(json.loads(done.stdout))

    def begins(self, speed: int) -> subprocess.Popen[str]:
        """Begin to run it."""
        return subprocess.Popen(
            [*_COMITY, "run", self.script, "--in", str(self.where), "--speed", str(speed), "--json"],
            env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def processes(self) -> list[int]:
        """What runs in the directory now, by process id."""
        home = f"COMITY_HOME={self.where}/".encode()
        found = []
        for one in Path("/proc").glob("[0-9]*/environ"):
            try:
                found += [int(one.parent.name)] if home in one.read_bytes() else []
            except OSError:
                continue
        return found

    def debrief(self, party: str) -> dict:
        """What a scripted party's node reads from its own record."""
        channel = self.trainee.channel
        words = [
            sys.executable,
            "-c",
            _PLAIN,
            channel,
        ]
        env = environment(self.where / party)
        return dict(json.loads(subprocess.run(words, env=env, capture_output=True, check=True).stdout))


@contextmanager
def playing(trainee: Desk, script: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Have the trainee do what is expected, meanwhile."""
    home = trainee.node.home
    words = [sys.executable, "-m", "tests.two_nodes.trainee", str(home), str(script)]
    process = subprocess.Popen(words, cwd=ROOT, env=environment(home))
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def ended(run: subprocess.Popen[str]) -> dict:
    """Wait until the exercise has ended; whatever happens, no run is left."""
    try:
        out, err = run.communicate(timeout=240)
    finally:
        if run.poll() is None:
            run.kill()
            run.communicate()
    assert run.returncode == 0, out + err
    return dict(json.loads(out))


def gone(trainer: Trainer) -> None:
    """Wait until nothing runs in the directory."""
    until = time.monotonic() + 30
    while found := trainer.processes():
        assert time.monotonic() < until, found
        time.sleep(0.1)


def _environment() -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    return {**own, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


@pytest.fixture
def anna(nodes, tmp_path) -> Desk:
    """The trainee, whose node runs."""
    start(nodes[0])
    return Desk(nodes[0], tmp_path)


@pytest.mark.lengthy
def test_an_exercise_is_played_against_a_live_node_and_both_sides_read_the_same(anna, tmp_path) -> None:
    """The trainee acknowledges and asks for data to be kept; the script is on record at the end."""
    trainer = Trainer(SHORT, tmp_path / "exercise", anna)
    trainer.prepares()
    with playing(anna, SHORT):
        done = ended(trainer.begins(120))
    anna.channel = done["channel"]
    ours = anna.run("exercise", "debrief", anna.channel)["debrief"]
    theirs = trainer.debrief("cc")

    assert ours == theirs
    assert ours["script"]["holds"]
    assert {"acknowledge", "preserve"} == {one["id"] for one in ours["expectations"]}
    assert all(one["done"] for one in ours["expectations"])
    assert ["alert", "grows", "over"] == [one["inject"] for one in ours["timeline"] if one["inject"]]
    assert [] == ours["irregular"] + ours["not_played"]
    gone(trainer)


@pytest.mark.lengthy
def test_a_run_that_is_killed_leaves_no_process_and_goes_on_where_the_record_stands(anna, tmp_path) -> None:
    """Nothing is played twice, and nothing is lost."""
    trainer = Trainer(SHORT, tmp_path / "exercise", anna)
    trainer.prepares()
    with playing(anna, SHORT):
        for number in (signal.SIGKILL, signal.SIGINT):
            run = trainer.begins(20)
            time.sleep(12)
            run.send_signal(number)
            run.communicate()
            gone(trainer)
        done = ended(trainer.begins(20))
    anna.channel = done["channel"]
    found = anna.run("exercise", "debrief", anna.channel)["debrief"]
    injects = [one["inject"] for one in found["timeline"] if one["inject"]]

    assert sorted(set(injects)) == sorted(injects)
    assert {"alert", "grows", "over"} == set(injects)
    assert 20 == found["minutes_a_minute"]


@pytest.mark.lengthy
@pytest.mark.parametrize("name", shelf.shipped())
def test_every_script_that_comes_with_comity_is_played_to_its_end(anna, tmp_path, name) -> None:
    """By a trainee that does what is expected: every inject is on record, and every expectation was done."""
    script = tmp_path / f"{name}.toml"  # the trainee trusts another bb: the copy names it otherwise
    script.write_bytes((SCRIPTS / f"{name}.toml").read_bytes().replace(b'"bb"', b'"ff"'))
    trainer = Trainer(script, tmp_path / "exercise", anna)
    trainer.prepares()
    with playing(anna, script):
        done = ended(trainer.begins(300))
    anna.channel = done["channel"]
    found = anna.run("exercise", "debrief", anna.channel)["debrief"]
    when_overdue = {one.id for one in shelf.find(name).injects if one.when and one.when.overdue}

    assert all(one["done"] for one in found["expectations"]), found["expectations"]
    assert when_overdue >= set(found["not_played"])
    assert [] == found["irregular"]
    assert found == trainer.debrief(shelf.find(str(script)).leads)
