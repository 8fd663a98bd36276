"""Sealing and opening: who can, who cannot, and what is noticed."""

from __future__ import annotations

import hashlib
import io

import pytest

from comity.errors import AlteredSeal, CannotSeal, MalformedArmor, MalformedSeal, NotSealedToUs
from comity.keys.sealing import (
    HybridIdentity,
    Opener,
    Sealer,
    X25519Identity,
    armor,
    is_armored,
    open_sealed,
    open_stream,
    remove_armor,
    seal,
    seal_stream,
    sealed_size,
    stanza_count,
)
from comity.keys.sealing.files import BATCH_SIZE
from comity.keys.sealing.header import MAX_HEADER_SIZE, Stanza, parse_header, write_header

ANNA = HybridIdentity(bytes([1]) * 32)
BORIS = HybridIdentity(bytes([2]) * 32)
CLARA = HybridIdentity(bytes([3]) * 32)
BOTH = [ANNA.recipient(), BORIS.recipient()]
PIECE = 64 * 1024


def test_each_recipient_opens_and_nobody_else() -> None:
    """A payload is for the parties of its channel and for no one besides."""
    sealed = seal(b"the request", BOTH)

    assert b"the request" == open_sealed(sealed, [ANNA])
    assert b"the request" == open_sealed(sealed, [CLARA, BORIS])
    for others in ([CLARA], [X25519Identity.generate()], []):
        with pytest.raises(NotSealedToUs):
            open_sealed(sealed, others)


def test_a_classic_file_opens_for_its_recipients_alone() -> None:
    """Files from and to plain age tools are held to the same rule."""
    ours, theirs, other = (X25519Identity.generate() for _ in range(3))
    sealed = seal(b"the request", [ours.recipient(), theirs.recipient()])

    assert b"the request" == open_sealed(sealed, [theirs])
    with pytest.raises(NotSealedToUs):
        open_sealed(sealed, [other, ANNA])


def test_what_was_sealed_to_a_retired_identity_still_opens() -> None:
    """Keys are rotated; the record is not sealed again."""
    retired, present = HybridIdentity.generate(), HybridIdentity.generate()

    sealed = seal(b"old", [retired.recipient()])

    assert b"old" == open_sealed(sealed, [present, retired])


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1])
def test_size_of_a_sealed_file_is_known_beforehand(size: int) -> None:
    """Deliveries and disks are planned by size before the first byte is sealed."""
    header = Sealer(BOTH).header

    assert sealed_size(size, len(header)) == len(seal(bytes(size), BOTH))


def test_two_seals_of_one_content_are_never_alike() -> None:
    """Equal payloads must not be recognisable as equal."""
    assert seal(b"same", BOTH) != seal(b"same", BOTH)


def test_sealing_to_nobody_or_to_too_many_is_refused() -> None:
    """A file nobody can open is content lost; one for a crowd is a mistake."""
    for recipients in ([], [ANNA.recipient()] * 65):
        with pytest.raises(CannotSeal):
            seal(b"content", recipients)


def test_hybrid_and_classic_recipients_are_not_mixed() -> None:
    """One classic recipient would make the whole file fall with X25519."""
    with pytest.raises(CannotSeal):
        seal(b"content", [ANNA.recipient(), X25519Identity.generate().recipient()])


def test_recipients_of_a_file_are_counted() -> None:
    """A payload sealed to fewer parties than the channel has is refused on arrival."""
    sealed = seal(b"content", BOTH)

    assert 2 == stanza_count(sealed)
    assert 2 == stanza_count(sealed[:-30])
    with pytest.raises(MalformedSeal):
        stanza_count(sealed[:100])


def test_a_piece_in_the_middle_must_be_full() -> None:
    """A file sealed with a short piece inside would never open: the sealing program is told at once."""
    for content in (b"short", b""):
        sealer = Sealer(BOTH)
        sealer.seal(bytes(PIECE), last=False)
        with pytest.raises(ValueError):
            sealer.seal(content, last=not content)


def test_nothing_follows_the_last_piece() -> None:
    """A sealer is spent once it has sealed the last piece."""
    sealer = Sealer(BOTH)
    sealer.seal(b"all", last=True)

    with pytest.raises(ValueError):
        sealer.seal(bytes(PIECE), last=True)


def test_a_file_cut_short_anywhere_is_refused() -> None:
    """What is missing at the end must be noticed, also where the cut falls between two pieces."""
    sealed = seal(bytes(2 * PIECE), [ANNA.recipient()])
    start = len(sealed) - 2 * (PIECE + 16)

    for end in (start, start + 1, start + 16, start + PIECE + 16, start + PIECE + 17, len(sealed) - 1):
        with pytest.raises(AlteredSeal):
            open_sealed(sealed[:end], [ANNA])
    for end in (0, 10, start - 17, start - 1):
        with pytest.raises(MalformedSeal):
            open_sealed(sealed[:end], [ANNA])


def test_what_is_proven_is_counted_to_the_piece() -> None:
    """Whoever keeps what precedes a spoilt byte must not lose a megabyte of it."""
    sealed = bytearray(seal(bytes(4 * PIECE), [ANNA.recipient()]))
    start = len(sealed) - 4 * (PIECE + 16)
    sealed[start + 2 * (PIECE + 16)] ^= 1
    opener, waiting = Opener([ANNA]), Opener([ANNA])

    waiting.feed(sealed[: start - 1])
    with pytest.raises(AlteredSeal):
        opener.feed(sealed)

    assert (0, start + 2 * (PIECE + 16)) == (waiting.proven, opener.proven)


def test_content_given_out_stands_until_the_next_but_one() -> None:
    """A megabyte is hashed in one thread while the next is opened in another."""
    content = hashlib.shake_128(b"exhibit").digest(3 * PIECE + 1)
    sealed = seal(content, [ANNA.recipient()])
    start = len(sealed) - len(content) - 4 * 16
    opener = Opener([ANNA])

    first = opener.feed(sealed[: start + PIECE + 17])
    second = opener.feed(sealed[start + PIECE + 17 : start + 2 * PIECE + 33])

    assert content[: 2 * PIECE] == bytes(first) + bytes(second)


def test_an_opener_stays_shut_after_a_refusal() -> None:
    """Feeding on after an error must not bring later pieces out."""
    sealed = bytearray(seal(bytes(4 * PIECE), [ANNA.recipient()]))
    sealed[-3 * (PIECE + 16)] ^= 1
    opener = Opener([ANNA])

    with pytest.raises(AlteredSeal) as refusal:
        opener.feed(sealed)
    with pytest.raises(AlteredSeal):
        opener.feed(sealed)
    with pytest.raises(AlteredSeal):
        opener.finish()
    assert "piece 1" in str(refusal.value)


def test_a_stream_of_rubbish_is_refused_before_it_fills_memory() -> None:
    """A counterpart may send anything for ever; the first bytes or a fixed cap decide."""
    with pytest.raises(MalformedSeal):
        Opener([ANNA]).feed(b"GIF89a")
    opener = Opener([ANNA])
    opener.feed(b"age-encryption.org/v1\n")
    with pytest.raises(MalformedSeal):
        opener.feed(b"-" * MAX_HEADER_SIZE)


def test_a_header_given_whole_is_held_to_the_same_cap() -> None:
    """The cap holds on every way in, not only on the streaming one."""
    with pytest.raises(MalformedSeal):
        parse_header(b"a" * (MAX_HEADER_SIZE + 1))


def test_a_header_without_any_or_with_too_many_stanzas_is_refused() -> None:
    """Every stanza costs a decryption; a header cannot ask for thousands."""
    for count in (0, 65):
        with pytest.raises(MalformedSeal):
            parse_header(write_header([Stanza("grease", (), b"")] * count, bytes(16)))


def test_a_long_stanza_body_ends_with_a_shorter_line() -> None:
    """Bodies of exactly one full line are followed by an empty one, or the next line would join them."""
    for size in (0, 47, 48, 49, 96):
        stanza = Stanza("grease", ("a", "b"), bytes(size))

        header = parse_header(write_header([stanza], bytes(16)))

        assert (stanza,) == header.stanzas


@pytest.mark.parametrize("size", [0, 1, PIECE, BATCH_SIZE - 1, BATCH_SIZE, BATCH_SIZE + 1, 2 * BATCH_SIZE])
def test_an_exhibit_goes_from_file_to_file_and_is_hashed_once(size: int) -> None:
    """The hash that enters the custody record is that of the content, on both sides."""
    content = hashlib.shake_128(b"exhibit").digest(size)
    sealed, opened = io.BytesIO(), io.BytesIO()
    there, back = hashlib.sha256(), hashlib.sha256()

    assert size == seal_stream(io.BytesIO(content), sealed, BOTH, digest=there)
    sealed.seek(0)
    assert size == open_stream(sealed, opened, [BORIS], digest=back)

    assert content == opened.getvalue()
    assert hashlib.sha256(content).digest() == there.digest() == back.digest()


def test_a_source_that_gives_little_at_a_time_is_sealed_the_same() -> None:
    """Pipes and sockets give what they have; pieces must still be full."""

    class Dribble(io.BytesIO):
        def readinto(self, buffer: memoryview) -> int:
            return super().readinto(buffer[:1000])

    sealed = io.BytesIO()

    seal_stream(Dribble(bytes(3 * PIECE + 5)), sealed, BOTH, digest=hashlib.sha256())

    assert bytes(3 * PIECE + 5) == open_sealed(sealed.getvalue(), [ANNA])


def test_a_sealed_file_travels_as_text() -> None:
    """Where only text passes, an official pastes the armored file."""
    sealed = seal(b"pasted", BOTH)

    text = armor(sealed)

    assert is_armored(text.encode())
    assert not is_armored(sealed)
    assert sealed == remove_armor(text.replace("\n", "\r\n").encode())
    assert all(len(line) <= 64 for line in text.splitlines())


def test_armor_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text to be pasted is small; an exhibit travels as a file."""
    monkeypatch.setattr("comity.keys.sealing.armored.MAX_ARMOR_SIZE", 10)

    with pytest.raises(MalformedArmor):
        remove_armor(armor(b"content").encode())
