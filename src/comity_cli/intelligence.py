"""``comity intelligence``: objects of threat intelligence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import click

from comity_cli.exits import Exit
from comity_cli.progress import counting
from comity_cli.verb import FILE, Answer, verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PORTION: Final = 1 << 16
_SHOWN: Final = 50


@click.group("intelligence")
def intelligence() -> None:
    """Objects of threat intelligence, as STIX has them."""


@intelligence.command("check")
@click.argument("path", metavar="FILE", type=FILE)
@verb
def check(path: Path) -> Answer:
    """Read a bundle of STIX 2.1 or 2.0, and say of each object that does not hold what is wrong with it.

    A bundle of any size, an envelope of TAXII, or one object. Nothing is stored, and no node is needed.
    Exit 1 where an object does not hold, or the file ceases to be a bundle.
    """
    from comity.intelligence import Limits, MalformedBundle, Object, take

    types: Counter[str] = Counter()
    refused: list[dict[str, Any]] = []
    left_out, broken = 0, ""
    try:
        for one in take(_portions(path), Limits()):
            if isinstance(one, Object):
                types[one.type] += 1
                continue
            left_out += 1
            if len(refused) < _SHOWN:
                refused.append({"position": one.position, "id": one.id, "reasons": list(one.reasons)})
    except MalformedBundle as error:
        broken = str(error)
    said = {"objects": types.total(), "types": dict(types.most_common()), "left_out": left_out}
    lines = [f"{count:>9,}  {name}" for name, count in types.most_common()]
    lines += [f"left out, at {one['position']:,}: {_why(one)}" for one in refused]
    if left_out > len(refused):
        lines.append(f"and {left_out - len(refused):,} more that do not hold")
    if broken:
        lines.append(f"nothing more can be read: {broken}")
    lines.append(f"{types.total():,} objects hold; {left_out:,} do not")
    code = Exit.NOT_SO if left_out or broken else Exit.DONE
    return Answer({**said, "refused": refused, "broken_off": broken}, lines, code)


def _why(one: dict[str, Any]) -> str:
    return f"{one['id'] or 'an object without a name'}: {'; '.join(one['reasons'])}"


def _portions(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as file, counting("reading", size) as tell:
        yield from _told(file.read, tell)


def _told(read: Callable[[int], bytes], tell: Callable[[int], None]) -> Iterator[bytes]:
    done = 0
    while portion := read(_PORTION):
        yield portion
        done += len(portion)
        tell(done)
