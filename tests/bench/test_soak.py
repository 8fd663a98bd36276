"""What ``make soak`` looks for it finds; and a short one finds nothing."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

from bench import soak

EVEN = [100_000_000] * 9


def run(**said):
    """Two nodes as they stand after nine rounds."""
    held = {"numbers": [0, 1, 2], "size": 5, "root": "aa"}
    nodes = [SimpleNamespace(party=party, does=lambda *_verb, **_said: dict(held)) for party in ("aa", "bb")]
    return soak.Soak(
        *nodes,
        channel="x",
        chance=random.Random(1),
        **{
            "noted": {"aa": 3, "bb": 3},
            "memory": {"aa": EVEN, "bb": EVEN},
            "files": {"aa": [40] * 9, "bb": [40] * 9},
            **said,
        },
    )


def test_what_is_held_alike_and_whole_is_no_violation() -> None:
    """Otherwise every run would end badly."""
    found = run()
    found.compare()
    found.look_for_leaks()

    assert [] == found.violations


@pytest.mark.parametrize("count", [2, 4])
def test_a_note_that_is_missing_or_doubled_is_found(count) -> None:
    """The one thing a record is for."""
    found = run(noted={"aa": count, "bb": 3})
    found.compare()

    assert [f"of {count} notes of aa some are missing or doubled"] == found.violations


def test_two_nodes_that_hold_different_logs_are_found() -> None:
    """However many notes each of them counts."""
    found = run()
    found.theirs.does = lambda *_verb, **_said: {"numbers": [0, 1, 2], "size": 5, "root": "bb"}
    found.compare()

    assert 2 == len(found.violations)


def test_memory_and_files_that_grow_are_found() -> None:
    """A node that must be started anew every week is no node for a desk."""
    growing = [(100 + 10 * one) * 1_000_000 for one in range(9)]
    found = run(memory={"aa": growing, "bb": EVEN}, files={"aa": [40] * 9, "bb": [*[40] * 8, 200]})
    found.look_for_leaks()

    assert ["memory of aa", "files of bb"] == [" ".join(one.split()[1:4]) for one in found.violations]


@pytest.mark.lengthy
@pytest.mark.two_nodes
def test_a_short_soak_finds_nothing() -> None:
    """``make soak`` goes on for an hour."""
    found = soak.soak(minutes=0.1, backlog=200, seed=3)

    assert [] == found["violations"]
    assert 1 <= found["outages"]
