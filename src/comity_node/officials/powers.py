"""Roles and the powers they carry, as the table ``powers.toml`` gives them. Absent means not allowed."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from comity.forms import learnt
from comity_node.officials.errors import NoSuchRole, NotEmpowered, RolesApart

if TYPE_CHECKING:
    from collections.abc import Iterable


@learnt
class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A capacity officials are appointed to, and what they may do in it.

    Attributes:
        apart: Whether it is held with no other role.
    """

    code: str
    name: str
    powers: frozenset[str]
    apart: bool = False


@learnt
class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which powers the acts of a kind take, and whether two offices must agree."""

    kind: str
    sign: str
    second: str
    other_office: bool = False


@learnt
class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: tuple[Role, ...]
    act: tuple[Rule, ...]


@cache
def roles() -> dict[str, Role]:
    """Every role, by code."""
    return {role.code: role for role in _table().role}


def role(code: str) -> Role:
    """Return one role.

    Raises:
        NoSuchRole: The table does not have it.
    """
    try:
        return roles()[code]
    except KeyError:
        raise NoSuchRole(f"{code!r} is not a role", hint=f"roles are: {', '.join(sorted(roles()))}") from None


def held_together(codes: Iterable[str]) -> list[str]:
    """Return roles that one official may hold, each once, in the order given.

    Raises:
        NoSuchRole: The table does not have one of them.
        RolesApart: One of them is held with no other.
    """
    held = [role(code) for code in dict.fromkeys(codes)]
    apart = next((one for one in held if one.apart), None)
    if apart is not None and len(held) > 1:
        raise RolesApart(f"nothing was changed: the role {apart.code} is held with no other")
    return [one.code for one in held]


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


def rules() -> tuple[Rule, ...]:
    """Every rule on kinds of acts, in the order of the table."""
    return _table().act


@cache
def _table() -> _Table:
    text = resources.files(__package__).joinpath("powers.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=_Table)
