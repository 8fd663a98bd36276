"""The database itself refuses to change or drop what was recorded, whoever asks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from comity.mirror import ForkProof
from comity_node.register import mirroring, misconduct, models, payloads, proofs, queries

TABLES = ["Entry", "Tile", "Checkpoint", "Receipt", "WitnessMark", "Misconduct", "Delivery", "Payload", "Log"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def furnished(boris, acts):
    """A register with a row in every table."""
    acts()
    boris.receipts()
    log = queries.their_logs(boris.channel)[0]
    mirroring.give(log)
    misconduct.keep(log, ForkProof(b"a", b"b"))
    mirroring.note_refusal(boris.channel, "bb", ValueErrorLike("refused"), incoming=True)
    models.Tile.objects.create(log=log, level=0, index=0, hashes=bytes(8192), root=bytes(32))
    models.WitnessMark.objects.create(
        log=log, witness="w", size=1, given_at=timezone.now(), lines="", stored_at=timezone.now()
    )
    return boris


class ValueErrorLike(Exception):
    """Stands for a named error."""

    code = "refused"


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_removed(furnished, table) -> None:
    """Not by the query that passes by every rule written in Python either."""
    model = getattr(models, table)
    before = model.objects.count()
    assert before

    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()._raw_delete(using="default")

    assert before == model.objects.count()


@pytest.mark.parametrize("table", [name for name in TABLES if name not in {"Payload", "Log"}])
def test_no_row_is_changed(furnished, table) -> None:
    """History is added to, never edited."""
    model = getattr(models, table)
    field = next(one for one in model._meta.concrete_fields if not one.primary_key)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {field.column} = {field.column}")


@pytest.mark.parametrize(
    "change",
    [
        {"sealed": b"other"},
        {"sealed": None},
        {"sealed": None, "erased_at": "now", "size": 1},
        {"sealed": None, "erased_at": "now", "sha256": "0" * 64},
    ],
)
def test_a_payload_is_not_replaced(furnished, change) -> None:
    """Neither the content nor the digest that names it, and not without the hour."""
    if change.get("erased_at"):
        change = change | {"erased_at": timezone.now()}

    with pytest.raises(DatabaseError), transaction.atomic():
        models.Payload.objects.update(**change)


def test_a_payload_is_erased_while_entry_and_proof_stand(furnished) -> None:
    """Treaties require destruction; the same may be sent again, and the time of its erasure is then gone."""
    entry = next(one for one in queries.entries(furnished.channel) if one.entry.kind == "note.sent")
    kept = models.Payload.objects.filter(sha256=entry.entry.payload.sha256)
    sealed = kept.get().sealed

    kept.update(sealed=None, erased_at=timezone.now())

    assert payloads.payload(entry) is None
    assert proofs.proof(entry.ref)
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.update(sealed=sealed)
    kept.update(sealed=sealed, erased_at=None)
    assert payloads.payload(entry)


@pytest.mark.parametrize("change", [{"size": 0}, {"origin": "cc.comity/abcdefghijklmnop"}, {"ours": False}])
def test_the_head_of_a_log_moves_only_forward(furnished, change) -> None:
    """A log set back by hand would be a log forked by hand."""
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Log.objects.filter(ours=True).update(**change)


def test_what_the_trigger_refuses_leaves_the_register_working(furnished, acts) -> None:
    """A refused statement is one failed statement."""
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Entry.objects.update(depth=0)

    assert acts("aa-2").index == acts("aa-3").index - 1
