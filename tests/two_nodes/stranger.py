"""A third party: a process of its own with the command and the files it was handed, and no node at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")


class Stranger:
    """Whoever is handed files: a court, a journalist, a third State."""

    def __init__(self, place: Path) -> None:
        self.place = place / "stranger"
        self.place.mkdir()

    def verifies(self, *words: object, code: int = 0) -> dict[str, Any]:
        """Run ``comity verify`` where no node is; its document."""
        command = [sys.executable, "-m", "comity_cli.main", "verify", *map(str, words), "--json"]
        known = {name: os.environ[name] for name in KEPT if name in os.environ}
        done = subprocess.run(
            command, cwd=self.place, env={**known, "HOME": str(self.place)}, capture_output=True, check=False
        )
        assert code == done.returncode, done.stderr.decode()
        assert [] == list(self.place.iterdir()), "it needs no home, and makes none"
        return dict(json.loads(done.stdout))


def codes(statements: list[dict[str, Any]]) -> list[str]:
    """The codes of what a verification says."""
    return [one["code"] for one in statements]
