"""Sealed exhibits off a stick: each file is held against what was announced under its name.

A stick holds what is for others too, old files, and files that nobody announced: these are left alone and
said. Only what is for us and lacking is read.

Follows: docs/spec/bundle.md, Exhibits on a stick.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from django.conf import settings

from comity.errors import ComityError
from comity_node.evidence import carried
from comity_node.evidence.errors import BeingFetched, DiskFull, ExhibitTooLarge, FileUnreadable
from comity_node.wire.loading import FOLDER, onward

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from comity_node.evidence.models import Exhibit

State = Literal["new", "held", "waits", "over", "elsewhere", "strange", "refused"]
_NAME: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PART: Final = re.compile(r"[0-9a-f]{64}\.part", re.ASCII)
_OF_OURS: Final = (BeingFetched, DiskFull, ExhibitTooLarge, FileUnreadable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unloaded:
    """What became of one sealed file of a stick for one exhibit, or would become of it.

    Attributes:
        name: Name of the file.
        state: ``new``: it is what we lacked; ``held``: it was here; ``waits``: it was not written to its end,
            or this node could not take it in now; ``over``: its custody here has ended, or it was recalled;
            ``elsewhere``: it is ours, or nobody announced it to us; ``strange``: that is no name of a sealed
            file; ``refused``: it is not what was announced under its name.
        size: How many bytes it has.
        channel: The channel the exhibit was announced in.
        ref: Its reference.
        provider: Who announced it.
        entry: What we stated of it.
        code: Code of the error, where it was not taken.
        because: Why it was not.
        hint: What can be done.
    """

    name: str
    state: State
    size: int = 0
    channel: str = ""
    ref: str = ""
    provider: str = ""
    entry: str = ""
    code: str = ""
    because: str = ""
    hint: str = ""


def files(stick: Path) -> list[Path]:
    """The files in a stick's folder of exhibits, by name; never what a link leads to."""
    folder = stick / FOLDER
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())


def announced(paths: Iterable[Path]) -> dict[str, list[Exhibit]]:
    """What the record knows of these files, by name."""
    names = [path.name for path in paths if _NAME.fullmatch(path.name)]
    return {name: carried.announced_as(name) for name in names}


def take(paths: Sequence[Path], told: Callable[[int], None] = lambda _: None) -> list[Unloaded]:
    """Take in the exhibits of a stick that we lack, and state what arrived; told how many bytes were read."""

    def taken(exhibit: Exhibit, path: Path, told: Callable[[int], None]) -> str:
        return str(carried.take(exhibit, path, told))

    return _each(paths, announced(paths), taken, told)


def preview(
    paths: Sequence[Path], known: Mapping[str, list[Exhibit]], told: Callable[[int], None] = lambda _: None
) -> list[Unloaded]:
    """Say what taking them in would do; they are read and proven, and nothing is kept.

    Args:
        paths: The files.
        known: What was ``announced`` once the deliveries of the same stick were taken in.
        told: Told how many bytes were read.
    """

    def looked(exhibit: Exhibit, path: Path, told: Callable[[int], None]) -> str:
        carried.look(exhibit, path, told)
        return ""

    return _each(paths, known, looked, told)


def _each(
    paths: Sequence[Path],
    known: Mapping[str, list[Exhibit]],
    taking: Callable[[Exhibit, Path, Callable[[int], None]], str],
    told: Callable[[int], None],
) -> list[Unloaded]:
    found: list[Unloaded] = []
    before = 0
    for path in paths:
        blank = Unloaded(name=path.name, state="strange", size=path.stat().st_size)
        exhibits = [one for one in known.get(path.name, ()) if one.receiver == settings.NODE.party]
        if not exhibits:
            found.append(_of_nobody(blank, known))
        here = onward(told, before)
        found += [_of(blank, exhibit, path, taking, here) for exhibit in exhibits]
        before += blank.size
        told(before)
    return found


def _of_nobody(blank: Unloaded, known: Mapping[str, list[Exhibit]]) -> Unloaded:
    """What becomes of a file that was not announced to us."""
    if _PART.fullmatch(blank.name):
        return replace(blank, state="waits", because="it was not written to its end")
    if blank.name not in known:
        return replace(blank, because="that is no name of a sealed exhibit")
    ours = any(one.provider == settings.NODE.party for one in known[blank.name])
    because = "it is of this node" if ours else "nobody has announced it to this node"
    return replace(blank, state="elsewhere", because=because)


def _of(
    blank: Unloaded,
    exhibit: Exhibit,
    path: Path,
    taking: Callable[[Exhibit, Path, Callable[[int], None]], str],
    told: Callable[[int], None],
) -> Unloaded:
    named = replace(blank, state="new", channel=exhibit.channel, ref=exhibit.ref, provider=exhibit.provider)
    if carried.is_here(exhibit):
        return replace(named, state="held")
    if not carried.is_lacking(exhibit):
        return replace(named, state="over", because=f"its custody stands at: {exhibit.state}")
    try:
        return replace(named, entry=taking(exhibit, path, told))
    except ComityError as error:
        state: State = "waits" if isinstance(error, _OF_OURS) else "refused"
        return replace(named, state=state, code=error.code, because=str(error), hint=error.hint)
