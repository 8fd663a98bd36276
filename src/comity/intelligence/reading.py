"""Bundles of objects, read object by object: a bundle may hold millions, and no more than one is held.

JSON is read by the decoder of the standard library, told to note what it would pass over: a name given twice
(two readers see two objects), numbers that are none or that readers round differently, texts that no reader
can show. An object of which that is noted is named and left out; those after it are read. Where the text is
no JSON any more, nothing after it can be.

Follows: RFC 8259; RFC 7493 (I-JSON), 2; STIX 2.1, 8 (Bundle); TAXII 2.1, 3.7 (Envelope).
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from comity.intelligence.errors import MalformedBundle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DEEPEST: Final = 32
_LIST: Final = "objects"
_SPACE: Final = re.compile(r"[ \t\n\r]*", re.ASCII)
_EXACT: Final = 2**53 - 1  # RFC 7493, 2.2
_DIGITS: Final = 20
_PLANES: Final = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Halves of pairs, what Unicode gives no meaning for ever, and NUL, which databases do not hold.
_NO_TEXT: Final = re.compile(f"[\x00\ud800-\udfff\ufdd0-\ufdef{_PLANES}]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read of one file.

    Attributes:
        characters: Of one object.
        objects: Of one bundle.
    """

    characters: int = 1_000_000
    objects: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a bundle, before anything is known of what it says.

    Attributes:
        position: Its place in the list, from 0.
        text: As its author wrote it.
        value: What it says; nothing where it is no object.
        flaws: What two readers could read differently, in words; of such a one nothing is used.
    """

    position: int
    text: str
    value: Mapping[str, Any]
    flaws: tuple[str, ...]


def read(portions: Iterable[bytes], limits: Limits) -> Iterator[Item]:
    """Read the objects of a bundle, of an envelope, or the one object that a file is.

    Args:
        portions: The file, in portions of any size.
        limits: How much is read.

    Yields:
        The objects, in the order of the file.

    Raises:
        MalformedBundle: Nothing after the objects so far can be read.
    """
    text = _Text(portions, 16 * limits.characters)
    try:
        yield from _file(text, limits)
    except (ValueError, RecursionError) as error:  # of the decoders of JSON and of UTF-8 too
        raise MalformedBundle(f"{text.place()}: {_said(error)}") from error


def _file(text: _Text, limits: Limits) -> Iterator[Item]:
    head: dict[str, Any] = {}
    flaws: list[str] = []
    is_bundle = False
    for name, of_name in _members(text):
        flaws += of_name
        if name in head:
            flaws.append(_TWICE.format(name=name[:40]))
        if name != _LIST or text.sees() != "[":
            head[name], _written, of_value = text.value()
            flaws += of_value
            continue
        head[name] = is_bundle = True
        yield from _items(text, limits)
    if text.sees():
        raise ValueError("more follows the end of the bundle")
    if not is_bundle:
        written = text.all()
        yield Item(0, written, head, _flaws(written, head, [*flaws], limits))
    elif flaws:
        raise ValueError(f"of the bundle itself: {flaws[0]}")


def _members(text: _Text) -> Iterator[tuple[str, list[str]]]:
    """The names in an object; whoever asks for the next has taken the value of the one before."""
    text.take("{")
    if text.sees() == "}":
        text.take("}")
        return
    while True:
        if text.sees() != '"':
            raise ValueError("a name in quotation marks was expected")
        name, _written, noted = text.value()
        text.take(":")
        yield str(name), noted
        if text.take(",}") == "}":
            return


def _items(text: _Text, limits: Limits) -> Iterator[Item]:
    text.take("[")
    if text.sees() == "]":
        text.take("]")
        return
    for position in count():
        if position == limits.objects:
            raise ValueError(f"it has more than {limits.objects:,} objects, which is the limit")
        value, written, noted = text.value()
        is_object = isinstance(value, dict)
        found = value if is_object else {}
        flaws = [*noted, *(() if is_object else ["it is no object"])]
        yield Item(position, written, found, _flaws(written, value, flaws, limits))
        text.read_objects += 1
        if text.take(",]") == "]":
            return


def _flaws(written: str, value: object, noted: list[str], limits: Limits) -> tuple[str, ...]:
    found = [*noted]
    if len(written) > limits.characters:
        found.append(f"it has {len(written):,} characters; the limit is {limits.characters:,}")
    if _is_deeper(written, value):
        found.append(f"it is nested deeper than {DEEPEST}")
    elif (not written.isascii() or r"\u" in written) and any(map(_NO_TEXT.search, _texts(value))):
        found.append("it has characters that are none")
    return tuple(dict.fromkeys(found))


def _is_deeper(written: str, value: object) -> bool:
    if written.count("{") + written.count("[") <= DEEPEST:
        return False
    level = [value]
    for _depth in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
    return any(isinstance(one, dict | list) for one in level)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _texts(value: object) -> Iterator[str]:
    """Every text in a value, names among them."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            yield from one
        left.extend(_inside(one))


def _said(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"it is nested deeper than {DEEPEST}"
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8"
    return str(error)


_TWICE: Final = "the name {name} is given twice"


class _Text:
    """The text of a file, in which one reader goes forward; no more is held than has to be."""

    def __init__(self, portions: Iterable[bytes], longest: int) -> None:
        """``longest``: how many characters of one value are looked at before it is given up."""
        self._portions = iter(portions)
        self._longest = longest
        self._characters = codecs.getincrementaldecoder("utf-8")()
        self._held, self._at, self._passed = "", 0, 0
        self._ended = False
        self._noted: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._once,
            parse_constant=self._no_number,
            parse_float=self._finite,
            parse_int=self._whole,
        )
        self.read_objects = 0

    def place(self) -> str:
        """Where the reader is, in words."""
        return f"after {self.read_objects:,} objects, at character {self._passed + self._at:,}"

    def sees(self) -> str:
        """The next character that is no space; nothing at the end."""
        while True:
            if spaces := _SPACE.match(self._held, self._at):
                self._at = spaces.end()
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def take(self, marks: str) -> str:
        """Pass over the next character, which must be one of these."""
        seen = self.sees()
        if not seen or seen not in marks:
            wanted = " or ".join(marks)
            raise ValueError(f"{wanted} was expected" if seen else f"it ends where {wanted} was expected")
        self._at += 1
        return seen

    def value(self) -> tuple[Any, str, list[str]]:
        """The value that begins here: what it says, how it is written, and what was noted of it."""
        self.sees()
        while True:
            self._noted = []
            try:
                value, end = self._decoder.raw_decode(self._held, self._at)
            except json.JSONDecodeError:
                if len(self._held) - self._at > self._longest:
                    longest = f"a value of more than {self._longest:,} characters"
                    raise ValueError(f"{longest} is not read; what stands there may be no JSON") from None
                if not self._more():
                    raise ValueError("it is broken off, or no JSON any more") from None
                continue
            # A number at the end of what is held may go on.
            if end == len(self._held) and self._more():
                continue
            written, self._at = self._held[self._at : end], end
            return value, written, self._noted

    def all(self) -> str:
        """The whole text, where nothing of it was let go of."""
        if self._passed:
            raise ValueError(f"it is no bundle, and has more than {self._longest:,} characters")
        return self._held[: self._at].strip()

    def _more(self) -> bool:
        """Take in as much again as is held, and let go of what was passed; says whether there was any."""
        if self._ended:
            return False
        left = len(self._held) - self._at
        taken: list[str] = []
        while not self._ended and sum(map(len, taken)) <= left:
            portion = next(self._portions, None)
            self._ended = portion is None
            taken.append(self._characters.decode(portion or b"", final=self._ended))
        if self._at > self._longest or self.read_objects:
            self._passed += self._at
            self._held, self._at = self._held[self._at :], 0
        self._held += "".join(taken)
        return any(taken) or not self._ended

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            left = Counter(name for name, _value in pairs)
            self._noted.append(_TWICE.format(name=left.most_common(1)[0][0][:40]))
        return found

    def _no_number(self, name: str) -> None:
        self._noted.append(f"{name} is no number")

    def _finite(self, text: str) -> float:
        found = float(text)
        if found in (float("inf"), float("-inf")):
            self._noted.append("a number is too great to be read by all")
        return found

    def _whole(self, text: str) -> int:
        found = int(text[:_DIGITS])
        if len(text) > _DIGITS or abs(found) > _EXACT:
            self._noted.append("a whole number is too great to be read by all alike")
        return found
