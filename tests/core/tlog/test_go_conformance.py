"""A verifier in another language, by other hands: the Go project's log code reads what we wrote."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import sign_note
from comity.tlog.tile import ENTRIES, Tile, encode_entries, new_tiles
from tests.core.tlog.keys import LOG, LOG_PQ, ORIGIN, RECEIPT, RECEIPT_PQ
from tests.core.tlog.trees import reader_over

SOURCE = Path(__file__).parents[3] / "conformance" / "go"
GOCODE = Path("/usr/share/gocode")
SIZE = 700
ENTRIES_OF_AA = [b'{"v":1,"entry":%d}' % index for index in range(SIZE)]

pytestmark = pytest.mark.skipif(
    not (shutil.which("go") and (GOCODE / "src/golang.org/x/mod/sumdb/tlog").exists()),
    reason="needs Debian's golang and golang-golang-x-mod-dev",
)


@pytest.fixture(scope="module")
def verifier(tmp_path_factory):
    """The Go verifier, built once."""
    built = tmp_path_factory.mktemp("go") / "verify"
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(GOCODE),
        "GOFLAGS": "",
        "GOCACHE": str(Path.home() / ".cache" / "go-build"),
    }
    subprocess.run(["go", "build", "-o", built, "."], cwd=SOURCE, env=environment, check=True)
    return built


@pytest.fixture
def export(tmp_path):
    """A log of 700 entries, signed by its author and cosigned by its mirror, as static files."""
    party = tmp_path / "aa"
    leaves = [leaf_hash(entry) for entry in ENTRIES_OF_AA]
    tree, reader = CompactRange(), reader_over(leaves)
    tree.extend(leaves)
    for tile in new_tiles(0, SIZE):
        _write(party / tile.path, reader(tile.level, tile.index, tile.width))
        if tile.level == 0:
            start = tile.index * 256
            bundle = encode_entries(ENTRIES_OF_AA[start : start + tile.width])
            _write(party / Tile(ENTRIES, tile.index, tile.width).path, bundle)
    text = Checkpoint(ORIGIN, SIZE, tree.root()).text()
    _write(party / "checkpoint", sign_note(text, LOG, LOG_PQ, RECEIPT, RECEIPT_PQ).encode())
    _write(party / "vkey", f"{LOG.vkey}\n".encode())
    _write(party / "mirrors", f"{RECEIPT.vkey}\n".encode())
    return tmp_path


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _run(verifier, export):
    return subprocess.run([verifier, export], capture_output=True, text=True, timeout=60, check=False)


def test_another_implementation_verifies_every_entry(verifier, export):
    """A record only its own software can check is a record taken on trust."""
    answer = _run(verifier, export)

    assert (0, "") == (answer.returncode, answer.stderr)
    assert f"{ORIGIN}: 700 entries, 700 proven, 1 mirrors" in answer.stdout


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("checkpoint", len(ORIGIN) + 2),
        ("checkpoint", 60),
        ("vkey", 60),
        ("mirrors", 40),
        ("tile/0/000", 4_000),
        ("tile/0/002.p/188", 0),
        ("tile/1/000.p/2", 63),
        ("tile/entries/000", 2),
        ("tile/entries/002.p/188", -1),
    ],
)
def test_another_implementation_refuses_one_changed_byte(verifier, export, path, at):
    """Whichever file it is in."""
    file = export / "aa" / path
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)

    answer = _run(verifier, export)

    assert 1 == answer.returncode
    assert "" == answer.stdout


def test_another_implementation_misses_a_mirror_that_did_not_cosign(verifier, export):
    """A receipt that is demanded and absent must not pass unnoticed."""
    (export / "aa" / "mirrors").write_text(f"{RECEIPT.vkey}\n{RECEIPT.vkey.renamed('cc.comity/mirror')}\n")

    assert 1 == _run(verifier, export).returncode
