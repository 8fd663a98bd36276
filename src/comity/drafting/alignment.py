"""A text and its translation, paragraph by paragraph.

A paragraph is a line that holds something. They belong together by their order; one that is not translated
has the line ``[...]`` in its place, which readers of any language take for an omission.

Follows: docs/spec/requests.md, Translation.
"""

from __future__ import annotations

from collections import deque
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OMITTED: Final = "[...]"
MOST_COMPARED: Final = 500  # comparing takes the square of it


class Pair(NamedTuple):
    """A paragraph beside its translation; either may be missing."""

    original: str
    translation: str

    @property
    def is_whole(self) -> bool:
        """Whether both are there."""
        return bool(self.original and self.translation)


def paragraphs(text: str) -> list[str]:
    """The lines that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def aligned(original: str, translation: str) -> list[Pair]:
    """Each paragraph with its translation, in order; what is left over on either side stands alone."""
    translated = ["" if one == OMITTED else one for one in paragraphs(translation)]
    return [Pair(*both) for both in zip_longest(paragraphs(original), translated, fillvalue="")]


def joined(translated: Iterable[str]) -> str:
    """The translation of each paragraph as one text, with what is missing marked; nothing where all is."""
    parts = [" ".join(one.split()) for one in translated]
    return (
        "\n".join(one or OMITTED for one in parts) if any(one not in ("", OMITTED) for one in parts) else ""
    )


def realigned(before: str, after: str, translation: str) -> str:
    """A translation that follows its original through a change.

    Paragraphs that stayed keep their translation wherever they went; one that was rewritten in its place
    keeps it too, to be looked over; a new one has none yet; that of a deleted one goes.
    """
    old, new = paragraphs(before), paragraphs(after)
    kept = paragraphs(translation)
    if not kept or old == new or len(kept) != len(old) or max(len(old), len(new)) > MOST_COMPARED:
        return translation
    return joined(_moved(old, new, kept))


def _moved(old: Sequence[str], new: Sequence[str], kept: Sequence[str]) -> list[str]:
    """The translations in their new places: of the paragraph itself, or of the one it replaced."""
    own: dict[str, deque[str]] = {}
    for paragraph, translated in zip(old, kept, strict=True):
        own.setdefault(paragraph, deque()).append(translated)
    moved = [own[one].popleft() if own.get(one) else "" for one in new]
    for how, start, stop, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "replace" and stop - start == end - begin:
            for before, after in zip(range(start, stop), range(begin, end), strict=True):
                if not moved[after] and old[before] not in new:
                    moved[after] = kept[before]
    return moved
