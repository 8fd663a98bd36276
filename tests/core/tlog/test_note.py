"""Signed notes and verifier keys, by the published examples and by what must be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.errors import BadSignature, CannotSign, MalformedKey, MalformedNote, NotSigned
from comity.tlog.note import MAX_NOTE, MAX_SIGNATURES, Signature, parse_note, sign_note
from comity.tlog.signer import NoteSigner
from comity.tlog.vkey import COSIGNATURE_ED25519, NOTE_MLDSA44, VerifierKey
from tests.core.tlog.keys import LOG, LOG_MLDSA44, MIRROR_ED25519, RECEIPT, RECEIPT_PQ, STRANGER

C2SP = Path(__file__).parents[2] / "vectors" / "tlog" / "c2sp"
FOO = (C2SP / "signed-note.vkey").read_text().strip()
EXAMPLE = (C2SP / "signed-note.note").read_bytes()
STATEMENT = "we have received your note\n"


def test_the_example_of_the_specification_verifies():
    """Whoever follows C2SP signed-note must be able to read us, and we them."""
    note = parse_note(EXAMPLE)

    assert (VerifierKey.parse(FOO),) == note.must_be_signed_by([VerifierKey.parse(FOO)])
    assert "This is an example message.\n" == note.text


@pytest.mark.parametrize("data", [path.read_bytes() for path in sorted(C2SP.glob("*.note"))])
def test_a_note_is_sent_on_as_it_came(data):
    """A relayed note keeps its bytes, the empty lines of its text included."""
    assert data == parse_note(data).encode()


def test_a_note_signed_by_two_keys_names_both_and_passes_over_strangers():
    """Signatures of keys we do not know neither help nor harm."""
    post_quantum = NoteSigner("aa.comity", LOG_MLDSA44)
    note = parse_note(sign_note(STATEMENT, LOG, post_quantum, NoteSigner("cc.comity", STRANGER)).encode())

    known = [post_quantum.vkey, RECEIPT.vkey, LOG.vkey]

    assert (post_quantum.vkey, LOG.vkey) == note.signed_by(known)


def test_one_bad_signature_of_a_known_key_refuses_the_note_whole():
    """A note with one forged line is not half true."""
    note = sign_note(STATEMENT, LOG, NoteSigner("cc.comity", STRANGER))
    good, other = note.signatures
    forged = Signature(good.name, good.key_id, good.blob[:-1] + bytes([good.blob[-1] ^ 1]))

    for signatures in ([forged], [good, forged], [forged, good, other]):
        with pytest.raises(BadSignature):
            type(note)(note.text, tuple(signatures)).signed_by([LOG.vkey])


def test_a_note_nobody_we_know_signed_is_not_read():
    """An unsigned text says nothing, whoever is named on its lines."""
    note = sign_note(STATEMENT, LOG)

    assert () == note.signed_by([LOG.vkey.renamed("aa.comity/another")])
    with pytest.raises(NotSigned):
        note.must_be_signed_by([LOG.vkey.renamed("aa.comity/another")])


def test_adding_a_signature_twice_adds_it_once():
    """Receipts come back with every delivery; the note must not grow by repetition."""
    note = sign_note(STATEMENT, LOG)
    more = sign_note(STATEMENT, NoteSigner("cc.comity", STRANGER)).signatures

    assert note.with_signatures(more) == note.with_signatures(more).with_signatures(more)
    assert 2 == len(note.with_signatures(more).signatures)


def test_limits_are_the_documented_ones():
    """A counterpart may send anything; we read at most so much."""
    lines = EXAMPLE.split(b"\n\n")
    line = lines[1]

    assert MAX_SIGNATURES == len(parse_note(lines[0] + b"\n\n" + line * MAX_SIGNATURES).signatures)
    with pytest.raises(MalformedNote):
        parse_note(lines[0] + b"\n\n" + line * (MAX_SIGNATURES + 1))
    with pytest.raises(MalformedNote):
        parse_note(b"a" * MAX_NOTE + EXAMPLE)


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "\ud800\n", "return\r\n"])
def test_a_text_no_note_can_hold_is_not_signed(text):
    """What we sign must be readable by the one we sign it for."""
    with pytest.raises(CannotSign):
        sign_note(text, LOG)


def test_a_note_is_signed_by_somebody():
    """A note without signatures is not a note."""
    with pytest.raises(CannotSign):
        sign_note(STATEMENT)


@pytest.mark.parametrize("signer", [LOG, RECEIPT, RECEIPT_PQ, NoteSigner("aa.comity", LOG_MLDSA44)])
def test_a_verifier_key_of_each_kind_is_read_back_from_its_text(signer):
    """Keys travel in passports and policies as text."""
    assert signer.vkey == VerifierKey.parse(str(signer.vkey))


def test_the_same_public_key_has_another_id_for_each_kind_and_name():
    """Otherwise a receipt could be passed off as a note, or one channel's checkpoint as another's."""
    key = LOG.vkey

    ids = {
        key.key_id,
        key.renamed("aa.comity/ponmlkjihgfedcba").key_id,
        VerifierKey(key.name, COSIGNATURE_ED25519, key.public).key_id,
    }

    assert 3 == len(ids)


def test_our_own_kind_of_signature_is_named_in_its_key():
    """Type 0xff is followed by an identifier unlikely to collide."""
    assert NOTE_MLDSA44 == b"\xff" + b"comity/ml-dsa-44/v1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        FOO.replace("530d903a", "530d903b"),
        FOO.replace("530d903a", "530D903A"),
        FOO.replace("foo+", "foo ++"),
        FOO + "\n",
        FOO[:-4],
        FOO.replace("AekyeR", "AukyeR"),
        "+" * 3,
        "a" * 5_000 + FOO,
        "example.com/\ud800+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_a_key_copied_wrongly_is_refused(text):
    """The key id is there so that a slip of the hand is noticed before anybody is trusted."""
    with pytest.raises(MalformedKey):
        VerifierKey.parse(text)


def test_a_public_key_that_binds_nobody_is_refused():
    """Under a point of small order one signature fits many messages."""
    with pytest.raises(MalformedKey):
        VerifierKey("aa.comity", b"\x01", bytes(32))


def test_a_signature_of_another_length_is_simply_not_one():
    """Verifying answers yes or no."""
    assert not LOG.vkey.verify(b"text\n", b"")
    assert not RECEIPT.vkey.verify(b"text\n", MIRROR_ED25519.sign(b"text\n"))
