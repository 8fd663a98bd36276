"""How what is sent may be passed on, acted upon and relied upon: markings its author binds by signature.

Each is a courtesy between authorities or a national rule; none of them is a legal condition, which an act
states in the open. They can be loosened by their author only, in another act.

Follows: docs/spec/requests.md, Marking; FIRST, Traffic Light Protocol 2.0; MISP taxonomy PAP; Europol
handling codes and 4x4; NATO AJP-2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, get_args

import msgspec

from comity.forms import learnt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TLP = Literal["", "RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"]
PAP = Literal["", "RED", "AMBER", "GREEN", "CLEAR"]
Handling = Literal["", "H0", "H1", "H2", "H3"]
Scheme = Literal["", "admiralty", "4x4"]
_Text = Annotated[str, msgspec.Meta(max_length=200, pattern=r"\A[^\x00-\x1f]*\Z")]
GRADES: Final[Mapping[str, tuple[str, str]]] = {"admiralty": ("ABCDEF", "123456"), "4x4": ("ABCX", "1234")}

# From the strictest on; what is not marked says nothing about the rest.
_RANKS: Final = {name: (*get_args(codes)[1:], "") for name, codes in (("tlp", TLP), ("pap", PAP))}


@learnt
class Marking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The markings of one act.

    Attributes:
        tlp: To whom it may go on. The organisation of TLP is the receiving authority, not its State.
        pap: What may be done with it: RED means that nobody may be tipped off.
        handling: Europol handling code; H3 is said in ``handling_text``.
        handling_text: Handling in words.
        scheme: By which scheme source and information are graded; grades are never converted.
        source: How reliable the source is.
        information: How well the information is confirmed.
        classification: National classification, in the author's own words.
    """

    tlp: TLP = ""
    pap: PAP = ""
    handling: Handling = ""
    handling_text: _Text = ""
    scheme: Scheme = ""
    source: _Text = ""
    information: _Text = ""
    classification: _Text = ""

    def flaws(self) -> list[tuple[str, str]]:
        """What does not fit together: the field, and what is wrong with it."""
        sources, grades = GRADES.get(self.scheme, ("", ""))
        scheme = self.scheme or "no scheme"
        is_graded = bool(self.source or self.information)
        found = {
            ("handling_text", "H3 is said in words, and only H3"): (self.handling == "H3")
            != bool(self.handling_text),
            ("scheme", "a grade needs its scheme"): not self.scheme and is_graded,
            ("source", f"{scheme} has no such source"): self.source not in ("", *sources),
            ("information", f"{scheme} has no such grade of information"): self.information
            not in ("", *grades),
        }
        return [flaw for flaw, is_so in found.items() if is_so]


UNREADABLE: Final = Marking(tlp="RED", pap="RED")


def read_marking(document: object) -> tuple[Marking, bool]:
    """Read the markings of a payload.

    Returns:
        The marking, and whether it could be read. What cannot be read is held as RED: an author who wanted
        less would have said so.
    """
    if document is None:
        return Marking(), True
    try:
        read = msgspec.convert(document, Marking)
    except msgspec.ValidationError:
        return UNREADABLE, False
    return (read, True) if not read.flaws() else (UNREADABLE, False)


def marking_document(marking: Marking) -> dict[str, str]:
    """The markings as a part of a payload: what is not marked is not said."""
    return {name: value for name, value in msgspec.structs.asdict(marking).items() if value}


def strictest(markings: Iterable[Marking]) -> list[tuple[str, str]]:
    """What holds of many things kept as one, the strictest first: names of markings and their values.

    Of TLP and of PAP the strictest counts. Handling codes and classifications do not rank among themselves,
    since each bars something else or is in its author's own words: every one of them is given.
    """
    some = list(dict.fromkeys(markings))
    found = [
        (name, min((getattr(one, name) for one in some), key=rank.index, default=""))
        for name, rank in _RANKS.items()
    ]
    for name in ("handling", "classification", "handling_text"):
        values = dict.fromkeys(getattr(one, name) for one in some)
        found += [(name, value) for value in (sorted(values, reverse=True) if name == "handling" else values)]
    return [(name, value) for name, value in found if value]


Use = Literal["court", "onward"]
_BARS: Final[Mapping[Use, tuple[tuple[str, str], ...]]] = {
    "court": (("handling", "H1"), ("handling", "H2"), ("tlp", "RED"), ("tlp", "AMBER+STRICT")),
    "onward": (("handling", "H2"), ("tlp", "RED"), ("tlp", "AMBER+STRICT")),
}
_WORDS: Final = {"handling": "", "tlp": "TLP:"}


def barred(marking: Marking, use: Use) -> str:
    """By which mark its author bars a use of what it sent, until it permits it; empty where none does.

    ``court`` is a court file, ``onward`` anybody beyond the receiving authority, which a court is as well.
    H3 is said in words: they are shown, and no program can tell what they bar.

    Args:
        marking: As its author sealed it.
        use: What it is to be used for.
    """
    marks = (f"{_WORDS[name]}{value}" for name, value in _BARS[use] if getattr(marking, name) == value)
    return next(marks, "")
