"""The key by which push services know this node: drawn once, kept beside its other keys."""

from __future__ import annotations

import contextlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from comity.errors import BadSecretKey
from comity.keys.push import PushKey
from comity_node.home import BadHome, secret_text


def where() -> Path:
    """The file of this node's home."""
    path: Path = settings.NODE.keyring.with_name("push")
    return path


def push_key() -> PushKey:
    """Read the key; a node that has none yet draws one.

    Lost, it costs its officials a click: browsers subscribe to a key, and have to be turned on again.

    Raises:
        BadHome: The file cannot be read or written, or others may read it.
    """
    path = where()
    try:
        if not path.exists():
            _make(path)
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, BadSecretKey) as error:
        raise BadHome(
            f"{path} cannot be used: {error}",
            hint="remove it: another is drawn, and officers turn their browsers on again",
        ) from error


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> PushKey:
    return PushKey.from_text(secret_text(path))


def _make(path: Path) -> None:
    """Draw one, whole or not at all; where another process was faster, its key is the key."""
    number, draft = tempfile.mkstemp(prefix=".push.", dir=path.parent)
    try:
        with os.fdopen(number, "w") as file:
            file.write(PushKey.generate().to_text() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
