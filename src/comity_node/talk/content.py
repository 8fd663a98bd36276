"""What a message says, read as sent: nothing in it can stop a page or a projection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from django.conf import settings

from comity.drafting import read_authorship
from comity.errors import ComityError
from comity_node.register import payloads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from comity_node.register.queries import Received

LONGEST_TITLE: Final = 200
MOST_EXHIBITS: Final = 20
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Content:
    """The readable part of an entry of a talk.

    Attributes:
        state: Whether it could be read at all.
        title: One line; what the talk is called, where the entry opens one.
        language: BCP 47 tag of the text; empty if none was sent.
        text: What is said, in the original.
        is_cut: Whether more was sent than this node shows of a message.
        translation_language, translation: A translation sent with it, as far as there is one.
        translated_by: Who answers for that translation, in words of its author.
        exhibits: The exhibits it names, each as ``sha256``, ``entry`` and ``title``.
    """

    state: Literal["held", "none", "erased", "unreadable"]
    title: str = ""
    language: str = ""
    text: str = ""
    is_cut: bool = False
    translation_language: str = ""
    translation: str = ""
    translated_by: str = ""
    exhibits: tuple[Mapping[str, str], ...] = ()


def content_in(received: Received, sealed: bytes | None, *, most: int | None = None) -> Content:
    """What an entry says, given its sealed payload; None where there is none or it was erased.

    Args:
        received: The entry.
        sealed: Its sealed payload.
        most: How many characters of a text are read; by default as many as this node shows.
    """
    if received.entry.payload is None:
        return Content("none")
    if sealed is None:
        return Content("erased")
    try:
        return read(payloads.document(sealed), most=most)
    except ComityError:
        return Content("unreadable")


def read(document: Mapping[str, Any], *, most: int | None = None) -> Content:
    """Read a payload, whatever it is made of."""
    most = most or settings.NODE.limits.message_characters
    translated = document.get("translation")
    said = translated if isinstance(translated, dict) else {}
    text, translation = _text(document.get("text")), _text(said.get("text"))
    authorship, _read = read_authorship(said.get("by"))
    exhibits = document.get("exhibits")
    return Content(
        state="held",
        title=one_line(document.get("title")),
        language=language(document.get("language")),
        text=text[:most],
        is_cut=len(text) > most or len(translation) > most,
        translation_language=language(said.get("language")),
        translation=translation[:most],
        translated_by=one_line(", ".join(filter(None, (authorship.office, authorship.how)))),
        exhibits=tuple(_exhibits(exhibits[:MOST_EXHIBITS] if isinstance(exhibits, list) else ())),
    )


def one_line(value: object) -> str:
    """A title as one line of readable letters; what was sent stands in full in the entry itself."""
    text = " ".join(_text(value)[: 4 * LONGEST_TITLE].split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)[:LONGEST_TITLE]


def language(value: object) -> str:
    """A language tag; empty where it is none."""
    return value if isinstance(value, str) and len(value) <= 35 and _LANGUAGE.fullmatch(value) else ""


def _text(value: object) -> str:
    """A text as a database can hold it: no NUL, and no half of a pair, which nobody could read."""
    return (
        value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode() if isinstance(value, str) else ""
    )


def _exhibits(listed: Iterable[object]) -> Iterator[Mapping[str, str]]:
    for one in listed:
        named = one if isinstance(one, dict) else {"title": one}
        digest = _text(named.get("sha256"))
        yield {
            "sha256": digest if _SHA256.fullmatch(digest) else "",
            "entry": one_line(named.get("entry")),
            "title": one_line(named.get("title")),
        }
