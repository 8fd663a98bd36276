"""The ready-made statements say the same as the models they stand beside."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comity_node.register import growth, mirroring, models, packing, queries, services, statements
from comity_node.register.statements import NewReceipt
from tests.node.register.histories import mirror, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(boris, acts):
    """Entries with and without content on both logs, and receipts."""
    boris.writes("note.sent", "bb-2", payload={"text": "sealed"})
    boris.writes("note.sent", "bb-3")
    mirroring.take(mirror(boris), offer(boris, 1))
    mirroring.give(mirror(boris))
    acts("aa-1")
    boris.receipts()
    return boris


def test_a_head_is_read_with_every_column_it_has(record) -> None:
    """A column added to the model and forgotten here would be read from the database one by one."""
    for head in statements.heads(record.channel):
        assert not head.get_deferred_fields()
        whole = models.Log.objects.get(pk=head.pk)
        assert {f.attname: getattr(whole, f.attname) for f in models.Log._meta.concrete_fields} == {
            f.attname: getattr(head, f.attname) for f in models.Log._meta.concrete_fields
        }


def test_what_is_stored_is_what_the_models_read(record) -> None:
    """Times, digests and contents survive the way in."""
    log = mirror(record)
    rows = models.Entry.objects.filter(log=log).order_by("index")

    leaves, sealed = statements.contents(log, 0, log.size)
    assert tuple(bytes(row.leaf) for row in rows) == leaves == tuple(record.leaves)
    assert tuple(one for one in record.payloads if one) == sealed
    parts = zip(record.leaves, record.payloads, strict=True)
    assert [len(leaf) + len(one or b"") for leaf, one in parts] == statements.sizes(log, 0, log.size)
    assert all(abs((timezone.now() - row.stored_at).total_seconds()) < 600 for row in rows)
    assert {(row.kind, row.ref) for row in rows[1:]} == set(statements.concerned(log, 1, log.size))


def test_a_receipt_again_is_not_new_and_a_smaller_one_moves_nothing_back(record) -> None:
    """Of two exchanges at once the later receipt may come first."""
    log, now = mirror(record), timezone.now()

    assert 0 == statements.add_receipts(log, [NewReceipt("aa", log.size, now, b"again")], now)
    assert 1 == statements.add_receipts(log, [NewReceipt("aa", 1, now, b"late")], now)
    assert log.size == log.receipted == mirror(record).receipted
    assert 1 == statements.receipted_below(log, "aa", log.size)
    assert [1, log.size] == [size for size, _ in statements.receipt_notes(log, "aa", beyond=0, most=9)]
    assert [1] == [size for size, _ in statements.receipt_notes(log, "aa", beyond=0, most=1)]


def test_a_head_moves_only_from_where_it_was_read(record) -> None:
    """Two who read the same head cannot both move it."""
    first, second = mirror(record), mirror(record)
    tree = mirroring.held(first).tree

    def moved(log) -> bool:
        return statements.move(log, tree, seen={"aa": 1}, checkpoint=b"note")

    models.Log.objects.filter(pk=first.pk).update(size=first.size)
    second.size -= 1
    assert moved(first)
    assert not moved(second)
    assert {"aa": 1} == mirror(record).seen


def test_the_version_changes_with_every_entry_and_every_receipt(record, acts) -> None:
    """Open pages and the courier wait for it."""
    before = growth.version()
    acts("aa-2")
    between = growth.version()
    record.receipts()

    assert before[0] < between[0]
    assert between[1] < growth.version()[1]
    assert {record.channel: queries.own_log(record.channel).size} == queries.own_sizes("bb")


def test_more_than_one_delivery_carries_is_not_put_under_one_checkpoint(record, acts, monkeypatch) -> None:
    """The log could never be delivered beyond it."""
    monkeypatch.setattr(services, "MOST_BYTES_TOGETHER", 100)
    before = queries.own_log(record.channel).size

    with pytest.raises(services.TooMuchContent, match="fit one delivery"):
        acts("aa-9")

    assert before == queries.own_log(record.channel).size


def test_a_delivery_is_measured_with_its_entries(record, monkeypatch) -> None:
    """A thousand entries of the largest size would be more than a counterpart takes."""
    log = mirror(record)
    monkeypatch.setattr(packing, "MOST_BYTES_TOGETHER", sum(statements.sizes(log, 0, 1)))

    assert 1 == packing._affordable(log, 0)


def test_what_all_have_signed_for_is_counted_by_the_log_as_it_stands(record) -> None:
    """A head read before another exchange moved it would cut the count short, until the next receipt."""
    stale, now = mirror(record), timezone.now()
    record.writes("note.sent", "bb-4")
    mirroring.take(mirror(record), offer(record, stale.size))
    mirroring.give(mirror(record))

    statements.add_receipts(stale, [NewReceipt("aa", 1, now, b"late")], now)

    assert mirror(record).size == mirror(record).receipted == stale.receipted
