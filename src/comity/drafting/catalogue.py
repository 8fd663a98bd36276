"""The catalogue of defects: what is looked for, what is said of it, and where each check begins to speak.

Follows: docs/spec/drafting.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources

import msgspec
import tomli

from comity.forms import learnt
from comity.instruments import Cited


class Severity(StrEnum):
    """What a defect does to a request, the gravest first."""

    RETURNS = "returns"
    WEAKENS = "weakens"
    NOTE = "note"


@learnt
class Row(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A defect of the catalogue.

    Attributes:
        reason: The code by which an instrument returns a request for it; empty where none is usual.
        severity_in: Where it weighs differently in a procedure.
        applies: The procedures in which it is looked for.
        says: What is wrong, to be filled in.
    """

    id: str
    severity: Severity
    applies: tuple[str, ...]
    says: str
    why: str
    todo: str
    reason: str = ""
    severity_in: Mapping[str, Severity] = {}


@learnt
class Bound(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number from which a check speaks."""

    id: str
    value: int


@learnt
class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``defects.toml``.

    Attributes:
        role: The ids of fields, by the part they play in a request.
        sort: The ids of types of assistance, by what they have in common.
        dual_only_for: The types for which an instrument knows lack of dual criminality, where not for all.
    """

    role: Mapping[str, tuple[str, ...]]
    sort: Mapping[str, frozenset[str]]
    dual_only_for: Mapping[str, frozenset[str]]
    bounds: tuple[Bound, ...] = msgspec.field(name="bound")
    rows: tuple[Row, ...] = msgspec.field(name="defect")

    def row(self, name: str) -> Row:
        """One defect."""
        return next(row for row in self.rows if row.id == name)

    def bound(self, name: str) -> int:
        """One number."""
        return next(bound.value for bound in self.bounds if bound.id == name)


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with Comity."""
    raw = (resources.files("comity.drafting") / "defects.toml").read_bytes()
    return msgspec.convert(tomli.loads(raw.decode()), Catalogue)
