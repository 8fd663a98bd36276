"""Peers that install from PyPI: fetched for one run, or kept under ``out/`` in an environment apart."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_KEPT = Path(__file__).parent.parent / "out" / "peers"
_WHOLE = "whole"


class NotHere(RuntimeError):
    """The peer cannot be had on this machine; its message says why."""


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


def environment(requirement: str) -> Path:
    """The interpreter of a virtual environment that holds the peer and nothing of ours; built once.

    Raises:
        NotHere: It cannot be installed.
    """
    folder = _KEPT / requirement
    python = folder / "bin" / "python"
    if kept(requirement):
        return python
    shutil.rmtree(folder, ignore_errors=True)
    for command in (
        [sys.executable, "-m", "venv", folder],
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.strip() or done.stdout.strip() or "no reason given"
            raise NotHere(f"{requirement} does not install: {said.splitlines()[-1]}")
    (folder / _WHOLE).touch()
    return python


def kept(requirement: str) -> bool:
    """Whether the environment of the peer was built here, to its end."""
    return (_KEPT / requirement / _WHOLE).exists()
