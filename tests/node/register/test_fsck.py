"""Recomputing the register finds every damage a disk, or a hand, can do to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone

from comity.keys.signing import Ed25519Key
from comity.mirror import give_receipt
from comity.tlog.note import Signature, parse_note, sign_note
from comity.tlog.signer import Cosigner
from comity.tlog.vkey import VerifierKey
from comity_node.home import WitnessAt
from comity_node.register import (
    fsck,
    marks,
    mirroring,
    models,
    queries,
    rebuilding,
    services,
    statements,
)
from comity_node.register.statements import NewReceipt
from tests.node.counterpart import Counterpart
from tests.node.register.histories import mirror, offer, until

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(boris, acts):
    """Both logs with receipts and payloads, and the triggers gone as for whoever edits the file."""
    for number in range(1, 5):
        boris.writes("note.sent", f"bb-{number}")
    boris.writes("note.sent", "bb-5", payload={"text": "sealed"})
    mirroring.take(mirror(boris), offer(boris, 1))
    mirroring.give(mirror(boris))
    acts("aa-1")
    boris.receipts()
    liar = until(boris, 0)
    liar.writes("note.sent", "bb-9")
    mirroring.take(mirror(boris), offer(liar, 0))
    _without_triggers()
    return boris


@pytest.fixture
def tiled(boris):
    """A log of theirs long enough for a full tile."""
    for number in range(1, 258):
        boris.writes("note.sent", f"bb-{number}")
    mirroring.take(mirror(boris), offer(boris, 1))
    _without_triggers()


def _without_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'register%%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def flipped(data: bytes, at: int = -1) -> bytes:
    """The same bytes with one bit turned."""
    altered = bytearray(data)
    altered[at] ^= 1
    return bytes(altered)


def flip(row, field: str, at: int = -1) -> None:
    """Turn one bit of a row."""
    type(row).objects.filter(pk=row.pk).update(**{field: flipped(bytes(getattr(row, field)), at)})


def entry(party: str, index: int) -> models.Entry:
    """An entry's row."""
    return models.Entry.objects.get(log__party=party, index=index)


def test_a_whole_register_has_no_finding(register) -> None:
    """And the tally says how much was recomputed."""
    findings, tally = fsck.check()

    assert [] == findings
    assert (2, len(register.leaves) + queries.own_log(register.channel).size) == (tally.logs, tally.entries)


def test_what_a_third_has_signed_for_before_it_reached_us_is_no_damage(register) -> None:
    """In a channel of many receipts travel ahead of what they cover; all have signed for the least of it."""
    third = Counterpart("cc", register.channel)
    services.open_log(replace(third.seat(), many=True))
    models.Log.objects.filter(channel=register.channel).update(many=True)
    log, size, now = mirror(register), len(register.leaves), timezone.now().replace(microsecond=0)
    models.Misconduct.objects.all().delete()
    register.writes("note.sent", "bb-6")
    note = give_receipt(register.checkpoint(), third.mirror_signers(int(now.timestamp())))
    statements.add_receipts(log, [NewReceipt("cc", size + 1, now, note)], now)

    assert size == log.receipted
    findings = [one for one in fsck.check()[0] if one.where.startswith("bb.")]
    assert [] == findings


DAMAGE = {
    "leaf": lambda: flip(entry("bb", 3), "leaf", 20),
    "leaf hash": lambda: flip(entry("bb", 3), "leaf_hash"),
    "depth": lambda: models.Entry.objects.filter(pk=entry("bb", 3).pk).update(depth=99),
    "kind": lambda: models.Entry.objects.filter(pk=entry("bb", 3).pk).update(kind="note.forged"),
    "reference": lambda: models.Entry.objects.filter(pk=entry("aa", 1).pk).update(ref="aa-9"),
    "payload digest": lambda: models.Entry.objects.filter(pk=entry("aa", 1).pk).update(payload=""),
    "entry gone": lambda: entry("bb", 3).delete(),
    "last entry gone": lambda: entry("bb", 5).delete(),
    "checkpoint text": lambda: flip(models.Checkpoint.objects.filter(log__party="bb").last(), "note", 30),
    "checkpoint signature": lambda: flip(
        models.Checkpoint.objects.filter(log__party="aa").last(), "note", -9
    ),
    "checkpoint of another": lambda: models.Checkpoint.objects.filter(log__party="aa", size=1).update(size=9),
    "receipt given": lambda: flip(models.Receipt.objects.filter(party="aa").last(), "note", -9),
    "receipt got": lambda: flip(models.Receipt.objects.filter(party="bb").last(), "note", -9),
    "receipt size": lambda: models.Receipt.objects.filter(
        pk=models.Receipt.objects.filter(party="bb").last().pk
    ).update(size=90),
    "receipt time": lambda: models.Receipt.objects.filter(party="bb").update(given_at="2020-01-01T00:00Z"),
    "payload": lambda: flip(models.Payload.objects.exclude(sealed=None).first(), "sealed"),
    "payload cut": lambda: models.Payload.objects.filter(pk=_first()).update(sealed=b""),
    "payload gone": lambda: models.Payload.objects.filter(pk=_first()).delete(),
    "head size": lambda: models.Log.objects.filter(party="bb").update(size=3),
    "head tree": lambda: flip(models.Log.objects.get(party="bb"), "peaks"),
    "head receipted": lambda: models.Log.objects.filter(party="bb").update(receipted=1),
    "head clock": lambda: models.Log.objects.filter(party="aa").update(seen={}),
    "head checkpoint": lambda: flip(models.Log.objects.get(party="bb"), "checkpoint", 30),
    "misconduct": lambda: flip(models.Misconduct.objects.get(), "proof", 300),
    "checkpoint gone": lambda: models.Checkpoint.objects.filter(log__party="bb").last().delete(),
}


def _first() -> str:
    return models.Payload.objects.exclude(sealed=None).values_list("pk", flat=True)[0]


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_damage_is_found(register, damage) -> None:
    """One bit anywhere: whoever holds the disk cannot change what was signed and not be seen."""
    DAMAGE[damage]()

    findings, _ = fsck.check()

    assert findings


@pytest.mark.parametrize(
    "damage",
    [
        lambda: flip(models.Tile.objects.get(), "hashes"),
        lambda: flip(models.Tile.objects.get(), "root"),
        lambda: models.Tile.objects.get().delete(),
        lambda: flip(entry("bb", 7), "leaf", 20),
    ],
    ids=["hashes", "root", "gone", "leaf"],
)
def test_damage_to_a_tile_or_below_it_is_found(tiled, damage) -> None:
    """Proofs are made from tiles: a wrong one would convict the wrong party, or nobody."""
    assert [] == fsck.check()[0]
    damage()

    assert fsck.check()[0]


def test_an_erased_payload_is_no_damage(register) -> None:
    """Content may be destroyed; entry and proof stand."""
    models.Payload.objects.update(sealed=None, erased_at="2026-01-01T00:00Z")

    findings, tally = fsck.check()

    assert [] == findings
    assert (0, models.Payload.objects.count()) == (tally.payloads, tally.erased)


def test_projections_derived_anew_are_the_same_to_the_byte(register) -> None:
    """Nothing but the register decides what is shown."""
    before, after = rebuilding.rebuild()

    assert before == after == rebuilding.digest()


def test_a_projection_changed_by_hand_is_put_right(register) -> None:
    """What somebody wrote beside the register does not survive it."""
    from comity_node.channels.models import Channel  # noqa: PLC0415 - the room under test is the register

    Channel.objects.update(purpose="something else")

    before, after = rebuilding.rebuild()

    assert before != after
    assert not Channel.objects.filter(purpose="something else").exists()


@pytest.fixture
def marked(register, settings):
    """A neutral witness's mark on our log."""
    witness = Cosigner("w.example/witness", Ed25519Key.generate(), 1_800_000_000)
    settings.NODE = replace(settings.NODE, witnesses=(WitnessAt(str(witness.vkey), "http://w.test"),))
    own = queries.own_log(register.channel)
    note = parse_note(bytes(own.checkpoint))
    signed = note.with_signatures(sign_note(note.text, witness).signatures)
    assert marks.keep(own, witness.vkey, signed, own.size)


@pytest.mark.parametrize(
    "changed",
    [
        {"given_at": "2020-01-01T00:00Z"},
        {"size": 1},
        {"size": 99},
        {"lines": ""},
        {"lines": "x"},
        {"lines": "\u2014 other.example AAAAAAAA"},
        {"witness": "other.example"},
    ],
    ids=str,
)
def test_a_witnesss_mark_is_held_against_its_checkpoint(marked, changed) -> None:
    """It dates what the other side never answered, and goes into every export."""
    assert [] == fsck.check()[0]

    models.WitnessMark.objects.update(**changed)

    assert fsck.check()[0]


def test_a_witness_cannot_crowd_out_a_receipt(marked, register, settings) -> None:
    """So many lines as a note can hold, all under its own name, would spoil the export they are shown in."""
    (said,) = settings.NODE.witnesses
    key = VerifierKey.parse(said.vkey)
    own = queries.own_log(register.channel)
    (mark,) = models.WitnessMark.objects.all()
    lines = [
        Signature.parse(mark.lines),
        *(Signature(key.name, bytes([n] * 4), b"x" * 99) for n in range(60)),
    ]
    models.WitnessMark.objects.all().delete()

    marks.keep(own, key, parse_note(bytes(own.checkpoint)).with_signatures(lines), own.size)

    assert 2 == len(models.WitnessMark.objects.get().lines.splitlines())
