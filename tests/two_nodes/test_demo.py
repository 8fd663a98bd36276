"""The demonstration, played whole: two nodes and a witness, through their pages."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
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


def proven(file: Path) -> set[str]:
    """The codes of what a file proves to whoever has nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "comity_cli.main", "verify", str(file), "--json"],
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    return {one["code"] for one in json.loads(done.stdout)["proven"]}


def odd_files(folder: Path) -> None:
    """Files as anybody may have them: empty, nested, and with names that are bytes, markup or tricks."""
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "sub" / "deep" / "empty.bin").touch()
    (folder / "<b onmouseover=alert(1)>.html").write_text("<script>alert(1)</script>", encoding="ascii")
    (folder / "two\nlines.txt").write_text("x", encoding="ascii")
    (folder / "\u202egpj.exe").write_bytes(os.urandom(1000))
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9")).write_bytes(os.urandom(70_000))


@dataclass(frozen=True)
class Played:
    """A demonstration that was played to its end, without anybody to look at it."""

    found: dict[str, Any]
    kept: Path
    given: Path


@pytest.fixture(scope="module")
def headless(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Played once, on somebody's own files; with those of the script it is played where it stays."""
    kept, given = tmp_path_factory.mktemp("kept"), tmp_path_factory.mktemp("given")
    odd_files(given)
    return Played(played("--keep", kept, "--input", given), kept, given)


def test_both_nodes_hold_one_record_after_the_demonstration(headless: Played) -> None:
    """What a newcomer is shown first must be true: all is receipted, one standing, exports that verify."""
    found, kept = headless.found, headless.kept

    assert found["ok"] is True
    assert ["us", "ru", "x-witness"] == found["nodes"]
    assert {"us", "ru"} == set(found["entries"]) == set(found["receipts"])
    assert all(one["authored"] == one["receipted"] > 0 for one in found["receipts"].values())
    assert all(read["us"] == read["ru"] for read in found["standing"].values())
    assert "results_confirmed" in {read["us"] for read in found["standing"].values()}
    assert {"frozen": 1, "obligations_equal": True, "lodged_meanwhile": 1, "resumed": True} == found[
        "suspension"
    ]
    assert found["verify"]["ok"]
    assert sum(found["entries"].values()) == found["verify"]["entries"]
    assert found["projections_rebuilt_equal"] is True
    for party in ("us", "ru"):
        assert (kept / party / "node.toml").is_file()
        assert (kept / "export" / party / "checkpoint").is_file()
        assert (kept / "export" / party / "vkey").is_file()


def test_figures_are_stated_by_one_side_agreed_by_the_other_and_come_out_for_a_stranger(
    headless: Played,
) -> None:
    """A count that only its own node can repeat is a claim; this one is repeated from files alone."""
    ref = "us-figures-1"

    assert headless.found["reciprocity_equal"] is True
    assert {"us": "agreed", "ru": "agreed"} == headless.found["standing"][ref]
    assert {
        "ref": ref,
        "stated": "us",
        "agreed": "ru",
        "published_equal": True,
        "verified": {"us": True, "ru": True},
    } == headless.found["figures"]
    assert {"us": True, "ru": True} == {
        party: "figures-agreed" in proven(headless.kept / f"figures-{party}.json") for party in ("us", "ru")
    }


def test_officers_of_both_sides_talked_and_each_message_was_received_and_opened(headless: Played) -> None:
    """The talk is the record: what one desk said is on the other's, with the marks of how far it came."""
    talk = headless.found["talk"]

    assert (4, 4, ["ru", "us"]) == (talk["messages"], talk["received"], talk["opened_by"])
    assert 0 < talk["p95_ms"] < 5000


def test_an_alert_is_received_and_acknowledged_on_both_nodes(headless: Played) -> None:
    """What a duty officer is shown first is that the other side has it, and that somebody answers for it."""
    found = headless.found["alert"]

    assert found["acknowledged"] is True
    assert 0 < found["receipt_ms"]
    assert {"us": "acknowledged", "ru": "acknowledged"} == headless.found["standing"][found["ref"]]


def test_the_witness_saw_every_entry_of_both_logs(headless: Played) -> None:
    """Its mark dates what was lodged whether the other side answers or not, so nothing may be without it."""
    assert headless.found["entries"] == headless.found["witnessed"]


def test_any_files_become_exhibits_that_arrive_whole(headless: Played) -> None:
    """A demonstration on one's own files must not depend on how they are named or whether they are empty."""
    sizes = sorted(path.stat().st_size for path in headless.given.rglob("*") if path.is_file())
    exhibits = headless.found["exhibits"]

    assert {("us",), ("ru",)} == {tuple(one["verified_by"]) for one in exhibits}
    assert sizes == sorted(one["bytes"] for one in exhibits if one["verified_by"] == ["us"])


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


def test_whoever_stops_the_demonstration_while_it_is_made_leaves_no_process_behind(
    staying: subprocess.Popen[bytes],
) -> None:
    """Whoever has not the patience to wait must not find two nodes an hour later."""
    until = time.monotonic() + PATIENCE
    while len(nodes := children(staying.pid)) < 3 and staying.poll() is None and time.monotonic() < until:
        time.sleep(0.1)

    staying.send_signal(signal.SIGTERM)
    staying.wait(timeout=60)

    assert 3 == len(nodes)
    assert not [pid for pid in nodes if alive(pid)]


@pytest.mark.lengthy
def test_whoever_stops_the_demonstration_leaves_no_process_behind(
    staying: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    """A node nobody knows of would keep its port, and its address in other people's browsers."""
    assert staying.stdout is not None
    said = b""
    while b"Five minutes" not in said and staying.poll() is None:
        said += staying.stdout.readline()
    nodes = children(staying.pid)
    notes = json.loads((tmp_path / "demo" / "demo.json").read_text(encoding="utf-8"))

    staying.send_signal(signal.SIGTERM)

    assert 0 == staying.wait(timeout=60)
    assert 3 == len(nodes)
    assert not [pid for pid in nodes if alive(pid)]
    assert {"revil", "vologda", "suspension", "figures", "alert", "talk"} == notes["refs"].keys()
    assert 5 == len(notes["exhibits"])  # each of the script's own arrived, or its scene had failed


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def alive(pid: int) -> bool:
    for _ in range(100):  # what was just being made ends by itself, on a busy machine not at once
        if not Path(f"/proc/{pid}").exists():
            return False
        time.sleep(0.1)
    return True
