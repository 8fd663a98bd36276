"""The common order: causal, deterministic, and the same from either side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.entries import By, Entry, in_order

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
    """Three logs grown act by act. Who takes in an entry holds all that it had seen, as nodes see to."""
    logs: dict[str, list[dict[str, int]]] = {"aa": [], "bb": [], "cc": []}
    held = {party: dict.fromkeys(logs, 0) for party in logs}

    def take(reader: str, author: str, size: int) -> None:
        for index in range(held[reader][author], size):
            for other, seen in logs[author][index].items():
                if other != reader:
                    take(reader, other, seen)
            held[reader][author] = max(held[reader][author], index + 1)

    for author in draw(st.lists(st.sampled_from(list(logs)), max_size=40)):
        for other, log in logs.items():
            if other != author:
                take(author, other, draw(st.integers(held[author][other], len(log))))
        logs[author].append({other: size for other, size in held[author].items() if size and other != author})
    return logs


def test_an_answer_follows_what_it_answers() -> None:
    """Causality comes first, whatever the names of the logs."""
    assert ["bb0", "aa0", "bb1"] == placed({"aa": [{"bb": 1}], "bb": [{}, {"aa": 1}]})


def test_acts_that_crossed_are_parted_by_origin() -> None:
    """Neither had seen the other, and both had seen as much: everybody must still read them in one order."""
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
def test_the_place_of_an_entry_follows_from_itself_alone(logs, data) -> None:
    """Whoever lacks part of another log, or holds a forked one, puts this entry where everybody does."""
    held = {**logs, "cc": logs["cc"][: data.draw(st.integers(0, len(logs["cc"])))]}

    kept = [one for one in placed(logs) if int(one[2:]) < len(held[one[:2]])]

    assert kept == placed(held)
