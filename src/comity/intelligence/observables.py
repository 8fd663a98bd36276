"""Observables in a text as people paste it: addresses, domains, hashes, wallets, vulnerabilities.

What is pasted is often written so that nobody opens it by mistake: ``hxxp``, ``[.]``, ``(at)``. It is read
as it was meant, and shown again in such a form. What is not recognised is said, never dropped in silence;
what is recognised is a proposal, and the text its author wrote is what is signed.

A domain must end in a suffix that is in use, so that ``invoice.exe`` is none: the Public Suffix List. Forms
are those of STIX 2.1 observables; AS numbers: RFC 5396; vulnerabilities: the CVE numbering rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network
from typing import TYPE_CHECKING, Final, Literal, get_args

import validators
from publicsuffixlist import PublicSuffixList

from comity.drafting.addresses import parted, refanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Sort = Literal[
    "ipv4-addr", "ipv6-addr", "autonomous-system", "url", "email-addr", "domain-name",
    "md5", "sha1", "sha256", "sha512", "vulnerability", "bitcoin", "ethereum", "tron",
]  # fmt: skip
SORTS: Final[tuple[str, ...]] = get_args(Sort)
MOST: Final = 5_000
_LONGEST: Final = 2_048
_APART: Final = re.compile(r"[\s,;|<>\"'`“”«»]+")
_AROUND: Final = "()[]{}.:!?*\u2022\u2013\u2014"
_SLASHES: Final = re.compile(r"[\[({]/[\])}]")
_ATS: Final = re.compile(r"[\[({](?:@|at)[\])}]", re.IGNORECASE)
_SCHEME: Final = re.compile(r"\A(?:h(?:xx|tt|\*\*)p(s?)|(s?)f(?:x|t)p(s?))(?=://)", re.IGNORECASE)
_CVE: Final = re.compile(r"CVE-\d{4}-\d{4,19}", re.IGNORECASE | re.ASCII)
_AS: Final = re.compile(r"AS(\d{1,10})", re.IGNORECASE | re.ASCII)
# In small letters it is a word: "as 3 hosts".
_AS_APART: Final = re.compile(r"(?<!\w)AS\s+(?=\d{1,10}(?!\w)(?![.:/]\w))", re.ASCII)
_ETHEREUM: Final = re.compile(r"0x[0-9a-f]{40}", re.IGNORECASE | re.ASCII)
_WORD: Final = re.compile(r"[^\W\d_]+", re.UNICODE)
_HASHES: Final[Mapping[int, Sort]] = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_HEX: Final = re.compile(r"[0-9a-f]+", re.IGNORECASE | re.ASCII)
_MOST_OF_AN_AS: Final = 2**32 - 1


@dataclass(frozen=True, slots=True, order=True)
class Observable:
    """One thing recognised.

    Attributes:
        sort: What it is.
        value: In its canonical form: lower case, without dots in brackets.
    """

    sort: Sort
    value: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a text holds.

    Attributes:
        observables: Each once, in the order of the text, the first ``MOST``.
        unknown: Lines in which nothing was recognised although they look as if something was meant.
        left: How many more observables there are than ``MOST``.
    """

    observables: tuple[Observable, ...]
    unknown: tuple[str, ...]
    left: int = 0


def recognise(text: str) -> Recognised:
    """Find the observables in a text of any length; time is linear in it.

    Args:
        text: As pasted; several a line are fine, and words around them.
    """
    found: dict[Observable, None] = {}
    unknown: list[str] = []
    read: dict[str, Observable | None] = {}
    for line in text.splitlines():
        here = list(_in_line(line, read))
        found.update(dict.fromkeys(here))
        if not here and _seems_meant(line):
            unknown.append(line.strip())
    return Recognised(tuple(found)[:MOST], tuple(dict.fromkeys(unknown)), max(0, len(found) - MOST))


def harmless(one: Observable) -> str:
    """An observable written so that no program makes a link of it."""
    if one.sort == "url":
        scheme, _sep, rest = one.value.partition("://")
        place, path = parted(rest)
        return f"{scheme.replace('tt', 'xx')}://{place.replace('.', '[.]')}{path}"
    if one.sort in ("domain-name", "ipv4-addr"):
        head, dot, last = one.value.rpartition(".")
        return f"{head}[.]{last}" if dot else one.value
    if one.sort == "email-addr":
        return one.value.replace("@", "[@]").replace(".", "[.]")
    return one.value


def _in_line(line: str, read: dict[str, Observable | None]) -> Iterator[Observable]:
    """What is in a line; each token is read once in a text, however often it stands there."""
    for written in _APART.split(_AS_APART.sub("AS", line)):
        if written not in read:
            read[written] = _read(_as_meant(written))
        found = read[written]
        if found is not None:
            yield found


def _read(token: str) -> Observable | None:
    if not 2 < len(token) <= _LONGEST:
        return None
    return next((one for reader in _READERS if (one := reader(token)) is not None), None)


def _as_meant(written: str) -> str:
    """A token as it was before somebody made it harmless, without what stands around it."""
    text = _ATS.sub("@", _SLASHES.sub("/", refanged(written))).strip(_AROUND)
    return _SCHEME.sub(lambda match: _meant_scheme(match[0]), text)


def _meant_scheme(written: str) -> str:
    return written.lower().replace("x", "t").replace("*", "t")


def _vulnerability(token: str) -> Observable | None:
    return Observable("vulnerability", token.upper()) if _CVE.fullmatch(token) else None


def _autonomous_system(token: str) -> Observable | None:
    match = _AS.fullmatch(token)
    fits = match is not None and int(match[1]) <= _MOST_OF_AN_AS
    return Observable("autonomous-system", f"AS{int(match[1])}") if match and fits else None


def _address(token: str) -> Observable | None:
    host, colon, port = token.rpartition(":")
    if colon and port.isascii() and port.isdecimal() and ("." in host or host.endswith("]")):
        token = host.strip("[]")  # the port is no part of what is looked for
    if "." not in token and ":" not in token:
        return None
    try:
        network = ip_network(token, strict=False)
    except ValueError:
        return None
    single = network.num_addresses == 1
    return Observable(
        "ipv4-addr" if network.version == 4 else "ipv6-addr",
        str(network.network_address) if single else str(network),
    )


def _hash(token: str) -> Observable | None:
    value = token.rpartition(":")[2].rpartition("=")[2]  # "sha256:…", "MD5=…"
    sort = _HASHES.get(len(value))
    return Observable(sort, value.lower()) if sort and _HEX.fullmatch(value) else None


def _wallet(token: str) -> Observable | None:
    value = token.rpartition(":")[2]  # "bitcoin:…"
    if _ETHEREUM.fullmatch(value):
        return Observable("ethereum", value)
    if validators.trx_address(value):  # asked first: its checksum is the other's, its first byte is not
        return Observable("tron", value)
    return Observable("bitcoin", value) if validators.btc_address(value) else None


def _url(token: str) -> Observable | None:
    scheme, sep, rest = token.partition("://")
    if not sep or not scheme.isalnum() or not rest:
        return None
    place, path = parted(rest)
    who, at, host = place.rpartition("@")
    domain = _domain(host)
    if domain is None and _address(host) is None:
        return None
    if domain is not None:  # in the letters of the wire: nobody takes one name for another that looks alike
        host = domain.value + "".join(host.partition(":")[1:])
    return Observable("url", f"{scheme.lower()}://{who}{at}{host.lower()}{path}")


def _email(token: str) -> Observable | None:
    local, at, host = token.removeprefix("mailto:").rpartition("@")
    domain = _domain(host) if at and local else None
    whole = f"{local}@{domain.value}" if domain else ""
    return Observable("email-addr", whole.lower()) if whole and validators.email(whole) else None


def _domain(token: str) -> Observable | None:
    host = parted(token)[0].partition(":")[0].rstrip(".").lower()
    if "." not in host or not _suffixes().privatesuffix(host):
        return None
    try:
        ascii_form = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return None
    return Observable("domain-name", ascii_form) if validators.domain(ascii_form) else None


_READERS: Final[tuple[Callable[[str], Observable | None], ...]] = (
    _vulnerability, _autonomous_system, _address, _hash, _wallet, _url, _email, _domain,
)  # fmt: skip


def _seems_meant(line: str) -> bool:
    """Whether a line in which nothing was found is one long sign rather than words."""
    words = line.split()
    return any(len(word) >= 8 and not _WORD.fullmatch(word.strip(_AROUND + ",;")) for word in words) or (
        0 < len(words) <= 2 and any(sign.isdigit() for sign in line)
    )


@cache
def _suffixes() -> PublicSuffixList:
    """The Public Suffix List as it came with this release."""
    return PublicSuffixList(accept_unknown=False)
