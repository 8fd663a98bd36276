"""Sealed exhibits on disk: written so that a name never stands for half a file.

Layout under the exhibits directory::

    incoming/…                        files being sealed, under names of their own
    <channel>/<party>/<object>        whole sealed exhibits that party provided
    <channel>/<party>/<object>.part   as much as has arrived of one
    <channel>/<party>/<object>.bad    what came under that name and is not it, kept as evidence

Every part of a path is a name of ours: channel id, party code, digest. A file name never is.
"""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import re
import shutil
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from typing import TYPE_CHECKING, Final, Self

from django.conf import settings

from comity.names import channel_id, party_code
from comity_node.evidence.errors import BeingFetched, DiskFull, NoSuchExhibit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from comity.keys.sealing.stream import Octets

FLUSH_BYTES: Final = 16 * 1024 * 1024
_DROP_BYTES: Final = 8 * 1024 * 1024
DIRECT_BYTES: Final = 2 * 1024 * 1024
BLOCK_BYTES: Final = (
    256 * 1024
)  # larger ones are given back to the system each time, and cost five times as much
RESERVE_BYTES: Final = 64 * 1024 * 1024  # left to the record itself, which must never be short of room
LEFT_AFTER_SECONDS: Final = 3600
_OBJECT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def place(channel: str, party: str, name: str) -> Path:
    """Where a sealed exhibit stands once it is whole.

    Raises:
        NoSuchExhibit: The name is not that of a sealed file.
    """
    if not _OBJECT.fullmatch(name):
        raise NoSuchExhibit("that is not the name of a sealed exhibit")
    exhibits: Path = settings.NODE.exhibits
    return exhibits / channel_id(channel) / party_code(party) / name


class Landing:
    """A file being written: durable every 16 MiB while the next bytes come, and all of it after ``flush``.

    The disk works in a second thread, so that neither a gigabyte is left to one long wait at the end, nor
    more than 32 MiB are lost to a power failure. What is durable is dropped from the system's cache.
    """

    def __init__(self, descriptor: int, flushed: Callable[[int], None] = lambda _: None) -> None:
        self._descriptor = descriptor
        self._flushed = flushed
        self._disk = ThreadPoolExecutor(1, "flush-exhibit")
        self._flushing: Future[None] | None = None
        self.written = os.lseek(descriptor, 0, os.SEEK_END)
        self._asked = self.written

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the file as it is."""
        self._disk.shutdown()

    def write(self, octets: Octets) -> int:
        """Write all of ``octets``.

        Raises:
            DiskFull: There is no room for them.
        """
        rest = memoryview(octets)
        with _room():
            while rest:
                done = os.write(self._descriptor, rest)
                self.written += done
                rest = rest[done:]
            if self.written - self._asked >= FLUSH_BYTES:
                self._flush()
        return len(octets)

    def flush(self) -> None:
        """Wait until everything written so far would survive a power failure.

        Raises:
            DiskFull: There is no room for all of it.
        """
        with _room():
            self._flush()
            self._wait()

    def _flush(self) -> None:
        self._wait()
        self._asked = self.written
        self._flushing = self._disk.submit(_make_durable, self._descriptor, self._asked)

    def _wait(self) -> None:
        if self._flushing:
            self._flushing.result()
            self._flushed(self._asked)
            self._flushing = None


class FreshLanding(Landing):
    """A new file, written past the system's cache in whole blocks, which costs a third of going through it.

    What fills a block waits in memory and would be lost by a kill: this is for a file that counts only once
    it is whole. Where the file system knows no such writing, blocks go the usual way.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor)
        blocks = [memoryview(mmap.mmap(-1, DIRECT_BYTES)) for _ in range(2)]  # the disk asks for whole pages
        self._blocks = cycle(blocks)
        self._block, self._filled = next(self._blocks), 0
        self._is_direct = _set_direct(descriptor, on=True)

    def write(self, octets: Octets) -> int:
        """Take all of ``octets``; what makes up a block is written while the next fills.

        Raises:
            DiskFull: There was no room for a block before.
        """
        rest = memoryview(octets)
        while rest:
            taken = rest[: DIRECT_BYTES - self._filled]
            self._block[self._filled : self._filled + len(taken)] = taken
            self._filled += len(taken)
            rest = rest[len(taken) :]
            if self._filled == DIRECT_BYTES:
                with _room():
                    self._wait()
                self._flushing = self._disk.submit(self._store, self._block, durably=not self._is_direct)
                self._block, self._filled = next(self._blocks), 0
        self.written += len(octets)
        return len(octets)

    def _flush(self) -> None:
        self._wait()
        _set_direct(self._descriptor, on=False)  # the end is no whole block
        self._flushing = self._disk.submit(self._store, self._block[: self._filled], durably=True)
        self._filled = 0

    def _store(self, rest: memoryview, *, durably: bool) -> None:
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        if durably:
            _make_durable(self._descriptor, self.written)


def _set_direct(descriptor: int, *, on: bool) -> bool:
    """Write past the cache from now on, or no longer; False where the file system cannot."""
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL) & ~os.O_DIRECT
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_DIRECT if on else flags)
    except OSError:
        return False
    return True


def _make_durable(descriptor: int, size: int) -> None:
    os.fdatasync(descriptor)
    _drop_from_cache(descriptor, size)


def _drop_from_cache(descriptor: int, size: int) -> None:
    """Let the system use the memory of the first ``size`` bytes of a file for those that follow.

    An exhibit is written once and read once, and would push everything else out of the cache. Above all,
    memory the system has not used before costs a virtual machine several times what copying into it costs.
    """
    os.posix_fadvise(descriptor, 0, size, os.POSIX_FADV_DONTNEED)


@contextmanager
def _room() -> Iterator[None]:
    """Say in plain words that the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(f"the exhibit was not stored: {os.strerror(error.errno)}") from error
        raise


def check_room(wanted: int) -> None:
    """Refuse at once what cannot fit.

    Raises:
        DiskFull: The disk has not that much room beside the reserve.
    """
    exhibits: Path = settings.NODE.exhibits
    exhibits.mkdir(mode=0o700, parents=True, exist_ok=True)
    free = shutil.disk_usage(exhibits).free - RESERVE_BYTES
    if wanted > free:
        raise DiskFull(
            f"the exhibit was not stored: it takes {wanted:,} bytes, and {max(free, 0):,} are free"
        )


@contextmanager
def incoming() -> Iterator[tuple[int, Path]]:
    """A new file to seal into; it is gone when the block ends, unless ``settle`` gave it its name."""
    folder = settings.NODE.exhibits / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder)
    path = folder / name
    try:
        yield descriptor, path
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)


def left_behind(known: Collection[str]) -> list[Path]:
    """Files of ours untouched for an hour that nobody will ask for: a kill left them.

    Args:
        known: Names of the sealed files that are on record or await it.
    """
    exhibits: Path = settings.NODE.exhibits
    sealed = exhibits.glob(f"*/{settings.NODE.party}/*")
    unknown = [path for path in sealed if _OBJECT.fullmatch(path.name) and path.name not in known]
    long_ago = time.time() - LEFT_AFTER_SECONDS
    return [path for path in (*exhibits.glob("incoming/*"), *unknown) if path.stat().st_mtime < long_ago]


@contextmanager
def partial(whole: Path) -> Iterator[tuple[int, Path]]:
    """The file an exhibit arrives in, kept between attempts; one process at a time for each party's exhibits.

    A file that was named whole, but whose receipt is not on record, is taken back to be inspected again.

    Raises:
        BeingFetched: Another process is fetching.
    """
    path = part_of(whole)
    with alone(whole):
        if whole.exists():
            whole.rename(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield descriptor, path
        finally:
            os.close(descriptor)


def part_of(whole: Path) -> Path:
    """Where as much stands as has come of an exhibit."""
    return whole.with_name(f"{whole.name}.part")


@contextmanager
def alone(whole: Path) -> Iterator[None]:
    """Be the one process of this node that takes in exhibits of this party, by wire or from a stick.

    Raises:
        BeingFetched: Another process is at it.
    """
    whole.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _held(whole.with_name(".fetching")):
        yield


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold a lock that the kernel lets go of even if we are killed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BeingFetched("the exhibit was not fetched: another process of this node is at it") from error
    finally:
        os.close(descriptor)


def settle(path: Path, whole: Path) -> None:
    """Give a file, already flushed, the name it is to be found under, durably."""
    whole.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.rename(whole)
    for folder in {path.parent, whole.parent, whole.parent.parent, whole.parent.parent.parent}:
        sync(folder)


def sync(folder: Path) -> None:
    """Have the names in a folder survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def blocks(
    path: Path, *, start: int = 0, length: int | None = None, size: int = BLOCK_BYTES
) -> Iterator[bytes]:
    """The bytes of a file, or ``length`` of them from ``start``, a block at a time."""
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        left = length if length is not None else path.stat().st_size - start
        read = dropped = start
        while left > 0 and (block := file.read(min(size, left))):
            left -= len(block)
            yield block
            read += len(block)
            if read - dropped >= _DROP_BYTES:
                _drop_from_cache(file.fileno(), read)
                dropped = read
