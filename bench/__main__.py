"""Measure: ``python -m bench``, or only some of it: ``python -m bench delivery pages --scale 0.1``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

from bench import machine
from bench.report import Scale, as_json, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.report import Row

MEASUREMENTS = {
    "delivery": "Two nodes on loopback",
    "synapse": "Delivery beside two federated Synapse homeservers",
    "sealing": "An exhibit of 1 GiB",
    "verifying": "Verifying an export",
    "folding": "Order and standing",
    "scaling": "A record of ten thousand entries, and of a million",
    "growth": "A log of a thousand entries, and of a million",
    "crowds": "A channel of fifty parties",
    "pages": "Pages",
    "alerts": "An alert",
    "talk": "A talk",
    "starting": "A node at rest",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run what was asked for, print the tables; the exit code says whether every bar was reached."""
    asked = _parser().parse_args(argv)
    scale = Scale(asked.runs, asked.scale)
    about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "scale": asked.scale, "runs": asked.runs}
    about |= machine.about()
    found: dict[str, list[Row]] = {"machine": machine.measure(scale)}
    _say(asked.json, _sentence(about), "This machine", found["machine"])
    for name in asked.which or MEASUREMENTS:
        found[name] = import_module(f"bench.{name}").measure(scale)
        _say(asked.json, f"load {os.getloadavg()[0]:.1f}", MEASUREMENTS[name], found[name])
    if asked.json:
        print(json.dumps(about | {"found": {name: as_json(rows) for name, rows in found.items()}}, indent=1))
    return int(any(row.is_reached is False for rows in found.values() for row in rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="comity bench", description=__doc__)
    parser.add_argument(
        "which", nargs="*", choices=[*MEASUREMENTS, []], help="what to measure; everything without it"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full amount of work")
    parser.add_argument("--runs", type=int, default=5, help="runs of which the median is given")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")
    return parser


def _say(quiet: bool, before: str, title: str, rows: Sequence[Row]) -> None:
    if not quiet:
        print(before)
        show(title, rows)


def _sentence(about: dict[str, object]) -> str:
    libraries = about["libraries"]
    assert isinstance(libraries, dict)
    versions = ", ".join(f"{name} {version}" for name, version in libraries.items())
    return (
        f"{about['at']}: {about['cores']} cores ({about['processor']}), load {about['load']};"
        f" Python {about['python']}, SQLite {about['sqlite']}, {about['openssl']}; {versions};"
        f" medians of {about['runs']} runs"
    )


if __name__ == "__main__":
    sys.exit(main())
