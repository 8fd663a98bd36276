"""How grave an incident is: the neutral scale of alerts, and what national scales call about the same.

The scale and its equals stand in ``severity.toml``, each with its basis and verification mark.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec

from comity.forms import learnt


@learnt
class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One grade of the neutral scale.

    Attributes:
        code: ``0`` to ``5``, as alerts state it.
        label: One word or two.
        meaning: What is so if it is chosen rightly.
        scales: What each national scale calls about the same, by the code of the scale.
    """

    code: str
    label: str
    meaning: str
    scales: dict[str, str]


@learnt
class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scale in use, and the parties that use it."""

    code: str
    name: str
    parties: frozenset[str]
    basis: str
    verified: str


@learnt
class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    grade: tuple[Grade, ...]
    scale: tuple[Scale, ...]


def grades() -> tuple[Grade, ...]:
    """Every grade, the gravest first."""
    return _table().grade


def scales() -> tuple[Scale, ...]:
    """Every scale in use that this release knows."""
    return _table().scale


def grade(code: str) -> Grade | None:
    """One grade; None where the scale has no such code."""
    return next((one for one in grades() if one.code == code), None)


def equals(code: str, *parties: str) -> list[tuple[Scale, str]]:
    """What the scales of these parties call about the same, each scale once.

    Args:
        code: A grade of the neutral scale.
        parties: Whose scales are asked for; one without a scale of its own adds none.
    """
    found = grade(code)
    used = (one for one in scales() if one.parties.intersection(parties))
    return [(one, found.scales[one.code]) for one in used if one.code in found.scales] if found else []


@cache
def _table() -> _Table:
    text = resources.files(__package__).joinpath("severity.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=_Table)
