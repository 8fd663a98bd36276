"""The custody table that comes with Comity: practice, the same for every channel."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from comity.instruments import parse_instrument

if TYPE_CHECKING:
    from comity.instruments import Instrument, Procedure

KINDS: Final = "evidence.exhibit"


@cache
def custody() -> Instrument:
    """The arrangement and its table, in the edition shipped. Its digest stands in every announcement."""
    return parse_instrument(custody_files())


def custody_files() -> dict[str, bytes]:
    """The files it is written in."""
    shelf = resources.files("comity.custody") / "texts"
    return {file.name: file.read_bytes() for file in shelf.iterdir() if file.name.endswith(".toml")}


def table() -> Procedure:
    """Who may do what with an exhibit, and when."""
    return custody().procedure("exhibit")
