"""The arc with five parties: one is cut off, one loses its machine and keys, one leaves another, one forks.

Of each it is shown that the others go on, that all of them read one record and count the same, and that a
stranger with files alone comes to the same, or is shown whose two signatures contradict each other.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from comity.reciprocity import Cut
from tests.many_nodes.conftest import apart, proposing, settled, until
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import start
from tests.two_nodes.stranger import Stranger, codes

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]

PARTIES = ("aa", "bb", "cc", "dd", "ee")
HONEST = tuple(party for party in PARTIES if party != "bb")
SECONDS = 180.0


class Five:
    """Five nodes in one channel."""

    def __init__(self, nodes, channel: str, place: Path) -> None:
        self.nodes, self.channel, self.place = nodes, channel, place
        self.asked: dict[str, int] = dict.fromkeys(nodes, 0)

    def desk(self, party: str) -> Desk:
        """A party at its terminal."""
        return Desk(self.nodes[party], self.place)

    def asks(self, one: str, other: str) -> str:
        """Lodge a request with one of the others; its reference."""
        self.asked[one] += 1
        ref = f"{one}-2026-{self.asked[one]:04}"
        said = self.nodes[one].does("ask", channel=self.channel, ref=ref, of=other)
        assert "error" not in said, said
        return ref

    def settled(self, parties: tuple[str, ...] = PARTIES) -> dict[str, dict[str, Any]]:
        """Wait until these hold the same, and each knows that every member does."""
        return settled({party: self.nodes[party] for party in parties}, self.channel, SECONDS)

    def view(self, party: str) -> dict[str, Any]:
        """The channel as one of them sees it."""
        return dict(self.nodes[party].does("view", channel=self.channel))

    def counted(self, party: str) -> dict[str, Any]:
        """The figures of today, as one of them counts."""
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        return dict(self.desk(party).run("reciprocity", self.channel, "--as-of", day)["figures"])

    def cut_off(self, party: str, others: tuple[str, ...], *, off: bool = True) -> None:
        """Let one of them and these others not reach each other any more, or again."""
        for other in others:
            apart(self.nodes, party, other, off=off)


def lodged(figures: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int]]:
    """How many requests one lodged with another, and how many of them it signed for; by pair."""
    return {
        (one["requesting"], one["requested"]): tuple(
            one["figures"].get(name, {"count": 0})["count"] for name in ("lodged", "receipted")
        )
        for one in figures["lines"]
        if one["procedure"] == "assistance" and not any(one.get(cut) for cut in Cut._fields)
    }


@pytest.fixture(scope="module")
def _homes(tmp_path_factory):
    yield from proposing(tmp_path_factory.mktemp("five"), PARTIES)


@pytest.fixture
def five(_homes, tmp_path):
    """All five up, and in the channel."""
    nodes, channel = _homes
    start(*nodes.values())
    found = Five(nodes, channel, tmp_path)
    for party in PARTIES[1:]:
        until(lambda party=party: "error" not in nodes[party].does("accept", channel=channel), SECONDS)
    found.settled()
    yield found
    for node in nodes.values():
        node.kill()


def one_is_cut_off_and_another_brings_it_everything(five: Five) -> None:
    """Corland reaches Eland only: what all others write comes by it, and goes to them by it."""
    five.cut_off("cc", ("aa", "bb", "dd"))
    for one, other in zip(PARTIES, (*PARTIES[1:], PARTIES[0]), strict=True):
        five.asks(one, other)
    seen = five.settled()

    assert all({one["place"] for one in view["parties"]} == {"member"} for view in seen.values())
    assert 1 == len(
        {json.dumps([view["order"], view["receipted"], view["standings"]]) for view in seen.values()}
    )
    assert all(len(view["readable"]) == len(view["order"]) for view in seen.values())


def one_loses_its_machine_with_its_keys(five: Five) -> None:
    """Deland's machine is taken: a copy of its disk goes on, and the keys, in other hands now, change."""
    dd, image = five.nodes["dd"], five.place / "dd.image"
    dd.kill()
    dd.copy_to(image)
    shutil.rmtree(dd.home)
    dd.set_back(image)
    lost_at = datetime.now(UTC)
    start(dd)
    five.asks("dd", "cc")
    five.settled()

    desk = five.desk("dd")
    assert {} == desk.run("passport", "rotate", by="adam")["left"]
    since = ("--reason", "stolen", "--since", f"{lost_at:%Y-%m-%dT%H:%M:%SZ}")
    until(lambda: desk.run("passport", "revoke", *since, by="adam")["left"] == {}, SECONDS)
    five.asks("dd", "aa")
    five.settled()


def one_leaves_another_and_the_rest_go_on(five: Five) -> None:
    """Arland suspends towards Eland: what Eland lodges with it waits, and with a third it has effect."""
    said = five.nodes["aa"].does("suspend", channel=five.channel, ref="aa-2026-0090", of="ee")
    assert "error" not in said, said
    five.settled()
    waiting, free = five.asks("ee", "aa"), five.asks("ee", "bb")
    seen = five.settled()

    standings = {json.dumps(view["standings"]) for view in seen.values()}
    assert 1 == len(standings)
    assert f"('{free}', 'lodged')" in standings.pop()
    assert f"('{waiting}', 'lodged')" not in seen["ee"]["standings"]


def all_count_the_same_by_pair(five: Five) -> None:
    """Five nodes, one document of figures, each pair in lines of its own."""
    counted = [five.counted(party) for party in PARTIES]
    assert 1 == len({json.dumps(one) for one in counted})
    pairs = lodged(counted[0])
    assert all(receipted == count for count, receipted in pairs.values())
    assert (2, 2) == pairs["ee", "aa"]


def one_shows_two_histories(five: Five) -> None:
    """Borland writes one thing for Arland and another for Deland; once they compare, all hold the proof."""
    bb, before = five.nodes["bb"], five.place / "bb.before"
    five.cut_off("bb", ("dd", "ee"))
    bb.kill()
    bb.copy_to(before)
    five.asks("bb", "aa")
    size = five.view("aa")["sizes"]["bb"]
    five.cut_off("aa", ("dd", "ee"))
    start(bb)
    until(lambda: five.view("aa")["sizes"]["bb"] == size + 1, SECONDS)
    bb.kill()
    bb.set_back(before)
    five.nodes["bb"].does("cut", party="aa", off=True)
    five.nodes["aa"].does("cut", party="bb", off=True)
    for party in ("dd", "ee"):
        apart(five.nodes, "bb", party, off=False)
    five.asks("bb", "dd")
    start(bb)
    until(lambda: five.view("dd")["sizes"]["bb"] == size + 1, SECONDS)
    assert not any(five.view(party)["misconduct"] for party in HONEST), "none of them can know yet"

    five.cut_off("aa", ("dd", "ee"), off=False)
    until(lambda: all(five.view(party)["misconduct"].keys() == {"bb"} for party in HONEST), SECONDS)
    bb.kill()


def the_others_go_on(five: Five) -> dict[str, dict[str, Any]]:
    """What the other four write is held, receipted and counted by all four."""
    before = five.view("aa")["sizes"]
    for one, other in permutations(("aa", "dd", "ee"), 2):
        if (one, other) != ("ee", "aa"):
            five.asks(one, other)
    five.asks("cc", "dd")

    def whole() -> bool:
        views = [five.view(party) for party in HONEST]
        held = [{party: view["sizes"][party] for party in HONEST} for view in views]
        known = [{(a, g): view["holds"][a][g] for a, g in permutations(HONEST, 2)} for view in views]
        return (
            all(one == held[0] for one in held)
            and held[0]["cc"] > before["cc"]
            and all(size == held[0][author] for one in known for (author, _), size in one.items())
        )

    try:
        until(whole, SECONDS)
    except AssertionError:
        held = {party: five.view(party) for party in HONEST}
        lines = {party: five.nodes[party].does("lines") for party in HONEST}
        raise AssertionError({p: (v["sizes"], v["holds"]) for p, v in held.items()}, lines) from None
    return {party: five.counted(party) for party in HONEST}


def a_stranger_is_shown_all_of_it(five: Five, counted: dict[str, dict[str, Any]]) -> None:
    """From four exports: the same numbers for every pair of the four, and what keys and histories were."""
    stranger, day = Stranger(five.place), f"{datetime.now(UTC):%Y-%m-%d}"
    by_pair = []
    for party in HONEST:
        out = five.place / f"export-{party}"
        five.desk(party).run("export", five.channel, out, by="")
        found = stranger.verifies(out, "--figures", day)
        assert json.dumps(counted[party], sort_keys=True) == json.dumps(found["figures"], sort_keys=True)
        by_pair.append(pairs_without(found["figures"], "bb"))
        assert {"misconduct", "keys-announced", "keys-retired", "keys-in-other-hands"} < set(
            codes(found["proven"])
        )
        proof, *_ = (out / "misconduct").iterdir()
        alone = stranger.verifies(proof, "--policy", out / "policy")
        assert "bb" == next(one["values"]["party"] for one in alone["proven"] if one["code"] == "misconduct")
        assert {"fork-which", "fork-why"} < set(codes(alone["not_proven"]))
    assert all(one == by_pair[0] for one in by_pair)


def pairs_without(figures: dict[str, Any], party: str) -> str:
    """The lines of all pairs that one party is not in."""
    kept = [one for one in figures["lines"] if party not in (one["requesting"], one["requested"])]
    return json.dumps(kept, sort_keys=True)


def test_five_parties_hold_one_record_whatever_becomes_of_one_of_them(five) -> None:
    """No party is above another, and none can take the record from the rest."""
    one_is_cut_off_and_another_brings_it_everything(five)
    one_loses_its_machine_with_its_keys(five)
    one_leaves_another_and_the_rest_go_on(five)
    all_count_the_same_by_pair(five)
    one_shows_two_histories(five)
    counted = the_others_go_on(five)
    a_stranger_is_shown_all_of_it(five, counted)
