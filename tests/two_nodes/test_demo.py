"""The demonstration, played whole: two nodes and a witness, through their pages."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.two_nodes

DEMO = [sys.executable, "-m", "comity_cli.main", "demo"]
PATIENCE = 300


def played(*options: str | Path) -> dict[str, Any]:
    done = subprocess.run(
        [*DEMO, "--headless", "--json", *options], capture_output=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def odd_files(folder: Path) -> None:
    """Files as anybody may have them: empty, nested, and with names that are bytes, markup or tricks."""
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "sub" / "deep" / "empty.bin").touch()
    (folder / "<b onmouseover=alert(1)>.html").write_text("<script>alert(1)</script>", encoding="ascii")
    (folder / "two\nlines.txt").write_text("x", encoding="ascii")
    (folder / "\u202egpj.exe").write_bytes(os.urandom(1000))
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9")).write_bytes(os.urandom(70_000))


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    odd_files(folder)
    return folder


def test_both_nodes_hold_one_record_after_the_demonstration(tmp_path: Path) -> None:
    """What a newcomer is shown first must be true: all is receipted, one standing, exports that verify."""
    kept = tmp_path / "kept"

    found = played("--keep", kept)

    assert found["ok"] is True
    assert ["us", "ru", "x-witness"] == found["nodes"]
    assert {"us", "ru"} == set(found["entries"]) == set(found["receipts"])
    assert all(one["authored"] == one["receipted"] > 0 for one in found["receipts"].values())
    assert all(read["us"] == read["ru"] for read in found["standing"].values())
    assert "results_confirmed" in {read["us"] for read in found["standing"].values()}
    assert {("us",), ("ru",)} == {tuple(one["verified_by"]) for one in found["exhibits"]}
    assert {"frozen": 1, "obligations_equal": True, "lodged_meanwhile": 1, "resumed": True} == found[
        "suspension"
    ]
    assert found["reciprocity_equal"] is True
    assert found["verify"]["ok"]
    assert sum(found["entries"].values()) == found["verify"]["entries"]
    assert found["projections_rebuilt_equal"] is True
    for party in ("us", "ru"):
        assert (kept / party / "node.toml").is_file()
        assert (kept / "export" / party / "checkpoint").is_file()
        assert (kept / "export" / party / "vkey").is_file()


def test_any_files_become_exhibits_that_arrive_whole(given: Path) -> None:
    """A demonstration on one's own files must not depend on how they are named or whether they are empty."""
    sizes = sorted(path.stat().st_size for path in given.rglob("*") if path.is_file())

    found = played("--input", given)

    from_ru = [one for one in found["exhibits"] if one["verified_by"] == ["us"]]
    assert found["ok"] is True
    assert sizes == sorted(one["bytes"] for one in from_ru)


def test_a_directory_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    """The demonstration clears its own directory when it is played again, and nobody else's."""
    (tmp_path / "thesis.txt").write_text("mine", encoding="ascii")

    done = subprocess.run(
        [*DEMO, "--headless", "--keep", tmp_path], capture_output=True, timeout=PATIENCE, check=False
    )

    assert done.returncode == 3
    assert "mine" == (tmp_path / "thesis.txt").read_text(encoding="ascii")


@pytest.fixture
def staying(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [*DEMO, "--keep", tmp_path / "demo"], stdout=subprocess.PIPE, start_new_session=True
    )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_whoever_stops_the_demonstration_leaves_no_process_behind(staying: subprocess.Popen[bytes]) -> None:
    """A node nobody knows of would keep its port, and its address in other people's browsers."""
    assert staying.stdout is not None
    said = b""
    while b"Five minutes" not in said and staying.poll() is None:
        said += staying.stdout.readline()
    nodes = children(staying.pid)

    staying.send_signal(signal.SIGTERM)

    assert 0 == staying.wait(timeout=60)
    assert 3 == len(nodes)
    assert not [pid for pid in nodes if alive(pid)]


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def alive(pid: int) -> bool:
    for _ in range(20):
        if not Path(f"/proc/{pid}").exists():
            return False
        time.sleep(0.1)
    return True
