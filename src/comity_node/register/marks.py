"""Neutral witnesses' marks on our checkpoints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from comity.errors import MalformedSubmission
from comity.mirror.receipt import LAST_SECOND
from comity_node.register import models, news

if TYPE_CHECKING:
    from comity.tlog.note import Note
    from comity.tlog.vkey import VerifierKey


_OTHER_KEYS: Final = 1


def marked(log: models.Log, witness: str) -> int:
    """The size of a log up to which a witness has cosigned, as far as we know."""
    rows = models.WitnessMark.objects.filter(log=log, witness=witness).order_by("-size")
    return rows.values_list("size", flat=True).first() or 0


def earliest(log: models.Log, index: int) -> list[models.WitnessMark]:
    """The first mark of each witness that covers an entry of ours: by then it stood on our log."""
    found: dict[str, models.WitnessMark] = {}
    for mark in models.WitnessMark.objects.filter(log=log, size__gt=index).order_by("given_at", "size"):
        found.setdefault(mark.witness, mark)
    return list(found.values())


def keep(log: models.Log, key: VerifierKey, note: Note, size: int) -> bool:
    """Keep a witness's lines on our checkpoint of ``size``, after verifying them with the key we were told.

    Returns:
        Whether the mark is new.

    Raises:
        MalformedSubmission: The witness did not sign with that key.
    """
    given_at = note.cosigned_at(key)
    if not given_at or given_at > LAST_SECOND:
        raise MalformedSubmission(f"{key.name} did not sign with the key it is known by, at a time there is")
    # One line of each of its keys: so many as a note can hold would spoil the export they are shown in.
    by_key = {line.key_id: line for line in note.signatures if line.name == key.name and not line.is_by(key)}
    kept = [*note.only([key]).signatures, *list(by_key.values())[:_OTHER_KEYS]]
    lines = "\n".join(map(str, kept))
    _, new = models.WitnessMark.objects.get_or_create(
        log=log,
        witness=key.name,
        size=size,
        defaults={
            "given_at": datetime.fromtimestamp(given_at, UTC),
            "lines": lines,
            "stored_at": timezone.now(),
        },
    )
    news.ring()
    return new
