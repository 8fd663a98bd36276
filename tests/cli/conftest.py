"""Every verb starts without a node: a variable left by another test would name one this process is not."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the home's variable away for one test."""
    monkeypatch.delenv("COMITY_HOME", raising=False)
