"""Seeking in the drafts of one's own office: read as they are, because they are in no index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity_node.assistance import queries
from comity_node.finding.words import terms, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity_node.assistance.models import Draft
    from comity_node.officials.models import Official

MOST: Final = 300  # of the latest drafts are looked through
_LONGEST: Final = 20_000  # of one draft
_MOST_LETTERS: Final = 500_000  # of all of them: a second or two, however much a colleague writes


def drafts(reader: Official, sought: str) -> list[tuple[Draft, str]]:
    """Drafts of the reader's office that hold every word, each with its text; the latest first."""
    wanted = terms(sought)
    if not wanted:
        return []
    found, left = [], _MOST_LETTERS
    for draft in queries.drafts(reader)[:MOST]:
        text = _text(draft)
        left -= len(text)
        if left < 0:
            break
        if _holds(wanted, f"{draft.ref}\n{draft.title}\n{text}"):
            found.append((draft, text))
    return found


def _holds(wanted: Iterable[str], text: str) -> bool:
    words = tokens(text)
    return all(any(word.startswith(term) for word in words) for term in wanted)


def _text(draft: Draft) -> str:
    return "\n".join(_texts(draft))[:_LONGEST]


def _texts(draft: Draft) -> Iterator[str]:
    for fields in (draft.fields, draft.translation):
        yield from (value for value in fields.values() if isinstance(value, str))
