"""The directory of one exercise: the script, the scripted nodes, and what is needed to go on."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import msgspec

from comity.exercise import must_be_sound, read_script
from comity_cli.exercise.errors import NotPrepared, PlaceTaken
from comity_cli.staging.nodes import Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from comity.exercise import Script

_NOTES: Final = "exercise.json"
_SCRIPT: Final = "script.toml"
_LOCK: Final = "lock"


class Prepared(msgspec.Struct, frozen=True):
    """What was prepared.

    Attributes:
        ports: Of each scripted node, by party.
    """

    trainee: str
    host: str
    ports: dict[str, int]
    script: str


def must_be_free(where: Path) -> None:
    """See to it that nothing is in the way.

    Raises:
        PlaceTaken: The directory is there and not empty.
    """
    if where.exists() and (not where.is_dir() or any(where.iterdir())):
        raise PlaceTaken(f"nothing was prepared: {where} holds something")


def keep(where: Path, prepared: Prepared) -> None:
    """Keep what is needed to run the exercise besides its script; last, so that what is there is whole."""
    (where / _NOTES).write_bytes(msgspec.json.format(msgspec.json.encode(prepared)) + b"\n")


def script_file(where: Path) -> Path:
    """Where the script is kept."""
    return where / _SCRIPT


def read(where: Path, script: Script) -> Prepared:
    """What was prepared in a directory, by this very script.

    Raises:
        NotPrepared: Nothing was, or by another script.
    """
    try:
        prepared = msgspec.json.decode((where / _NOTES).read_bytes(), type=Prepared)
        held = read_script((where / _SCRIPT).read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise NotPrepared(f"no exercise was prepared in {where}") from error
    must_be_sound(held)
    if script.digest != held.digest or prepared.script != held.digest:
        raise NotPrepared(
            f"the exercise in {where} was prepared by another script",
            hint="what was announced stands: run the script it was prepared by, or prepare another directory",
        )
    return prepared


def nodes(where: Path, prepared: Prepared) -> dict[str, Node]:
    """The scripted nodes, by party. They end with whoever starts them."""
    return {
        party: Node(party, where / party, port, host=prepared.host, tethered=True)
        for party, port in prepared.ports.items()
    }


@contextmanager
def held(where: Path) -> Iterator[None]:
    """Hold the directory, so that one exercise is run in it once.

    Raises:
        PlaceTaken: Somebody runs it.
    """
    lock = os.open(where / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PlaceTaken(f"nothing was started: the exercise in {where} is being run") from error
        yield
    finally:
        os.close(lock)
