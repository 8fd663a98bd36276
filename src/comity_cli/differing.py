"""Differences between editions, or between facts of two days, as the terminal and programs get them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.instruments import Difference


def document(one: Difference) -> dict[str, Any]:
    """One difference for programs."""
    said: dict[str, Any] = {"place": one.place, "change": one.change, "says": dict(one.said)}
    if one.keys:
        said["keys"] = {key.key: {"before": key.before, "after": key.after} for key in one.keys}
    return said


def lines(one: Difference) -> Iterator[str]:
    """One difference for people: the place, and of two that differ what each says."""
    basis = f" ({one.said['basis']}, {one.said['verified']})" if "basis" in one.said else ""
    yield f"{one.change:8} {one.place}{basis}"
    if one.keys:
        yield from (f"           {key.key}: {_value(key.before)} → {_value(key.after)}" for key in one.keys)


def _value(said: object) -> str:
    if said is None:
        return "nothing"
    if isinstance(said, dict):
        return ", ".join(f"{key} = {_value(value)}" for key, value in said.items())
    if isinstance(said, (list, tuple)):
        return ", ".join(map(_value, said))
    return "yes" if said is True else str(said)
