"""Peers that install from PyPI, fetched for one run into a folder of their own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


@contextmanager
def fetched(requirement: str, module: str) -> Iterator[ModuleType | None]:
    """A peer's module; None where it cannot be fetched."""
    with TemporaryDirectory(prefix="comity-peer-") as folder:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--target",
            folder,
        ]
        if subprocess.run([*pip, requirement], capture_output=True, check=False).returncode:
            yield None
            return
        sys.path.insert(0, folder)
        try:
            yield import_module(module)
        finally:
            sys.path.remove(folder)
