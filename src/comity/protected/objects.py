"""A protected object, and the one way its content is written down.

Both sides, and a stranger years later, must come to the same bytes from the same object: what is written in
several ways (a domain, a network, the order of several) has one here. Whatever has another is refused when it
comes from outside, and put right when an official types it.

Follows: docs/spec/protected-objects.md, Objects; RFC 8785 for the bytes.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args

import msgspec

from comity.forms import learnt
from comity.protected.errors import BadObject, MalformedList
from comity.protected.values import FORMS, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES: Final = 16_384  # of one object as it is written down
Sector = Literal[
    "energy", "transport", "banking", "financial_market", "health", "drinking_water", "waste_water",
    "digital_infrastructure", "ict_service_management", "public_administration", "space", "postal", "waste",
    "chemicals", "food", "manufacturing", "digital_providers", "research", "other",
]  # fmt: skip
SECTORS: Final[tuple[str, ...]] = get_args(Sector)
Undertaking = Literal["hands_off", "warn", "assist"]
UNDERTAKINGS: Final[tuple[str, ...]] = get_args(Undertaking)

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_Line = Annotated[str, msgspec.Meta(max_length=300)]
_Country = Annotated[str, msgspec.Meta(pattern=r"\A(?:[a-z]{2})?\Z")]
_Values = Annotated[tuple[Annotated[str, msgspec.Meta(max_length=300)], ...], msgspec.Meta(max_length=1_000)]
_LINES: Final = ("name", "owner", "region", "contact")


@learnt
class ProtectedObject(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """One object of critical infrastructure, as its Party declares it.

    Attributes:
        name: What it is called.
        sector: By the sectors of directive (EU) 2022/2555, annexes I and II.
        owner: Who owns or operates it; an organisation, never a person.
        country: Where it stands, ISO 3166-1 alpha-2 in lower case.
        region: Where in that country.
        domains: Domain names, each with all below it, as A-labels.
        networks: IPv4 and IPv6 networks, with the length of their prefix.
        as_numbers: Autonomous systems, as ``AS64500``.
        certificates: SHA-256 of certificates it uses.
        contact: The office that answers for it; never a person.
        undertaking: What is asked of the other side for this object, where it is other than for the list.
    """

    name: _Name
    sector: Sector
    owner: _Line = ""
    country: _Country = ""
    region: _Line = ""
    domains: _Values = ()
    networks: _Values = ()
    as_numbers: _Values = ()
    certificates: _Values = ()
    contact: _Line = ""
    undertaking: Literal["", "hands_off", "warn", "assist"] = ""


FIELDS: Final = ProtectedObject.__struct_fields__


def canonical(one: ProtectedObject) -> bytes:
    """The bytes of an object: RFC 8785, without what is empty, UTF-8."""
    said = msgspec.to_builtins(one)
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def written(one: ProtectedObject) -> dict[str, Any]:
    """An object as it stands in a document."""
    said = msgspec.to_builtins(one)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def read_typed(said: Mapping[str, object]) -> ProtectedObject:
    """Read an object as an official typed it, and put it in its one form.

    Raises:
        BadObject: Something in it cannot be what it should be; the message names it.
    """
    try:
        loose = msgspec.convert(said, ProtectedObject)
    except msgspec.ValidationError as error:
        raise BadObject(f"it has not the form of an object: {error}") from error
    lines = {name: _line(name, getattr(loose, name)) for name in _LINES}
    values = {
        name: tuple(sorted({form(one) for one in getattr(loose, name)})) for name, form in FORMS.items()
    }
    one = msgspec.structs.replace(loose, **lines, **values)
    if not one.name:
        raise BadObject("its name is empty")
    if len(canonical(one)) > MOST_BYTES:
        raise BadObject(f"it takes more than {MOST_BYTES:,} bytes", hint="declare it as several objects")
    return one


def read_sent(said: Mapping[str, object]) -> ProtectedObject:
    """Read an object as somebody sent it: in its one form, or not at all.

    Raises:
        MalformedList: It has another form, or is written in another way than the one.
    """
    try:
        one = read_typed(said)
    except BadObject as wrong:
        raise MalformedList(f"an object cannot be read: {wrong}") from wrong
    if written(one) != said:
        raise MalformedList("an object is not written in its one form")
    return one


def _line(name: str, text: str) -> str:
    """A text on one line, composed, without spaces around it."""
    said = plain(" ".join(unicodedata.normalize("NFC", text).split()))
    if said is None:
        raise BadObject(f"{name} holds a character that cannot be shown")
    return said
