"""A case file before it is set: a cover, then sections of facts and texts, in one language or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity_node.letters.letter import language_tag, shown_line, shown_lines, shown_part
from comity_node.letters.wording import breakable, seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity_node.letters.letter import Line, Part

LAYOUT = "casefile.typ"


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading.

    Attributes:
        level: 1 for a part of the file, 2 for an act or an exhibit in it.
        notes: Paragraphs before the rest.
        facts: Labels with what stands beside them.
        parts: Texts under their labels.
    """

    heading: str
    level: int = 1
    notes: tuple[str, ...] = ()
    facts: tuple[Line, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything a case file shows; the fields are those of a letter where they have its names."""

    language: str
    title: str
    over: str
    running: str
    marking: str
    stamp: str
    notices: tuple[str, ...]
    facts: tuple[Line, ...]
    sections: tuple[Section, ...]
    legend: tuple[str, ...]
    phrases: Mapping[str, str]

    def for_template(self) -> dict[str, Any]:
        """The same as plain data, fit for paper. Nothing in it is ever read as a program."""
        return {
            "lang": language_tag(self.language),
            "title": breakable(seen(self.title)),
            "over": seen(self.over),
            "running": seen(self.running),
            "marking": breakable(seen(self.marking)),
            "stamp": self.stamp,
            "notices": shown_lines(self.notices),
            "facts": [shown_line(one) for one in self.facts],
            "sections": [
                {
                    "heading": breakable(seen(one.heading)),
                    "level": one.level,
                    "notes": shown_lines(one.notes),
                    "facts": [shown_line(line) for line in one.facts],
                    "parts": [shown_part(part) for part in one.parts],
                }
                for one in self.sections
            ],
            "legend": shown_lines(self.legend),
            "phrases": dict(self.phrases),
        }
