"""Three real nodes: one leaves towards both others, all return on terms, and all compute the same of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comity.reciprocity import Cut
from tests.many_nodes.conftest import settled
from tests.two_nodes.desk import Desk

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]
PARTIES = ("aa", "bb", "cc")
LEAVING = [
    word
    for code in (
        "topics=assistance",
        "legal_basis=none",
        "pending=stand_as_they_are",
        "material=kept_under_its_limits",
    )
    for word in ("--state", code)
]


class Three:
    """Three sides at their terminals, who wait for one another."""

    def __init__(self, nodes, channel, place) -> None:
        self.nodes, self.channel = nodes, channel
        self.desks = {party: Desk(node, place) for party, node in nodes.items()}

    def asks(self, one: str, other: str) -> tuple[str, str]:
        """One lodges a request with another; reference and entry."""
        ref = self.desks[one].drafts("--to", other)
        entry = self.desks[one].signs_with_second("request", "submit", ref)
        settled(self.nodes, self.channel)
        return ref, entry

    def suspends(self, one: str, other: str) -> str:
        """One suspends assistance towards another; reference."""
        head = ("request", "draft", self.channel, "--procedure", "suspension", "--title", "Suspension")
        ref = str(self.desks[one].run(*head, "--to", other, *LEAVING)["ref"])
        self.desks[one].signs_with_second("request", "submit", ref)
        settled(self.nodes, self.channel)
        return ref

    def does(self, one: str, ref: str, act: str, *words: str, alone: bool = False) -> str:
        """One does an act of a procedure; its entry."""
        desk = self.desks[one]
        entry = (desk.acts if alone else desk.acts_with_second)(ref, act, *words)
        settled(self.nodes, self.channel)
        return str(entry)

    def marks(self, one: str, ref: str, proposal: str, number: str, act: str, *words: str) -> None:
        """One says of a term what it holds."""
        named = ("--state", f"proposal={proposal}", "--state", f"term={number}")
        self.does(one, ref, act, *named, *words, alone=act == "term_performed")

    def shown(self, ref: str) -> dict:
        """What all three show of a procedure, which is one and the same."""
        return self.same("request", "show", self.channel, ref)

    def same(self, *words: str) -> dict:
        """What a verb says on all three, which is one and the same."""
        said = {party: desk.run(*words) for party, desk in self.desks.items()}
        for party, one in said.items():
            here = {name: value for name, value in one.items() if name not in ("may", "title")}
            there = {name: value for name, value in said["aa"].items() if name not in ("may", "title")}
            assert here == there, party
        return said["aa"]


@pytest.fixture
def three(opened, tmp_path) -> Three:
    """All in the channel, servers up."""
    return Three(*opened, tmp_path)


def terms(*said: str) -> list[str]:
    """Terms as the command takes them, with words."""
    stated = [word for term in said for word in ("--state", f"terms={term}")]
    return [*stated, "--text", "As agreed in Geneva: " + "; ".join(said)]


def at(shown: dict, entry: str) -> datetime:
    """When an entry of a procedure was made."""
    (found,) = [one["at"] for one in shown["entries"] if one["entry"] == entry]
    return datetime.fromisoformat(found)


def due(shown: dict) -> datetime:
    """When the clock of a procedure is due."""
    return datetime.fromisoformat(shown["due_at"])


def test_three_resume_on_terms_and_compute_the_same_of_all_of_it(three, tmp_path) -> None:
    """Nothing lodged meanwhile is lost, no clock gains or loses a second, and a stranger reads it alike."""
    before = {pair: three.asks(*pair)[0] for pair in (("aa", "bb"), ("cc", "aa"), ("bb", "cc"))}
    clocks = {pair: due(three.shown(ref)) for pair, ref in before.items()}
    left = {other: three.suspends("aa", other) for other in ("bb", "cc")}
    meanwhile = {
        pair: three.asks(*pair)
        for pair in (("aa", "bb"), ("bb", "aa"), ("aa", "cc"), ("cc", "aa"), ("bb", "cc"), ("cc", "bb"))
    }

    for pair, (ref, _entry) in meanwhile.items():
        shown = three.shown(ref)
        waits = (1, "", True) if "aa" in pair else (0, "lodged", False)
        assert waits == (shown["lodged"], shown["state"], shown["suspended"])
        assert all(entry["receipted_at"] for entry in shown["entries"])
    assert [None, None] == [three.shown(before[pair])["due_at"] for pair in (("aa", "bb"), ("cc", "aa"))]
    assert clocks["bb", "cc"] == due(three.shown(before["bb", "cc"]))

    three.does("aa", left["bb"], "terms_proposed", *terms("1 bb 2027-01-31"))
    three.does("bb", left["bb"], "terms_declined", "--text", "It names what one side performs.")
    ours = three.does("bb", left["bb"], "terms_proposed", *terms("1 bb 2027-01-31", "2 aa 2027-02-28"))
    three.does("cc", left["cc"], "terms_proposed", *terms("1 aa 2027-01-31"))
    theirs = three.does("aa", left["cc"], "terms_proposed", *terms("1 cc 2027-01-31", "2 aa 2027-02-28"))
    with_bb = three.does("aa", left["bb"], "terms_accepted")

    assert "resumed" == three.shown(left["bb"])["state"]
    assert "terms_proposed" == three.shown(left["cc"])["state"]
    assert (None, False) == (
        three.shown(before["cc", "aa"])["due_at"],
        three.shown(before["aa", "bb"])["suspended"],
    )
    with_cc = three.does("cc", left["cc"], "terms_accepted")

    for pair, other, end in ((("aa", "bb"), "bb", with_bb), (("cc", "aa"), "cc", with_cc)):
        suspension = three.shown(left[other])
        frozen = at(suspension, end) - at(suspension, suspension["entries"][0]["entry"])
        assert clocks[pair] + frozen == due(three.shown(before[pair]))
        assert frozen > timedelta(0)
    assert clocks["bb", "cc"] == due(three.shown(before["bb", "cc"]))

    for (one, other), (_ref, entry) in meanwhile.items():
        if "aa" in (one, other):
            what = "taken_back" if one == "cc" else "confirmed"
            three.does(one, left[other if one == "aa" else one], what, "--state", f"entries={entry}")
    states = {pair: three.shown(ref)["state"] for pair, (ref, _entry) in meanwhile.items()}
    assert {pair: "" if pair == ("cc", "aa") else "lodged" for pair in meanwhile} == states

    three.marks("bb", left["bb"], ours, "1", "term_performed")
    assert ["open", "open"] == [one["standing"] for one in three.shown(left["bb"])["terms"]]
    three.marks("aa", left["bb"], ours, "1", "term_performed")
    three.marks("aa", left["bb"], ours, "2", "term_performed")
    three.marks("bb", left["bb"], ours, "2", "term_disputed", "--text", "Two of five answers came.")
    three.marks("cc", left["cc"], theirs, "1", "term_performed")
    three.marks("aa", left["cc"], theirs, "1", "term_performed")
    third = three.desks["cc"].run(
        *("request", "act", three.channel, left["bb"], "term_performed", "--yes"),
        *("--state", f"proposal={ours}", "--state", "term=2"),
        code=3,
    )
    assert third["code"]
    assert ["performed", "disputed"] == [one["standing"] for one in three.shown(left["bb"])["terms"]]
    assert ["performed", "open"] == [one["standing"] for one in three.shown(left["cc"])["terms"]]
    owed = three.same("channel", "obligations", three.channel)["obligations"]
    assert {("aa", "2", ours), ("aa", "2", theirs)} == {
        (one["party"], one["what"], one["entry"]) for one in owed if one["sort"] == "term"
    }

    day = f"{datetime.now(UTC):%Y-%m-%d}"
    figures = three.same("reciprocity", three.channel, "--as-of", day)["figures"]
    whole = [one["figures"] for one in figures["lines"] if not any(one.get(cut) for cut in Cut._fields)]
    assert 4 == sum(one["lodged_in_suspension"]["count"] for one in whole if "lodged_in_suspension" in one)
    for party, desk in three.desks.items():
        place = tmp_path / f"export-{party}"
        desk.run("export", three.channel, place, by="")
        found = three.desks["aa"].run("verify", place, "--figures", day, by="")
        assert figures == found["figures"]
        stand = {one["ref"]: one["standing"] for one in found["standings"]}
        assert {"Resumed on terms"} == {stand[ref] for ref in left.values()}
        for pair, (ref, _entry) in meanwhile.items():
            assert ("Not begun" if pair == ("cc", "aa") else "Lodged") == stand[ref]
    for node in three.nodes.values():
        examined = node.does("examine")
        assert ([], True) == (examined["findings"], examined["rebuilt"])
