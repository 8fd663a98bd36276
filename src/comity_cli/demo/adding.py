"""Inside a node: every file of a directory added as an exhibit by one official, who signs each.

Run as a process of that node; reads JSON on its input, gives the number added as JSON on its output.
"""

from __future__ import annotations

import json
import mimetypes
import os
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from comity_cli.node import enter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity_node.evidence.models import Intake
    from comity_node.officials.models import Official

_BATCH: Final = 50
_LONGEST: Final = 1000


def main() -> None:
    """Add every file, in the order of their names; the announcements of a batch cross in one delivery."""
    said: dict[str, Any] = json.load(sys.stdin)
    enter(None)
    from django.db import transaction

    from comity_cli.acting import official
    from comity_node.evidence import services

    by = official(said["login"], said["password_file"])
    added = 0
    for batch in _batches(files(Path(said["files"]))):
        taken = [_take_in(path, said, by) for path in batch]
        with transaction.atomic():
            for one in taken:
                services.announce(one, by=by)
        added += len(taken)
    print(json.dumps({"added": added}))  # noqa: T201 - its answer


def _take_in(path: Path, said: dict[str, Any], by: Official) -> Intake:
    """Seal one file and keep what is said of it, to be announced with its batch."""
    from comity_node.evidence import intake, services

    name, channel = readable(path), said["channel"]
    with path.open("rb", buffering=0) as file:
        sealed = intake.seal(file, channel=channel, to=intake.recipients(channel))
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    facts = {**said["described"], "name": name, "media_type": media_type}
    return services.take_in(sealed, channel=channel, facts=facts, by=by)


def _batches(paths: Iterable[Path]) -> Iterator[list[Path]]:
    remaining = iter(paths)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def files(folder: Path) -> Iterator[Path]:
    """Every ordinary file below a directory; a link is not followed."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where, name)
            if path.is_file() and not path.is_symlink():
                yield path


def readable(path: Path) -> str:
    """A file's name as text: bytes that are no UTF-8 are marked; one that is too long keeps its end."""
    return os.fsencode(path.name).decode("utf-8", "replace")[-_LONGEST:]


if __name__ == "__main__":
    main()
