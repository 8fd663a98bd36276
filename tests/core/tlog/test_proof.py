"""Proof files: what an auditor verifies offline."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.errors import MalformedNote, MalformedProof, NoQuorum, NotIncluded, NotSigned
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import sign_note
from comity.tlog.policy import Policy
from comity.tlog.proof import TlogProof
from comity.tlog.tree import prove_inclusion
from tests.core.tlog.keys import AT, LOG, ORIGIN, RECEIPT, WITNESSED
from tests.core.tlog.trees import leaves, mth, reader_over

ROW = leaves(11)
POLICY = Policy.parse(f"log {LOG.vkey}\nwitness bb {RECEIPT.vkey}\nquorum bb\n".encode())
SIGNED = sign_note(Checkpoint(ORIGIN, 11, mth(ROW)).text(), LOG, RECEIPT)
PROOF = TlogProof(6, prove_inclusion(reader_over(ROW), 6, 11), SIGNED, b"extra")


@pytest.mark.parametrize("extra", [None, b"", b"anything at all"])
def test_a_proof_file_is_read_back_and_verifies(extra):
    """What one State exports the other must be able to check with nothing but the policy."""
    data = replace(PROOF, extra=extra).encode()

    proof = TlogProof.parse(data)

    assert data == proof.encode()
    assert {"bb": AT} == proof.verify(ROW[6], POLICY).cosigned_at


def test_a_proof_file_has_the_lines_the_specification_gives():
    """The file must be readable by any tool that follows C2SP tlog-proof."""
    lines = PROOF.encode().decode().split("\n")

    assert ["c2sp.org/tlog-proof@v1", "extra ZXh0cmE=", "index 6"] == lines[:3]
    assert ["", ORIGIN, "11"] == lines[7:10]


def test_the_only_entry_of_a_log_needs_no_hashes():
    """The leaf is the root."""
    signed = sign_note(Checkpoint(ORIGIN, 1, ROW[0]).text(), LOG, RECEIPT)

    proof = TlogProof.parse(TlogProof(0, (), signed).encode())

    assert 1 == proof.verify(ROW[0], POLICY).checkpoint.size


@pytest.mark.parametrize(
    ("proof", "leaf", "error"),
    [
        (PROOF, ROW[5], NotIncluded),
        (replace(PROOF, index=7), ROW[6], NotIncluded),
        (replace(PROOF, index=11), ROW[6], MalformedProof),
        (replace(PROOF, hashes=PROOF.hashes[:-1]), ROW[6], MalformedProof),
        (replace(PROOF, checkpoint=sign_note(SIGNED.text, LOG)), ROW[6], NoQuorum),
        (replace(PROOF, checkpoint=sign_note(SIGNED.text, LOG, WITNESSED)), ROW[6], NoQuorum),
        (replace(PROOF, checkpoint=sign_note(SIGNED.text, RECEIPT)), ROW[6], NotSigned),
    ],
)
def test_a_proof_of_something_else_is_refused(proof, leaf, error):
    """Every part of the proof must bear on this entry, this log and this policy."""
    with pytest.raises(error):
        proof.verify(leaf, POLICY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"extra Z", b"extra !"),
        (b"index 6", b"index 06"),
        (b"index 6", b"index -6"),
        (b"index 6\n", b""),
        (b"index 6", b"Index 6"),
        (b"c2sp.org", "c2sp.örg".encode()),
        (b"\n\n", b"\n"),
        (b"\n\n", b"\nAAAA\n\n"),
        (b"\n\n", b"\n" + b"q83vq83vq83vq83vq83vq83vq83vq83vq83vq83vq80=\n" * 64 + b"\n"),
        (b"extra ", b"extra " + b"AAAA" * 22_000),
    ],
)
def test_a_proof_file_in_another_form_is_refused(old, new):
    """A file with two readings is no evidence."""
    with pytest.raises(MalformedProof):
        TlogProof.parse(PROOF.encode().replace(old, new, 1))


def test_a_proof_file_is_read_up_to_its_limit():
    """A hostile file must cost little."""
    with pytest.raises(MalformedProof):
        TlogProof.parse(PROOF.encode() + b"\n" * 2_000_000)


def test_the_checkpoint_of_a_proof_must_be_a_note():
    """The proof ends where the signatures are."""
    with pytest.raises(MalformedNote):
        TlogProof.parse(PROOF.encode().replace("—".encode(), b"-"))
