"""Erasing content for good: the sealed payload, and whatever was derived from it to be read or sought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from comity_node.register import models, payloads, services, words_index

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator

    from django.db.backends.utils import CursorWrapper
    from django.db.models import QuerySet

    from comity.names import EntryRef


def erase(refs: Iterable[EntryRef], *, by: EntryRef) -> int:
    """Erase the sealed content of entries, as an act of ours on record says; entries and proofs stand.

    One content may be named by several entries, since a counterpart may copy ours, or send again what was
    destroyed. Another entry of ours keeps it, and one of theirs that came after the act; nothing else does,
    or a counterpart could forbid what two officers have signed.

    What both databases keep to find it by goes in the same transaction: titles, words, and the index of them.

    Args:
        refs: The entries.
        by: The act that says so.

    Returns:
        How many contents were erased now.
    """
    places = {(str(ref.origin), ref.index) for ref in refs}
    named = _named(
        models.Entry.objects.filter(
            log__origin__in={origin for origin, _ in places}, index__in={index for _, index in places}
        )
    )
    digests = {digest for place, digest, _ours, _pk in named if place in places}
    rows = models.Payload.objects.filter(sha256__in=digests, erased_at=None)
    left = set(rows.values_list("sha256", flat=True))
    if not left:
        return 0
    act = models.Entry.objects.filter(log__origin=str(by.origin), index=by.index).values_list("pk", flat=True)
    stored = act.first() or 0
    kept = {
        digest
        for place, digest, ours, pk in _named(models.Entry.objects.filter(payload__in=left))
        if place not in places and (ours or pk > stored)
    }
    gone = left - kept
    if rows.filter(sha256__in=gone).update(sealed=None, erased_at=timezone.now()):
        _forget(gone)
    return len(gone)


def _forget(digests: Collection[str]) -> None:
    """Project anew whatever said it, whichever procedure that stands in, and leave no word in the index."""
    touched: dict[str, set[tuple[str, str]]] = {}
    naming = models.Entry.objects.filter(payload__in=digests)
    for channel, kind, ref in naming.values_list("log__channel", "kind", "ref").distinct():
        touched.setdefault(channel, set()).add((kind, ref))
    with payloads.erasing(digests):
        for channel, procedures in touched.items():
            services.project(channel, procedures)
    words_index.forget()
    transaction.on_commit(_settle, robust=True)


def _settle() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            shorten_log(cursor)


def shorten_log(cursor: CursorWrapper | sqlite3.Cursor) -> None:
    """Take what was erased out of SQLite's write-ahead log: pages stand there until others take their place.

    Where somebody reads for so long, that has to wait for the next erasing, or for the node's end.
    """
    patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    cursor.execute("PRAGMA busy_timeout = 1000")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")


def _named(entries: QuerySet[models.Entry]) -> Iterator[tuple[tuple[str, int], str, bool, int]]:
    """Place, digest, whether it is ours, and number of storing, of entries that have content."""
    fields = ("log__origin", "index", "payload", "log__ours", "pk")
    for origin, index, digest, ours, pk in entries.exclude(payload="").values_list(*fields):
        yield (origin, index), digest, ours, pk
