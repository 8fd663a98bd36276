"""How an object may be passed on: by its markings, and RED where one of them is not known.

An object says which markings apply by reference. Some references everybody knows; what the others mean stands
in definitions that may come later, or never: until then the strictest holds, since an author who wanted less
would have used what everybody knows.

Follows: STIX 2.1, 7.2 (data markings); OASIS common object repository; FIRST, TLP 2.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from comity.markings import TLP, UNREADABLE, Marking, strictest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Defined = Callable[[str], Mapping[str, Any] | None]

_KNOWN: Final[Mapping[str, TLP]] = {
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": "CLEAR",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "GREEN",
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": "AMBER",
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": "AMBER+STRICT",
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": "RED",
    # Those of TLP 1.0, which STIX 2.1 defines itself.
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "CLEAR",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "GREEN",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "AMBER",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "RED",
}
_SAYS_NOTHING: Final = frozenset({"statement"})  # a copyright: it bars nobody from reading


def marking(value: Mapping[str, Any], defined: Defined) -> Marking:
    """The markings of an object as a whole, of any part of it the strictest.

    Args:
        value: The object.
        defined: The definition under an identifier, where one is known.
    """
    found = strictest(_of(ref, defined) for ref in _references(value))
    return msgspec.convert(dict(found), Marking)


def _references(value: Mapping[str, Any]) -> Iterator[str]:
    yield from value.get("object_marking_refs", ())
    for one in value.get("granular_markings", ()):
        if "marking_ref" in one:
            yield one["marking_ref"]


def _of(ref: str, defined: Defined) -> Marking:
    if ref in _KNOWN:
        return Marking(tlp=_KNOWN[ref])
    definition = defined(ref)
    if definition is not None and definition.get("definition_type") in _SAYS_NOTHING:
        return Marking()
    return UNREADABLE
