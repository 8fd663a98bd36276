"""One seed injects the same faults, the checks behind them can fail, and a small storm leaves no trace."""

from __future__ import annotations

import random
from itertools import islice
from types import SimpleNamespace

import pytest

from bench import faults, lies, settling
from bench.crashing import JOURNAL, ODD
from bench.lying import REFUSED
from bench.torment import WEIGHTS, plan
from bench.wires import FAULTS, MOST_ARMED, Network

PARTIES = ["aa", "bb", "cc"]


def planned(seed: int, count: int) -> list:
    """The first faults of a seed."""
    return list(islice(plan(PARTIES, random.Random(seed)), count))


def test_one_seed_injects_the_same_faults_in_the_same_order() -> None:
    """Whoever sees a violation must be able to run it again."""
    assert planned(1, 300) == planned(1, 300)
    assert planned(1, 300) != planned(2, 300)


def test_every_sort_of_fault_is_drawn() -> None:
    """A sort that is never drawn would be counted among what was withstood."""
    assert set(WEIGHTS) == {fault.sort for fault in planned(1, 5_000)}
    assert set(FAULTS) < set(WEIGHTS)
    assert len(lies.ALL) == len(REFUSED) + 1


def test_a_fault_that_waits_for_a_call_is_not_counted() -> None:
    """Ten thousand faults are those that were met."""
    network = Network(random.Random(1))
    armed = [network.arm("aa", "bb", "call lost") for _ in range(MOST_ARMED + 1)]

    assert [True] * MOST_ARMED + [False] == armed
    assert not network.met
    assert network.passes("aa", "bb", None) is None
    assert {"call lost": 1} == network.met


def log(*refs: str, size: int = 2, receipted: int = 2, **said) -> dict:
    """A log as an examination gives it."""
    whole = {"leaves": "-", "payloads": True, "keys": [["k", None]], "receipted": {"bb": receipted}}
    return {"size": size, "refs": list(refs), **whole, **said}


def examined(**logs: dict) -> dict:
    """A node as an examination gives it."""
    return {
        "findings": [],
        "rebuilt": True,
        "misconduct": [],
        "course": {},
        "logs": {f"{party}.comity/c": one for party, one in logs.items()},
    }


TRIED = "tried aa-1\nstands aa-1\ntried aa-2\nfailed aa-2 cannot-store\ntried aa-3\n"


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"aa": log("aa-1")}, None),
        ({"aa": log("aa-1", "aa-3")}, None),
        ({"aa": log()}, "is lost"),
        ({"aa": log("aa-1", "aa-1")}, "stands 2 times"),
        ({"aa": log("aa-1", "aa-9")}, "nobody lodged it"),
        ({"aa": log("aa-3", "aa-1")}, "changed places"),
        ({"aa": log("aa-1", receipted=1)}, "receipted"),
        ({"aa": log("aa-1", payloads=False)}, "payload"),
        ({"aa": log("aa-1", keys=[["k", None], ["l", None]])}, "never retired"),
    ],
)
def test_what_is_lost_doubled_moved_or_left_open_is_found(tmp_path, said, because) -> None:
    """A check that cannot fail proves nothing; what may or may not stand after a death is no violation."""
    (tmp_path / JOURNAL).write_text(TRIED)

    found = settling.violations({"aa": SimpleNamespace(home=tmp_path, party="aa")}, {"aa": examined(**said)})

    assert (because is None) == (found == [])
    assert because is None or because in found[0]


def test_two_nodes_that_hold_different_logs_are_found(tmp_path) -> None:
    """What one holds of a log all who are in it hold, and read in one order."""
    nodes = {party: SimpleNamespace(home=tmp_path, party=party) for party in ("aa", "bb")}
    one, other = examined(cc=log("cc-1")), examined(cc=log("cc-1", leaves="another"))

    assert ["cc.comity/c: aa and bb differ in logs"] == settling.violations(nodes, {"aa": one, "bb": other})


def test_a_failure_nobody_injected_is_found(tmp_path) -> None:
    """A thread that died and was started again would leave no other trace."""
    (tmp_path / ODD).write_text("exchange failed: KeyError: 'x'\n")

    found = settling.violations({"aa": SimpleNamespace(home=tmp_path, party="aa")}, {"aa": examined()})

    assert ["aa: exchange failed: KeyError: 'x'"] == found


@pytest.mark.lengthy
@pytest.mark.two_nodes
def test_a_small_storm_leaves_nothing_lost_or_doubled_and_no_lie_unproven(tmp_path) -> None:
    """``make faults`` does it ten thousand times."""
    summary = faults.inject(tmp_path, count=20, seed=4)

    assert [] == summary["violations"]
    assert 20 <= summary["faults"]
    assert 2 == sum(summary["lies"].values())
