"""Time stamps over an export, each over the one before, so that old signatures keep proving what they prove.

A signature proves nothing about time by itself: once its algorithm is broken, anybody could have made it. A
token of a time-stamping authority says that the files existed while it was not. Before the token's own
algorithm or certificate falls, a newer one is put over both.

    renewals/<n>/files       SHA-512 of every file then there, earlier renewals too, as sha512sum writes it
    renewals/<n>/token.tsr   the authority's answer over ``files``

Follows: docs/spec/export.md, Renewals; in the manner of RFC 4998.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.channel.export import POLICY, RENEWALS, SHARED
from comity.errors import ExportDoesNotHold
from comity.keys import timestamps
from comity.tlog.encoding import decimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from comity.channel.export import Files

FILES: Final = "files"
TOKEN: Final = "token.tsr"  # noqa: S105 - a file, not a secret
MAX_LISTING: Final = 256 * 1024 * 1024
_MOST_RENEWALS: Final = 1_000
_MOST_FILE: Final = 2**31
_LINE: Final = re.compile(r"([0-9a-f]{128})  ([A-Za-z0-9][A-Za-z0-9._/-]{0,400})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Renewal:
    """One time stamp over an export.

    Attributes:
        number: Its place, from 1.
        files: How many files it covers.
        at: The time its authority states; None where the reader trusts no authority.
    """

    number: int
    files: int
    at: datetime | None


def listing(files: Files, paths: Iterable[str]) -> bytes:
    """What a time stamp is put over: the SHA-512 of each file, in the order of their paths.

    Raises:
        ExportDoesNotHold: A file has a name that no export gives.
    """
    lines = [f"{_digest(files, path)}  {path}" for path in sorted(paths)]
    strange = next((line for line in lines if not _LINE.fullmatch(line)), None)
    if strange is not None:
        raise ExportDoesNotHold(f"{strange[130:330]!r} is not the name of a file of an export")
    return "".join(f"{line}\n" for line in lines).encode()


def verify_renewals(files: Files, roots: bytes | None) -> list[Renewal]:
    """Hold every time stamp against the files it covers, and each against the one before.

    Args:
        files: The export.
        roots: PEM certificates of the authorities trusted; None: only digests are compared.

    Raises:
        ExportDoesNotHold: A file is not the one that was covered, or a renewal leaves out what it must cover.
        BadTimestamp: A token does not verify.
    """
    found: list[Renewal] = []
    for number in range(1, len(_numbers(files)) + 1):
        folder = f"{RENEWALS}/{number}"
        said = files.read(f"{folder}/{FILES}", MAX_LISTING)
        covered = _covered(said, folder)
        for path, digest in covered.items():
            if _digest(files, path) != digest:
                raise ExportDoesNotHold(f"{path} is not the file that time stamp {number} covers")
        left_out = _must_cover(files, number) - covered.keys()
        if left_out:
            raise ExportDoesNotHold(f"time stamp {number} leaves out {min(left_out)}")
        token = files.read(f"{folder}/{TOKEN}", timestamps.MAX_TOKEN)
        at = None if roots is None else timestamps.verify(token, said, roots)
        if at is not None and found and found[-1].at is not None and at < found[-1].at:
            raise ExportDoesNotHold(f"time stamp {number} is older than the one it covers")
        found.append(Renewal(number, len(covered), at))
    return found


def _numbers(files: Files) -> list[int]:
    numbers = sorted(number for number in map(decimal, files.names(RENEWALS)) if number is not None)
    if len(numbers) != len(files.names(RENEWALS)) or numbers != list(range(1, len(numbers) + 1)):
        raise ExportDoesNotHold(f"the time stamps in {RENEWALS}/ are not numbered from 1 on")
    if len(numbers) > _MOST_RENEWALS:
        raise ExportDoesNotHold(f"there are more than {_MOST_RENEWALS:,} time stamps")
    return numbers


def _must_cover(files: Files, number: int) -> set[str]:
    """The policy, each log's checkpoint, to whose root all entries lead, and the time stamp before."""
    logs = {f"{name}/checkpoint" for name in files.names("") if name not in SHARED}
    before = f"{RENEWALS}/{number - 1}"
    return {POLICY, *logs} | ({f"{before}/{FILES}", f"{before}/{TOKEN}"} if number > 1 else set())


def _covered(said: bytes, folder: str) -> dict[str, str]:
    lines = said.decode("utf-8", "replace").split("\n")
    read = [_LINE.fullmatch(line) for line in lines[:-1]]
    found = {one[2]: one[1] for one in read if one is not None}
    if lines[-1] or len(found) != len(lines) - 1 or list(found) != sorted(found):
        raise ExportDoesNotHold(f"{folder}/{FILES} is not a list of digests, one a line, in order")
    return found


def _digest(files: Files, path: str) -> str:
    return hashlib.sha512(files.read(path, _MOST_FILE)).hexdigest()
