"""Identifiers that whoever describes the same observable arrives at, without asking anybody.

Follows: STIX 2.1, 2.9 (identifier); RFC 8785 (JSON Canonicalization Scheme); RFC 9562, 5.5 (UUIDv5).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from comity.intelligence.objects import forms

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMESPACE: Final = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # 2.9
# Of several hashes the first of these counts, so that whoever knows more of them names the same thing.
_HASHES: Final = ("MD5", "SHA-1", "SHA-256", "SHA-512")


def identifier(type_: str, said: Mapping[str, Any]) -> str | None:
    """The identifier of an observable; None of one that has none of its own, or is not in its form.

    Args:
        type_: Its type.
        said: What is said of it, other names than those its identifier is made of among it.
    """
    form = forms().get(type_)
    if form is None or not form.names:
        return None
    made_of = {name: said[name] for name in form.names if name in said}
    if not made_of or not all(form.known[name][0](value) for name, value in made_of.items()):
        return None
    if "hashes" in made_of:
        made_of["hashes"] = _one_hash(made_of["hashes"])
    return f"{type_}--{uuid.uuid5(_NAMESPACE, rfc8785.dumps(made_of).decode())}"


def _one_hash(hashes: Mapping[str, str]) -> dict[str, str]:
    name = next((one for one in _HASHES if one in hashes), min(hashes))
    return {name: hashes[name]}
