"""Taking in a counterpart's log: checked, then stored if nothing moved, and only then signed for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from comity.errors import CounterpartBreach
from comity.keys.keyring import Keyring
from comity.mirror import Accepted, AlreadyHeld, ForkProof, SendFrom, give_receipt
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import sign_note
from comity_node.register import mirroring, models, queries, rooms, rotations, statements
from comity_node.register.services import HeadMoved, NotHeardSinceRestore, RecordSetBack, open_log
from tests.node.counterpart import Counterpart
from tests.node.register.histories import mirror, offer, stored, until

pytestmark = pytest.mark.django_db


def test_a_delivery_that_lost_a_race_is_judged_anew(boris) -> None:
    """The same entries came by another way meanwhile: nothing is doubled, and nothing is rolled back."""
    boris.writes("note.sent", "bb-2")
    held_back = offer(boris, 1)
    raced = []

    def meanwhile() -> None:
        if not raced:
            raced.append(mirroring.take(mirror(boris), held_back))

    judgement = mirroring.take(mirror(boris), held_back, checked=meanwhile)

    assert isinstance(raced[0], Accepted)
    assert isinstance(judgement, AlreadyHeld)
    assert boris.leaves == stored(boris)


def test_of_two_histories_that_race_one_is_kept_and_the_other_proven(boris) -> None:
    """The signature is given to what was stored; whoever lost the race gets none."""
    other = until(boris, 1)
    boris.writes("note.sent", "bb-2")
    other.writes("note.sent", "bb-3")
    first, second = offer(boris, 1), offer(other, 1)
    raced = []

    def meanwhile() -> None:
        if not raced:
            raced.append(mirroring.take(mirror(boris), second))

    judgement = mirroring.take(mirror(boris), first, checked=meanwhile)

    assert isinstance(judgement, ForkProof)
    assert other.leaves == stored(boris)
    mirroring.give(mirror(boris))
    receipt = queries.last_receipt(mirror(boris))
    assert other.checkpoint().split(b"\n\n")[0] == bytes(receipt.note).split(b"\n\n")[0]
    assert [judgement.encode()] == [bytes(one.proof) for one in models.Misconduct.objects.all()]


def test_a_delivery_that_always_loses_is_given_up_whole(boris) -> None:
    """It stores nothing of its own, and comes again: whoever outran it was stored instead."""
    for number in range(10):
        boris.writes("note.sent", f"bb-{number}")

    def meanwhile() -> None:
        held = mirror(boris).size
        mirroring.take(mirror(boris), offer(boris, held, held + 1))

    with pytest.raises(HeadMoved):
        mirroring.take(mirror(boris), offer(boris, 1), checked=meanwhile)

    assert boris.leaves[: mirror(boris).size] == stored(boris)
    assert isinstance(mirroring.take(mirror(boris), offer(boris, 1)), Accepted)
    assert boris.leaves == stored(boris)


def test_no_receipt_is_signed_before_the_entries_are_stored(boris, monkeypatch) -> None:
    """The last statement of the transaction fails: no entry, no payload, no larger receipt."""
    mirroring.give(mirror(boris))
    boris.writes("note.sent", "bb-2", payload={"text": "lost"})
    payloads = models.Payload.objects.count()

    def full(*_):
        raise DatabaseError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(statements, "add_checkpoint", full)
        with pytest.raises(DatabaseError), transaction.atomic():
            mirroring.take(mirror(boris), offer(boris, 1))

    assert boris.leaves[:1] == stored(boris)
    assert payloads == models.Payload.objects.count()
    assert 1 == mirroring.give(mirror(boris))
    assert isinstance(mirroring.take(mirror(boris), offer(boris, 1)), Accepted)
    assert 2 == mirroring.give(mirror(boris))


def test_a_receipt_is_given_once(boris) -> None:
    """Asked again, we show the same signature and the same time."""
    mirroring.give(mirror(boris))
    first = queries.last_receipt(mirror(boris))

    mirroring.give(mirror(boris))
    assert first == queries.last_receipt(mirror(boris))
    assert 1 == models.Receipt.objects.filter(log=mirror(boris), party="aa", size=1).count()


@pytest.mark.parametrize("start", [2, 3])
def test_a_gap_is_answered_with_where_we_are(boris, start) -> None:
    """What does not join is not kept: it is asked for from our end."""
    boris.writes("note.sent", "bb-2")
    boris.writes("note.sent", "bb-3")

    assert SendFrom(1) == mirroring.take(mirror(boris), offer(boris, start))
    assert boris.leaves[:1] == stored(boris)


def test_a_delivery_again_changes_nothing(boris) -> None:
    """The line broke after we had stored: the same bytes come once more."""
    boris.writes("note.sent", "bb-2")
    again = offer(boris, 1)
    mirroring.take(mirror(boris), again)

    assert isinstance(mirroring.take(mirror(boris), again), AlreadyHeld)
    assert isinstance(mirroring.take(mirror(boris), offer(boris, 0, 1)), AlreadyHeld)
    assert boris.leaves == stored(boris)


@pytest.mark.parametrize("place", [1, 128, 255, 256, 299])
def test_a_fork_of_any_size_is_kept_and_changes_nothing_else(boris, place) -> None:
    """Before a full tile, at its border and beyond, and where the size is a power of two."""
    for number in range(1, 300):
        boris.writes("note.sent", f"bb-{number}")
    mirroring.take(mirror(boris), offer(boris, 1))
    liar = until(boris, place)
    liar.writes("note.sent", "bb-9999")

    proofs = [mirroring.take(mirror(boris), offer(liar, place)) for _ in range(2)]

    assert all(proof.holds(rotations.vkeys(mirror(boris).log_keys)) for proof in proofs)
    assert boris.leaves == stored(boris)
    assert 1 == models.Misconduct.objects.filter(log=mirror(boris)).count()


def test_nothing_more_is_taken_of_a_log_once_forked(boris) -> None:
    """Which of two histories goes on is not ours to choose: we sign for neither, and keep one proof."""
    liar = until(boris, 0)
    liar.writes("note.sent", "bb-9")
    proof = mirroring.take(mirror(boris), offer(liar, 0))
    boris.writes("note.sent", "bb-2")

    assert proof == mirroring.take(mirror(boris), offer(boris, 1))
    assert boris.leaves[:1] == stored(boris)
    assert 1 == models.Misconduct.objects.count()


# --- receipts we get ----------------------------------------------------------------------------------


def test_a_receipt_for_what_we_have_lost_stops_our_pen(boris, acts) -> None:
    """An old backup was restored: whoever signed on would sign a second history."""
    acts("aa-1")
    own = queries.own_log(boris.channel)
    before = transaction.savepoint()
    acts("aa-2")
    later = queries.own_log(boris.channel)
    note = give_receipt(bytes(later.checkpoint), boris.mirror_signers(1_800_000_000))
    transaction.savepoint_rollback(before)

    with pytest.raises(RecordSetBack):
        mirroring.refuse_if_set_back(own, mirroring.read_receipts(own, mirror(boris), [note]))

    with pytest.raises(RecordSetBack, match=f"{later.size} entries"):
        acts("aa-3")
    assert own.size == queries.own_log(boris.channel).size


def test_a_receipt_for_our_other_history_stops_our_pen_too(boris, acts) -> None:
    """We signed on from an old backup before the counterpart was heard: no third history on top."""
    before = transaction.savepoint()
    acts("aa-1")
    lost = queries.own_log(boris.channel)
    note = give_receipt(bytes(lost.checkpoint), boris.mirror_signers(1_800_000_000))
    transaction.savepoint_rollback(before)
    acts("aa-2")
    own = queries.own_log(boris.channel)
    assert own.size == lost.size

    with pytest.raises(RecordSetBack):
        mirroring.refuse_if_set_back(own, mirroring.read_receipts(own, mirror(boris), [note]))

    with pytest.raises(RecordSetBack):
        acts("aa-3")


def test_a_restored_node_signs_nothing_before_its_counterpart_was_heard(boris, acts) -> None:
    """The backup may lack what the counterpart holds: what else it sends frees nobody's pen."""
    acts("aa-1")
    models.Log.objects.filter(ours=True).update(held_elsewhere=-1)

    with pytest.raises(NotHeardSinceRestore):
        acts("aa-2")

    mirroring.refuse_if_set_back(queries.own_log(boris.channel), [])
    with pytest.raises(NotHeardSinceRestore):
        acts("aa-2")


def test_a_receipt_by_others_is_not_kept(boris, acts) -> None:
    """One false receipt refuses them all."""
    acts("aa-1")
    own, theirs = queries.own_log(boris.channel), mirror(boris)
    good = give_receipt(bytes(own.checkpoint), boris.mirror_signers(1_800_000_000))
    by_us = give_receipt(bytes(own.checkpoint), mirroring.mirror_signers(1_800_000_000))
    before = models.Receipt.objects.count()

    with pytest.raises(CounterpartBreach):
        mirroring.keep_receipts(own, theirs, mirroring.read_receipts(own, theirs, [good, by_us]))

    assert before == models.Receipt.objects.count()


def test_the_first_time_of_a_receipt_is_the_one_that_counts(boris, acts) -> None:
    """A later signature over the same size must not move a clock that has begun."""
    ref = acts("aa-1")
    own, theirs = queries.own_log(boris.channel), mirror(boris)
    for at in (1_800_000_000, 1_900_000_000, 1_700_000_000):
        note = give_receipt(bytes(own.checkpoint), boris.mirror_signers(at))
        mirroring.keep_receipts(own, theirs, mirroring.read_receipts(own, theirs, [note]))

    assert 1_800_000_000 == queries.entry(ref).receipted_at.timestamp()


def test_receipts_in_any_order_move_every_clock_they_start(boris, monkeypatch, acts) -> None:
    """The largest may come first in a delivery: what it covers is projected all the same."""
    touched = []
    monkeypatch.setitem(
        rooms._ROOMS, "note", replace(rooms.room_of("note"), project=lambda _, refs: touched.append(refs))
    )
    notes = []
    for ref in ("aa-1", "aa-2"):
        acts(ref)
        note = bytes(queries.own_log(boris.channel).checkpoint)
        notes.insert(0, give_receipt(note, boris.mirror_signers(1_800_000_000)))
    own, theirs = queries.own_log(boris.channel), mirror(boris)
    touched.clear()

    mirroring.keep_receipts(own, theirs, mirroring.read_receipts(own, theirs, notes))

    assert [{"aa-1", "aa-2"}] == touched


def test_whoever_projects_has_the_channel_to_itself_first(boris, monkeypatch, acts) -> None:
    """On PostgreSQL two that write at once would each leave out what the other wrote."""
    happened = []
    monkeypatch.setattr(statements, "hold", happened.append)
    projects = replace(rooms.room_of("note"), project=lambda _, refs: happened.extend(refs))
    monkeypatch.setitem(rooms._ROOMS, "note", projects)
    acts("aa-1")
    happened.clear()

    boris.does("note.sent", "bb-1")
    mirroring.give(mirror(boris))
    boris.receipts()

    assert [boris.channel, "bb-1", boris.channel, "bb-1", boris.channel, "aa-1"] == happened


# --- the local journal --------------------------------------------------------------------------------


def test_a_refusal_that_repeats_is_noted_once(boris) -> None:
    """A counterpart that tries every second must not fill the disk with one sentence."""
    error = HeadMoved("the same")
    for _ in range(3):
        mirroring.note_refusal(boris.channel, "bb", error, incoming=True)
    mirroring.note_refusal(boris.channel, "bb", HeadMoved("another"), incoming=True)

    assert ["the same", "another"] == [
        one.because for one in models.Delivery.objects.filter(channel=boris.channel).order_by("pk")
    ]


def test_the_reason_noted_is_one_line_whoever_worded_it(boris) -> None:
    """What a counterpart answers is quoted: no database and no terminal may stumble over it."""
    mirroring.note_refusal(boris.channel, "bb", HeadMoved("\x00\x1b[2J\n" + "x" * 10_000), incoming=False)

    (noted,) = models.Delivery.objects.filter(channel=boris.channel)
    assert noted.because.isprintable()
    assert len(noted.because) == 500


@pytest.fixture
def corland(boris):
    """A third party's log beside the other two, and who signs for it."""
    third = Counterpart("cc", boris.channel)
    open_log(replace(third.seat(), many=True))
    models.Log.objects.filter(channel=boris.channel).update(many=True)
    return third


def receipt_of(author, by):
    """A receipt of a log of five entries, by the keys these two now have."""
    text = Checkpoint(str(author.origin), 5, bytes(32)).text()
    return give_receipt(sign_note(text, *author.log_signers).encode(), by.mirror_signers(1_790_000_000))


@pytest.mark.parametrize("unread", ["bb", "cc"])
def test_a_receipt_under_keys_not_read_of_yet_waits_for_whose_they_are(boris, corland, unread) -> None:
    """Another may have read the entry that announces them before us: it is no lie, and is shown first."""
    changing = {"bb": boris, "cc": corland}[unread]
    changing.keys = Keyring.generate(unread)
    logs = queries.channel_logs(boris.channel)

    with pytest.raises(mirroring.ShownTooEarly) as early:
        mirroring.sort_receipts(logs, [receipt_of(boris, corland)])

    assert unread == early.value.log.party


def test_of_whom_two_histories_are_proven_no_receipt_under_unread_keys_is_waited_for(boris, corland) -> None:
    """Nothing more of that log is taken, so that they could never be known: whoever brings it is heard."""
    log = mirror(boris)
    models.Misconduct.objects.create(log=log, sha256="0" * 64, proof=b"-", found_at=timezone.now())
    boris.keys = Keyring.generate("bb")

    assert {} == mirroring.sort_receipts(queries.channel_logs(boris.channel), [receipt_of(boris, corland)])


def test_a_receipt_by_retired_keys_waits_for_what_its_author_had_seen(boris, corland) -> None:
    """Whether they might still sign is said by the last entry receipted, which is not here yet."""
    told = {"announced": None, "since": 0, "until": 3, "begins": "", "reason": "stolen", "compromised": ""}
    models.Log.objects.filter(party="cc").update(rotations=[told])

    with pytest.raises(mirroring.ShownTooEarly) as early:
        mirroring.sort_receipts(queries.channel_logs(boris.channel), [receipt_of(boris, corland)])

    assert "bb" == early.value.log.party
