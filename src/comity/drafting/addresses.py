"""IP addresses in a text, in every way they are written, and nothing that only looks like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from comity.drafting.words import blanked, listed, pattern, whole_words

_DOT: Final = re.compile(r"\s?[\[({]\s?(?:\.|dot|точка)\s?[\])}]\s?", re.IGNORECASE)
_COLON: Final = re.compile(r"[\[({]:(//)?[\])}]")
_AUTHORITY: Final = re.compile(r"[^/?#\\]*")  # browsers read a backslash as a slash
_FOUR: Final = re.compile(
    r"(?<!\w)(?<!\d\.)(?P<host>\d{1,3}(?:\.\d{1,3}){3})(?!\w)(?!\.\d)(?:/(?P<prefix>\d{1,2})(?![\w.]))?",
    re.ASCII,
)
_SIX: Final = re.compile(
    r"(?<![\w:])(?P<host>[0-9A-Fa-f:]+(?:\.\d{1,3}){0,3})(?![\w:])(?:%\w{1,16})?(?:/(?P<prefix>\d{1,3})(?![\w.]))?",
    re.ASCII,
)
_PORT_OF_FOUR: Final = re.compile(r":(\d{1,5})(?!\d|:\d)", re.ASCII)
_PORT_OF_SIX: Final = re.compile(r"\]:(\d{1,5})(?!\d|:\d)", re.ASCII)
_PORT_IN_COLUMN: Final = re.compile(r"\]?\s?[,|]\s?[0-9]{1,5}\s?(?=[,|]|\Z)")
_NEAR: Final = 24
_INSIDE: Final = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10",
            "::1/128",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it was recognised.

    Attributes:
        ip: The address itself.
        prefix: Length of the block it stands for, where one is written; otherwise None.
        has_port: A port is written directly after it.
        start: Where it begins in the line, as ``refanged`` gives it.
        end: Where it, and its port, end.
    """

    ip: IPv4Address | IPv6Address
    prefix: int | None
    has_port: bool
    start: int
    end: int

    @property
    def is_inside(self) -> bool:
        """It means something only inside a network. Addresses set aside for examples are not meant."""
        ip = self._mapped or self.ip
        return any(ip.version == block.version and ip in block for block in _INSIDE)

    @property
    def may_be_shared(self) -> bool:
        """Many subscribers may have it at one instant, so that the port is needed: so with IPv4."""
        return (self._mapped or self.ip).version == 4

    @property
    def _mapped(self) -> IPv4Address | None:
        return self.ip.ipv4_mapped if isinstance(self.ip, IPv6Address) else None

    @property
    def count(self) -> int:
        """How many addresses it stands for."""
        return 1 if self.prefix is None else 1 << (self.ip.max_prefixlen - self.prefix)

    def __str__(self) -> str:
        return str(self.ip) if self.prefix is None else f"{self.ip}/{self.prefix}"


def refanged(text: str) -> str:
    """The text with points and colons as they were before somebody put them in brackets."""
    return _COLON.sub(r":\1", _DOT.sub(".", text))


def parted(rest: str) -> tuple[str, str]:
    """What stands after the scheme of a URL: where it leads, and what is asked for there."""
    found = _AUTHORITY.match(rest)
    place = found[0] if found else ""
    return place, rest[len(place) :]


def addresses(line: str) -> list[Address]:
    """The addresses in a line, in order."""
    found = list(_of_six(line))
    taken = [(one.start, one.end) for one in found]
    rest = blanked(line, taken)
    return sorted([*found, *_of_four(rest)], key=lambda one: one.start)


def malformed(line: str) -> list[str]:
    """What has the form of an IPv4 address and cannot be one."""
    return [
        match["host"]
        for match in _FOUR.finditer(line)
        if _parsed(match["host"]) is None and not _after_other_number(line, match.start())
    ]


def _of_six(line: str) -> list[Address]:
    found = []
    for match in _SIX.finditer(line):
        written = match["host"]
        host = written[:-1] if written.endswith(":") and not written.endswith("::") else written
        ip = _parsed(host) if _looks_like_six(host) else None
        if isinstance(ip, IPv6Address):
            port = _PORT_OF_SIX.match(line, match.end()) or _PORT_IN_COLUMN.match(line, match.end())
            prefix = _prefix(match["prefix"], ip)
            found.append(
                Address(ip, prefix, port is not None, match.start(), port.end() if port else match.end())
            )
    return found


def _looks_like_six(host: str) -> bool:
    """Two colons are not enough: a time of day may be misprinted with two of them."""
    digits = sum(sign not in ":." for sign in host)
    return host.count(":") >= 2 and (digits > 4 or (digits > 0 and host.startswith("::")))


def _of_four(line: str) -> list[Address]:
    found = []
    for match in _FOUR.finditer(line):
        ip = _parsed(match["host"])
        if isinstance(ip, IPv4Address) and not _after_other_number(line, match.start()):
            port = None if match["prefix"] else _port_of_four(line, match.end())
            prefix = _prefix(match["prefix"], ip)
            found.append(
                Address(ip, prefix, port is not None, match.start(), port.end() if port else match.end())
            )
    return found


def _port_of_four(line: str, end: int) -> re.Match[str] | None:
    return _PORT_OF_FOUR.match(line, end) or _PORT_IN_COLUMN.match(line, end)


def _parsed(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _prefix(written: str | None, ip: IPv4Address | IPv6Address) -> int | None:
    return int(written) if written and int(written) <= ip.max_prefixlen else None


def _after_other_number(line: str, start: int) -> bool:
    """Whether the words before say that it numbers something else: ``version 1.2.3.4``."""
    return _before().search(line[max(0, start - _NEAR) : start]) is not None


@cache
def _before() -> re.Pattern[str]:
    words = whole_words(listed("not_an_address_after")).pattern
    return re.compile(rf"{words}[.:#]?\s{{0,3}}\Z", re.IGNORECASE)


def without_addresses(line: str, found: list[Address]) -> str:
    """The line with spaces in place of the addresses and their ports, so that no digit is read twice."""
    return blanked(line, [(one.start, one.end) for one in found])


def speaks_of_port(line: str) -> bool:
    """Whether the word is there, with or without a number: a log that has no port may say so."""
    return pattern("port").search(line) is not None
