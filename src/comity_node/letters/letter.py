"""A letter before it is set: words under their labels, and the data they say.

Whoever writes one has put every label in the reader's language already.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from comity.forms import learnt
from comity_node.letters.wording import breakable, direction, seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

Layout = Literal["letter", "t-cy-2018-10", "t-cy-2018-11"]
FORM: Final = "comity/letter/v1"
DATA: Final = "act.json"
ENTRY: Final = "entry.json"
PROOF: Final = "entry.tlog-proof"


@learnt
class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a letter says, for programs: the file ``act.json`` in it.

    Attributes:
        form: Version of this form.
        layout: How the page is laid out; the data are the same.
        draft: Nothing was signed or recorded.
        copy_by: The party that made the file of another party's act; empty where it is the author's own.
        entry: Where the act stands in the record; empty for a draft.
        leaf_hash: The hash under which it stands there.
        stated: The codes it states.
        payload: Title, fields, translation and exhibits, as sealed to both parties.
    """

    form: Literal["comity/letter/v1"] = "comity/letter/v1"
    layout: Layout
    draft: bool
    exercise: bool
    author: str
    addressee: str
    copy_by: str
    channel: str
    ref: str
    kind: str
    at: str
    entry: str
    leaf_hash: str
    instrument: str
    edition: str
    table: str
    procedure: str
    stated: dict[str, str | list[str]]
    payload: dict[str, msgspec.Raw]

    def encode(self) -> bytes:
        """Write it to be read by programs and by patient people."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what stands beside it; ``code`` is set in letters that cannot be taken for one another."""

    label: str
    text: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A text in a language.

    Attributes:
        heading: Which of the two it is, where there are two.
        is_label: It stands with the page, as labels do, whatever the direction of its letters.
    """

    text: str
    language: str
    heading: str = ""
    is_label: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What is said under one label, in one language or in two.

    Attributes:
        number: Of the box, in a form that numbers them.
        basis: The article that asks for it; empty where none does.
        mark: How far that was verified; empty where it was.
        texts: The reader's language first; empty where nothing was said and the box stays.
    """

    label: str
    texts: tuple[Words, ...]
    basis: str = ""
    mark: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """An exhibit: what it is, and the hash that says which."""

    title: str
    sha256: str
    entry: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything a page shows.

    Attributes:
        language: BCP 47 tag of the labels.
        phrases: What the layout itself says, by its own names for it.
        notices: What must be read before the rest: an exercise, a copy, an unverified source.
        stamp: What lies across every page: DRAFT, EXERCISE; empty for neither.
        running: What heads every page after the first, and foots all.
        marking: How it may be passed on and acted upon, said on every page; empty where it is unmarked.
        code: The first digits of the leaf's hash; empty for a draft.
        picture: A square of modules as SVG, which machines read; empty for a draft.
        files: What is attached, by name.
    """

    language: str
    title: str
    form_name: str
    sender: tuple[str, ...]
    addressee: tuple[str, ...]
    head: tuple[Line, ...]
    parts: tuple[Part, ...]
    exhibits: tuple[Named, ...]
    signatories: tuple[Line, ...]
    record: tuple[Line, ...]
    checking: tuple[str, ...]
    notices: tuple[str, ...]
    stamp: str
    running: str
    code: str
    picture: str
    phrases: Mapping[str, str]
    marking: str = ""
    legend: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    def for_template(self) -> dict[str, Any]:
        """The same as plain data, fit for paper. Nothing in it is ever read as a program."""
        return {
            "lang": language_tag(self.language),
            "title": seen(self.title),
            "form_name": seen(self.form_name),
            "sender": shown_lines(self.sender),
            "addressee": shown_lines(self.addressee),
            "head": [shown_line(one) for one in self.head],
            "parts": [shown_part(one) for one in self.parts],
            "exhibits": [
                {
                    "title": _blocks(one.title),
                    "sha256": one.sha256,
                    "entry": breakable(seen(one.entry), code=True),
                }
                for one in self.exhibits
            ],
            "signatories": [shown_line(one) for one in self.signatories],
            "record": [shown_line(one) for one in self.record],
            "checking": shown_lines(self.checking),
            "notices": shown_lines(self.notices),
            "legend": shown_lines(self.legend),
            "stamp": self.stamp,
            "running": seen(self.running),
            "marking": breakable(seen(self.marking)),
            "code": self.code,
            "picture": self.picture,
            "phrases": dict(self.phrases),
            "files": dict(self.files),
        }


_BESIDE: Final = 900


def shown_part(part: Part) -> dict[str, Any]:
    """A part as plain data; its two texts stand beside each other where both are short."""
    return {
        "label": seen(part.label),
        "basis": seen(part.basis),
        "mark": part.mark,
        "number": part.number,
        "beside": len(part.texts) == 2
        and all(one.heading and len(one.text) <= _BESIDE for one in part.texts),
        "texts": [
            {
                "heading": seen(one.heading),
                "label": one.is_label,
                "lang": language_tag(one.language),
                "blocks": _blocks(one.text),
            }
            for one in part.texts
        ],
    }


def shown_line(line: Line) -> dict[str, Any]:
    """Every line of it a block of its own: a date may run the other way than the name beside it."""
    blocks = [block for one in line.text.split("\n") for block in _blocks(one, code=line.code)]
    return {"label": seen(line.label), "blocks": blocks, "code": line.code}


def shown_lines(lines: Sequence[str]) -> list[dict[str, Any]]:
    """Paragraphs of the page itself as plain data."""
    return [block for line in lines for block in _blocks(line)]


def _blocks(text: str, *, code: bool = False) -> list[dict[str, Any]]:
    """Paragraphs, each a list of lines with the direction of its first letter."""
    return list(_paragraphs(breakable(seen(text), code=code)))


def _paragraphs(text: str) -> Iterator[dict[str, Any]]:
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.strip():
            lines.append(line.strip())
        elif lines:
            yield {"dir": direction("".join(lines)), "lines": lines}
            lines = []


def language_tag(tag: str) -> str:
    """What the typesetter takes for a language: two or three letters."""
    first = tag.partition("-")[0].lower()
    return first if first.isascii() and first.isalpha() and len(first) in (2, 3) else "en"
