"""Sealed exhibits onto a stick and off it: what fits, what was broken off, what is for others."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from comity_node.evidence import store
from comity_node.evidence.errors import DiskFull
from comity_node.wire import loading, unloading

pytestmark = pytest.mark.django_db
BLOCK = store.BLOCK_BYTES


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    """An exhibits directory for each test."""
    settings.NODE = replace(settings.NODE, exhibits=tmp_path / "exhibits")


@pytest.fixture
def stick(tmp_path):
    """A stick."""
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def load(tmp_path):
    """Make a sealed file that somebody lacks."""

    def make(digit: str, size: int):
        path = tmp_path / (digit * 64)
        path.write_bytes(os.urandom(size))
        return loading.Load(
            name=path.name, path=path, size=size, channel="c", ref=f"aa-2026-x000{digit}", parties=("bb",)
        )

    return make


def names(stick):
    """What lies in the stick's folder of exhibits."""
    return sorted(path.name for path in (stick / loading.FOLDER).iterdir())


def test_a_stick_is_filled_to_its_limit_and_a_smaller_one_still_fits(stick, load) -> None:
    """One that is too large must not keep the others behind."""
    loads = [load("1", 500), load("2", 9000), load("3", 400)]

    states = loading.chosen(loads, stick, most=1000)

    assert ["written", "over-the-limit", "written"] == [states[one.name] for one in loads]


def test_what_is_on_the_stick_takes_no_more_room(stick, load, monkeypatch) -> None:
    """Put in again, a full stick is still right."""
    one = load("1", 5000)
    loading.write(one, stick)
    monkeypatch.setattr(loading, "SPARE_BYTES", 1 << 60)

    states = loading.chosen([one, load("2", 1)], stick)

    assert ["written", "no-room"] == list(states.values())


@pytest.mark.parametrize("there", [0, 1, BLOCK, 2 * BLOCK + 77])
def test_a_file_that_was_broken_off_is_gone_on_with(stick, load, there) -> None:
    """Hours of writing are not lost because the stick was pulled out."""
    one = load("1", 3 * BLOCK)
    whole = one.path.read_bytes()
    folder = stick / loading.FOLDER
    folder.mkdir()
    (folder / f"{one.name}.part").write_bytes(whole[:there])
    told: list[int] = []

    assert "written" == loading.write(one, stick, told.append)

    assert ([one.name], whole) == (names(stick), (folder / one.name).read_bytes())
    assert told == sorted(told)


@pytest.mark.parametrize("form", ["", ".part"])
def test_what_was_damaged_on_the_stick_is_mended(stick, load, form) -> None:
    """A power failure leaves zeroes at an end, and an old stick forgets."""
    one = load("1", 3 * BLOCK)
    whole = one.path.read_bytes()
    folder = stick / loading.FOLDER
    folder.mkdir()
    (folder / f"{one.name}{form}").write_bytes(whole[:BLOCK] + bytes(2 * BLOCK + 5))

    assert "written" == loading.write(one, stick)

    assert ([one.name], whole) == (names(stick), (folder / one.name).read_bytes())
    assert "there" == loading.write(one, stick)


def test_a_file_the_stick_does_not_take_leaves_nothing(stick, load, monkeypatch) -> None:
    """Many sticks take no file of four gigabytes; the room must be left to the next."""

    def full(*_):
        raise DiskFull("File too large")

    monkeypatch.setattr(store.Landing, "write", full)

    assert "refused-by-the-stick" == loading.write(load("1", 5000), stick)
    assert [] == names(stick)


def test_a_link_on_a_stick_leads_nowhere(stick, load, tmp_path) -> None:
    """Whoever hands over a stick must not have us write into, or read, a file of ours."""
    one = load("1", 5000)
    precious = tmp_path / "precious"
    precious.write_bytes(b"ours")
    (stick / loading.FOLDER).mkdir()
    (stick / loading.FOLDER / f"{one.name}.part").symlink_to(precious)
    (stick / loading.FOLDER / ("2" * 64)).symlink_to(precious)

    loading.write(one, stick)

    assert b"ours" == precious.read_bytes()
    assert [one.name] == [path.name for path in unloading.files(stick)]


def test_what_nobody_announced_to_us_is_left_alone_and_said(stick, load) -> None:
    """A stick for many holds what is for others, and holiday pictures."""
    loading.write(load("1", 5000), stick)
    for name in (f"{'2' * 64}.part", "holiday.jpg", "A" * 64):
        (stick / loading.FOLDER / name).write_bytes(b"x")

    found = {one.name: one.state for one in unloading.take(unloading.files(stick))}

    assert {"1" * 64: "elsewhere", f"{'2' * 64}.part": "waits"}.items() <= found.items()
    assert ("strange", "strange") == (found["holiday.jpg"], found["A" * 64])
