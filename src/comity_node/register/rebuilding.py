"""Drop every projection and derive it anew from the register."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from comity_node.register import models, passages, rooms, statements, words_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model


def projections() -> list[type[Model]]:
    """Every table that holds nothing but projections."""
    of_rooms = dict.fromkeys(table for room in rooms.rooms() for table in room.projections)
    return [*of_rooms, models.Passage]


def digest() -> str:
    """SHA-256 over every projection, row by row: equal digests mean equal projections, to the byte."""
    over = hashlib.sha256()
    for line in _lines():
        over.update(line.encode() + b"\n")
    return over.hexdigest()


def rebuild() -> tuple[str, str]:
    """Drop and re-derive all projections, in one transaction.

    Returns:
        Digest before and after.
    """
    before = digest()
    with transaction.atomic():
        channels = models.Log.objects.order_by("channel").values_list("channel", flat=True).distinct()
        for channel in channels:
            statements.hold(channel)
        for table in reversed(projections()):
            table._default_manager.all().delete()
        for channel in channels:
            for room in rooms.rooms():
                passages.project(room, channel, _refs(channel, room.prefix))
        words_index.restore()
        after = digest()
    return before, after


def _refs(channel: str, prefix: str) -> set[str]:
    rows = models.Entry.objects.filter(log__channel=channel, kind__startswith=f"{prefix}.")
    return set(rows.values_list("ref", flat=True).distinct())


def _lines() -> Iterator[str]:
    encoder = DjangoJSONEncoder(sort_keys=True)
    for table in projections():
        names = [field.attname for field in table._meta.concrete_fields if not field.primary_key]
        yield from sorted(  # by their digests: a node holds more rows than memory
            hashlib.sha256(encoder.encode([table._meta.label, *values]).encode()).hexdigest()
            for values in table._default_manager.values_list(*names).iterator(chunk_size=1000)
        )
