"""A party that lies about its own log: every lie is refused, or proven to third parties."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError
from tests.two_states.parties import Party


def acquainted() -> tuple[Party, Party]:
    """Two parties that have met."""
    anna, boris = Party("aa", 32), Party("bb", 16)
    anna.meets(boris)
    boris.meets(anna)
    return anna, boris


@given(honest=st.integers(1, 12), kept=st.integers(0, 11), more=st.integers(1, 6), start=st.integers(0, 20))
def test_a_second_history_is_never_signed_for_and_is_proven(honest, kept, more, start) -> None:
    """Of whatever length, parted wherever, offered from wherever."""
    anna, boris = acquainted()
    for number in range(honest):
        boris.writes(f"fact {number}")
    anna.opens(boris.letter())
    held = list(anna.mirror.leaves)
    liar = boris.backup()
    liar.pen = boris.pen.forked_at(min(kept, honest - 1))
    for number in range(more):
        liar.writes(f"another {number}")

    for offered in (start, honest):
        liar.receipted = min(offered, len(liar.pen.leaves))
        with suppress(ComityError):
            anna.opens(liar.letter())

    assert held == anna.mirror.leaves
    assert anna.convicted is not None
    assert anna.convicted.holds(boris.pen.vkeys)


@pytest.mark.parametrize("lost", [1, 3])
def test_who_writes_on_from_an_old_backup_without_asking_is_convicted(lost) -> None:
    """An honest mistake looks the same and is one: two histories were signed."""
    anna, boris = acquainted()
    boris.writes("first")
    backup = boris.backup()
    for number in range(lost):
        boris.writes(f"fact {number}")
    anna.opens(boris.letter())

    backup.writes("unaware")
    anna.opens(backup.letter())

    assert anna.convicted is not None
    assert anna.convicted.holds(boris.pen.vkeys)
