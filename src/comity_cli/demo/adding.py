"""Inside a node: every file of a directory added as an exhibit by one official, who signs each.

Run as a process of that node; reads JSON on its input, gives the number added as JSON on its output.
"""

from __future__ import annotations

import json
import mimetypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from comity_cli.node import enter

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST: Final = 1000


def main() -> None:
    """Add every file, in the order of their names."""
    said: dict[str, Any] = json.load(sys.stdin)
    enter(None)
    from comity_cli.acting import official
    from comity_node.evidence import services

    by = official(said["login"], said["password_file"])
    added = 0
    for path in files(Path(said["files"])):
        name = readable(path)
        services.add(
            path,
            channel=said["channel"],
            described={**said["described"], "name": name},
            media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            by=by,
        )
        added += 1
    print(json.dumps({"added": added}))  # noqa: T201 - its answer


def files(folder: Path) -> Iterator[Path]:
    """Every ordinary file below a directory; a link is not followed."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where, name)
            if path.is_file() and not path.is_symlink():
                yield path


def readable(path: Path) -> str:
    """A file's name as text: bytes that are no UTF-8 are marked, and a name keeps its end where it is too long."""
    return os.fsencode(path.name).decode("utf-8", "replace")[-_LONGEST:]


if __name__ == "__main__":
    main()
