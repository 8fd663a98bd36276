"""The one order and the standing of every procedure, from a million entries in memory."""

from __future__ import annotations

import time
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench.report import Row, median
from comity.entries import By, Entry, in_order, instant
from comity.instruments import library
from comity.lifecycle import Act, fold

if TYPE_CHECKING:
    from bench.report import Scale

CHANNEL = "abcdefghijklmnop"
INSTRUMENT = "us-ru-1999"
_BY = By("central-authority", "case officer")
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def measure(scale: Scale) -> list[Row]:
    """Requests lodged by one party and taken up by the other, each seen before it is answered."""
    count = scale.of(1_000_000, least=10)
    logs = requests(count)
    return [
        Row(what=f"order of {count:,} entries", value=median(scale, lambda: _ordering(logs)), unit="/s"),
        Row(
            what=f"order and fold of {count:,} entries",
            value=median(scale, lambda: _all(logs)),
            unit="/s",
            bar=100_000,
        ),
    ]


def _ordering(logs: dict[str, list[Entry]]) -> float:
    begun = time.process_time()
    deque(in_order(CHANNEL, logs), maxlen=0)
    return _count(logs) / (time.process_time() - begun)


def _all(logs: dict[str, list[Entry]]) -> float:
    procedure = library()[INSTRUMENT].procedure("assistance")
    begun = time.process_time()
    acts: dict[str, list[Act]] = {}
    for ref, entry in in_order(CHANNEL, logs):
        acts.setdefault(entry.ref, []).append(Act.of(ref, entry))
    for of_one in acts.values():
        fold(procedure, of_one)
    return _count(logs) / (time.process_time() - begun)


def requests(count: int) -> dict[str, list[Entry]]:
    """Requests of one party, each taken up by the other."""
    table = library()[INSTRUMENT].digest
    stated: dict[str, str | list[str]] = {
        "instrument": INSTRUMENT,
        "table": table,
        "requested": "bb",
        "types": ["testimony"],
    }
    ours: list[Entry] = []
    theirs: list[Entry] = []
    for number in range(count // 2):
        at = instant(BEGUN + timedelta(seconds=number))
        ref = f"aa-2026-{number:06}"
        ours.append(_entry("lodged", ref, at, {"bb": number} if number else {}, stated))
        theirs.append(_entry("accepted", ref, at, {"aa": number + 1}, {}))
    return {"aa": ours, "bb": theirs}


def _entry(act: str, ref: str, at: str, seen: dict[str, int], stated: dict[str, str | list[str]]) -> Entry:
    return Entry(v=1, kind=f"assistance.request.{act}", at=at, by=_BY, ref=ref, seen=seen, stated=stated)


def _count(logs: dict[str, list[Entry]]) -> int:
    return sum(map(len, logs.values()))
