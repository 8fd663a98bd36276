"""The project's own files, as the house tests read them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
OURS = ("src", "tests", "tools", "bench", "conformance", "verifier", "docs", "requirements", ".ci")
ALONE = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", "pyproject.toml")


def files(*roots: str, ending: str | tuple[str, ...] = "") -> Iterator[Path]:
    """Return our files below these folders, in a stable order, without what others wrote or a tool made."""
    for root in roots:
        for path in sorted((ROOT / root).rglob("*")):
            if path.is_file() and path.name.endswith(ending) and not _is_foreign(path):
                yield path


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """Return how a finding names a file."""
    return str(path.relative_to(ROOT))


def _is_foreign(path: Path) -> bool:
    return not {"__pycache__", "vendor", "built", "fonts", ".venv"}.isdisjoint(path.parts)
