"""The witness protocol: bodies, and how a witness decides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from comity.errors import MalformedSubmission
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import EMPTY_ROOT
from comity.tlog.note import Note, Signature, sign_note
from comity.tlog.tree import prove_consistency
from comity.tlog.witness import (
    AddCheckpoint,
    Answer,
    consider,
    encode_cosignatures,
    encode_size,
    parse_cosignatures,
    parse_size,
)
from tests.core.tlog.keys import AT, LOG, ORIGIN, RECEIPT, RECEIPT_PQ, WITNESSED
from tests.core.tlog.trees import leaves, mth, reader_over

C2SP = Path(__file__).parents[2] / "vectors" / "tlog" / "c2sp"
EXAMPLE = (C2SP / "tlog-witness.request").read_bytes()
ANSWER = (C2SP / "tlog-witness.answer").read_bytes()
ROW = leaves(11)
READER = reader_over(ROW)


def at_size(size, row=ROW):
    """The log's checkpoint at this size."""
    return Checkpoint(ORIGIN, size, mth(row[:size]))


def asked(old, new):
    """A request an honest log would make."""
    return AddCheckpoint(old, prove_consistency(READER, old, new), sign_note(at_size(new).text(), LOG))


def test_the_example_request_of_the_specification_is_read_and_written_back():
    """A public witness and ours must understand the same body."""
    request = AddCheckpoint.parse(EXAMPLE)

    assert (20852014, 4, 2) == (request.old_size, len(request.proof), len(request.note.signatures))
    assert EXAMPLE == request.encode()


def test_the_example_answer_of_the_specification_is_read_and_written_back():
    """A public witness's cosignatures must reach our checkpoint unchanged."""
    cosignatures = parse_cosignatures(ANSWER)

    assert ["witness.example/w1", "witness.example/w1", "witness.example/w2"] == [
        one.name for one in cosignatures
    ]
    assert ANSWER == encode_cosignatures(cosignatures)


def test_an_answer_moves_onto_the_checkpoint_it_was_asked_for():
    """The note then carries the witness's time; lines of strangers stay without effect."""
    note = sign_note(at_size(5).text(), LOG)
    body = encode_cosignatures(sign_note(note.text, RECEIPT, RECEIPT_PQ).signatures)

    cosigned = note.with_signatures(parse_cosignatures(ANSWER + body))

    assert AT == cosigned.cosigned_at(RECEIPT.vkey)
    assert AT == cosigned.cosigned_at(RECEIPT_PQ.vkey)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (5, 5), (5, 11), (8, 11)])
def test_a_log_that_grew_as_it_should_is_cosigned(old, new):
    """The witness says so for every step of an honest log."""
    latest = at_size(old) if old else None

    assert Answer.COSIGN is consider(AddCheckpoint.parse(asked(old, new).encode()), latest, [LOG.vkey])


REWRITTEN = [ROW[1], *ROW[1:]]
FORGED = Signature(LOG.vkey.name, LOG.vkey.key_id, bytes(64))


@pytest.mark.parametrize(
    ("request_", "latest", "keys", "answer"),
    [
        (asked(5, 11), at_size(5), [], Answer.UNKNOWN_LOG),
        (asked(5, 11), at_size(5), [WITNESSED.vkey], Answer.NOT_SIGNED),
        (
            replace(asked(5, 11), note=Note(at_size(11).text(), (FORGED,))),
            at_size(5),
            [LOG.vkey],
            Answer.NOT_SIGNED,
        ),
        (replace(asked(5, 8), old_size=9), at_size(9), [LOG.vkey], Answer.MALFORMED),
        (
            replace(asked(5, 8), note=sign_note("not a checkpoint\n", LOG)),
            at_size(5),
            [LOG.vkey],
            Answer.MALFORMED,
        ),
        (asked(5, 11), at_size(6), [LOG.vkey], Answer.OTHER_SIZE),
        (asked(5, 11), None, [LOG.vkey], Answer.OTHER_SIZE),
        (asked(0, 11), at_size(5), [LOG.vkey], Answer.OTHER_SIZE),
        (replace(asked(5, 11), proof=()), at_size(5), [LOG.vkey], Answer.NOT_CONSISTENT),
        (replace(asked(0, 11), proof=(ROW[0],)), None, [LOG.vkey], Answer.NOT_CONSISTENT),
        (replace(asked(5, 5), proof=(ROW[0],)), at_size(5), [LOG.vkey], Answer.NOT_CONSISTENT),
        (asked(5, 11), at_size(5, REWRITTEN), [LOG.vkey], Answer.NOT_CONSISTENT),
        (asked(5, 5), at_size(5, REWRITTEN), [LOG.vkey], Answer.NOT_CONSISTENT),
        (
            AddCheckpoint(0, (), sign_note(Checkpoint(ORIGIN, 0, ROW[0]).text(), LOG)),
            None,
            [LOG.vkey],
            Answer.NOT_CONSISTENT,
        ),
    ],
)
def test_a_witness_refuses_with_the_status_of_the_rule_that_was_broken(request_, latest, keys, answer):
    """The log must learn which of its statements did not hold, in the codes the protocol gives."""
    assert answer is consider(request_, latest, keys)


def test_an_empty_log_has_the_root_of_the_empty_tree():
    """Nothing can be hidden behind size zero."""
    assert Checkpoint(ORIGIN, 0, EMPTY_ROOT) == at_size(0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        EXAMPLE.replace(b"old 2", b"new 2"),
        EXAMPLE.replace(b"old 2", b"old 02"),
        EXAMPLE.replace(b"old 2", b"old  2"),
        EXAMPLE.replace(b"\nPlRN", b"\nPlR"),
        EXAMPLE.replace(b"\n\n", b"\n"),
        EXAMPLE.replace(b"\n\n", b"\n" + b"PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" * 60 + b"\n"),
        EXAMPLE.replace("—".encode(), b"-"),
        b"\xff" + EXAMPLE,
        EXAMPLE + b"x" * 1_100_000,
    ],
)
def test_a_request_in_another_form_is_refused(body):
    """The body comes from anybody: a witness does not authenticate its callers."""
    with pytest.raises(MalformedSubmission):
        AddCheckpoint.parse(body)


@pytest.mark.parametrize("body", [b"", b"\n", ANSWER[:-1], ANSWER + b"\n", b"ok\n", b"\xff\n", ANSWER * 22])
def test_an_answer_in_another_form_is_refused(body):
    """What is put onto our checkpoint must be signature lines and nothing else."""
    with pytest.raises(MalformedSubmission):
        parse_cosignatures(body)


def test_the_size_a_witness_stands_at_is_read_strictly():
    """With it the log makes the proof it should have sent."""
    assert 20852014 == parse_size(encode_size(20852014))
    for body in (b"", b"5", b"05\n", b"5\n\n", b"5 \n", b"-5\n", b"9" * 40 + b"\n", b"\xff\n"):
        with pytest.raises(MalformedSubmission):
            parse_size(body)
