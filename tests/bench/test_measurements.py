"""Each measurement runs, on as little as it can. No time is asserted: a slow machine is not a fault."""

from __future__ import annotations

import json
from importlib import import_module
from operator import attrgetter

import pytest

import bench
from bench import peers, report
from bench.__main__ import MEASUREMENTS
from bench.crashing import STEPS
from bench.homeservers import SYNAPSE
from bench.peers import kept
from bench.report import Row, Scale

LEAST = Scale(runs=1, size=0.00001)
ALONE = ["folding", "scaling", "verifying"]
BESIDE = ["synapse"]
# Those that take longest even on the least are left to the longer run.
SLOW = ["alerts", "crowds", "delivery", "growth", "pages", "sealing", "starting", "talk"]


@pytest.mark.parametrize("name", ALONE)
def test_a_measurement_of_the_protocol_alone_gives_figures(name, monkeypatch):
    """A measurement that no longer runs is found here, not before a release."""
    monkeypatch.setattr("bench.peers.fetched", _nothing_fetched)

    rows = import_module(f"bench.{name}").measure(LEAST)

    assert rows
    assert all(row.value >= 0 for row in rows)


@pytest.mark.two_nodes
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.lengthy] if name in SLOW else [])
        for name in sorted(set(MEASUREMENTS) - {*ALONE, *BESIDE})
    ],
)
def test_a_measurement_of_nodes_gives_figures(name):
    """The measurements drive nodes through functions that change: they must keep up."""
    rows = import_module(f"bench.{name}").measure(LEAST)

    assert rows
    assert all(row.value >= 0 for row in rows)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_a_node_is_killed_at_is_a_step_of_the_code(step):
    """A step under another name would never be reached, and the faults would prove less than they say."""
    module, _, path = step.partition(":")

    assert callable(attrgetter(path)(import_module(module)))


def test_a_peer_that_is_not_here_says_why(monkeypatch):
    """An empty row without a reason would be read as a peer that does nothing in a second."""

    def not_here(_requirement):
        raise peers.NotHere("no route to the packages")

    monkeypatch.setattr(peers, "environment", not_here)

    (row,) = import_module("bench.synapse").measure(LEAST)

    assert (None, None) == (row.value, row.is_reached)
    assert "not here" == report.figure(row.value)
    assert "no route to the packages" == row.note


@pytest.mark.two_nodes
@pytest.mark.skipif(not kept(SYNAPSE), reason="make bench has not installed Synapse here")
def test_two_homeservers_federate_beside_two_nodes():
    """A ratio to a peer that was set up wrongly would flatter us and nobody would see."""
    rows = import_module("bench.synapse").measure(LEAST)

    assert 11 == len(rows)
    assert all(row.value > 0 for row in rows)
    assert "missing there when a run ended: 0 of 2" in rows[5].note


def test_figures_come_as_one_json_document(capsys, monkeypatch):
    """Figures of two releases are compared by a program."""
    monkeypatch.setattr("bench.peers.fetched", _nothing_fetched)

    bench.main(["folding", "--json", "--runs", "1", "--scale", "0.00001"])

    document = json.loads(capsys.readouterr().out)
    assert {"machine", "folding"} == set(document["found"])
    assert document["cores"] > 0


def test_a_bar_is_the_least_of_a_rate_and_the_most_of_a_time():
    """A bar read the wrong way round would call every failure a success."""
    assert Row(what="rate", value=3, unit="/s", bar=2).is_reached
    assert not Row(what="time", value=3, unit="s", bar=2, least=False).is_reached
    assert Row(what="peer", value=3, unit="/s").is_reached is None


def test_a_percentile_is_a_value_that_was_measured():
    """A value between two runs was never seen by anybody."""
    assert 9 == report.percentile(range(10), 0.95)
    assert 0 == report.percentile([0], 0.5)


class _nothing_fetched:  # noqa: N801 - stands in for a function
    """No peer is fetched in tests."""

    def __init__(self, *_: object) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...
