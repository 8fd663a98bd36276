"""What this machine allows: no figure of Comity means anything without these beside it."""

from __future__ import annotations

import hashlib
import os
import platform
import sqlite3
import ssl
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from bench.report import Row, Scale, median

_LIBRARIES = ("cryptography", "Django", "granian", "httpx", "msgspec", "pyrage")


def about() -> dict[str, object]:
    """The machine and the versions, for the head of the table."""
    return {
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "processor": _processor(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "openssl": ssl.OPENSSL_VERSION,
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def measure(scale: Scale) -> list[Row]:
    """How fast the disk makes a commit durable, and how fast one core hashes."""
    return [
        Row(what="fsync of 8 KiB appended", value=median(scale, lambda: fsync_rate(scale)), unit="/s"),
        Row(what="SHA-256, one core", value=median(scale, lambda: sha256_rate(scale)) / 1e9, unit="GB/s"),
    ]


def fsync_rate(scale: Scale) -> float:
    """Durable appends of 8 KiB a second, where temporary files lie."""
    count, block = scale.of(500, least=5), bytes(8192)
    with tempfile.TemporaryFile() as file:
        begun = time.perf_counter()
        for _ in range(count):
            file.write(block)
            file.flush()
            os.fdatasync(file.fileno())
        return count / (time.perf_counter() - begun)


def sha256_rate(scale: Scale) -> float:
    """Bytes a second, from memory."""
    block, times = os.urandom(1 << 20), scale.of(256, least=4)
    begun = time.perf_counter()
    digest = hashlib.sha256()
    for _ in range(times):
        digest.update(block)
    return len(block) * times / (time.perf_counter() - begun)


def memory(pid: int) -> dict[str, int]:
    """Resident bytes of a process and those below it: now, and at their highest."""
    total = {"VmRSS": 0, "VmHWM": 0}
    for one in [pid, *_below(pid)]:
        try:
            lines = Path(f"/proc/{one}/status").read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            name, _, rest = line.partition(":")
            if name in total:
                total[name] += int(rest.split()[0]) * 1024
    return {"now": total["VmRSS"], "peak": total["VmHWM"]}


def processor_seconds(pid: int) -> float:
    """Processor time spent so far by a process and those below it."""
    ticks = 0
    for one in [pid, *_below(pid)]:
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text().split()]
        except OSError:
            continue
        found += [one for child in children for one in (child, *_below(child))]
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
