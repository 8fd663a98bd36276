"""What is said of one contact point: the document sealed in the entries that list and change it.

An authority and a unit or role, never a person. Where it could be read otherwise than it is written, as by
letters of another alphabet or marks that reorder a line, it is refused whole, and what was said before counts
on.

Follows: docs/spec/contacts.md, Document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from comity.channel.description import is_safe
from comity.contacts.errors import MalformedPoint
from comity.contacts.hours import MOST_TEXT, Hours, read_hours
from comity.forms import learnt

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = "contact.point"
PART: Final = "point"  # of the payload
_MOST: Final = 5
# What each has to look like, and what it is called where it does not.
_FORMS: Final = {
    "languages": (re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII), "is no language tag, as en"),
    "zone": (
        re.compile(r"UTC|[A-Z][A-Za-z_]{1,30}(?:/[A-Z][A-Za-z0-9_+-]{1,30}){1,2}", re.ASCII),
        "is no IANA time zone, as Europe/Zurich",
    ),
    "telephones": (re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII), "is no number in E.164, as +41446681800"),
    "emails": (
        re.compile(
            r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,62}@"
            r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}",
            re.ASCII,
        ),
        "is no e-mail address",
    ),
}

_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_LineIfAny = Annotated[str, msgspec.Meta(max_length=200)]
_Few = msgspec.Meta(max_length=_MOST)


@learnt
class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a Party is reached.

    Attributes:
        v: Version of this form, 1.
        authority: The authority, as it wants to be addressed.
        role: The unit or role that answers, never a person.
        languages: BCP 47 tags of those spoken there, the first preferred.
        hours: When somebody is there: ``24/7``, or hours of the week (``comity.contacts.hours``).
        zone: The IANA time zone the hours are in.
        telephones: Numbers in E.164, the first to be tried first.
        emails: Addresses.
        other: Other paths, each in words.
        verified_by: Which office has checked what is said here, and how.
    """

    v: Literal[1] = 1
    authority: _Line
    role: _Line
    languages: Annotated[tuple[_Line, ...], msgspec.Meta(min_length=1, max_length=12)]
    hours: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_TEXT)]
    zone: _Line
    telephones: Annotated[tuple[_Line, ...], _Few] = ()
    emails: Annotated[tuple[_Line, ...], _Few] = ()
    other: Annotated[tuple[_Line, ...], _Few] = ()
    verified_by: _LineIfAny = ""

    @property
    def week(self) -> Hours:
        """The hours, read."""
        return read_hours(self.hours)


def read_point(said: object) -> Point:
    """Read what a payload says of a point.

    Raises:
        MalformedPoint: It is not in this form, or would read otherwise than it is written.
    """
    try:
        found = msgspec.convert(said, Point)
    except msgspec.ValidationError as error:
        raise MalformedPoint(f"what is said of the point is not in its form: {error}") from error
    for name, (form, otherwise) in _FORMS.items():
        value = getattr(found, name)
        for one in (value,) if isinstance(value, str) else value:
            if not form.fullmatch(one):
                raise MalformedPoint(f"{one[:60]!r} {otherwise}")
    read_hours(found.hours)
    words = {"authority": (found.authority,), "role": (found.role,), "other": found.other}
    words["verified_by"] = (found.verified_by,) if found.verified_by else ()
    for name, texts in words.items():
        if not all(map(is_safe, texts)):
            raise MalformedPoint(f"what is said as {name} would read otherwise than it is written")
    for name in ("languages", "telephones", "emails", "other"):
        several = getattr(found, name)
        if len(set(several)) != len(several):
            raise MalformedPoint(f"what is said as {name} stands there twice")
    if not (found.telephones or found.emails or found.other):
        raise MalformedPoint("the point has no telephone, no e-mail and no other path: nobody can reach it")
    return found


def document(point: Point) -> dict[str, object]:
    """What is said of a point, as a payload carries it."""
    said = msgspec.structs.asdict(point)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


_WAYS: Final[Mapping[str, str]] = {"telephone": "telephones", "email": "emails", "other_path": "other"}


def changed_ways(before: Point, after: Point) -> list[str]:
    """The ways to reach a point that a change alters: who changes them could have others call themselves."""
    return [way for way, name in _WAYS.items() if getattr(before, name) != getattr(after, name)]
