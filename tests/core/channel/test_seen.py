"""What entries of an export say to have seen of one another: cases the verifier page is held to as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.channel.verification import verify_export
from comity.channel.verified_course import in_one_order
from comity.entries import By, Entry
from comity.errors import ClaimsTheUnseen
from tests.core.channel.exported import CHANNEL, of_claims
from tests.core.entries.test_order import entry, histories

FILE = Path(__file__).parents[2] / "vectors" / "seen" / "cases.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))


def read(logs, forked=()) -> int:
    """Read logs of entries in the one order; how many there are."""
    sizes = {party: len(log) for party, log in logs.items()}
    return sum(
        1 for _ in in_one_order(CHANNEL, {party: iter(log) for party, log in logs.items()}, sizes, forked)
    )


def claims(logs, change=lambda _party, _index, seen: seen):
    """Entries that say to have seen so much."""
    return {
        party: [entry(change(party, index, seen)) for index, seen in enumerate(log)]
        for party, log in logs.items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_holds_or_does_not(case) -> None:
    """Anybody's verifier must come to the same."""
    files = of_claims(case["logs"], case.get("forked", ()))

    if case["holds"]:
        assert sum(map(len, case["logs"].values())) == verify_export(files).entries
        return
    with pytest.raises(ClaimsTheUnseen):
        verify_export(files)


@given(histories())
def test_what_honest_parties_wrote_holds(logs) -> None:
    """No rule may catch whoever said the truth."""
    assert sum(map(len, logs.values())) == read(claims(logs))


@given(histories(), st.data())
def test_whoever_leaves_out_what_a_cause_had_seen_is_found_out(logs, data) -> None:
    """Take away, of what one log ever saw, a third: if what it saw had seen that third, it lies."""
    liar, missed = data.draw(st.permutations(["aa", "bb", "cc"]).map(lambda some: some[:2]))
    without = claims(
        logs,
        lambda party, _index, seen: {
            one: size for one, size in seen.items() if party != liar or one != missed
        },
    )
    (other,) = {"aa", "bb", "cc"} - {liar, missed}
    lies = any(seen.get(other, 0) and logs[other][seen[other] - 1].get(missed, 0) for seen in logs[liar])

    if lies:
        for forked in ((), {missed}):  # which of two histories it saw, it would still stand before its cause
            with pytest.raises(ClaimsTheUnseen):
                read(without, forked=forked)
    else:
        read(without)


def test_long_logs_are_read_though_what_all_have_seen_is_let_go() -> None:
    """A log of any length is verified in little memory, and a late lie is still found."""
    count = 2_000
    logs = {
        party: [
            Entry(
                v=1, kind="a.b", at="2026-01-01T00:00:00Z", by=By("Office", "officer"), ref="aa-1",
                seen={one: place + (one < party) for one in ("aa", "bb", "cc")
                      if one != party and place + (one < party)},
            )
            for place in range(count)
        ]
        for party in ("aa", "bb", "cc")
    }  # fmt: skip
    assert 3 * count == read(logs)

    logs["cc"].append(entry({"aa": count, "bb": count}))
    logs["aa"].append(entry({"bb": count, "cc": count + 1}))
    logs["bb"].append(entry({"aa": count + 1, "cc": count}))
    with pytest.raises(ClaimsTheUnseen, match="not what that had seen of cc"):
        read(logs)
