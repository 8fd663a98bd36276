"""Objects of STIX 2.1, held against the table of their forms.

Whoever sends an object that does not hold is told each thing that is wrong with it. Names the table does not
know are kept as they stand: an object may say more than its type foresees. What is read is never written
again from its value: the text of its author is what is kept, compared and passed on.

Follows: STIX 2.1, 2 (data types), 3 (common concepts), 11 (customizing); the table is ``objects.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal

from comity.intelligence.errors import MalformedObject
from comity.intelligence.forms import TYPE, UUID, holds, instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from comity.intelligence.forms import Check
    from comity.intelligence.reading import Item

Sort = Literal["sdo", "sco", "meta", "custom"]
_VERSIONED: Final = {"spec_version": "code 2.1", "created": "time", "modified": "time"}
_TYPE: Final = re.compile(TYPE, re.ASCII)
_NAME: Final = re.compile(r"[a-z0-9_]{1,250}", re.ASCII)
_ID: Final = re.compile(f"({TYPE})--{UUID}", re.ASCII)
_MOST_REASONS: Final = 20


@dataclass(frozen=True, slots=True)
class Object:
    """One object that holds.

    Attributes:
        id: Its identifier.
        type: Its type, which the identifier begins with.
        version: When this version was made; empty of an observable, which has none.
        text: As its author wrote it.
        value: What it says.
    """

    id: str
    type: str
    version: str
    text: str
    value: Mapping[str, Any]

    @property
    def is_revoked(self) -> bool:
        """Whether its author has taken it back."""
        return self.value.get("revoked") is True


@dataclass(frozen=True, slots=True)
class Form:
    """What objects of one type say.

    Attributes:
        sort: What they have in common with others.
        must: The names that must be there.
        known: Every name, with the check of its form and the words for it.
        order: Pairs of times, and whether the second has to be later rather than not earlier.
        any: Groups of names one of which must be there whole.
        apart: Pairs of names that are not there together.
        names: What the identifier of an observable is made of.
    """

    sort: Sort
    must: tuple[str, ...]
    known: Mapping[str, tuple[Check, str]]
    order: tuple[tuple[str, str, bool], ...]
    any: tuple[tuple[str, ...], ...]
    apart: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]


@cache
def forms() -> Mapping[str, Form]:
    """The form of each type of STIX 2.1, and under ``custom`` what every other type has to hold to."""
    table = tomllib.loads(files("comity.intelligence").joinpath("objects.toml").read_text())
    bases = table["base"]
    found = {name: _form(one["base"], bases[one["base"]], one) for name, one in table["object"].items()}
    loose = {"must": {"type": "text", "id": "id"}, "may": {**bases["sdo"]["may"], **_VERSIONED}}
    return {**found, "custom": _form("custom", loose, {})}


def _form(sort: Sort, base: Mapping[str, Any], own: Mapping[str, Any]) -> Form:
    must = {**base["must"], **own.get("must", {})}
    may = {**base["may"], **own.get("may", {})}
    order = [(*pair, False) for pair in (*base.get("later", ()), *own.get("later", ()))]
    order += [(*pair, True) for pair in own.get("strictly", ())]
    return Form(
        sort=sort,
        must=tuple(must),
        known={name: (holds(form), form) for name, form in {**must, **may}.items()},
        order=tuple(order),
        any=tuple(map(tuple, own.get("any", ()))),
        apart=tuple(map(tuple, own.get("apart", ()))),
        names=tuple(own.get("names", ())),
    )


def checked(item: Item) -> Object:
    """Hold an object against its form.

    Raises:
        MalformedObject: It does not hold; every reason is said.
    """
    found = [*item.flaws] or [*_faults(item)]
    if found:
        raise MalformedObject(tuple(found[:_MOST_REASONS]))
    value = item.value
    return Object(
        value["id"], value["type"], value.get("modified", value.get("created", "")), item.text, value
    )


def _faults(item: Item) -> Iterator[str]:
    value = item.value
    type_, id_ = value.get("type"), value.get("id")
    if not isinstance(type_, str) or not _TYPE.fullmatch(type_):
        yield "type: it has none, or one that is no name in small letters"
        return
    named = _ID.fullmatch(id_) if isinstance(id_, str) else None
    if named is None:
        yield "id: it has none, or one that is not a type and a UUID"
        return
    if named[1] != type_:
        yield f"id: it is one of {named[1][:60]}, and the type is {type_[:60]}"
    form = forms().get(type_, forms()["custom"])
    yield from _of_names(value, form)
    yield from _of_groups(value, form)
    yield from _of_times(value, form)


def _of_names(value: Mapping[str, Any], form: Form) -> Iterator[str]:
    for name in form.must:
        if name not in value:
            yield f"{name}: it is required"
    for name, said in value.items():
        known = form.known.get(name)
        if known is None:
            if not _NAME.fullmatch(name):
                yield f"{name[:60]}: names are of small letters, digits and low lines"
        elif not known[0](said):
            yield f"{name}: it has to be: {known[1]}"


def _of_groups(value: Mapping[str, Any], form: Form) -> Iterator[str]:
    if form.any and not any(all(name in value for name in group) for group in form.any):
        groups = ", or ".join(" with ".join(group) for group in form.any)
        yield f"it needs {groups}"
    for pair in form.apart:
        if all(name in value for name in pair):
            yield f"it has both {' and '.join(pair)}"


def _of_times(value: Mapping[str, Any], form: Form) -> Iterator[str]:
    for first, second, is_strict in form.order:
        if first in value and second in value:
            begins, ends = _instant(value[first]), _instant(value[second])
            if begins is None or ends is None:  # that is said already
                continue
            if ends < begins or (is_strict and ends == begins):
                yield f"{second}: it is not later than {first}"


def _instant(said: object) -> datetime | None:
    return instant(said) if isinstance(said, str) else None
