"""Where the demonstration's nodes live: a directory of its own, cleared only if a demonstration made it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from comity_cli.demo.errors import InTheWay

_DEFAULT: Final = Path("demo")
NOTES: Final = "demo.json"
_MARK: Final = "made-by-comity-demo"


def make(*, keep: Path | None, headless: bool) -> Path:
    """Make the directory, empty but for a mark that says whose it is.

    Raises:
        InTheWay: There is something that no demonstration made, or one is running there.
    """
    if keep is None and headless:
        return Path(tempfile.mkdtemp(prefix="comity-demo-"))
    where = (keep or _DEFAULT).absolute()
    if where.exists() and any(where.iterdir()):
        _clear(where)
    where.mkdir(parents=True, exist_ok=True)
    (where / _MARK).write_text(f"{os.getpid()}\n", encoding="ascii")
    return where


def note(where: Path, said: object) -> None:
    """Keep what a later look at the demonstration needs. It holds passwords: only its owner can read it."""
    file = where / NOTES
    file.touch(mode=0o600)
    file.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def remove(where: Path) -> None:
    """Remove it."""
    shutil.rmtree(where, ignore_errors=True)


def _clear(where: Path) -> None:
    mark = where / _MARK
    if not mark.is_file():
        raise InTheWay(f"no demonstration was started: {where} holds something that no demonstration made")
    if _is_running(mark.read_text(encoding="ascii")):
        raise InTheWay(
            f"no demonstration was started: one is running in {where}", hint="stop it first: Ctrl-C"
        )
    shutil.rmtree(where)


def _is_running(pid: str) -> bool:
    with suppress(OSError, ValueError):
        return b"demo" in Path(f"/proc/{int(pid)}/cmdline").read_bytes()
    return False
