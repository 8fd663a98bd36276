"""A receipt: what it must carry to count as the counterpart's word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.errors import BadReceipt, BadSignature, ComityError
from comity.mirror import give_receipt, read_receipt
from comity.names import Origin
from comity.tlog.note import parse_note
from comity.tlog.signer import Cosigner
from tests.core.mirror.parties import AT, Author, padded

ANNA = Author("aa", seed=32)
ANNA.writes("ours")
BORIS = Author("bb", seed=16)
STRANGER = Author("bb", seed=64)


def reads(note: bytes, origin: Origin = ANNA.origin):
    """Read a receipt as party aa does."""
    return read_receipt(note, origin, log_keys=ANNA.vkeys, mirror_keys=BORIS.mirror_vkeys)


def test_a_receipt_says_what_is_held_and_since_when() -> None:
    """Size, root, and the time both algorithms signed."""
    receipt = reads(give_receipt(ANNA.checkpoint(), BORIS.cosigners()))

    assert (1, AT) == (receipt.size, receipt.at)
    assert parse_note(ANNA.checkpoint()).text == parse_note(receipt.note).text


def test_a_receipt_carries_our_own_signatures_too() -> None:
    """So the note alone convicts: the counterpart held what we had signed, and signed for it."""
    note = parse_note(give_receipt(ANNA.checkpoint(), BORIS.cosigners()))

    assert {*ANNA.vkeys, *BORIS.mirror_vkeys} == set(note.signed_by([*ANNA.vkeys, *BORIS.mirror_vkeys]))


def test_a_receipt_is_kept_without_lines_of_others() -> None:
    """A line in the name of our own mirror would make a stranger refuse our whole export."""
    note = give_receipt(ANNA.checkpoint(), BORIS.cosigners())

    assert reads(note) == reads(padded(note, ANNA.mirror_vkeys[0]))


@pytest.mark.parametrize(
    ("because", "cosigners"),
    [
        ("our own mirror's", ANNA.cosigners()),
        ("a stranger's keys under the counterpart's name", STRANGER.cosigners()),
        ("no ML-DSA-44", BORIS.cosigners()[:1]),
        ("no Ed25519", BORIS.cosigners()[1:]),
        ("two times", (BORIS.cosigners(AT)[0], BORIS.cosigners(AT + 1)[1])),
        ("the time zero", BORIS.cosigners(0)),
        ("a time no calendar has", BORIS.cosigners(2**62)),
        (
            "a witness's name, which says less",
            tuple(Cosigner("bb.comity/witness", key, AT) for key in BORIS.mirror_keys),
        ),
        ("none", ()),
    ],
)
def test_a_receipt_that_does_not_bind_the_counterpart_is_refused(because, cosigners) -> None:
    """A receipt starts clocks: it must be one that can be shown to a third party."""
    note = give_receipt(ANNA.checkpoint(), cosigners) if cosigners else ANNA.checkpoint()

    with pytest.raises(BadReceipt):
        reads(note)


def test_a_receipt_for_another_log_is_refused() -> None:
    """A receipt of one channel says nothing in another."""
    with pytest.raises(BadReceipt):
        reads(give_receipt(ANNA.checkpoint(), BORIS.cosigners()), Origin("aa", "ponmlkjihgfedcba"))


def test_a_receipt_for_what_we_never_signed_is_refused() -> None:
    """The counterpart cannot make up a checkpoint of ours."""
    with pytest.raises(ComityError):
        reads(give_receipt(ANNA.checkpoint(signers=STRANGER.signers), BORIS.cosigners()))


@pytest.mark.parametrize("place", range(4))
def test_a_receipt_changed_in_any_signature_is_refused(place) -> None:
    """A known key's false signature refuses the whole note, so that nobody picks the good ones out."""
    note = parse_note(give_receipt(ANNA.checkpoint(), BORIS.cosigners()))
    lines = list(note.signatures)
    lines[place] = replace(lines[place], blob=lines[place].blob[:-1] + bytes([lines[place].blob[-1] ^ 1]))

    with pytest.raises(BadSignature):
        reads(replace(note, signatures=tuple(lines)).encode())


def test_a_receipt_is_not_read_without_keys() -> None:
    """No key known is no signature verified: never the other way round."""
    note = give_receipt(ANNA.checkpoint(), BORIS.cosigners())

    with pytest.raises(BadReceipt):
        read_receipt(note, ANNA.origin, log_keys=ANNA.vkeys, mirror_keys=())
    with pytest.raises(ComityError):
        read_receipt(note, ANNA.origin, log_keys=(), mirror_keys=BORIS.mirror_vkeys)
