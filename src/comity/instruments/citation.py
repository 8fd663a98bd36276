"""How every statement of an instrument names its source, and how far it was verified against it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from comity.forms import learnt

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mark(StrEnum):
    """How far a statement has been verified against the authentic text. Anything but READ shows a badge."""

    READ = "V"  # the provision itself was read, whole, in a published copy
    CONFIRMED = "S"  # confirmed by a named partial or secondary source
    PATTERN = "P"  # pattern confirmed in a sister treaty; this instrument's own wording not read
    RECALLED = "R"  # recalled from general knowledge of the instrument; not re-read
    UNKNOWN = "?"  # not known, or not yet agreed


_STRENGTH = tuple(Mark)  # as defined above: the strongest first


def weakest(marks: Iterable[Mark]) -> Mark:
    """The mark of a whole whose parts carry these: the least of them, and ``?`` where there are none."""
    return max(marks, key=_STRENGTH.index, default=Mark.UNKNOWN)


@learnt
class Cited(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A statement with its source: an article, ``practice:`` and what practice, or ``source:`` and which."""

    basis: str
    verified: Mark
    note: str = ""
