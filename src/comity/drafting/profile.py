"""The requirement profile of an authority: what it needs beyond the treaty, published for those who ask.

It is read as JSON, or as the same document in TOML. Nothing is guessed: an unknown key is an error.

Follows: docs/spec/drafting.md, Requirement profile.
"""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
import tomli

from comity.drafting import network, substance, timing
from comity.drafting.checking import by_severity
from comity.drafting.reading import TRANSLATION, Reading, quoted, some
from comity.drafting.words import primary, says_nothing
from comity.errors import MalformedProfile
from comity.forms import learnt
from comity.instruments import Cited, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.drafting.reading import Finding, Request

MAX_BYTES: Final = 32 * 1024
MAX_LINE: Final = 1_000  # a dotted key costs the TOML reader the square of its length
_LANGUAGE: Final = r"^[a-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$"
_ID: Final = r"^[a-z][a-z0-9_]{0,59}$"
_NAME: Final = r"^[a-z][a-z0-9-]{0,59}$"

Id = Annotated[str, msgspec.Meta(pattern=_ID)]
Name = Annotated[str, msgspec.Meta(pattern=_NAME)]
Language = Annotated[str, msgspec.Meta(pattern=_LANGUAGE)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_OF_ADDRESSES: Final = {
    "time": ("address_without_time", "no_time_zone"),
    "port": ("address_without_port",),
}
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@learnt
class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A field the authority always needs.

    Attributes:
        field: Id of the field, as in the instrument.
        types: The types of assistance for which; empty means all.
        because: Why, in the authority's words: shown to whoever writes a request.
    """

    field: Id
    types: Annotated[tuple[Id, ...], msgspec.Meta(max_length=40)] = ()
    because: Line


@learnt
class LongestPeriod(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The longest period for which data are given; empty types mean all."""

    days: Annotated[int, msgspec.Meta(ge=1, le=36_500)]
    types: Annotated[tuple[Id, ...], msgspec.Meta(max_length=40)] = ()


@learnt
class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whom to reach, for what, how and when: shown to whoever writes a request."""

    purpose: Line = msgspec.field(name="for")
    reached_by: Line
    hours: Annotated[str, msgspec.Meta(max_length=300)] = ""


@learnt
class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an authority requires.

    Attributes:
        party: Whose authority it is.
        authority: Its name, as it wants to be addressed.
        as_of: The day it was published; a later one takes its place.
        instruments: For requests under which; empty means all.
        procedures: In which procedures.
        languages: In which it takes requests; empty says nothing.
        law_text: Whether it wants the law word for word.
        network: What an address must come with, or it leads to no subscriber there.
        translation: What a translation must be; empty says nothing.
        formats: How requests and what goes with them are to be sent, in the authority's words.
    """

    v: Literal[1]
    party: Name
    authority: Line
    as_of: date
    instruments: Annotated[tuple[Name, ...], msgspec.Meta(max_length=40)] = ()
    procedures: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1, max_length=20)] = ("assistance",)
    languages: Annotated[tuple[Language, ...], msgspec.Meta(max_length=20)] = ()
    law_text: Literal["cited", "verbatim"] = "cited"
    network: Annotated[tuple[Literal["time", "port"], ...], msgspec.Meta(max_length=2)] = ()
    translation: Literal["", "checked", "certified"] = ""
    formats: Annotated[tuple[Line, ...], msgspec.Meta(max_length=20)] = ()
    contacts: Annotated[tuple[Contact, ...], msgspec.Meta(max_length=20)] = msgspec.field(
        default=(), name="contact"
    )
    needs: Annotated[tuple[Need, ...], msgspec.Meta(max_length=200)] = msgspec.field(default=(), name="need")
    longest: Annotated[tuple[LongestPeriod, ...], msgspec.Meta(max_length=40)] = msgspec.field(
        default=(), name="longest_period"
    )

    def is_for(self, request: Request) -> bool:
        """Whether it speaks of requests under this instrument, in this procedure."""
        under = not self.instruments or request.instrument.id in self.instruments
        return under and request.procedure in self.procedures


def read_profile(raw: bytes) -> Profile:
    """Read a profile.

    Raises:
        MalformedProfile: It is too large, neither JSON nor TOML, or not in the form the specification gives.
    """
    if len(raw) > MAX_BYTES:
        raise MalformedProfile(f"the profile has {len(raw):,} bytes; the limit is {MAX_BYTES:,}")
    try:
        text = raw.decode()
        if text.lstrip().startswith("{"):
            profile = msgspec.convert(json.loads(text, object_pairs_hook=_once), Profile)
        else:
            if any(len(line) > MAX_LINE for line in text.split("\n")):
                raise MalformedProfile(f"the profile has a line of more than {MAX_LINE} characters")
            profile = msgspec.convert(tomli.loads(text), Profile)
    except (ValueError, RecursionError) as error:
        raise MalformedProfile(f"the profile was not read: {error}") from error
    _must_be_whole(profile)
    return profile


def received_profile(document: object, *, party: str, as_of: str) -> Profile:
    """Read the profile in the payload of a publication, and hold it against what the entry says of it.

    Args:
        document: Whatever stands there.
        party: Who signed the entry.
        as_of: The day it states in the open.

    Raises:
        MalformedProfile: It cannot be read, speaks for another party, or is of another day.
    """
    try:
        raw = json.dumps(document, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise MalformedProfile(f"the profile was not read: {error}") from error
    profile = read_profile(raw if isinstance(document, dict) else b"{}")
    if profile.party != party:
        raise MalformedProfile(f"the profile speaks for {profile.party}, and {party} signed it")
    if profile.as_of.isoformat() != as_of:
        raise MalformedProfile(f"the profile is of {profile.as_of}, and its entry says {quoted(as_of, 20)}")
    return profile


def profile_document(profile: Profile) -> dict[str, object]:
    """The profile as it is sealed: plain data, and nothing of what it does not say."""
    written: dict[str, object] = msgspec.to_builtins(profile)
    return {name: value for name, value in written.items() if value not in ("", (), [])}


def _must_be_whole(profile: Profile) -> None:
    contacts = [text for one in profile.contacts for text in (one.purpose, one.reached_by, one.hours)]
    because = [need.because for need in profile.needs]
    for said in (profile.authority, *profile.formats, *contacts, *because):
        if _CONTROL.search(said):
            raise MalformedProfile(f"{quoted(_CONTROL.sub('?', said), 60)} holds signs that nobody can see")
    doubled = [one.field for at, one in enumerate(profile.needs) if one in profile.needs[:at]]
    if doubled:
        raise MalformedProfile(f"the profile asks for {doubled[0]!r} twice in the same words")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON in which no key is given twice: two readers would take two values for it."""
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a key is given twice")
    return read


def unmet(request: Request, profile: Profile, *, version: str = "") -> list[Finding]:
    """What the request lacks of what the authority requires, in the form of the other findings.

    Args:
        request: As far as it is written.
        profile: What is required.
        version: Under which reference it was published; each finding cites it.

    What the profile asks for and the instrument has no field for is passed over: nobody could say it there.
    """
    if not profile.is_for(request):
        return []
    reading = Reading(request)
    basis = ", ".join(
        filter(
            None, (f"source: requirement profile of {profile.authority}", profile.as_of.isoformat(), version)
        )
    )
    rests_on = Cited(basis=basis, verified=Mark.CONFIRMED)
    checks = (_fields, _language, _translation, _network, _periods, _law)
    return by_severity(one for check in checks for one in check(reading, profile, rests_on))


def _fields(reading: Reading, profile: Profile, rests_on: Cited) -> Iterable[Finding]:
    for need in profile.needs:
        is_meant = not need.types or not reading.types.isdisjoint(need.types)
        if is_meant and need.field in reading.fields and says_nothing(reading.texts[need.field]):
            yield from reading.found(
                "required_field_missing",
                need.field,
                rests_on=rests_on,
                authority=profile.authority,
                because=need.because,
            )


def _language(reading: Reading, profile: Profile, rests_on: Cited) -> Iterable[Finding]:
    wanted = {primary(one) for one in profile.languages}
    request = reading.request
    translated = primary(request.translation_language) if any(reading.translated.values()) else ""
    is_written = any(text.strip() for text in reading.texts.values())
    if wanted and is_written and wanted.isdisjoint({primary(request.language), translated}):
        yield from reading.found(
            "required_language",
            TRANSLATION,
            rests_on=rests_on,
            authority=profile.authority,
            languages=some(profile.languages, most=20),
        )


def _translation(reading: Reading, profile: Profile, rests_on: Cited) -> Iterable[Finding]:
    """Whether the translation is what the authority takes, where there is one."""
    made = reading.request.authorship
    if not any(reading.translated.values()):
        return
    is_met = {"": True, "checked": made.is_checked, "certified": made.is_certified}
    if not is_met[profile.translation]:
        yield from reading.found(
            f"required_translation_{profile.translation}",
            TRANSLATION,
            rests_on=rests_on,
            authority=profile.authority,
        )


def _network(reading: Reading, profile: Profile, rests_on: Cited) -> Iterable[Finding]:
    """What practice recommends of addresses, and this authority demands."""
    wanted = {found: part for part in profile.network for found in _OF_ADDRESSES[part]}
    for one in network.found(reading):
        if one.id in wanted:
            yield from reading.found(
                f"required_{wanted[one.id]}",
                one.field,
                rests_on=rests_on,
                authority=profile.authority,
                addresses=one.values.get("addresses") or one.values["times"],
            )


def _periods(reading: Reading, profile: Profile, rests_on: Cited) -> Iterable[Finding]:
    bounds = [one.days for one in profile.longest if not one.types or not reading.types.isdisjoint(one.types)]
    if not bounds:
        return
    texts = reading.said("measure", "period", "addresses", "identifiers")
    for name, period in chain.from_iterable(
        ((name, one) for one in timing.periods(text)) for name, text in texts.items()
    ):
        if period.days > min(bounds):
            yield from reading.found(
                "required_period",
                name,
                rests_on=rests_on,
                authority=profile.authority,
                bound=min(bounds),
                said=quoted(period.written),
                days=period.days,
            )


def _law(reading: Reading, profile: Profile, rests_on: Cited) -> Iterable[Finding]:
    places = list(reading.said("offences", "law"))
    if profile.law_text == "verbatim" and places and not substance.is_set_out(reading):
        yield from reading.found(
            "required_law_text", places[0], rests_on=rests_on, authority=profile.authority
        )
