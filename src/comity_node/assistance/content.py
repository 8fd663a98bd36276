"""What the payload of an act says, read as sent: nothing in it can stop a page or a projection."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from comity.drafting import Authorship, read_authorship
from comity.errors import BadName, ComityError
from comity.markings import Marking, read_marking
from comity.names import EntryRef
from comity_node.assistance import marking
from comity_node.assistance.links import address, place
from comity_node.register import payloads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from comity_node.register.queries import Received

LONGEST_TITLE: Final = 200
MOST_EXHIBITS: Final = 100
MOST_AFFECTED: Final = 100
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)
_ALONE: Final = frozenset(
    {
        "title",
        "language",
        "fields",
        "translation",
        "exhibits",
        "marking",
        "profile",
        "checked_against",
        "affected",
        "figures",
        "charter",
        "passport",
    }
)


@dataclass(frozen=True, slots=True)
class Named:
    """An exhibit an act names: by the digest of its content, by its entry, or in words only."""

    sha256: str
    entry: str
    title: str

    @property
    def href(self) -> str:
        """The page of the entry that added it, if that is what it names."""
        try:
            return address("web:entry", *place(EntryRef.parse(self.entry)))
        except BadName:
            return ""

    def row(self) -> dict[str, str]:
        """The form it has in projections and payloads."""
        return {"sha256": self.sha256, "entry": self.entry, "title": self.title}


@dataclass(frozen=True, slots=True)
class Content:
    """The readable part of an act.

    Attributes:
        state: Whether it could be read at all.
        title: One line, with what cannot be read aloud replaced; empty if none was sent.
        language: BCP 47 tag of the texts; empty if none was sent.
        texts: Name and text of each part, in the order sent.
        translation_language: The same for a translation sent with it.
        translation: Name and text of each translated part.
        authorship: Who answers for the translation, as far as it could be read.
        authorship_read: Whether it could.
        exhibits: The exhibits it names, the first so many.
        exhibits_left: How many more it names.
        profile: The requirement profile it publishes, as sent.
        checked_against: The publication of the reader's profile its author held it against, and of which day.
        affected: The protected objects it names, each by the entry of its list and its leaf.
        marking: How it may be passed on, acted upon and relied upon: labels and values.
        held_as: The same as codes; RED where it cannot be read.
    """

    state: Literal["held", "none", "erased", "unreadable"]
    title: str = ""
    language: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    translation_language: str = ""
    translation: tuple[tuple[str, str], ...] = ()
    authorship: Authorship = field(default_factory=Authorship)
    authorship_read: bool = True
    exhibits: tuple[Named, ...] = ()
    exhibits_left: int = 0
    profile: object = None
    checked_against: tuple[str, str] = ("", "")
    affected: tuple[tuple[str, str], ...] = ()
    marking: tuple[tuple[str, str], ...] = ()
    held_as: Marking = field(default_factory=Marking)


def content_of(received: Received) -> Content:
    """Open the payload of an entry and read what can be read."""
    digest = received.entry.payload
    return content_in(received, payloads.sealed_payload(digest.sha256) if digest else None)


def content_in(received: Received, sealed: bytes | None) -> Content:
    """The same, where the sealed payload is at hand; None where there is none or it was erased."""
    if received.entry.payload is None:
        return Content("none")
    if sealed is None:
        return Content("erased")
    try:
        return read(payloads.document(sealed))
    except ComityError:
        return Content("unreadable")


def read(document: Mapping[str, Any]) -> Content:
    """Read a payload, whatever it is made of."""
    fields, translation = document.get("fields"), document.get("translation")
    exhibits = document.get("exhibits")
    listed = exhibits if isinstance(exhibits, list) else []
    said, is_readable = read_marking(document.get("marking"))
    translated = translation if isinstance(translation, dict) else {}
    translated_fields = translated.get("fields")
    authorship, authorship_read = read_authorship(translated.get("by"))
    return Content(
        state="held",
        title=one_line(document.get("title")),
        language=_language(document.get("language")),
        texts=(
            *_texts(fields if isinstance(fields, dict) else {}),
            *_texts({name: value for name, value in document.items() if name not in _ALONE}),
        ),
        translation_language=_language(translated.get("language")),
        translation=_texts(translated_fields if isinstance(translated_fields, dict) else {}),
        authorship=authorship,
        authorship_read=authorship_read,
        exhibits=tuple(_exhibits(listed[:MOST_EXHIBITS])),
        exhibits_left=max(0, len(listed) - MOST_EXHIBITS),
        profile=document.get("profile"),
        checked_against=_checked(document.get("checked_against")),
        affected=_affected(document.get("affected")),
        marking=tuple(marking.words(said, is_readable=is_readable)),
        held_as=said,
    )


def one_line(value: object) -> str:
    """A title as one line of readable letters; what was sent stands in full in the entry itself."""
    text = " ".join(_text(value)[: 4 * LONGEST_TITLE].split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)[:LONGEST_TITLE]


def _texts(parts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one_line(name), _text(value)) for name, value in parts.items() if value not in (None, "", [], {})
    )


def _text(value: object) -> str:
    """A value as text. Databases hold no NUL, and nobody could read it."""
    if value is None:
        return ""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    except RecursionError:  # nested to the brim: it was read with less of the stack in use than is left here
        text = "\ufffd"
    return text.replace("\x00", "\ufffd")


def _checked(value: object) -> tuple[str, str]:
    said = value if isinstance(value, dict) else {}
    return one_line(said.get("entry")), one_line(said.get("as_of"))


def _affected(value: object) -> tuple[tuple[str, str], ...]:
    named = [one for one in value[:MOST_AFFECTED] if isinstance(one, dict)] if isinstance(value, list) else []
    return tuple((one_line(one.get("list")), one_line(one.get("object"))) for one in named)


def _language(value: object) -> str:
    return value if isinstance(value, str) and _LANGUAGE.fullmatch(value) else ""


def _exhibits(listed: Iterable[object]) -> Iterator[Named]:
    for one in listed:
        if isinstance(one, dict):
            digest = _text(one.get("sha256"))
            yield Named(
                sha256=digest if _SHA256.fullmatch(digest) else "",
                entry=one_line(one.get("entry")),
                title=one_line(one.get("title")),
            )
        else:
            yield Named("", "", one_line(one))
