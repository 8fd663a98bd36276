"""Every published age vector: what opens, what does not, and at which step it is refused."""

from __future__ import annotations

import hashlib

import pytest

from comity.errors import AlteredSeal, ComityError, MalformedArmor, MalformedSeal, NotSealedToUs
from comity.keys.sealing import Opener, parse_identity, remove_armor
from comity.keys.sealing.header import header_end, parse_header, write_header
from tests.core.keys.vectors import AGE, AgeVector

REFUSALS = {
    "success": None,
    "no match": NotSealedToUs,
    "header failure": MalformedSeal,
    "HMAC failure": AlteredSeal,
    "payload failure": AlteredSeal,
    "armor failure": MalformedArmor,
}

# A reader may give out a full piece before it knows whether it is the last. Ours waits, so of these files it
# gives out one piece less than the vector's author did before both refuse them.
HELD_BACK = {
    "armor_garbage_encoded",
    "stream_no_final_full",
    "stream_no_final_two_chunks_full",
    "stream_trailing_garbage_long",
    "stream_trailing_garbage_short",
    "stream_two_final_chunks",
    "stream_two_final_chunks_full",
    "stream_two_final_chunks_second",
}


def ours(names: str) -> list[AgeVector]:
    """Return the vectors that need no passphrase."""
    return [vector for vector in AGE if not vector.takes_a_passphrase and names in vector.expect]


def open_in_chunks(vector: AgeVector, size: int) -> tuple[bytes, type[ComityError] | None]:
    """Open a vector as it would arrive; return what was given out and how it was refused."""
    content = bytearray()
    try:
        file = remove_armor(vector.file) if vector.armored else vector.file
        opener = Opener(parse_identity(text) for text in vector.identities)
        for start in range(0, len(file), size):
            content += opener.feed(file[start : start + size])
        content += opener.finish()
    except ComityError as refusal:
        return bytes(content), type(refusal)
    return bytes(content), None


@pytest.mark.parametrize("vector", ours(""), ids=lambda vector: vector.name)
def test_every_vector_opens_or_is_refused_as_published(vector: AgeVector) -> None:
    """A file is refused at the step that is wrong, so that a late check never hides a missing early one."""
    content, refusal = open_in_chunks(vector, 1000)

    assert REFUSALS[vector.expect] == refusal
    if vector.payload and vector.name not in HELD_BACK:
        assert vector.payload == hashlib.sha256(content).hexdigest()
    else:
        assert len(content) % 65536 == 0


@pytest.mark.parametrize("vector", ours("success"), ids=lambda vector: vector.name)
def test_how_a_file_arrives_makes_no_difference(vector: AgeVector) -> None:
    """A network cuts a file anywhere; the content must not depend on where."""
    whole = open_in_chunks(vector, len(vector.file))

    assert whole == open_in_chunks(vector, 65536 + 15)
    assert whole == open_in_chunks(vector, 4097)


@pytest.mark.parametrize(
    "vector", [vector for vector in AGE if vector.takes_a_passphrase], ids=lambda vector: vector.name
)
def test_a_passphrase_is_never_tried(vector: AgeVector) -> None:
    """One line could ask for minutes of work; such a file is refused by its header alone."""
    _, refusal = open_in_chunks(vector, 1000)

    assert refusal in {NotSealedToUs, MalformedSeal}


@pytest.mark.parametrize("vector", ours("success"), ids=lambda vector: vector.name)
def test_a_header_is_written_as_it_was_read(vector: AgeVector) -> None:
    """There is one spelling of a header, and what we write is in it."""
    file = remove_armor(vector.file) if vector.armored else vector.file
    text = file[: header_end(file)]
    header = parse_header(text)

    written = write_header(header.stanzas, bytes(16))

    assert text[: text.index(b"\n--- ")] == written[: written.index(b"\n--- ")]
