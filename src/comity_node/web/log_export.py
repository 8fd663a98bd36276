"""One log as a file: every entry as filtered, by its header alone. Nothing sealed is opened for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity_node.listing.export import Column, export
from comity_node.register import browsing

if TYPE_CHECKING:
    from django.http import StreamingHttpResponse

    from comity_node.register.models import Log
    from comity_node.register.queries import Received

_EXPORTED: Final[tuple[Column[Received], ...]] = (
    Column("index", lambda one: one.ref.index),
    Column("entry", lambda one: str(one.ref)),
    Column("kind", lambda one: one.entry.kind),
    Column("reference", lambda one: one.entry.ref),
    Column("authored", lambda one: one.entry.authored_at),
    Column("office", lambda one: one.entry.by.office),
    Column("capacity", lambda one: one.entry.by.capacity),
    Column("seconding_office", lambda one: one.entry.by.second.office if one.entry.by.second else ""),
    Column("answers", lambda one: " ".join(map(str, one.entry.answers))),
    Column("receipted", lambda one: one.receipted_at),
    Column("receipt_size", lambda one: one.receipt_size),
    Column("leaf_hash", lambda one: one.leaf_hash),
    Column("payload_sha256", lambda one: one.entry.payload.sha256 if one.entry.payload else ""),
    Column("payload_size", lambda one: one.entry.payload.size if one.entry.payload else None),
)


def log_file(log: Log, *, kind: str, ref: str, oldest_first: bool, form: str) -> StreamingHttpResponse:
    """A log as filtered, for a spreadsheet or a program."""
    rows = browsing.each_of(log, kind=kind, ref=ref, oldest_first=oldest_first)
    return export(rows, _EXPORTED, form=form, name=f"log-{log.party}-{log.channel}")
