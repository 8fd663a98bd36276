"""What an object is found by, and what is sought for a thing observed, so that one look-up by equality does.

Follows: docs/spec/protected-objects.md, What touches an object.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import TYPE_CHECKING, Final, NamedTuple

from comity.drafting.addresses import parted, refanged
from comity.protected.errors import BadObject
from comity.protected.values import as_number, certificate, domain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.protected.objects import ProtectedObject

LONGEST_OBSERVED: Final = 2_000
# Lengths of a prefix: a question about anything wider would be answered with much of a list.
LEAST_PREFIX: Final[Mapping[int, int]] = {4: 16, 6: 32}
_SCHEME: Final = re.compile(r"\A(?:[a-z][a-z0-9+.*-]*:)?//", re.ASCII | re.IGNORECASE)


class Key(NamedTuple):
    """One value an object is found by.

    Attributes:
        sort: ``domain``, ``network``, ``as`` or ``certificate``.
        value: In its one form.
        low: Of a network, its first address in hexadecimal, after ``4`` or ``6``; otherwise empty.
    """

    sort: str
    value: str
    low: str = ""


class Sought(NamedTuple):
    """What is looked up for one thing observed.

    Attributes:
        sort: As of a key.
        values: Equal to any of these.
        first, last: Of a network observed: or networks that begin between these lie in it.
    """

    sort: str
    values: tuple[str, ...]
    first: str = ""
    last: str = ""


def keys(one: ProtectedObject) -> Iterator[Key]:
    """Every value an object is found by."""
    yield from (Key("domain", name) for name in one.domains)
    yield from (Key("network", text, _edges(ip_network(text))[0]) for text in one.networks)
    yield from (Key("as", number) for number in one.as_numbers)
    yield from (Key("certificate", digest) for digest in one.certificates)


def sought(observed: str) -> Sought | None:
    """What to look up for an address, network, domain, URL, mailbox, AS number, SHA-256; None for others."""
    text = refanged(observed[:LONGEST_OBSERVED].strip()).strip()
    scheme = _SCHEME.match(text)
    if scheme is None and _is_network(text):
        return _network(text)
    host = _host(text[scheme.end() :] if scheme else text)
    return _network(host) or _other(host)


def is_too_wide(asked: str) -> bool:
    """Whether a question about it would lay much of a list open: a network wider than /16, in IPv6 than /32.

    A domain is never too wide: it touches what is named so or above it, and nothing below.
    """
    wanted = sought(asked)
    if wanted is None or wanted.sort != "network":
        return False
    network = ip_network(wanted.values[-1])
    return network.prefixlen < LEAST_PREFIX[network.version]


def _host(text: str) -> str:
    """The host at the beginning of an address: without who is asked for there, a port, and all that follows.

    What follows may hold any host: it says nothing about where the address leads.
    """
    host = parted(text)[0].rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0] if host.count(":") == 1 else host


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _network(text: str) -> Sought | None:
    """Every network that contains it, by its one form; and where those begin that it contains."""
    try:
        found: IPv4Network | IPv6Network = ip_network(text.partition("%")[0], strict=False)
    except ValueError:
        return None
    if isinstance(found, IPv6Network):
        found = _mapped(found) or found
    first, last = _edges(found)
    around = tuple(str(found.supernet(new_prefix=length)) for length in range(found.prefixlen + 1))
    is_one = found.prefixlen == found.max_prefixlen
    return Sought("network", around, "" if is_one else first, "" if is_one else last)


def _mapped(found: IPv6Network) -> IPv4Network | None:
    within: IPv6Address = found.network_address
    four = within.ipv4_mapped
    return IPv4Network((int(four), found.prefixlen - 96)) if four and found.prefixlen >= 96 else None


def _edges(found: IPv4Network | IPv6Network) -> tuple[str, str]:
    digits = found.max_prefixlen // 4
    first, last = int(found.network_address), int(found.broadcast_address)
    return f"{found.version}{first:0{digits}x}", f"{found.version}{last:0{digits}x}"


def _other(text: str) -> Sought | None:
    try:
        return Sought("certificate", (certificate(text),))
    except BadObject:
        pass
    try:
        return Sought("as", (as_number(text),)) if text[:2].lower() == "as" else _domain(text)
    except BadObject:
        return _domain(text)


def _domain(text: str) -> Sought | None:
    """The name, and every name above it but the last label alone."""
    try:
        labels = domain(text).split(".")
    except BadObject:
        return None
    return Sought("domain", tuple(".".join(labels[at:]) for at in range(len(labels) - 1)))
