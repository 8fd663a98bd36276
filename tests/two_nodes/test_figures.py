"""Figures stated by one node and counted again by the other, published, and verified by a stranger."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start

pytestmark = pytest.mark.two_nodes


def codes(statements):
    """The codes of what a verification says."""
    return [one["code"] for one in statements]


def test_figures_are_stated_agreed_and_verified_by_a_stranger(nodes, tmp_path) -> None:
    """Both count alike; what is published is checked with its file alone, and its numbers with an export."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)
    ref = anna.drafts()
    anna.signs_with_second("request", "submit", ref)
    settle(*nodes)
    boris.acts(ref, "acknowledged")
    settle(*nodes)
    day = f"{datetime.now(UTC):%Y-%m-%d}"

    anna.signs_with_second("reciprocity", anna.channel, "--as-of", day, "--state")
    settle(*nodes)
    boris.acts_with_second("aa-figures-1", "agreed")
    settle(*nodes)
    stand = [desk.run("request", "show", desk.channel, "aa-figures-1") for desk in (anna, boris)]
    assert ["agreed", "agreed"] == [one["state"] for one in stand]

    files = [tmp_path / f"{name}.json" for name in ("anna", "boris")]
    for desk, file in zip((anna, boris), files, strict=True):
        desk.run("reciprocity", desk.channel, "--as-of", day, "--statement", file)
    read = [json.loads(file.read_bytes()) for file in files]
    assert read[0]["figures"] == read[1]["figures"]
    assert ref not in files[0].read_text()
    alone = anna.run("verify", files[0], by="")
    assert "bb" in [one["values"]["party"] for one in alone["proven"] if one["code"] == "figures-agreed"]
    assert "figures-uncounted" in codes(alone["not_proven"])

    place = tmp_path / "export"
    boris.run("export", boris.channel, place, by="")
    counted = boris.run("verify", files[0], "--export", place, by="")
    assert "figures-come-out" in codes(counted["proven"])
    assert "figures-uncounted" not in codes(counted["not_proven"])
    policy = ("--policy", place / "policy")
    assert boris.run("verify", files[0], "--export", place, *policy, by="")["ok"]


def test_figures_are_disputed_where_a_receipt_was_not_known_and_both_stand(nodes, tmp_path) -> None:
    """A node counts what it holds: what it learns later makes another count, on record beside the first."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)
    ref = anna.drafts()
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    boris.node.kill()  # so nothing is receipted when it is counted
    anna.signs_with_second("request", "submit", ref)
    anna.signs_with_second("reciprocity", anna.channel, "--as-of", day, "--state")
    boris.node.launch()
    settle(*nodes)

    boris.acts_with_second("aa-figures-1", "disputed", "--text", "We had signed for it that day.")
    settle(*nodes)
    stand = [desk.run("request", "show", desk.channel, "aa-figures-1") for desk in (anna, boris)]
    assert ["disputed", "disputed"] == [one["state"] for one in stand]
    file, place = tmp_path / "statement.json", tmp_path / "export"
    anna.run("reciprocity", anna.channel, "--as-of", day, "--statement", file)
    anna.run("export", anna.channel, place, by="")
    found = anna.run("verify", file, "--export", place, by="")

    assert 2 == len(json.loads(file.read_bytes())["figures"])
    assert 1 == codes(found["proven"]).count("figures-come-out")
    assert 1 == codes(found["proven"]).count("figures-come-out-otherwise")
