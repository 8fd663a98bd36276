"""Erasing content that our own acts on record say we erase, and what we kept of it in other words.

It is done in the transaction that records the act, and again whenever entries are projected: what the record
says is destroyed stays destroyed after a restore. Nothing a counterpart writes erases anything here.

Follows: docs/spec/procedures.md, Disposal of content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from comity.lifecycle.stated import values
from comity.names import EntryRef
from comity_node.assistance.models import Draft
from comity_node.officials import services as officials
from comity_node.register import payloads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.lifecycle import Standing


def dispose(standings: Iterable[Standing]) -> None:
    """Erase what our own regular acts say is erased: sealed content, and drafts and prepared texts of it."""
    erased = [ref for standing in standings for ref in _erased(standing)]
    if erased and payloads.erase(erased):
        own = [str(ref) for ref in erased if ref.origin.party == settings.NODE.party]
        officials.erase_texts(own)
        became = Q(entry__in=own) | Q(prepared__entry__in=own)
        Draft.objects.filter(became).update(title="", fields={}, translation={}, exhibits=[], marking={})


def _erased(standing: Standing) -> list[EntryRef]:
    return [
        EntryRef.parse(name)
        for one in standing.judged
        if one.row is not None and one.row.erases and one.act.party == settings.NODE.party
        for name in values(one.act.stated, "entries")
    ]
