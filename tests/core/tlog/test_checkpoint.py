"""Checkpoints and the cosignatures that make them receipts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from comity.errors import BadSignature, CannotSign, MalformedCheckpoint
from comity.tlog import cosignature
from comity.tlog.checkpoint import MAX_CHECKPOINT, Checkpoint
from comity.tlog.note import Note, Signature, parse_note, sign_note
from comity.tlog.signer import Cosigner
from tests.core.tlog.keys import (
    AT,
    LOG,
    LOG_PQ,
    MIRROR,
    MIRROR_MLDSA44,
    ORIGIN,
    RECEIPT,
    RECEIPT_PQ,
)

C2SP = Path(__file__).parents[2] / "vectors" / "tlog" / "c2sp"
SOFA = (C2SP / "tlog-cosignature.note").read_bytes()
SOME = Checkpoint(ORIGIN, 5, b"\x07" * 32)


def test_the_example_of_the_specification_is_read_and_written_back():
    """Any log's checkpoint must pass through us unchanged."""
    note = parse_note(SOFA)
    checkpoint = Checkpoint.parse(note.text)

    assert ("example.com/behind-the-sofa", 20852163, ()) == (
        checkpoint.origin,
        checkpoint.size,
        checkpoint.extensions,
    )
    assert note.text == checkpoint.text()


def test_the_example_cosignature_says_the_time_the_specification_says():
    """The time comes before the signature, in eight bytes."""
    found = cosignature.split(parse_note(SOFA).signatures[1].blob)

    assert found is not None
    assert 1679315147 == found[0]


def test_the_signed_message_is_that_of_the_specification():
    """Both sides must build the same bytes or no receipt would ever verify."""
    checkpoint = Checkpoint.parse(parse_note(SOFA).text)

    assert (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    ) == cosignature.ed25519_message(checkpoint.text(), 1679315147)
    assert (
        b"subtree/v1\n\0\x03w/1\0\0\0\0\x64\x18\x50\xcb\x1bexample.com/behind-the-sofa"
        b"\0\0\0\0\0\0\0\0\0\0\0\0\x01\x3e\x2d\xc3" + checkpoint.root
    ) == cosignature.mldsa44_message("w/1", checkpoint, 1679315147)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n05\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n+5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n5\u0661\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n9223372036854775808\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc\n",
        "a\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwd=\n",
        "a\n5\nBwcH\n",
        "a\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
        "a\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n",
        "a\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\nx\n",
        "a\r\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "a" * MAX_CHECKPOINT + "\n5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
    ],
)
def test_a_text_in_another_form_is_not_a_checkpoint(text):
    """A size or a root that can be written two ways can be disputed."""
    with pytest.raises(MalformedCheckpoint):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "change",
    [
        {"origin": ""},
        {"origin": "two\nlines"},
        {"origin": "\udc80"},
        {"size": -1},
        {"size": 2**63},
        {"root": b""},
        {"extensions": ("",)},
    ],
)
def test_a_checkpoint_that_could_not_be_read_back_is_not_made(change):
    """What we sign must parse at the other side."""
    with pytest.raises(MalformedCheckpoint):
        replace(SOME, **change)


@pytest.mark.parametrize("cosigner", [RECEIPT, RECEIPT_PQ, LOG_PQ])
def test_a_cosignature_gives_back_the_time_it_was_made(cosigner):
    """The receipt's time starts the clocks, so it must be covered by the signature and come out again."""
    note = parse_note(sign_note(SOME.text(), LOG, cosigner).encode())

    assert AT == note.cosigned_at(cosigner.vkey)
    assert (cosigner.vkey, LOG.vkey) == note.must_be_signed_by([cosigner.vkey, LOG.vkey])


@pytest.mark.parametrize("cosigner", [RECEIPT, RECEIPT_PQ])
def test_a_receipt_of_another_time_or_tree_is_refused(cosigner):
    """Nobody may move a receipt to another day or another checkpoint."""
    (line,) = sign_note(SOME.text(), cosigner).signatures
    later = Signature(line.name, line.key_id, (AT + 1).to_bytes(8, "big") + line.blob[8:])

    for text, moved in (
        (SOME.text(), later),
        (replace(SOME, size=6).text(), line),
        (replace(SOME, root=b"\x08" * 32).text(), line),
        (replace(SOME, origin="aa.comity/ponmlkjihgfedcba").text(), line),
        ("not a checkpoint\n", line),
    ):
        with pytest.raises(BadSignature):
            Note(text, (moved,)).signed_by([cosigner.vkey])


@pytest.mark.parametrize("cosigner", [RECEIPT, RECEIPT_PQ])
def test_a_cosignature_after_the_end_of_time_is_refused(cosigner):
    """A time over 63 bits is forbidden by the text and would not fit a database either."""
    stamp, key = 2**63, cosigner.vkey
    message = (
        cosignature.ed25519_message(SOME.text(), stamp)
        if cosigner is RECEIPT
        else cosignature.mldsa44_message(MIRROR, SOME, stamp)
    )
    blob = stamp.to_bytes(8, "big") + cosigner.key.sign(message)

    with pytest.raises(BadSignature):
        Note(SOME.text(), (Signature(MIRROR, key.key_id, blob),)).signed_by([key])


def test_the_latest_of_several_cosignatures_counts():
    """A mirror may sign the same size again; the statement of the later time includes the earlier."""
    later = replace(RECEIPT, at=AT + 60)

    assert AT + 60 == sign_note(SOME.text(), later, RECEIPT).cosigned_at(RECEIPT.vkey)


def test_who_did_not_cosign_has_no_time():
    """No receipt is not a receipt at time zero."""
    assert sign_note(SOME.text(), LOG).cosigned_at(RECEIPT.vkey) is None


def test_a_key_that_signs_notes_is_not_asked_for_a_time():
    """The first eight bytes of a plain signature are not a date."""
    with pytest.raises(BadSignature):
        sign_note(SOME.text(), LOG).cosigned_at(LOG.vkey)


@pytest.mark.parametrize(
    ("text", "cosigner"),
    [
        ("not a checkpoint\n", RECEIPT),
        (SOME.text(), replace(RECEIPT, at=-1)),
        (SOME.text(), replace(RECEIPT, at=2**63)),
        (SOME.text(), Cosigner("b" * 256, MIRROR_MLDSA44, AT)),
        (SOME.text(), Cosigner("b" * 256, MIRROR_MLDSA44, -1)),
        (replace(SOME, origin="a" * 256).text(), RECEIPT_PQ),
    ],
)
def test_what_a_cosignature_cannot_say_is_not_signed(text, cosigner):
    """The key is not used for a statement the format has no place for."""
    with pytest.raises(CannotSign):
        sign_note(text, cosigner)


def test_an_ml_dsa_cosignature_under_another_name_is_refused():
    """Kind 0x06 commits to its signer's name, so one key cannot speak for two."""
    (line,) = sign_note(SOME.text(), RECEIPT_PQ).signatures
    other = RECEIPT_PQ.vkey.renamed("cc.comity/mirror")

    with pytest.raises(BadSignature):
        Note(SOME.text(), (Signature(other.name, other.key_id, line.blob),)).signed_by([other])
