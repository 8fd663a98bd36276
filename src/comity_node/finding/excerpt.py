"""Where in a text somebody's words stand: a short part of it, as pieces of which some are marked.

Pieces are plain text: whoever shows them escapes them as any text of a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity_node.finding.words import LONGEST, RUN, UNSPACED, parts, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH: Final = 240
_BEFORE: Final = 70


@dataclass(frozen=True, slots=True)
class Piece:
    """Some letters of a text, and whether they are what was sought."""

    text: str
    marked: bool


def excerpt(text: str, terms: Sequence[str], *, width: int = WIDTH) -> list[Piece]:
    """The part of a text in which the first of the words sought stands; its beginning where none does."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    first = next(_marks(plain, terms, 0), (0, 0))[0]
    start = _word_at(plain, max(0, first - _BEFORE)) if first > _BEFORE else 0
    stop = min(len(plain), start + width)
    pieces, at = [Piece("… ", False)] if start else [], start
    for begin, end in _marks(plain[:stop], terms, start):
        if begin >= at:
            pieces += [Piece(plain[at:begin], False), Piece(plain[begin:end], True)]
            at = end
    pieces += [Piece(plain[at:stop], False), Piece(" …" if stop < len(plain) else "", False)]
    return [piece for piece in pieces if piece.text]


def _word_at(text: str, at: int) -> int:
    """The beginning of the next word, if one begins soon."""
    space = text.find(" ", at, at + 25)
    return space + 1 if space >= 0 else at


def _marks(text: str, terms: Sequence[str], start: int) -> Iterator[tuple[int, int]]:
    """From where to where what was sought stands."""
    for run in RUN.finditer(text, start):
        found = parts(run.group())
        for place, (begin, end, word) in enumerate(found):
            joined = "_".join(one for _, _, one in found[place : place + 8])[:LONGEST]
            if len(found) > 1 and any("_" in term and joined.startswith(term) for term in terms):
                yield run.start() + begin, run.start() + found[-1][1]
                break
            if hit := _within(word, end - begin, terms):
                yield run.start() + begin + hit[0], run.start() + begin + hit[1]


def _within(word: str, length: int, terms: Sequence[str]) -> tuple[int, int] | None:
    """Which letters of a word to mark: all of it, or those of a text without spaces that were sought."""
    hits = [term for term in terms if any(token.startswith(term) for token in tokens(word))]
    places = [(at, at + len(term)) for term in hits if (at := word.find(term)) >= 0]
    if not places or len(word) != length or not UNSPACED.search(word):
        return (0, length) if hits else None
    return min(at for at, _ in places), max(end for _, end in places)
