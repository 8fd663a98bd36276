"""The whole arc on two real nodes: opened, left by one, resumed months later, and proven to a stranger.

Each stage leaves behind what the next one needs. Days go by on both nodes alike, not on the machine.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from comity.reciprocity import Cut
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start
from tests.two_nodes.stranger import Stranger, codes
from tests.two_nodes.test_by_command import ASKED
from tests.two_nodes.test_suspension import LEAVING
from tests.two_nodes.test_talks import begins, both

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]

FIRST, REST, ANSWER = b"\x00" * 200_000, b"\x01" * 300_000, b"Subscriber: nobody."
LEFT, RETURNED, COUNTED = 2, 125, 140
TERMS = ("1. What is left of the evidence. 2. A certificate of use.", "terms=1 bb {}", "terms=2 aa {}")


class Arc:
    """Arland and Borland, and what is under way between them."""

    def __init__(self, nodes, place: Path) -> None:
        start(*nodes)
        self.nodes, self.place, self.today = nodes, place, 0
        self.desks = self.anna, self.boris = Desk(nodes[0], place), Desk(nodes[1], place)
        self.refs: dict[str, str] = {}

    def day(self, number: int) -> str:
        """A day of the scenario, as it is written."""
        return f"{datetime.now(UTC) + timedelta(days=number):%Y-%m-%d}"

    def comes_to_day(self, number: int) -> None:
        """Let days go by on both nodes."""
        self.today = number
        for node in self.nodes:
            node.comes_to_day(number)
        for node in self.nodes:
            node.wait_until_it_listens()

    def shown(self, name: str) -> list[dict[str, Any]]:
        """A procedure as each side shows it."""
        return [desk.run("request", "show", desk.channel, self.refs[name]) for desk in self.desks]

    def same(self, verb: str, *words: str) -> dict[str, Any]:
        """What both say of the channel, which is one."""
        ours, theirs = both(self.desks, verb, *words)
        assert ours == theirs
        return ours

    def owed(self, *sorts: str) -> set[tuple[str, str]]:
        """Who owes something in which procedure, by what both say."""
        owed = self.same("obligations")["obligations"]
        return {(one["party"], one["ref"]) for one in owed if one["sort"] in sorts}

    def lodges(self, desk: Desk, name: str) -> str:
        """Draft a request and lodge it; its entry."""
        self.refs[name] = desk.drafts()
        return desk.signs_with_second("request", "submit", self.refs[name])

    def executes(self, desk: Desk, name: str, file: str, content: bytes, extent: str) -> str:
        """Answer a request with an exhibit; its reference."""
        ref = self.refs[name]
        exhibit = desk.adds(file, content, "--request", ref, "--description", file)
        desk.acts_with_second(ref, "executed", "--state", f"extent={extent}", "--exhibit", exhibit)
        return exhibit


def it_is_open_and_both_ask(arc: Arc) -> None:
    """Requests cross in both directions; one is answered whole, one in part, one is being checked."""
    anna, boris = arc.desks
    settle(*arc.nodes)
    states = [desk.run("channel", "list", by="")["channels"][0]["state"] for desk in arc.desks]
    assert ["accepted", "accepted"] == states
    arc.lodges(anna, "promised")
    arc.lodges(anna, "checked")
    arc.lodges(boris, "answered")
    settle(*arc.nodes)
    for name in ("promised", "checked"):
        boris.acts(arc.refs[name], "acknowledged")
    boris.acts(arc.refs["promised"], "accepted")
    first = arc.executes(boris, "promised", "first.dd", FIRST, "in part")
    boris.acts(
        arc.refs["promised"],
        "progressed",
        "--state",
        "stage=measure_under_way",
        "--text",
        "The rest follows.",
    )
    anna.acts(arc.refs["answered"], "accepted")
    whole = arc.executes(anna, "answered", "answer.txt", ANSWER, "in whole")
    settle(*arc.nodes)
    anna.exhibit(first, "received")
    boris.exhibit(whole, "received")
    boris.acts(arc.refs["answered"], "results_confirmed", "--exhibit", whole)
    boris.acts(arc.refs["answered"], "closed")


def data_are_kept_for_it(arc: Arc) -> None:
    """Traffic data are preserved under another treaty, until a day that no suspension moves."""
    fields = [word for name, text in ASKED.items() for word in ("--field", f"{name}={text}")]
    head = ("request", "draft", arc.anna.channel, "--procedure", "preservation", "--title", "Keep")
    ref = str(arc.anna.run(*head, "--instrument", "ets-185", "--type", "traffic", *fields)["ref"])
    arc.anna.signs("request", "submit", ref)
    settle(*arc.nodes)
    arc.boris.acts(ref, "preserved", "--state", "extent=in whole", "--state", f"until={arc.day(90)}")
    settle(*arc.nodes)
    arc.refs["kept"] = ref


def one_leaves(arc: Arc) -> dict[str, Any]:
    """Borland suspends alone and at once; gives back how the request under check stood before."""
    arc.comes_to_day(LEFT)
    before, _ = arc.shown("checked")
    assert before["due_at"]
    arc.refs["left"] = begins(arc.boris, "suspension", "reason=The count is disputed", *LEAVING[1::2])
    settle(*arc.nodes)

    for name in ("promised", "checked"):
        assert [(True, None)] * 2 == [(one["suspended"], one["due_at"]) for one in arc.shown(name)]
    assert {("bb", arc.refs["checked"])} < arc.owed("clock")
    assert ("bb", arc.refs["promised"]) in arc.owed("move")
    return before


def meanwhile_one_lodges_and_the_other_is_silent(arc: Arc) -> dict[str, str]:
    """For a month Borland's node is down; then it receipts what was lodged, and nothing has effect."""
    anna, boris = arc.desks
    arc.comes_to_day(LEFT + 20)
    boris.node.kill()
    lodged = {name: arc.lodges(anna, name) for name in ("wanted", "dropped")}
    anna.node.kill()
    arc.comes_to_day(LEFT + 50)
    settle(*arc.nodes)
    for name in lodged:
        shown = arc.shown(name)
        assert [("", 1, 0)] * 2 == [(one["state"], one["lodged"], one["irregular"]) for one in shown]
        assert all(one["entries"][0]["receipted_at"] for one in shown)
    return lodged


def months_go_by(arc: Arc, before: set[tuple[str, str]]) -> None:
    """What is owed is owed still, to the letter; data nobody followed up are gone, and that is on record."""
    arc.comes_to_day(RETURNED - 5)
    assert before == arc.owed("clock", "move")
    assert [None, None] == [one["due_at"] for one in arc.shown("checked")]
    arc.boris.acts(arc.refs["kept"], "lapsed")
    settle(*arc.nodes)
    assert ["lapsed", "lapsed"] == [one["state"] for one in arc.shown("kept")]


def terms_are_found(arc: Arc) -> str:
    """Talks are offered and answered; one's terms are declined, the other's stand; their proposal."""
    anna, boris = arc.desks
    offer = begins(anna, "offer", "what_is_offered=Talks", "sort=talks", f"answer_by={arc.day(RETURNED)}")
    settle(*arc.nodes)
    boris.acts_with_second(offer, "accepted")
    left = arc.refs["left"]
    terms = [(arc.day(RETURNED + 1), arc.day(RETURNED + 2)), (arc.day(RETURNED + 30), arc.day(RETURNED + 60))]
    proposals = []
    for desk, days in ((anna, terms[0]), (boris, terms[1])):
        settle(*arc.nodes)
        if desk is boris:
            boris.acts_with_second(left, "terms_declined", "--text", "A day is too short.")
        stated = [
            word for one, day in zip(TERMS[1:], days, strict=True) for word in ("--state", one.format(day))
        ]
        proposals.append(desk.acts_with_second(left, "terms_proposed", *stated, "--text", TERMS[0]))
    arc.comes_to_day(RETURNED)
    settle(*arc.nodes)
    return proposals[1]


def both_come_back(arc: Arc, before: dict[str, Any], lodged: dict[str, str]) -> None:
    """Clocks run on, longer by exactly the time they stood; what was lodged counts if its author says so."""
    anna, left = arc.anna, arc.refs["left"]
    run = arc.same("resumption", "--at", f"{arc.day(RETURNED)}T12:00:00Z")
    assert [left] == [one["ref"] for one in run["ending"]]
    waiting = {one["entry"] for row in run["procedures"] for one in row["waiting"]}
    assert set(lodged.values()) == waiting
    accepted = anna.acts_with_second(left, "terms_accepted")
    anna.acts_with_second(left, "taken_back", "--state", f"entries={lodged['dropped']}")
    anna.acts_with_second(left, "confirmed", "--state", f"entries={lodged['wanted']}")
    settle(*arc.nodes)

    declared_at, ended_at = (at_of(arc.shown("left")[0], entry) for entry in (None, accepted))
    assert timedelta(days=RETURNED - LEFT) < ended_at - declared_at < timedelta(days=RETURNED - LEFT + 1)
    for shown in arc.shown("checked"):
        assert instant(shown["due_at"]) - instant(before["due_at"]) == ended_at - declared_at
    assert ["lodged", "lodged"] == [one["state"] for one in arc.shown("wanted")]
    assert ["", ""] == [one["state"] for one in arc.shown("dropped")]


def what_was_promised_is_delivered(arc: Arc, proposal: str) -> None:
    """The rest of the evidence comes, whole; both mark the term performed, and it is owed no more."""
    anna, boris = arc.desks
    rest = arc.executes(boris, "promised", "rest.dd", REST, "in whole")
    boris.acts(arc.refs["checked"], "returned", "--state", "reasons=no_time_zone", "--text", "Which zone?")
    settle(*arc.nodes)
    shown = anna.exhibit(rest, "received")
    assert hashlib.sha256(REST).hexdigest() == shown["sha256"]
    opened = arc.place / "rest"
    anna.run("evidence", "open", anna.channel, rest, opened, "--purpose", "To image it", "--yes")
    assert REST == opened.read_bytes()
    anna.acts(arc.refs["promised"], "results_confirmed", "--exhibit", rest)
    anna.acts(arc.refs["promised"], "closed")
    assert {("bb", arc.refs["left"]), ("aa", arc.refs["left"])} == arc.owed("term")
    for desk in arc.desks:
        settle(*arc.nodes)
        named = ("--state", f"proposal={proposal}", "--state", "term=1")
        desk.acts(arc.refs["left"], "term_performed", *named)
    settle(*arc.nodes)
    assert {("aa", arc.refs["left"])} == arc.owed("term")
    assert ["closed", "closed"] == [one["state"] for one in arc.shown("promised")]


def both_count_alike(arc: Arc) -> tuple[str, dict[str, Any]]:
    """One counts and states, the other counts again and agrees; the day and what was counted."""
    arc.comes_to_day(COUNTED)
    day = arc.day(COUNTED - 1)
    counted = [desk.run("reciprocity", desk.channel, "--as-of", day)["figures"] for desk in arc.desks]
    assert json.dumps(counted[0]) == json.dumps(counted[1])
    arc.anna.signs_with_second("reciprocity", arc.anna.channel, "--as-of", day, "--state")
    settle(*arc.nodes)
    arc.boris.acts_with_second("aa-figures-1", "agreed")
    settle(*arc.nodes)
    return day, counted[0]


def lines_of(figures: dict[str, Any], by: str, procedure: str) -> list[dict[str, Any]]:
    """The lines of all that one asked of the others under a procedure."""
    return [
        one
        for one in figures["lines"]
        if (one["requesting"], one["procedure"]) == (by, procedure)
        and not any(one.get(cut) for cut in Cut._fields)
    ]


def numbers(figures: dict[str, Any], by: str, procedure: str) -> dict[str, int]:
    """The numbers of all that one asked of the other under a procedure."""
    (line,) = lines_of(figures, by, procedure)
    return {name: made["count"] for name, made in line["figures"].items()}


def the_count_is_what_was_done(counted: dict[str, Any]) -> None:
    """Each number is of acts both signed for; of the time to answer, what stood still is no part."""
    asked = {
        "lodged": 4, "receipted": 4, "lodged_in_suspension": 2, "acknowledged": 2, "returned": 1,
        "granted_in_whole": 1, "unanswered": 2, "overdue": 1,
    }  # fmt: skip
    assert asked == numbers(counted, "aa", "assistance")
    assert {"lodged": 1, "receipted": 1, "granted_in_whole": 1} == numbers(counted, "bb", "assistance")
    assert 1 == numbers(counted, "aa", "preservation")["preservation_lost"]
    (line,) = lines_of(counted, "aa", "assistance")
    assert LEFT <= line["response"]["p90"] / 86_400 < LEFT + 1
    terms = {
        (one["performer"], standing): len(made)
        for one in counted["terms"]
        for standing, made in one["by_standing"].items()
        if made
    }
    assert {("aa", "open"): 1, ("bb", "performed"): 1} == terms


def a_stranger_comes_to_the_same(arc: Arc, day: str, counted: dict[str, Any]) -> None:
    """With files alone, where no node is: both exports, the statement, the figures, and figures that lie."""
    stranger = Stranger(arc.place)
    exports = [arc.place / f"export-{desk.node.party}" for desk in arc.desks]
    for desk, export in zip(arc.desks, exports, strict=True):
        desk.run("export", desk.channel, export, by="")
        found = stranger.verifies(export, "--figures", day)
        assert json.dumps(counted, sort_keys=True) == json.dumps(found["figures"], sort_keys=True)
        assert found["receipted"] == found["logs"]
        stand = {one["ref"]: (one["standing"], one["irregular"]) for one in found["standings"]}
        assert ("Closed", 0) == stand[arc.refs["promised"]]
        assert ("Resumed on terms", 0) == stand[arc.refs["left"]]

    statement = arc.place / "statement.json"
    arc.boris.run("reciprocity", arc.boris.channel, "--as-of", day, "--statement", statement)
    alone = stranger.verifies(statement)
    assert {"figures-stated", "figures-agreed"} < set(codes(alone["proven"]))
    assert "figures-uncounted" in codes(alone["not_proven"])
    again = stranger.verifies(statement, "--export", exports[0], "--policy", exports[1] / "policy")
    assert "figures-come-out" in codes(again["proven"])

    claimed, line = arc.place / "claimed.json", counted["lines"][0]
    claimed.write_text(json.dumps(counted))
    assert "figures-agree" in codes(stranger.verifies(exports[0], "--claimed", claimed)["proven"])
    line["figures"]["lodged"]["count"] += 1
    claimed.write_text(json.dumps(counted))
    assert "figures-differ" == stranger.verifies(exports[0], "--claimed", claimed, code=1)["code"]


def at_of(shown: dict[str, Any], entry: str | None) -> datetime:
    """When an entry of a procedure was made; its first without one."""
    return instant(next(one["at"] for one in shown["entries"] if entry in (None, one["entry"])))


def instant(text: str) -> datetime:
    """An instant, as it is written."""
    return datetime.fromisoformat(text)


def test_what_was_promised_comes_after_a_suspension_of_months_and_everybody_counts_alike(
    nodes, tmp_path
) -> None:
    """One side may leave for months: nothing is lost, gained or denied, and a stranger counts the same."""
    arc = Arc(nodes, tmp_path)
    it_is_open_and_both_ask(arc)
    data_are_kept_for_it(arc)
    before = one_leaves(arc)
    owed = arc.owed("clock", "move")
    lodged = meanwhile_one_lodges_and_the_other_is_silent(arc)
    months_go_by(arc, owed)
    proposal = terms_are_found(arc)
    both_come_back(arc, before, lodged)
    what_was_promised_is_delivered(arc, proposal)
    day, counted = both_count_alike(arc)
    the_count_is_what_was_done(counted)
    a_stranger_comes_to_the_same(arc, day, counted)
