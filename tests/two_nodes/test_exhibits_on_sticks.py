"""Two nodes that no wire joins: the evidence asked for crosses on sticks, and its receipt comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import ROOT, environment

pytestmark = pytest.mark.two_nodes

CONTENT = bytes(range(256)) * 2048
OTHER = CONTENT[::-1]
LARGE = 96 << 20


@pytest.fixture
def desks(nodes, tmp_path) -> tuple[Desk, Desk]:
    """Both sides at their terminals; no server runs."""
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    return anna, boris


def bundles(desk: Desk, *words: object, code: int = 0) -> dict:
    """A verb of ``comity bundle``."""
    return desk.run("bundle", *words, by="", code=code)


def states(said: dict) -> dict[str, str]:
    """What became of each sealed file, by exhibit."""
    return {one["ref"]: one["state"] for one in said["exhibits"]}


def shown(desk: Desk, ref: str) -> tuple[str, list[str]]:
    """Where an exhibit stands here, and what its chain says."""
    said = desk.run("evidence", "show", desk.channel, ref)
    return said["state"], [one["act"] for one in said["custody"]]


def test_an_exhibit_arrives_by_stick_and_its_receipt_comes_back(desks, tmp_path) -> None:
    """Whoever has no line is owed the same evidence, with the same acts, as whoever has one."""
    anna, boris = desks
    stick = tmp_path / "stick"
    ref = anna.adds("disk.img", CONTENT)

    lacked = bundles(anna, "exhibits")
    out = bundles(anna, "export", "--all", stick)
    seen = bundles(boris, "preview", stick)
    before = boris.node.sizes()
    taken = bundles(boris, "import", stick)
    back = bundles(anna, "import", stick)

    assert [(ref, ["bb"])] == [(one["ref"], one["to"]) for one in lacked["exhibits"]]
    assert lacked["bytes"] == (stick / "exhibits" / out["exhibits"][0]["file"]).stat().st_size
    assert {ref: "new"} == states(seen) == states(taken)
    assert before != boris.node.sizes(), "the import stated what the preview only looked at"
    assert {"": "elsewhere"} == states(back)
    assert ("received", ["added", "received"]) == shown(anna, ref) == shown(boris, ref)
    boris.run("evidence", "open", boris.channel, ref, tmp_path / "opened", "--purpose", "trial", "--yes")
    assert CONTENT == (tmp_path / "opened").read_bytes()
    assert [] == bundles(anna, "exhibits")["exhibits"]
    assert [] == bundles(anna, "export", "--all", tmp_path / "next")["exhibits"]


def test_old_sticks_state_nothing_twice_and_a_failed_disk_is_filled_again(desks, tmp_path) -> None:
    """A stick is copied and put in again; one side's disk may fail while the other still has the seal."""
    anna, boris = desks
    ref = anna.adds("disk.img", CONTENT)
    bundles(anna, "export", "--all", tmp_path / "stick")
    bundles(boris, "import", tmp_path / "stick")
    bundles(anna, "import", tmp_path / "stick")

    assert {ref: "held"} == states(bundles(boris, "import", tmp_path / "stick"))
    for path in (boris.node.home / "exhibits").glob("*/aa/*"):
        path.unlink()
    assert {ref: "written"} == states(
        bundles(anna, "export", "--all", tmp_path / "again", "--exhibits", "all")
    )
    assert {ref: "new"} == states(bundles(boris, "import", tmp_path / "again"))

    assert ("received", ["added", "received"]) == shown(boris, ref)
    boris.run("evidence", "open", boris.channel, ref, tmp_path / "opened", "--purpose", "trial", "--yes")


def test_a_stick_takes_what_fits_and_names_the_rest(desks, tmp_path) -> None:
    """An officer must learn before the walk what stays behind; the next stick has it."""
    anna, boris = desks
    large, small = anna.adds("large.img", CONTENT), anna.adds("small.txt", b"small")

    none = bundles(anna, "export", "--all", tmp_path / "none", "--exhibits", "none")
    out = bundles(anna, "export", "--all", tmp_path / "first", "--limit", "100kB")
    bundles(boris, "import", tmp_path / "first")
    bundles(anna, "import", tmp_path / "first")

    assert ([], False) == (none["exhibits"], (tmp_path / "none" / "exhibits").exists())
    assert {large: "over-the-limit", small: "written"} == states(out)
    assert {large: "written"} == states(bundles(anna, "export", "--all", tmp_path / "second"))
    bundles(boris, "import", tmp_path / "second")
    assert "received" == shown(boris, large)[0] == shown(boris, small)[0]


def test_damaged_exchanged_and_invented_files_are_named_and_change_nothing(desks, tmp_path) -> None:
    """Nobody signs a file on a stick: only what was announced, and is that to the byte, comes in."""
    anna, boris = desks
    first, second, third = (
        anna.adds(f"{number}.img", content) for number, content in enumerate((CONTENT, OTHER, CONTENT * 2))
    )
    stick = tmp_path / "stick"
    out = bundles(anna, "export", "--all", stick)
    one, other, damaged = (stick / "exhibits" / row["file"] for row in out["exhibits"])
    good = damaged.read_bytes()
    damaged.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    one.rename(stick / "aside")
    other.rename(one)
    (stick / "aside").rename(other)
    (stick / "exhibits" / ("f" * 64)).write_bytes(os.urandom(999))

    seen = bundles(boris, "preview", stick, code=4)
    taken = bundles(boris, "import", stick, code=4)

    expected = {first: "refused", second: "refused", third: "refused", "": "elsewhere"}
    assert expected == states(seen) == states(taken)
    assert {"not-the-object", "altered-seal", ""} == {file["code"] for file in taken["exhibits"]}
    for ref in (first, second, third):
        assert ("announced", ["added"]) == shown(boris, ref)
    assert [] == [path for path in (boris.node.home / "exhibits").rglob("[0-9a-f]*") if path.is_file()]

    mended = bundles(anna, "export", "--all", stick)
    assert {"written"} == set(states(mended).values())
    assert {first: "new", second: "new", third: "new", "": "elsewhere"} == states(
        bundles(boris, "import", stick)
    )


def test_a_kill_in_the_middle_of_either_side_loses_nothing(desks, tmp_path) -> None:
    """Power fails, sticks are pulled out: the same command again makes it good, and states it once."""
    anna, boris = desks
    stick = tmp_path / "stick"
    ref = anna.adds("large.img", os.urandom(LARGE))

    killed_once(anna, ("bundle", "export", "--all", stick), stick / "exhibits", "*.part")
    bundles(anna, "export", "--all", stick)
    killed_once(boris, ("bundle", "import", stick), boris.node.home / "exhibits" / "incoming", "*")
    taken = bundles(boris, "import", stick)
    bundles(anna, "import", stick)

    assert states(taken) in ({ref: "new"}, {ref: "held"})
    assert ("received", ["added", "received"]) == shown(anna, ref) == shown(boris, ref)
    boris.run("evidence", "open", boris.channel, ref, tmp_path / "opened", "--purpose", "trial", "--yes")
    assert LARGE == (tmp_path / "opened").stat().st_size
    for desk in desks:
        assert [] == desk.run("fsck", by="")["findings"]


def killed_once(desk: Desk, words, folder, pattern: str) -> None:
    """Begin a verb in a process of its own, and kill it as soon as a file of that sort has grown."""
    process = subprocess.Popen(
        [sys.executable, "-m", "comity_cli.main", *map(str, words)],
        cwd=ROOT,
        env=environment(desk.node.home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if any(path.stat().st_size > 1 << 20 for path in folder.glob(pattern)):
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.002)
    process.wait(timeout=60)
