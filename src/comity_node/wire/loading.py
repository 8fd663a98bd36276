"""Sealed exhibits onto a stick: what each counterpart lacks, as far as there is room, each file whole.

They lie in a folder beside the deliveries, each under the name its announcement gives it. One that several
parties lack lies there once.

Follows: docs/spec/bundle.md, Exhibits on a stick.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from comity_node.evidence import carried, store
from comity_node.evidence.errors import DiskFull

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

FOLDER: Final = "exhibits"
SPARE_BYTES: Final = 1024 * 1024  # of a stick, for its own tables and the answers
State = Literal["written", "there", "over-the-limit", "no-room", "refused-by-the-stick"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One sealed file that is to be carried.

    Attributes:
        name: Name of the file.
        path: Where it stands here.
        size: How many bytes it has.
        channel: The channel it was announced in.
        ref: Reference of the exhibit.
        parties: Who lacks it.
    """

    name: str
    path: Path
    size: int
    channel: str
    ref: str
    parties: tuple[str, ...]


def lacked(pairs: Iterable[tuple[str, str]], *, again: bool = False) -> list[Load]:
    """What counterparts lack, each file once, in the order it was announced.

    Args:
        pairs: Counterpart and channel.
        again: Also what they stated to have received.
    """
    loads: dict[str, Load] = {}
    for party, channel in pairs:
        for exhibit, path in carried.lacked_by(party, channel, again=again):
            before = loads.get(exhibit.object)
            loads[exhibit.object] = Load(
                name=exhibit.object,
                path=path,
                size=path.stat().st_size,
                channel=channel,
                ref=exhibit.ref,
                parties=(*(before.parties if before else ()), party),
            )
    return list(loads.values())


def chosen(loads: Sequence[Load], stick: Path, *, most: int | None = None) -> dict[str, State]:
    """Which of them a stick takes, and why not the others; a smaller one behind a large one still may.

    Args:
        loads: What would be carried.
        stick: The folder of the stick.
        most: The most bytes of exhibits it is to hold; otherwise as many as it has room for.
    """
    room = max(shutil.disk_usage(stick).free - SPARE_BYTES, 0)
    left = room if most is None else most
    found: dict[str, State] = {}
    for load in loads:
        needed = max(load.size - _there(stick, load.name), 0)
        if most is not None and load.size > left:
            found[load.name] = "over-the-limit"
        elif needed > room:
            found[load.name] = "no-room"
        else:
            found[load.name] = "written"
            left -= load.size
            room -= needed
    return found


def write(load: Load, stick: Path, told: Callable[[int], None] = lambda _: None) -> State:
    """Write one to a stick, durably, and give it its name only then.

    What stands there is compared with ours and gone on with from where it differs: a try that was broken off
    costs little, and a file that was damaged is mended. Where the stick takes no more, nothing of it stays.
    """
    folder = stick / FOLDER
    folder.mkdir(exist_ok=True)
    whole = folder / load.name
    part = store.part_of(whole)
    for path in (whole, part):
        if path.is_symlink():  # a stick comes from others: nothing on it leads us elsewhere
            path.unlink()
    same = _same(whole if whole.exists() else part, load.path, told)
    if whole.exists():
        if same == load.size == whole.stat().st_size:
            return "there"
        whole.rename(part)
    try:
        _go_on(part, load.path, same, told)
    except DiskFull:
        part.unlink()
        return "refused-by-the-stick"
    part.rename(whole)
    for place in (folder, stick):
        store.sync(place)
    return "written"


def onward(told: Callable[[int], None], before: int) -> Callable[[int], None]:
    """Tell of one file's bytes as of what comes after so many of others."""
    return lambda done: told(before + done)


def _there(stick: Path, name: str) -> int:
    """How much room on a stick a file takes up already."""
    whole = stick / FOLDER / name
    sizes = (path.stat().st_size for path in (whole, store.part_of(whole)) if path.is_file())
    return next(sizes, 0)


def _same(there: Path, ours: Path, told: Callable[[int], None]) -> int:
    """How many bytes at its beginning a file on the stick has in common with ours, to the block."""
    if not there.is_file():
        return 0
    same = 0
    for one, other in zip(store.blocks(there), store.blocks(ours), strict=False):
        if one != other:
            break
        same += len(one)
        told(same)
    return same


def _go_on(part: Path, ours: Path, start: int, told: Callable[[int], None]) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        os.ftruncate(descriptor, start)
        with store.Landing(descriptor) as landing:
            for block in store.blocks(ours, start=start):
                landing.write(block)
                told(landing.written)
            landing.flush()
    finally:
        os.close(descriptor)
