"""Whatever arrives, a parser of the log's formats answers with a value or with a named error."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, consistency_roots, verify_consistency, verify_inclusion
from comity.tlog.note import Signature, parse_note, sign_note
from comity.tlog.policy import Policy
from comity.tlog.proof import TlogProof
from comity.tlog.tile import Tile, decode_entries, encode_entries
from comity.tlog.vkey import VerifierKey
from comity.tlog.witness import AddCheckpoint, parse_cosignatures, parse_size
from tests.core.tlog.keys import LOG, LOG_PQ, ORIGIN, RECEIPT, WITNESSED

NOTE = sign_note(Checkpoint(ORIGIN, 5, b"\x07" * 32).text(), LOG, RECEIPT)
SAMPLES = {
    parse_note: NOTE.encode(),
    TlogProof.parse: TlogProof(3, (b"\x01" * 32,) * 3, NOTE, b"extra").encode(),
    AddCheckpoint.parse: AddCheckpoint(3, (b"\x01" * 32,) * 3, NOTE).encode(),
    Policy.parse: f"log {LOG.vkey}\nwitness b {RECEIPT.vkey}\ngroup g 1 b\nquorum g\n".encode(),
    decode_entries: encode_entries([b"first", b"second", b""]),
    CompactRange.from_bytes: (5).to_bytes(8, "big") + bytes(64),
    parse_cosignatures: f"{NOTE.signatures[0]}\n".encode(),
    parse_size: b"20852163\n",
}
TEXT_SAMPLES = {
    VerifierKey.parse: str(WITNESSED.vkey),
    Checkpoint.parse: NOTE.text,
    Tile.parse: "tile/0/x001/067.p/8",
    Signature.parse: str(NOTE.signatures[0]),
}
CODE_POINTS = st.text(st.characters())


@pytest.mark.parametrize("parser", SAMPLES, ids=lambda parser: parser.__qualname__)
@given(data=st.data())
def test_only_comity_errors_escape_a_parser_of_bytes(parser, data):
    """A counterpart chooses every byte; none of them may choose our stack trace."""
    sample = SAMPLES[parser]
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, len(sample)))
    piece = data.draw(st.binary(max_size=40) | st.sampled_from([b"\n", b"\n\n", b" ", b"\x00", sample]))

    for text in (sample[:start] + piece + sample[end:], piece):
        with suppress(ComityError):
            parser(text)


@pytest.mark.parametrize("parser", TEXT_SAMPLES, ids=lambda parser: parser.__qualname__)
@given(data=st.data())
def test_only_comity_errors_escape_a_parser_of_text(parser, data):
    """Surrogates and strange spaces included."""
    sample = TEXT_SAMPLES[parser]
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, len(sample)))
    piece = data.draw(CODE_POINTS | st.sampled_from(["\n", " ", "+", "\ud800", "\u2003", "٣"]))

    for text in (sample[:start] + piece + sample[end:], piece):
        with suppress(ComityError):
            parser(text)


@given(
    index=st.integers(-1, 2**64),
    size=st.integers(-1, 2**64),
    proof=st.lists(st.binary(max_size=33), max_size=70),
)
def test_only_comity_errors_escape_a_verifier_of_proofs(index, size, proof):
    """The numbers of a proof come from outside as well."""
    for verify in (
        lambda: verify_inclusion(bytes(32), index, size, proof, bytes(32)),
        lambda: verify_consistency(index, bytes(32), size, bytes(32), proof),
        lambda: consistency_roots(index, size, proof),
    ):
        with suppress(ComityError):
            verify()


@pytest.mark.parametrize(
    "parser", [parse_note, TlogProof.parse, AddCheckpoint.parse], ids=lambda parser: parser.__qualname__
)
@given(data=st.data())
def test_what_parses_is_written_back_to_the_byte(parser, data):
    """One value, one spelling: otherwise two mirrors of one record could differ."""
    sample = SAMPLES[parser]
    at = data.draw(st.integers(0, len(sample) - 1))
    changed = sample[:at] + data.draw(st.binary(max_size=2)) + sample[at + 1 :]

    with suppress(ComityError):
        assert changed == parser(changed).encode()


@pytest.mark.parametrize("parser", [VerifierKey.parse, Tile.parse, Checkpoint.parse, Signature.parse])
@given(data=st.data())
def test_a_text_that_parses_is_written_back_to_the_letter(parser, data):
    """One value, one spelling."""
    sample = TEXT_SAMPLES[parser]
    at = data.draw(st.integers(0, len(sample) - 1))
    changed = sample[:at] + data.draw(st.text(max_size=2)) + sample[at + 1 :]
    written = {Tile: lambda tile: tile.path, Checkpoint: Checkpoint.text}

    with suppress(ComityError):
        value = parser(changed)
        assert changed == written.get(type(value), str)(value)


@given(
    origin=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
    size=st.integers(0, 2**63 - 1),
    root=st.binary(min_size=32, max_size=32),
)
def test_every_checkpoint_a_log_can_state_is_read_back_signed_and_cosigned(origin, size, root):
    """Names in any script, sizes to the last."""
    checkpoint = Checkpoint(origin, size, root)

    note = parse_note(sign_note(checkpoint.text(), LOG, LOG_PQ, RECEIPT).encode())

    assert checkpoint == Checkpoint.parse(note.text)
    assert (LOG.vkey, LOG_PQ.vkey, RECEIPT.vkey) == note.signed_by([LOG.vkey, LOG_PQ.vkey, RECEIPT.vkey])
    assert RECEIPT.at == note.cosigned_at(RECEIPT.vkey)


@given(st.lists(st.binary(max_size=300), max_size=50))
def test_entries_come_out_of_a_bundle_as_they_went_in(entries):
    """Whatever they contain."""
    assert entries == decode_entries(encode_entries(entries))


@given(level=st.integers(-1, 63), index=st.integers(0, 2**63 - 1), width=st.integers(1, 256))
def test_every_tile_has_one_path(level, index, width):
    """Written and read back."""
    tile = Tile(level, index, width)

    assert tile == Tile.parse(tile.path)
