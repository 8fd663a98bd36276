"""Roles and the powers they carry, as the table ``powers.toml`` gives them. Absent means not allowed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from comity_node.officials.errors import NoSuchRole, NotEmpowered

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Role:
    """A capacity officials are appointed to, and what they may do in it."""

    code: str
    name: str
    powers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """Which powers the acts of a kind take, and whether two offices must agree."""

    kind: str
    sign: str
    second: str
    other_office: bool = False


@cache
def roles() -> dict[str, Role]:
    """Every role, by code."""
    rows = _table()["role"]
    return {row["code"]: Role(row["code"], row["name"], frozenset(row["powers"])) for row in rows}


def role(code: str) -> Role:
    """Return one role.

    Raises:
        NoSuchRole: The table does not have it.
    """
    try:
        return roles()[code]
    except KeyError:
        raise NoSuchRole(f"{code!r} is not a role", hint=f"roles are: {', '.join(sorted(roles()))}") from None


def capacity(held: Iterable[str], power: str) -> str | None:
    """Return the first of the roles held that carries the power; None if none does."""
    return next((code for code in held if code in roles() and power in roles()[code].powers), None)


def rule(kind: str) -> Rule:
    """Return the rule for acts of a kind: the row with the longest matching beginning.

    Raises:
        NotEmpowered: No row matches, so nobody may.
    """
    matching = [row for row in rules() if kind.startswith(row.kind)]
    if not matching:
        raise NotEmpowered(
            f"no official of this node may record {kind!r}",
            hint="powers.toml has no row for this kind of act",
        )
    return max(matching, key=lambda row: len(row.kind))


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule on kinds of acts, in the order of the table."""
    return tuple(Rule(**row) for row in _table()["act"])


def _table() -> dict[str, list[dict[str, object]]]:
    return tomllib.loads(resources.files(__package__).joinpath("powers.toml").read_text("utf-8"))
