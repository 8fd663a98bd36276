"""What an object is recognised by: domains, networks, autonomous systems, certificates, each in one form.

A domain is kept as A-labels, so that a name which only looks like another is other bytes and stands there as
other letters. No list of the world's names is consulted: what cannot be registered does no harm here.
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv6Network, ip_network
from typing import TYPE_CHECKING, Final

from comity.protected.errors import BadObject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_AS: Final = re.compile(r"(?:as\s?)?([0-9]{1,10})", re.ASCII | re.IGNORECASE)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONGEST_DOMAIN: Final = 253
_LETTERS: Final = ("L", "M", "N")
_WIDEST: Final = {4: 8, 6: 16}  # lengths of a prefix
_MOST_AS: Final = 2**32 - 1
_DOTS: Final = {0x3002: ".", 0xFF0E: ".", 0xFF61: "."}  # other full stops, as IDNA reads them
_UNSEEN: Final = ("Cc", "Cf", "Cs")
_JOINERS: Final = "\u200c\u200d"  # words of several languages are spelt with them


def plain(text: str) -> str | None:
    """The text, if every character of it can be shown and none turns the direction of reading."""
    unseen = (unicodedata.category(one) in _UNSEEN and one not in _JOINERS for one in text)
    return None if any(unseen) else text


def domain(text: str) -> str:
    """A domain name as A-labels in lower case, without a dot at its end.

    Raises:
        BadObject: It is none.
    """
    composed = unicodedata.normalize("NFC", text.strip().translate(_DOTS)).lower().removesuffix(".")
    labels = [_label(one, text) for one in composed.removeprefix("*.").split(".")]
    name = ".".join(labels)
    if len(labels) < 2 or len(name) > _LONGEST_DOMAIN or labels[-1].isdigit():
        raise BadObject(f"{text[:80]!r} is not a domain name")
    return name


def _label(label: str, whole: str) -> str:
    """One label; letters beyond ASCII as RFC 5891, section 4.4, writes them."""
    if not label.isascii():
        if any(unicodedata.category(one)[0] not in _LETTERS and one != "-" for one in label):
            raise BadObject(f"{whole[:80]!r} has a character no domain name has")
        label = "xn--" + label.encode("punycode").decode("ascii")
    elif label.startswith("xn--"):
        _check_punycode(label, whole)
    if not _LABEL.fullmatch(label):
        raise BadObject(f"{whole[:80]!r} is not a domain name")
    return label


def _check_punycode(label: str, whole: str) -> None:
    """What says that it stands for other letters stands for some, and has no second spelling."""
    letters = shown_label(label)
    if letters is None or letters.isascii() or letters.encode("punycode").decode("ascii") != label[4:]:
        raise BadObject(f"{whole[:80]!r} is not a domain name: {label[:63]} stands for no letters")


def shown_label(label: str) -> str | None:
    """The letters an A-label stands for; None where it stands for none. A label without any is itself."""
    if not label.startswith("xn--"):
        return label
    try:
        letters = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return None
    return letters if plain(letters) is not None else None


def mixes_scripts(name: str) -> bool:
    """Whether a label of a domain name has letters of more than one script, as names made to mislead do."""
    return any(len(_scripts(shown_label(label) or "")) > 1 for label in name.split("."))


def letters_of(name: str) -> str:
    """A domain name in the letters it stands for, for a reader; empty where it is plain already."""
    shown = ".".join(shown_label(label) or label for label in name.split("."))
    return "" if shown == name else shown


def _scripts(label: str) -> set[str]:
    return {unicodedata.name(one, "?").partition(" ")[0] for one in label if one.isalpha()}


def network(text: str) -> str:
    """A network with the length of its prefix; a single address is a network of one.

    Raises:
        BadObject: It is none, or has bits beyond its prefix, which may be a slip of the hand.
    """
    try:
        found = ip_network(text.strip())
    except ValueError as error:
        raise BadObject(f"{text[:80]!r} is not a network: {str(error)[:120]}") from error
    if isinstance(found, IPv6Network) and found.network_address.scope_id:
        raise BadObject(f"{text[:80]!r} means something on one link only")
    if isinstance(found, IPv6Network) and found.network_address.ipv4_mapped is not None:
        raise BadObject(f"{text[:80]!r} is an IPv4 network written as IPv6", hint="write it as IPv4")
    if found.prefixlen < _WIDEST[found.version]:
        raise BadObject(f"{text[:80]!r} is wider than any object: everything observed would touch it")
    return str(found)


def as_number(text: str) -> str:
    """The number of an autonomous system, as ``AS64500``.

    Raises:
        BadObject: It is none.
    """
    found = _AS.fullmatch(text.strip())
    if found is None or int(found[1]) > _MOST_AS:
        raise BadObject(f"{text[:80]!r} is not the number of an autonomous system")
    return f"AS{int(found[1])}"


def certificate(text: str) -> str:
    """The SHA-256 of a certificate, as 64 hexadecimal digits in lower case.

    Raises:
        BadObject: It is none.
    """
    digits = text.strip().replace(":", "").lower()
    if not _DIGEST.fullmatch(digits):
        raise BadObject(f"{text[:80]!r} is not the SHA-256 of a certificate: 64 hexadecimal digits")
    return digits


FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "domains": domain,
    "networks": network,
    "as_numbers": as_number,
    "certificates": certificate,
}
