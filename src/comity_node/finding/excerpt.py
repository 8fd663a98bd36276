"""Where in a text somebody's words stand: a short part of it, as pieces of which some are marked.

Pieces are plain text: whoever shows them escapes them as any text of a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity_node.finding.words import LONGEST, MOST_PARTS, MOST_TERMS, RUN, UNSPACED, of_part, parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH: Final = 240
LOOKED_AT: Final = 20_000  # letters of a text: as many as are indexed of an entry
_BEFORE: Final = 70


@dataclass(frozen=True, slots=True)
class Piece:
    """Some letters of a text, and whether they are what was sought."""

    text: str
    marked: bool


def excerpt(text: str, terms: Sequence[str], *, width: int = WIDTH) -> list[Piece]:
    """The part of a text in which the first of the words sought stands; its beginning where none does.

    The text is a stranger's: so much of it is looked at and no more, each word once, whatever is sought.
    """
    plain = "".join(letter if letter.isprintable() else " " for letter in text[:LOOKED_AT])
    marks = _marks(plain, tuple(terms[:MOST_TERMS]))
    hit = next(marks, None)
    start = _word_at(plain, hit[0] - _BEFORE) if hit and hit[0] > _BEFORE else 0
    stop = min(len(plain), start + width)
    pieces, at = [Piece("… ", False)] if start else [], start
    while hit and hit[0] < stop:
        begin, end = hit[0], min(hit[1], stop)
        if begin >= at:
            pieces += [Piece(plain[at:begin], False), Piece(plain[begin:end], True)]
            at = end
        hit = next(marks, None)
    pieces += [Piece(plain[at:stop], False), Piece(" …" if stop < len(text) else "", False)]
    return [piece for piece in pieces if piece.text]


def _word_at(text: str, at: int) -> int:
    """The beginning of the next word, if one begins soon."""
    space = text.find(" ", at, at + 25)
    return space + 1 if space >= 0 else at


def _marks(text: str, terms: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """From where to where what was sought stands."""
    joint = tuple(term for term in terms if "_" in term)
    for run in RUN.finditer(text):
        found = parts(run.group())
        for place, (begin, end, word) in enumerate(found):
            if joint and len(found) > 1 and _joined(found, place).startswith(joint):
                yield run.start() + begin, run.start() + found[-1][1]
                break
            if hit := _within(word, end - begin, terms):
                yield run.start() + begin + hit[0], run.start() + begin + hit[1]


def _joined(found: Sequence[tuple[int, int, str]], place: int) -> str:
    """The parts of a run from one of them on, as they are sought together."""
    return "_".join(one for _, _, one in found[place : place + MOST_PARTS])[:LONGEST]


def _within(word: str, length: int, terms: tuple[str, ...]) -> tuple[int, int] | None:
    """Which letters of a word to mark: all of it, or those of a text without spaces that were sought."""
    if word.isascii() and not word.startswith(terms) and not word.startswith("0"):
        return None  # as most words: one of one script, without zeros that may be left out
    if not any(token.startswith(terms) for token in of_part(word)):
        return None
    places = [(at, at + len(term)) for term in terms if (at := word.find(term)) >= 0]
    if not places or len(word) != length or not UNSPACED.search(word):
        return 0, length
    return min(at for at, _ in places), max(end for _, end in places)
