"""The ``comity`` command."""

from __future__ import annotations


def main() -> int:
    """Run the command line."""
    raise SystemExit(2)
