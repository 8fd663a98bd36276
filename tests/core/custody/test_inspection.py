"""Inspecting sealed bytes as they pass: what is proven is certainly what was sealed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.custody import Found, Inspection, object_name
from comity.errors import AlteredSeal, ComityError, MalformedSeal, NotSealedToUs, NotTheObject
from comity.keys.sealing import Sealer, X25519Identity
from comity.keys.sealing.stream import SEALED_PIECE_SIZE

IDENTITY = X25519Identity.generate()
CONTENT = bytes(range(256)) * 900  # four pieces, the last one short


def sealed(content=CONTENT):
    """A sealed file and its name."""
    sealer = Sealer([IDENTITY.recipient()])
    return sealer.header + bytes(sealer.seal(content, last=True)), object_name(sealer.header)


FILE, NAME = sealed()


def inspect(file, name=NAME, step=10_000):
    """Inspect a whole file in chunks."""
    with Inspection(name, [IDENTITY]) as inspection:
        return run(inspection, file, step)


def run(inspection, file, step):
    """Feed a whole file in chunks."""
    for start in range(0, len(file), step):
        inspection.take(file[start : start + step])
    return inspection.finish()


@given(st.integers(1, 300_000))
def test_the_finding_does_not_depend_on_how_the_bytes_came(step):
    """A line may cut the file anywhere."""
    assert Found(len(CONTENT), hashlib.sha256(CONTENT).hexdigest()) == inspect(FILE, step=step)


def test_an_empty_exhibit_is_found_empty():
    """That a file is empty can be a fact."""
    file, name = sealed(b"")

    assert Found(0, hashlib.sha256(b"").hexdigest()) == inspect(file, name)


@given(st.integers(0, 99), st.integers(1, 255), st.integers(1, 300_000))
def test_nothing_altered_is_proven(percent, change, step):
    """Whatever precedes ``proven`` can be kept: not one byte of it is other than was sealed."""
    place = percent * len(FILE) // 100
    file = bytearray(FILE)
    file[place] ^= change
    inspection = Inspection(NAME, [IDENTITY])

    with inspection, pytest.raises(ComityError):
        run(inspection, file, step)

    assert place - SEALED_PIECE_SIZE <= inspection.proven <= place or inspection.proven == 0


def test_what_was_taken_is_judged_once_asked():
    """Bytes on our own disk must be told from those that come after them, or the wrong side is blamed."""
    file = bytearray(FILE)
    file[-40_000] ^= 1

    with Inspection(NAME, [IDENTITY]) as inspection:
        inspection.take(bytes(file[:-45_000]))
        inspection.catch_up()
        inspection.take(bytes(file[-45_000:]))
        with pytest.raises(AlteredSeal):
            inspection.finish()

    assert len(FILE) - 2 * SEALED_PIECE_SIZE < inspection.proven < len(FILE) - 45_000


@pytest.mark.parametrize(
    ("length", "error"), [(50, MalformedSeal), (70_000, AlteredSeal), (len(FILE) - 1, AlteredSeal)]
)
def test_a_file_cut_short_is_not_whole(length, error):
    """The end of a file is part of what was sealed."""
    with pytest.raises(error):
        inspect(FILE[:length])


def test_another_file_is_told_by_its_header():
    """A name stands for one file, whatever opens."""
    other, _ = sealed()

    with pytest.raises(NotTheObject):
        inspect(other)


def test_what_is_sealed_to_others_is_not_opened():
    """A party that announces what we cannot open has announced nothing."""
    sealer = Sealer([X25519Identity.generate().recipient()])

    with pytest.raises(NotSealedToUs):
        inspect(sealer.header + bytes(sealer.seal(b"x", last=True)), object_name(sealer.header))
