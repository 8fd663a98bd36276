"""The files of an export, read with suspicion: whoever made the directory may mean to mislead its reader."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from comity.errors import ExportDoesNotHold

if TYPE_CHECKING:
    from pathlib import Path

_MOST_NAMES: Final = 2_000_000


class Directory:
    """A directory as :class:`comity.channel.export.Files`: plain files in plain folders and nothing else."""

    def __init__(self, root: Path) -> None:
        """Take the directory ``root``; it may itself be reached through a link."""
        self._root = root.resolve(strict=True)
        self._trodden = ""

    def read(self, path: str, most: int) -> bytes:
        """Return a file of at most so many bytes.

        Raises:
            ExportDoesNotHold: It is missing, larger, or not a plain file.
        """
        self._must_lead_inside(path)
        try:
            descriptor = os.open(
                self._root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            )
        except OSError as error:
            raise ExportDoesNotHold(f"{path} cannot be read: {error.strerror}") from error
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise ExportDoesNotHold(f"{path} is not a plain file")
            if found.st_size > most:
                raise ExportDoesNotHold(f"{path} has {found.st_size:,} bytes; at most {most:,} can be right")
            return file.read(most + 1)[:most]

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, sorted; none where there is no such folder.

        Raises:
            ExportDoesNotHold: Something in it is neither a plain file nor a plain folder.
        """
        self._must_lead_inside(folder)
        place = self._root / folder
        if not place.is_dir():
            return []
        with os.scandir(place) as found:
            entries = [entry for entry, _ in zip(found, range(_MOST_NAMES), strict=False)]
        for entry in entries:
            if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
                raise ExportDoesNotHold(f"{entry.name[:200]} is not a plain file or folder")
        return sorted(entry.name for entry in entries)

    def _must_lead_inside(self, path: str) -> None:
        """No part of the way may be a link or a step up: a folder is asked for only once."""
        folder = path.rpartition("/")[0]
        if folder == self._trodden:
            return
        here = self._root
        for part in folder.split("/") if folder else ():
            here = here / part
            if part in ("", ".", "..") or here.is_symlink():
                raise ExportDoesNotHold(f"{path[:200]} leads out of the export")
        self._trodden = folder
