"""The common order: causal, deterministic, and the same from either side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.entries import By, Depths, Entry, in_order

CHANNEL = "a" * 16


def entry(seen: dict[str, int]) -> Entry:
    """An entry that has seen so much."""
    return Entry(
        v=1, kind="a.b", at="2026-01-01T00:00:00Z", by=By("Office", "officer"), ref="aa-1", seen=seen
    )


def placed(logs: dict[str, list[dict[str, int]]]) -> list[str]:
    """The order of entries given only what each has seen."""
    entries = {party: [entry(seen) for seen in log] for party, log in logs.items()}
    return [f"{ref.origin.party}{ref.index}" for ref, _ in in_order(CHANNEL, entries)]


@st.composite
def histories(draw) -> dict[str, list[dict[str, int]]]:
    """Two logs grown act by act, each author having seen some of the other's at the time."""
    logs: dict[str, list[dict[str, int]]] = {"aa": [], "bb": []}
    seen = {"aa": 0, "bb": 0}
    for author in draw(st.lists(st.sampled_from(["aa", "bb"]), max_size=40)):
        other = "bb" if author == "aa" else "aa"
        seen[author] = draw(st.integers(seen[author], len(logs[other])))
        logs[author].append({other: seen[author]} if seen[author] else {})
    return logs


def test_an_answer_follows_what_it_answers() -> None:
    """Causality comes first, whatever the names of the logs."""
    assert ["bb0", "aa0", "bb1"] == placed({"aa": [{"bb": 1}], "bb": [{}, {"aa": 1}]})


def test_acts_that_crossed_are_parted_by_origin() -> None:
    """Neither had seen the other: both sides must still read them in one order."""
    assert ["aa0", "bb0"] == placed({"aa": [{}], "bb": [{}]})


def test_origins_are_compared_as_they_are_written() -> None:
    """A database sorts the whole name of a log, which is not the code where one begins with another."""
    assert ["x-a-b0", "x-a0"] == placed({"x-a": [{}], "x-a-b": [{}]})


def test_what_claims_to_have_seen_the_unheld_is_still_placed() -> None:
    """A log that is only partly at hand is read in one order too."""
    assert ["aa0", "aa1"] == placed({"aa": [{"bb": 5}, {"bb": 6}]})


@given(histories())
def test_every_entry_stands_after_all_it_had_seen(logs) -> None:
    """The order never contradicts what an author held when it wrote."""
    order = placed(logs)

    for party, log in logs.items():
        for index, seen in enumerate(log):
            for other, size in seen.items():
                for before in range(size):
                    assert order.index(f"{other}{before}") < order.index(f"{party}{index}")


@given(histories(), st.data())
def test_the_order_is_the_same_however_the_entries_arrived(logs, data) -> None:
    """Depth is fixed when an entry is held: later arrivals move nothing."""
    entries = {party: [entry(seen) for seen in log] for party, log in logs.items()}
    at_once = Depths(entries)
    at_once.extend(entries)

    in_two = Depths(entries)
    cut = {party: data.draw(st.integers(0, len(log))) for party, log in entries.items()}
    held = {party: log[: _supported(entries, cut, party)] for party, log in entries.items()}
    in_two.extend(held)
    in_two.extend({party: log[len(held[party]) :] for party, log in entries.items()})

    for party in entries:
        assert list(at_once[party]) == list(in_two[party])


def _supported(entries, cut, party) -> int:
    """How much of a cut log rests on what the cut of the other holds, and so would have been taken in."""
    other = "bb" if party == "aa" else "aa"
    count = 0
    for one in entries[party][: cut[party]]:
        if one.seen.get(other, 0) > cut[other]:
            break
        count += 1
    return count
