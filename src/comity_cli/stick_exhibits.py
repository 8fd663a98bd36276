"""Sealed exhibits on a stick, for ``comity bundle``: their sizes, taking them along, taking them in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import click

from comity_cli.progress import counting
from comity_cli.terminal import in_one_line
from comity_cli.verb import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from comity_node.evidence.models import Exhibit
    from comity_node.wire.loading import Load
    from comity_node.wire.unloading import Unloaded

_SIZE: Final = re.compile(r"(\d{1,18}) ?([KMGT]?)B?", re.ASCII | re.IGNORECASE)
_FACTORS: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_LEFT: Final = {
    "over-the-limit": "stays behind: it would pass the limit",
    "no-room": "stays behind: the stick has no room for it",
    "refused-by-the-stick": "stays behind: the stick took no more, or takes no file as large",
}


def size(value: str) -> int:
    """A number of bytes, as sellers of sticks count them: 900MB, 16GB.

    Raises:
        BadParameter: It is none.
    """
    match = _SIZE.fullmatch(value)
    if match is None:
        raise click.BadParameter(f"{value!r} is no size: write it as 900MB or 16GB")
    return int(match[1]) * _FACTORS[match[2].upper()]


def listed(pairs: Iterable[tuple[str, str]]) -> Answer:
    """What these counterparts lack, and how large it is together."""
    from comity_node.wire import loading

    loads = loading.lacked(pairs)
    lines = [_named(_row(load)) for load in loads]
    total = sum(load.size for load in loads)
    if lines:
        lines.append(f"together {total:,} bytes")
    document = {"exhibits": [_row(load) for load in loads], "bytes": total}
    return Answer(document, lines or ["no counterpart lacks an exhibit"])


def load(
    stick: Path, pairs: Iterable[tuple[str, str]], *, again: bool, most: int | None
) -> list[dict[str, object]]:
    """Write to a stick what it takes of what these counterparts lack; what became of each."""
    from comity_node.wire import loading
    from comity_node.wire.loading import onward

    loads = loading.lacked(pairs, again=again)
    states = loading.chosen(loads, stick, most=most)
    rows: list[dict[str, object]] = []
    total, before = sum(one.size for one in loads if states[one.name] == "written"), 0
    with counting("bytes of exhibits", total) as progress:
        for one in loads:
            state = states[one.name]
            if state == "written":
                state = loading.write(one, stick, onward(progress, before))
                before += one.size
            rows.append({**_row(one), "state": state})
    return rows


def loaded_line(row: Mapping[str, object]) -> str:
    """What became of an exhibit that was to be taken along."""
    said = _LEFT.get(str(row["state"]), "is on the stick")
    return f"{_named(row)}: {said}"


def _row(load: Load) -> dict[str, Any]:
    return {
        "file": load.name,
        "channel": load.channel,
        "ref": load.ref,
        "to": list(load.parties),
        "bytes": load.size,
    }


def _named(row: Mapping[str, Any]) -> str:
    return in_one_line(
        f"{row['ref']} in {row['channel']}: for {', '.join(row['to'])}, {row['bytes']:,} bytes"
    )


# --- in ---------------------------------------------------------------------------------------------


def previewed(paths: Sequence[Path], known: Mapping[str, list[Exhibit]]) -> list[Unloaded]:
    """What taking them in would do."""
    from comity_node.wire import unloading

    with counting("bytes of exhibits", _bytes(paths)) as progress:
        return unloading.preview(paths, known, progress)


def taken(stick: Path) -> list[Unloaded]:
    """Take in what a stick has for us."""
    from comity_node.wire import unloading

    paths = unloading.files(stick)
    with counting("bytes of exhibits", _bytes(paths)) as progress:
        return unloading.take(paths, progress)


def would_line(one: Unloaded) -> str:
    """What taking in a file would do."""
    if one.state != "new":
        return became_line(one)
    return _said(one, f"would bring {one.ref} of {one.provider} in {one.channel}: {one.size:,} bytes")


def became_line(one: Unloaded) -> str:
    """What became of a file."""
    said = {
        "new": f"{one.ref} of {one.provider} in {one.channel}: arrived, and stated in {one.entry}",
        "held": f"{one.ref} was here already",
        "waits": f"waits: {one.because}",
        "over": f"{one.ref} is left alone: {one.because}",
        "elsewhere": f"not for this node: {one.because}",
        "strange": "no sealed exhibit: left alone",
        "refused": f"{one.ref} of {one.provider} is refused: {one.because}",
    }
    hint = f" ({one.hint})" if one.hint else ""
    return _said(one, said[one.state] + hint)


def _said(one: Unloaded, what: str) -> str:
    return in_one_line(f"exhibits/{one.name}: {what}")


def _bytes(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths)
