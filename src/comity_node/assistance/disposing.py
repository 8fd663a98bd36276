"""Erasing content that our own acts on record say we erase, and what we kept of it in other words.

It is done in the transaction that records the act, and again whenever entries are projected: what the record
says is destroyed stays destroyed after a restore. Nothing a counterpart writes erases anything here.

Follows: docs/spec/procedures.md, Disposal of content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Q

from comity.lifecycle.stated import values
from comity.names import EntryRef
from comity_node.assistance.attached import ATTACHED
from comity_node.assistance.models import Draft
from comity_node.officials import services as officials
from comity_node.register import erasing
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from comity.lifecycle import Standing

_EMPTY: Final[dict[str, Any]] = {
    "title": "",
    "stated": {},
    "fields": {},
    "translation": {},
    "translated_by": {},
    "exhibits": [],
    "marking": {},
}


def dispose(channel: str, standings: Iterable[Standing]) -> None:
    """Erase what our own regular acts say is erased: sealed content, translations of it, drafts and texts."""
    for by, erased in _disposals(standings):
        refs = [*erased, *_translations(channel, erased)]
        erasing.erase(refs, by=by)
        own = [str(ref) for ref in erased if ref.origin.party == settings.NODE.party]
        if own:
            officials.erase_texts(own)
            became = Q(entry__in=own) | Q(prepared__entry__in=own)
            says = ~Q(title="") | ~Q(fields={}) | ~Q(translation={}) | ~Q(translated_by={})
            Draft.objects.filter(became, says).update(**_EMPTY)


def _disposals(standings: Iterable[Standing]) -> Iterator[tuple[EntryRef, list[EntryRef]]]:
    """Our acts that erase, each with the entries it names."""
    for standing in standings:
        for one in standing.judged:
            if one.row is not None and one.row.erases and one.act.party == settings.NODE.party:
                yield one.act.ref, [EntryRef.parse(name) for name in values(one.act.stated, "entries")]


def _translations(channel: str, erased: Sequence[EntryRef]) -> list[EntryRef]:
    """The translations attached to these entries, by either side: copies of the content in other words."""
    attached = register.entries(channel, prefix=ATTACHED)
    return [one.ref for one in attached if not set(erased).isdisjoint(one.entry.answers)]
