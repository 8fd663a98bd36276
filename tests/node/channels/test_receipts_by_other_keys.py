"""Receipts after their giver's keys changed: by stolen ones they count nowhere, on paper by any other."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from comity.channel.verification import verify_export
from comity.entries import Entry, PayloadDigest, encode, instant
from comity.mirror import PaperReceipt, give_receipt
from comity.names import EntryRef
from comity.tlog.merkle import leaf_hash
from comity_cli.directory import Directory
from comity_cli.exporting import write
from comity_node.channels import rotating
from comity_node.register import fsck, mirroring, models, packing, receipts, rotations, statements
from comity_node.register import queries as register
from comity_node.register.services import open_log
from tests.node.channels.test_rotating import (  # noqa: F401 - fixtures
    CHANNEL,
    _home,
    admin,
    boris,
    ours,
    rotating_boris,
    says,
)
from tests.node.counterpart import OFFICE, Counterpart

pytestmark = pytest.mark.django_db


class Corland(Counterpart):
    """A third party, whose entries say what they had seen of the others."""

    def notes(self, ref: str, **seen: int) -> EntryRef:
        """Put a note on its log; not delivered."""
        sealed = self.seals({"note": ref})
        seen = {"aa": log_of("aa").size, **seen}
        entry = Entry(
            v=1,
            kind="note.sent",
            at=instant(timezone.now()),
            by=OFFICE,
            ref=ref,
            re=[],
            seen=seen,
            stated={},
            payload=PayloadDigest(hashlib.sha256(sealed).hexdigest(), len(sealed)),
        )
        self.leaves.append(encode(entry))
        self.payloads.append(sealed)
        self.tree.append(leaf_hash(self.leaves[-1]))
        return EntryRef(self.origin, len(self.leaves) - 1)


@pytest.fixture
def corland(rotating_boris):  # noqa: F811 - the fixture
    """The third party, in the channel with Borland and us."""
    third = Corland("cc", CHANNEL)
    open_log(replace(third.seat(), many=True))
    models.Log.objects.filter(channel=CHANNEL).update(many=True, place=models.Log.Place.MEMBER)
    for log in register.channel_logs(CHANNEL):
        statements.count_receipted(log)
    return third


def log_of(party: str) -> models.Log:
    """A log of the channel as it stands."""
    return next(log for log in register.channel_logs(CHANNEL) if log.party == party)


def retires(boris) -> None:  # noqa: F811 - a name
    """Borland retires what it has announced."""
    announced = boris.announces()
    passport = register.entry(announced).entry.stated["passport"]
    boris.does("keys.retired", "bb-keys-2", stated={"passport": passport, "version": "2", "reason": "stolen"})


def taken(corland, by) -> bytes:
    """A receipt of all that Corland wrote, by Borland's keys of now, as it comes here beside a delivery."""
    note = give_receipt(corland.checkpoint(), by.mirror_signers(int(timezone.now().timestamp())))
    found = mirroring.sort_receipts(register.channel_logs(CHANNEL), [note])
    for (log, giver), notes in found.items():
        own, theirs = models.Log.objects.get(pk=log), models.Log.objects.get(pk=giver)
        mirroring.keep_receipts(own, theirs, mirroring.read_receipts(own, theirs, notes))
    return note


def test_a_receipt_by_stolen_keys_taken_before_that_was_known_counts_nowhere(
    rotating_boris,  # noqa: F811 - the fixture
    corland,
    tmp_path,
) -> None:
    """We took it in good faith; once its author's entries show what it knew, nothing rests on it any more."""
    thief = Counterpart("bb", CHANNEL)
    thief.keys = rotating_boris.keys
    seen = log_of("bb").size + 2
    corland.notes("cc-1", bb=seen)
    false = taken(corland, thief)
    assert 1 == statements.receipted_by(log_of("cc"), "bb")

    retires(rotating_boris)
    corland.delivers()

    cc = log_of("cc")
    assert 0 == statements.receipted_by(cc, "bb")
    assert [] == [one for one in register.receipts(cc) if one.party == "bb"]
    assert false not in packing.to_tell(log_of("aa"), cc)[1]
    (kept,) = models.Receipt._base_manager.filter(party="bb", log=cc)
    assert (True, false) == (kept.void, bytes(kept.note))
    assert "retired before" in models.Delivery.objects.get(party="bb").because
    mirroring.give(cc)
    assert [] == fsck.check()[0]
    write(CHANNEL, tmp_path / "export", with_payloads=False, progress=lambda _: None)
    report = verify_export(Directory(tmp_path / "export"))
    assert any("retired its old keys" in one.words() for one in report.proven)


def test_the_genuine_receipt_takes_the_place_of_the_false_one(
    rotating_boris,  # noqa: F811 - the fixture
    corland,
) -> None:
    """A thief who was first must not keep the true one out."""
    thief = Counterpart("bb", CHANNEL)
    thief.keys = rotating_boris.keys
    corland.notes("cc-1", bb=log_of("bb").size + 2)
    taken(corland, thief)
    retires(rotating_boris)
    corland.delivers()

    true = taken(corland, rotating_boris)

    assert 1 == statements.receipted_by(log_of("cc"), "bb")
    assert [true] == [bytes(one.note) for one in register.receipts(log_of("cc")) if one.party == "bb"]


def test_a_receipt_given_before_its_keys_were_retired_goes_on_counting(
    rotating_boris,  # noqa: F811 - the fixture
    corland,
) -> None:
    """What both had receipted stands: its author had not seen the retirement when it wrote."""
    corland.notes("cc-1", bb=log_of("bb").size)
    true = taken(corland, rotating_boris)
    corland.delivers()
    retires(rotating_boris)

    corland.notes("cc-2", bb=log_of("bb").size)
    corland.delivers()

    assert [true] == [bytes(one.note) for one in register.receipts(log_of("cc")) if one.party == "bb"]


def test_nothing_else_of_a_receipt_can_be_changed(rotating_boris, corland) -> None:  # noqa: F811 - the fixture
    """The record is append-only but for this one word, and that is not taken back."""
    corland.notes("cc-1", bb=1)
    taken(corland, rotating_boris)
    rows = models.Receipt._base_manager.filter(party="bb", log=log_of("cc"))
    for change in ({"size": 7}, {"note": b"x"}, {"void": True, "party": "aa"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    rows.update(void=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(void=False)


# --- on paper and on sticks --------------------------------------------------------------------------------


def test_a_sheet_is_taken_by_whichever_keys_of_its_giver_signed_it(rotating_boris) -> None:  # noqa: F811
    """Paper does not say which: before the change and after it, each is read."""
    own_log, _ = ours()
    first = _sheet_of(rotating_boris, own_log)
    assert own_log.size == receipts.enter(first).receipt.size
    rotating_boris.announces()

    second = receipts.enter(_sheet_of(rotating_boris, ours()[0]))

    own_log, theirs = ours()
    assert (own_log.size, 2) == (second.receipt.size, len(rotations.pairs(theirs)))
    assert own_log.size == own_log.receipted


def test_a_sheet_or_note_by_keys_not_read_of_yet_says_what_is_lacking(rotating_boris) -> None:  # noqa: F811
    """A diode brings receipts by another path than entries: whoever types must learn why it is refused."""
    own_log, _ = ours()
    rotating_boris.keys = rotating_boris.keys.scheduled("2026-01-01")

    with pytest.raises(receipts.KeysNotRead) as refused:
        receipts.enter(_sheet_of(rotating_boris, own_log))
    assert "delivery first" in refused.value.hint
    with pytest.raises(receipts.KeysNotRead):
        receipts.take(_receipt_of(rotating_boris, own_log))
    rotating_boris.keys = replace(rotating_boris.keys, **_old(rotating_boris.keys))


def test_our_sheet_bears_the_keys_that_sign_now(boris, admin) -> None:  # noqa: F811 - the fixtures
    """The counterpart that has read of our new keys takes it by them."""
    says("aa-1")
    rotating.rotate(begins=None, by=admin)
    boris.receipts()
    boris.does("note.sent", "bb-1")
    own_log, theirs = ours()

    sheet = receipts.sheet(theirs)

    new = rotations.pairs(own_log)[-1][1]
    note = sheet.receipt(bytes(theirs.checkpoint), new)
    assert PaperReceipt.read("\n".join(sheet.lines())) == sheet
    assert set(new) == set(_note(note).signed_by(new))


def _note(data: bytes):
    from comity.tlog.note import parse_note  # noqa: PLC0415 - beside its use

    return parse_note(data)


def _receipt_of(boris, own_log) -> bytes:  # noqa: F811 - a name
    at = int(timezone.now().timestamp())
    return give_receipt(bytes(own_log.checkpoint), boris.mirror_signers(at))


def _sheet_of(boris, own_log) -> str:  # noqa: F811 - a name
    keys = [signer.vkey for signer in boris.mirror_signers(1)]
    return "\n".join(PaperReceipt.of(_receipt_of(boris, own_log), keys).lines())


def _old(ring) -> dict[str, object]:
    return {"log": ring.retired.log[0], "mirror": ring.retired.mirror[0]}
