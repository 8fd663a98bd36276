"""What a party says of itself: its names, keys, address, authorities, and whom to call.

Every line is shown to an officer before a decision, so what would read otherwise than it is written is
refused: control and invisible characters, marks that reorder text, letters of two alphabets in one word.

Follows: docs/spec/passport.md.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Final, Literal

import msgspec

from comity.entries.entry import readable
from comity.errors import ComityError, MalformedPassport
from comity.forms import learnt
from comity.keys.sealing import parse_recipient
from comity.names import party_code

MAX_NAME: Final = 200
MAX_VERSION: Final = 2**31 - 1

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,62}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ADDRESS: Final = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?", re.ASCII
)
_ZONE: Final = re.compile(r"UTC|[A-Z][A-Za-z_]{1,30}(?:/[A-Z][A-Za-z0-9_+-]{1,30}){1,2}", re.ASCII)
_TELEPHONE: Final = re.compile(r"\+[1-9][0-9 ]{4,28}[0-9]", re.ASCII)
_WORDS: Final = re.compile(r"[\s\-/]+")
# The alphabets whose letters are taken for one another.
_LOOKALIKES: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})

Texts = Annotated[dict[str, str], msgspec.Meta(min_length=1, max_length=32)]
Codes = Annotated[list[str], msgspec.Meta(max_length=32)]
Pair = Annotated[list[str], msgspec.Meta(min_length=2, max_length=2)]


@learnt
class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Verifier keys by use, Ed25519 first; ``witness`` is empty unless the node is a neutral witness."""

    identity: Pair
    log: Pair
    mirror: Pair
    wire: Annotated[list[str], msgspec.Meta(min_length=1, max_length=1)]
    witness: Annotated[list[str], msgspec.Meta(max_length=2)]


@learnt
class Rotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of logs and mirror that follow those in force, from a day on; verifier keys, Ed25519 first."""

    begins: str
    log: Pair
    mirror: Pair


@learnt
class Authority(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An office that may act for the party, and in what."""

    code: str
    names: Texts
    role: Literal["central", "competent", "contact"]
    powers: Codes


@learnt
class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to reach people: ``duty`` answers at every hour."""

    authority: str
    role: Literal["diplomatic", "technical", "duty"]
    languages: Codes
    hours: str
    time_zone: str
    telephone: str
    other: str


@learnt
class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything a passport says. Field order is the order in the file."""

    party: str
    version: Annotated[int, msgspec.Meta(ge=1, le=MAX_VERSION)]
    issued: str
    names: Texts
    languages: Annotated[Codes, msgspec.Meta(min_length=1)]
    address: str
    keys: Keys
    sealing: Annotated[list[str], msgspec.Meta(min_length=1, max_length=4)]
    authorities: Annotated[list[Authority], msgspec.Meta(min_length=1, max_length=64)]
    contacts: Annotated[list[Contact], msgspec.Meta(max_length=64)]
    rotation: Rotation | msgspec.UnsetType = msgspec.UNSET  # left out where no change of keys is under way

    def encode(self) -> str:
        """The one spelling of this description: JSON, one line a value, languages in order."""
        return msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=1).decode()


def decode(text: str) -> Description:
    """Read a description and hold every field against its form.

    Raises:
        MalformedPassport: It has another form, or is not spelled as we would spell it.
    """
    try:
        about = msgspec.json.decode(text, type=Description)
        same = about.encode() == text
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as fault:
        raise MalformedPassport(
            f"the passport's description is not in its form: {str(fault)[:200]}"
        ) from fault
    if not same:
        raise MalformedPassport(
            "the passport's description has a second spelling: spaces, order or repeated keys"
        )
    check(about)
    return about


def check(about: Description) -> None:
    """Hold every field but the signing keys against its form. The first failing rule is the one reported.

    Raises:
        MalformedPassport: A field is not as the specification gives it.
    """
    _party(about.party)
    _day("issued", about.issued)
    if about.rotation is not msgspec.UNSET:
        _day("the day new keys begin", about.rotation.begins)
        _must(about.rotation.begins >= about.issued, "its new keys begin before it was issued")
    _must(
        _ADDRESS.fullmatch(about.address) is not None, "address is not http(s)://host or http(s)://host:port"
    )
    _names("names", about.names)
    _languages("languages", about.languages)
    _recipients(about.sealing)
    for authority in about.authorities:
        _must(_CODE.fullmatch(authority.code) is not None, "an authority's code is not a-z, 0-9 and hyphen")
        _names(f"names of authority {authority.code}", authority.names)
        _must(all(map(_CODE.fullmatch, authority.powers)), f"a power of {authority.code} is not a code")
    codes = [authority.code for authority in about.authorities]
    _must(len(set(codes)) == len(codes), "two authorities have one code")
    for contact in about.contacts:
        _must(contact.authority in codes, "a contact belongs to no authority of this passport")
        _contact(contact)


def is_safe(text: str) -> bool:
    """Whether a name reads as it is written: one line, no invisible marks, one alphabet in each word."""
    return readable(text, most=MAX_NAME) and not any(map(_mixes_alphabets, _WORDS.split(text)))


def _mixes_alphabets(word: str) -> bool:
    if word.isascii():
        return False
    letters = (unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha())
    return len(_LOOKALIKES.intersection(letters)) > 1


def _party(code: str) -> None:
    try:
        party_code(code)
    except ComityError as fault:
        raise MalformedPassport(f"the passport was refused: {fault}") from fault


def _day(what: str, text: str) -> None:
    try:
        well_formed = _DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        well_formed = False
    _must(well_formed, f"{what} is not a day as 2026-01-31")


def _names(what: str, names: dict[str, str]) -> None:
    _languages(what, list(names))
    _must(all(map(is_safe, names.values())), f"{what}: a name would read otherwise than it is written")


def _languages(what: str, codes: list[str]) -> None:
    _must(all(map(_LANGUAGE.fullmatch, codes)), f"{what}: a language is not a BCP 47 code")
    _must(len(set(codes)) == len(codes), f"{what}: a language stands twice")


def _recipients(texts: list[str]) -> None:
    try:
        same = [str(parse_recipient(text)) for text in texts] == texts
    except ComityError as fault:
        raise MalformedPassport(f"the passport was refused: {fault}") from fault
    _must(same and len(set(texts)) == len(texts), "a sealing recipient stands twice or has a second spelling")


def _contact(contact: Contact) -> None:
    whose = f"contact of {contact.authority}"
    _languages(whose, contact.languages)
    _must(is_safe(contact.hours), f"{whose}: hours are empty or would read otherwise than written")
    _must(_ZONE.fullmatch(contact.time_zone) is not None, f"{whose}: the time zone is not an IANA name")
    _must(_TELEPHONE.fullmatch(contact.telephone) is not None, f"{whose}: the telephone is not + and digits")
    _must(contact.other == "" or is_safe(contact.other), f"{whose}: a line would read otherwise than written")


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise MalformedPassport(f"the passport was refused: {otherwise}")
