"""Measure this machine, the peers that are installed, and Comity beside them."""

from __future__ import annotations

__all__ = ["main"]


def main(argv: list[str] | None = None) -> int:
    """Run the measurements; what ``make bench`` and ``comity bench`` call."""
    from bench.__main__ import main as run  # noqa: PLC0415 - nothing of it is needed to inject faults

    return run(argv)
