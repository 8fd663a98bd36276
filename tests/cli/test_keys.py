"""``comity keys``: a keyring is put under shares, tried, copied, brought back, and opened by two persons."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from comity.keys import shares
from comity.keys.keyring import Keyring
from tests.cli.test_init_and_serve import COMITY, ENVIRONMENT, init
from tests.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.loopback


class Operator:
    """Whoever has the shell of a node, with the share files they were handed."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def runs(
        self, *words: object, held: list[str] | None = None, typed: str | None = None
    ) -> tuple[int, dict[str, Any], str]:
        """Run a verb with ``--json``: exit code, document, and what was said."""
        given = {"COMITY_SHARE_FILES": os.pathsep.join(held)} if held else {}
        done = subprocess.run(
            [COMITY, *map(str, words), "--home", self.home, "--json"],
            env={**ENVIRONMENT, **given},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        document = json.loads(done.stdout) if done.stdout.startswith("{") else {}
        return done.returncode, document, done.stderr


@pytest.fixture(scope="module")
def _bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("bare") / "aa"
    done = init(home, port=str(free_port()))
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def operator(_bare: Path, tmp_path: Path) -> Operator:
    """A node whose keyring lies bare, as it was made."""
    home = tmp_path / "aa"
    shutil.copytree(_bare, home)
    return Operator(home)


def protected(operator: Operator, tmp_path: Path) -> list[str]:
    """Put it under two of three shares, as files."""
    code, said, heard = operator.runs("keys", "protect", "--custodians", 2, 3, "--to", tmp_path / "sheets")
    assert code == 0, heard
    paths: list[str] = said["shares"]
    return paths


def test_one_operator_alone_neither_signs_nor_starts_the_node(operator: Operator, tmp_path: Path) -> None:
    """Two persons must want it."""
    sheets = protected(operator, tmp_path)

    alone = operator.runs("passport", "issue", "--as", "admin", held=sheets[:1], typed="x\n")
    nothing = operator.runs("keys", "token")
    both = operator.runs("keys", "show", held=sheets[:2])

    assert (3, "wrong-password") == (alone[0], alone[1]["code"])
    assert nothing[0] != 0
    assert (0, True) == (both[0], both[1]["opened"])
    assert "under 2 of 3 shares" in both[1]["lies"]
    one = operator.runs("keys", "show", held=sheets[:1])
    assert (0, False) == (one[0], one[1]["opened"])
    code, said, _ = operator.runs("keys", "protect", "--bare", held=sheets[:1])
    assert (3, "shares-missing") == (code, said["code"])


def test_custodians_try_their_shares_and_nothing_changes(operator: Operator, tmp_path: Path) -> None:
    """A share that was never tried is hope."""
    sheets = protected(operator, tmp_path)
    before = (operator.home / "keys/keyring").read_bytes()
    files = [word for path in sheets for word in ("--share-file", path)]

    code, said, _ = operator.runs("keys", "try", *files)
    too_few = operator.runs("keys", "try", *files[:2])
    typed = operator.runs(
        "keys", "try", "--ask-shares", typed="".join(f"{words(path)}\n" for path in sheets[1:])
    )

    assert (0, [1, 2, 3], "aa") == (code, said["numbers"], said["party"])
    assert (3, "shares-missing") == (too_few[0], too_few[1]["code"])
    assert (0, [2, 3]) == (typed[0], typed[1]["numbers"])
    assert before == (operator.home / "keys/keyring").read_bytes()


def test_a_lost_keyring_is_brought_back_by_its_custodians(operator: Operator, tmp_path: Path) -> None:
    """The copy lay in a vault, the shares with five persons."""
    ring = Keyring.from_bytes((operator.home / "keys/keyring").read_bytes(), None)
    code, said, heard = operator.runs(
        "keys", "copy", tmp_path / "vault", "--custodians", 3, 5, "--to", tmp_path / "sheets"
    )
    assert code == 0, heard
    (operator.home / "keys/keyring").write_bytes(b"overwritten")
    files = [word for path in said["shares"][1:4] for word in ("--share-file", path)]

    assert 0 == operator.runs("keys", "try", "--copy", tmp_path / "vault", *files)[0]
    assert 0 == operator.runs("keys", "bring-back", tmp_path / "vault", *files)[0]

    opened = shares.join(shares.read(words(path)) for path in said["shares"][:3])
    assert ring == Keyring.from_bytes((operator.home / "keys/keyring").read_bytes(), opened)
    assert b"overwritten" not in (operator.home / "keys/keyring").read_bytes()


def test_sheets_that_are_there_are_never_written_over(operator: Operator, tmp_path: Path) -> None:
    """Nothing may lie under shares that nobody was given."""
    before = (operator.home / "keys/keyring").read_bytes()
    (tmp_path / "file").touch()

    code, _, _ = operator.runs("keys", "protect", "--custodians", 2, 3, "--to", tmp_path / "file" / "x")

    assert code != 0
    assert before == (operator.home / "keys/keyring").read_bytes()


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ([], "how-protected"),
        (["--bare", "--custodians", "2", "3"], "how-protected"),
        (["--custodians", "1", "3"], "bad-share"),
        (["--custodians", "2", "17"], "bad-share"),
    ],
)
def test_what_protects_nothing_or_is_unclear_is_refused(
    operator: Operator, asked: list[str], refused: str
) -> None:
    """The keyring stays as it lies."""
    before = (operator.home / "keys/keyring").read_bytes()

    code, said, _ = operator.runs("keys", "protect", *asked)

    assert (3, refused) == (code, said["code"])
    assert before == (operator.home / "keys/keyring").read_bytes()


def test_a_node_starts_when_two_custodians_gave_their_shares(operator: Operator, tmp_path: Path) -> None:
    """And its counterparts notice nothing of it."""
    sheets = protected(operator, tmp_path)
    address = _address(operator.home)
    short = _serve(operator.home, "--share-file", sheets[0])
    assert short.wait(timeout=30) != 0
    assert "2 shares are needed" in short.communicate()[1]
    none = _serve(operator.home)
    assert none.wait(timeout=60) != 0
    assert "sealed" in none.communicate()[1]

    node = _serve(operator.home, "--ask-shares", typed=f"{words(sheets[2])}\nno share\n{words(sheets[0])}\n")
    try:
        assert b"comity" in _when_up(f"{address}/wire/hello")
    finally:
        node.send_signal(signal.SIGTERM)
        node.communicate(timeout=30)


def words(path: str) -> str:
    """The words on a sheet, in one line."""
    from pathlib import Path as File  # noqa: PLC0415 - a name for types alone above

    return " ".join(line for line in File(path).read_text().splitlines() if not line.startswith("#"))


def _address(home: Path) -> str:
    (line,) = (one for one in (home / "node.toml").read_text().splitlines() if one.startswith("address"))
    return line.partition('"')[2].rstrip('"')


def _serve(home: Path, *more: str, typed: str = "") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [COMITY, "serve", "--home", home, *more],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(typed)
    process.stdin.flush()
    return process


def _when_up(address: str) -> bytes:
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
