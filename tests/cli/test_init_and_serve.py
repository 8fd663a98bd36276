"""``comity init`` and ``comity serve`` as an administrator runs them: real processes, a real home."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from comity.keys.certificate import LetterKey
from tests.ports import free_port

COMITY = Path(sys.executable).parent / "comity"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY", "DJANGO"))}


def run(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [COMITY, *map(str, words)], env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60
    )


def init(home: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """Make a node of party ``aa``."""
    port = changed.get("port", "8441")
    asked = {"--party": "aa", "--name": "Arland", "--listen": f"127.0.0.1:{port}"}
    asked |= {"--address": f"http://127.0.0.1:{port}"} | {
        k: v for k, v in changed.items() if k.startswith("--")
    }
    return run("init", home, "--json", *(word for pair in asked.items() for word in pair))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node that exists, on a port of its own."""
    place = tmp_path_factory.mktemp("nodes") / "aa"
    done = init(place, port="28441")
    assert done.returncode == 0, done.stderr
    (place.parent / "said.json").write_text(done.stdout, encoding="utf-8")
    return place


def said(home: Path) -> dict[str, Any]:
    """What ``init`` answered."""
    document: dict[str, Any] = json.loads((home.parent / "said.json").read_text(encoding="utf-8"))
    return document


def test_a_new_node_has_a_home_only_its_owner_reaches(home: Path) -> None:
    """Whoever can read the keyring can sign as the State."""
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in (home, *home.iterdir(), home / "keys/keyring", home / "keys/letters")
    }

    assert {0o700, 0o600} == set(modes.values())
    assert modes["keyring"] == modes["letters"] == 0o600


def test_a_new_node_has_an_administrator_and_a_passport(home: Path) -> None:
    """Nobody must need a second tool before the first log-in."""
    passport = run("passport", "show", "--home", home, "--json")
    officials = run("official", "list", "--home", home, "--json")

    assert len(said(home)["password"]) > 20
    assert said(home)["fingerprint"] == json.loads(passport.stdout)["fingerprint"]
    assert ["administrator"] == json.loads(officials.stdout)["officials"][0]["roles"]


def test_a_home_that_exists_is_never_overwritten(home: Path) -> None:
    """Keys that are overwritten are lost for ever."""
    ring = (home / "keys/keyring").read_bytes()

    done = init(home)

    assert (3, "home-exists") == (done.returncode, json.loads(done.stdout)["code"])
    assert ring == (home / "keys/keyring").read_bytes()


def test_a_failed_init_leaves_nothing_behind(tmp_path: Path) -> None:
    """A half-made node would one day be taken for a whole one."""
    done = init(tmp_path / "xx", **{"--address": "not a url"})

    assert done.returncode == 5
    assert [] == list(tmp_path.iterdir())


def test_the_doctor_finds_nothing_wrong_with_a_new_node(home: Path) -> None:
    """An alarm that rings on the first day is ignored on the second."""
    done = run("doctor", "--home", home, "--json")

    assert (0, 0) == (done.returncode, json.loads(done.stdout)["wrong"])


def test_the_doctor_notices_an_open_keyring(home: Path) -> None:
    """A key others could read must be replaced, so somebody has to say so."""
    for key in ("keys/keyring", "keys/letters"):
        (home / key).chmod(0o644)
        try:
            done = run("doctor", "--home", home)
        finally:
            (home / key).chmod(0o600)

        assert done.returncode == 1
        assert "chmod 600" in done.stdout


def test_a_fresh_record_passes_fsck_and_rebuilds_to_itself(home: Path) -> None:
    """The two commands an auditor runs first must run on every node."""
    assert run("fsck", "--home", home).returncode == 0
    assert json.loads(run("rebuild", "--home", home, "--json").stdout)["equal"] is True


def test_a_backup_is_restored_to_the_same_party(home: Path, tmp_path: Path) -> None:
    """A backup nobody has restored is a hope."""
    secret = tmp_path / "passphrase"
    secret.write_text("a passphrase of the vault\n", encoding="utf-8")

    unsealed = run("backup", tmp_path / "plain", "--home", home)
    done = run("backup", tmp_path / "copy", "--passphrase-file", secret, "--home", home)
    restored = run("restore", tmp_path / "copy", tmp_path / "again")

    assert (3, 0, 0) == (unsealed.returncode, done.returncode, restored.returncode)
    shown = run("passport", "fingerprint", "--home", tmp_path / "again", "--json")
    assert said(home)["fingerprint"] == json.loads(shown.stdout)["words"]
    sealed = (tmp_path / "again/keys/letters").read_bytes()
    own = LetterKey.from_bytes((home / "keys/letters").read_bytes(), None)
    assert own.der == LetterKey.from_bytes(sealed, "a passphrase of the vault").der


def test_a_directory_without_a_node_is_said_to_have_none(tmp_path: Path) -> None:
    """A mistyped home must not start anything, nor show a traceback."""
    done = run("serve", "--home", tmp_path)

    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("comity: ")


@pytest.mark.loopback
def test_a_served_node_answers_and_stops_when_told(tmp_path: Path) -> None:
    """Operators start and stop nodes with nothing but signals."""
    home, port = tmp_path / "aa", free_port()
    assert init(home, port=str(port)).returncode == 0
    node = subprocess.Popen([COMITY, "serve", "--home", home], env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    try:
        answer = wait_for(f"http://127.0.0.1:{port}/wire/hello")
    finally:
        node.send_signal(signal.SIGTERM)

    assert json.loads(answer)["comity"] == 1
    assert node.wait(timeout=15) == 0


@pytest.mark.loopback
def test_open_pages_leave_the_node_free_to_answer(tmp_path: Path) -> None:
    """Officials keep pages open all day; counterparts must still be received."""
    home, port = tmp_path / "aa", free_port()
    secret = official_of(home, port)
    with (home / "node.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[limits]\nlive_pages = 6\n")
    command = [COMITY, "serve", "--home", home, "--threads", "2"]
    node = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/wire/hello")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as anna, ExitStack() as open_:
            sign_in(anna, secret)
            pages = [open_.enter_context(anna.stream("GET", "/live")).status_code for _ in range(6)]
            assert [200] * 6 == pages
            assert 503 == open_.enter_context(anna.stream("GET", "/live")).status_code
            assert 200 == anna.get("/wire/hello").status_code
    finally:
        end(node)


@pytest.mark.loopback
def test_a_node_told_to_stop_ends_its_open_pages_first(tmp_path: Path) -> None:
    """Waiting for a page that never ends, it would be killed in the middle of whatever else it did."""
    home, port = tmp_path / "aa", free_port()
    secret = official_of(home, port)
    node = subprocess.Popen([COMITY, "serve", "--home", home], env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/wire/hello")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as anna:
            sign_in(anna, secret)
            with anna.stream("GET", "/live") as page:
                parts = page.iter_raw()
                assert b"retry: " in next(parts)
                node.send_signal(signal.SIGTERM)
                assert [] == list(parts)  # httpx raises where a stream is cut off
    finally:
        end(node)


def official_of(home: Path, port: int) -> Path:
    """Make a node where Anna is a case officer; returns the file of her password."""
    secret = home.parent / "password"
    secret.write_text("correct horse battery staple", encoding="utf-8")
    assert init(home, port=str(port), **{"--password-file": str(secret)}).returncode == 0
    words = ["--name", "Anna", "--office", "central-authority", "--role", "case officer"]
    assert not run("official", "add", "anna", *words, "--password-file", secret, "--home", home).returncode
    return secret


def sign_in(anna: httpx.Client, secret: Path) -> None:
    """Sign Anna in as her browser does."""
    form = anna.get("/officials/login/").text
    token = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    said = {"username": "anna", "password": secret.read_text(), "csrfmiddlewaretoken": token}
    assert 302 == anna.post("/officials/login/", data=said).status_code


def end(node: subprocess.Popen[bytes]) -> None:
    """Tell a node to stop, and see it gone."""
    node.send_signal(signal.SIGTERM)
    node.wait(timeout=15)


def wait_for(address: str) -> bytes:
    """Ask until somebody answers."""
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2) as response:
                body: bytes = response.read()
                return body
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the node did not answer")
