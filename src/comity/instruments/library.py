"""The instruments that come with Comity."""

from __future__ import annotations

from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from comity.instruments.parse import parse_instrument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.instruments.model import Instrument


@cache
def library() -> Mapping[str, Instrument]:
    """Every instrument shipped, by id.

    The one place in the core that reads files: its own, as installed with the package.
    """
    shelf = resources.files("comity.instruments") / "texts"
    read = (
        parse_instrument(
            {file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".toml")}
        )
        for folder in shelf.iterdir()
        if folder.is_dir()
    )
    return MappingProxyType(
        {instrument.id: instrument for instrument in sorted(read, key=lambda one: one.id)}
    )
