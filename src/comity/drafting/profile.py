"""The requirement profile of an authority: what it needs beyond the treaty, published for those who ask.

It is read as JSON, or as the same document in TOML. Nothing is guessed: an unknown key is an error.

Follows: docs/spec/drafting.md, Requirement profile.
"""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from comity.drafting import substance, timing
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
    """

    v: Literal[1]
    party: Name
    authority: Line
    as_of: date
    instruments: Annotated[tuple[Name, ...], msgspec.Meta(max_length=40)] = ()
    procedures: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1, max_length=20)] = ("assistance",)
    languages: Annotated[tuple[Language, ...], msgspec.Meta(max_length=20)] = ()
    law_text: Literal["cited", "verbatim"] = "cited"
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
            profile = msgspec.convert(tomllib.loads(text), Profile)
    except (ValueError, RecursionError) as error:
        raise MalformedProfile(f"the profile was not read: {error}") from error
    for said in (profile.authority, *(need.because for need in profile.needs)):
        if _CONTROL.search(said):
            raise MalformedProfile(f"{quoted(_CONTROL.sub('?', said), 60)} holds signs that nobody can see")
    doubled = [one.field for at, one in enumerate(profile.needs) if one in profile.needs[:at]]
    if doubled:
        raise MalformedProfile(f"the profile asks for {doubled[0]!r} twice in the same words")
    return profile


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON in which no key is given twice: two readers would take two values for it."""
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a key is given twice")
    return read


def unmet(request: Request, profile: Profile) -> list[Finding]:
    """What the request lacks of what the authority requires, in the form of the other findings.

    What the profile asks for and the instrument has no field for is passed over: nobody could say it there.
    """
    if not profile.is_for(request):
        return []
    reading = Reading(request)
    basis = f"source: requirement profile of {profile.authority}, {profile.as_of}"
    rests_on = Cited(basis=basis, verified=Mark.CONFIRMED)
    checks = (_fields, _language, _periods, _law)
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
