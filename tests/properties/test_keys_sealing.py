"""What holds for every sealed file, however large, however it arrives, whatever is done to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.keys.sealing import HybridIdentity, Opener, armor, open_sealed, remove_armor, seal, sealed_size

PIECE = 64 * 1024
OURS = HybridIdentity(bytes(32))
RECIPIENTS = [OURS.recipient(), HybridIdentity(bytes([1]) * 32).recipient()]
around_pieces = st.builds(
    lambda pieces, offset: max(0, pieces * PIECE + offset), st.integers(0, 3), st.integers(-17, 17)
)


@given(around_pieces, st.integers(1, 2 * PIECE))
def test_what_is_sealed_is_opened(size: int, chunk: int) -> None:
    """Content comes back whole at every size and in every rhythm of arrival."""
    content = bytes(range(256)) * (size // 256 + 1)
    sealed = seal(content[:size], RECIPIENTS)
    opener = Opener([OURS])

    opened = b"".join(opener.feed(sealed[start : start + chunk]) for start in range(0, len(sealed), chunk))

    assert content[:size] == opened + opener.finish()


@given(st.data(), st.sampled_from([0, 1, 100, PIECE, PIECE + 1]))
def test_no_bit_can_be_changed(data: st.DataObject, size: int) -> None:
    """A file that opens is the file that was sealed, to the last bit."""
    sealed = bytearray(seal(bytes(size), RECIPIENTS))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(ComityError):
        open_sealed(bytes(sealed), [OURS])


@given(st.data(), around_pieces)
def test_no_end_can_be_cut_off_or_added(data: st.DataObject, size: int) -> None:
    """A file that opens is all of the file that was sealed, and nothing else."""
    sealed = seal(bytes(size), RECIPIENTS)
    end = data.draw(st.integers(0, len(sealed) - 1) | st.integers(len(sealed) - 40, len(sealed) - 1))
    more = data.draw(st.binary(min_size=1, max_size=40))

    for changed in (sealed[:end], sealed + more):
        with pytest.raises(ComityError):
            open_sealed(changed, [OURS])


@given(st.binary(max_size=300))
def test_armor_has_one_spelling(sealed: bytes) -> None:
    """What was pasted is what was copied."""
    assert sealed == remove_armor(armor(sealed).encode())


@given(around_pieces)
def test_size_is_foretold(size: int) -> None:
    """The size of a sealed file follows from that of its content alone."""
    sealed = seal(bytes(size), RECIPIENTS)

    assert len(sealed) - len(seal(b"", RECIPIENTS)) == sealed_size(size) - sealed_size(0)
