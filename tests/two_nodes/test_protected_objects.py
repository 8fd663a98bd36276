"""Lists of both sides on two real nodes: shown, undertaken for, committed to, revealed from, destroyed."""

from __future__ import annotations

import json

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import carry, settle, start

pytestmark = pytest.mark.two_nodes
GRID = "name,sector,owner,domains,networks\nGrid North,energy,Northern Grid,grid.example,192.0.2.0/24\n"
WATER = "name,sector,domains\nWaterworks,drinking_water,water.example\nBank,banking,bank.example\n"
SAID = ("--title", "Energy", "--purpose", "To be left alone", "--until", "2030-12-31", "--seek", "hands_off")
LEAVING = [
    word
    for code in (
        "topics=assistance", "topics=evidence", "legal_basis=none", "pending=stand_as_they_are",
        "material=return_asked_for",
    )
    for word in ("--state", code)
]  # fmt: skip


def show(desk: Desk, ref: str) -> dict:
    """A list with what is on it, as one side has it."""
    return desk.run("objects", "show", desk.channel, ref, "--why", "Test")


def declared(desk: Desk, verb: str, rows: str) -> str:
    """Declare a list from a file, with the second official; its reference."""
    file = desk.place / f"{desk.node.party}.csv"
    file.write_text(rows, encoding="utf-8")
    done = desk.run("objects", verb, desk.channel, file, *SAID, "--yes")
    desk.run("approve", "sign", done["approval"], "--yes", by="dora")
    return str(done["ref"])


def test_lists_are_declared_undertaken_for_revealed_from_and_destroyed(nodes, tmp_path) -> None:
    """What the model case lacked: a list that outlives bad days, and is gone when that is asked for."""
    start(*nodes)
    anna, boris = desks = (Desk(nodes[0], tmp_path), Desk(nodes[1], tmp_path))
    settle(*nodes)

    shown = declared(anna, "declare", GRID)
    settle(*nodes)
    boris.signs_with_second("objects", "undertake", boris.channel, shown, "hands_off")
    settle(*nodes)
    undertaken = show(anna, shown)

    hidden = declared(boris, "commit", WATER)
    settle(*nodes)
    before = show(anna, hidden)
    head = ("request", "draft", anna.channel, "--procedure", "alert", "--title", "Waterworks under attack")
    alert = anna.run(*head, "--field", "what_happens=Since 02:50 UTC", "--state", "severity=5")["ref"]
    alert_entry = anna.signs("request", "submit", alert)
    settle(*nodes)
    leaf = next(one["leaf"] for one in show(boris, hidden)["objects"] if one["name"] == "Waterworks")
    revealed = boris.signs("objects", "reveal", boris.channel, hidden, leaf[:16], "--alert", alert_entry)
    settle(*nodes)
    anna.signs("objects", "act", anna.channel, hidden, "proof_accepted", "--state", f"revealed={revealed}")
    settle(*nodes)
    after = show(anna, hidden)
    seen = after["revealed"]

    file, export = tmp_path / "water.reveal.json", tmp_path / "export"
    anna.run("objects", "proof", anna.channel, hidden, leaf, file, "--why", "For the court")
    held = anna.run("objects", "verify", file, by="")
    anna.run("export", anna.channel, export, "--payloads", by="")
    proven = anna.run("verify", file, "--policy", export / "policy", by="")
    standings = anna.run("verify", export, by="")["standings"]

    left = anna.run("request", "draft", anna.channel, "--procedure", "suspension", "--title", "S", *LEAVING)
    anna.signs_with_second("request", "submit", left["ref"])
    settle(*nodes)
    owed = [desk.run("channel", "obligations", desk.channel)["obligations"] for desk in desks]
    asked = ("--state", f"entries={undertaken['version']}", "--state", "disposal=destruction")
    anna.signs("objects", "act", anna.channel, shown, "disposal_asked", *asked)
    settle(*nodes)
    theirs = show(boris, shown)
    done = ("--method", "Overwritten", "--done-by", "CERT", "--done-at", "2026-11-27", "--copies", "None")
    boris.signs_with_second("objects", "destroy", boris.channel, shown, *done)
    anna.signs("objects", "act", anna.channel, shown, "access_asked")
    settle(*nodes)
    boris.signs("objects", "act", boris.channel, shown, "access_reported")
    settle(*nodes)
    gone, kept = ended = [show(desk, shown) for desk in (boris, anna)]

    assert ("undertaken", {"bb": ["hands_off"]}) == (
        undertaken["state"], {party: one["undertaking"] for party, one in undertaken["undertaken"].items()}
    )  # fmt: skip
    assert ["Grid North"] == [one["name"] for one in theirs["objects"]]
    assert ([], [], 16) == (before["objects"], before["revealed"], before["leaves"])
    assert [("Waterworks", "")] == [(one["name"], one["doubt"]) for one in seen]
    assert "Bank" not in json.dumps(seen) + file.read_text(encoding="utf-8")
    assert [0, 0, 0] == [one["irregular"] for one in (after, *ended)]
    assert ("Waterworks", before["root"]) == (held["name"], held["root"])
    assert {"object-was-listed", "entry-in-log"} <= {one["code"] for one in proven["proven"]}
    assert {shown: "Undertaken", hidden: "Declared"} == {
        one["ref"]: one["standing"] for one in standings if one["ref"] in (shown, hidden)
    }
    assert owed[0] == owed[1]
    assert [("bb", shown, "hands_off", False)] == [
        (one["party"], one["ref"], one["what"], one["stands_still"])
        for one in owed[0]
        if one["sort"] == "undertaking"
    ]
    for name in ("state", "version", "root", "leaves", "number", "undertaken", "due_at"):
        assert gone[name] == kept[name]
    assert ("undertaken", "destroyed") == (kept["state"], kept["undertaken"]["bb"]["disposed"])
    assert ("erased", []) == (gone["content"], gone["objects"])
    assert ("held", ["Grid North"]) == (kept["content"], [one["name"] for one in kept["objects"]])
    for node in nodes:
        found = node.does("examine")
        assert ([], True) == (found["findings"], found["rebuilt"])


def test_an_alert_states_what_it_affects_and_tells_it_to_whom_it_was_shown(nodes, tmp_path) -> None:
    """By command on one node; on the other the shown object has its name, and the hidden one has none."""
    anna, boris = Desk(nodes[0], tmp_path), Desk(nodes[1], tmp_path)
    shown = declared(anna, "declare", GRID)
    hidden = declared(anna, "commit", WATER)
    carry(*nodes)
    head = (
        "alert",
        "raise",
        anna.channel,
        "--severity",
        5,
        "--title",
        "Grid and water",
        "--what",
        "Since noon",
    )
    (alert,) = anna.run(*head, "--object", "192.0.2.7", "--object", "Waterworks", "--yes")["alerts"]
    carry(*nodes)

    ours, theirs = (
        desk.run("alert", "show", desk.channel, alert["ref"])["affected"] for desk in (anna, boris)
    )

    assert ["Grid North", "Waterworks"] == [one["name"] for one in ours]
    assert ["Grid North", ""] == [one["name"] for one in theirs]
    assert [(one["list"], one["object"]) for one in ours] == [(one["list"], one["object"]) for one in theirs]
    assert {shown, hidden} == {one["ref"] for one in boris.run("objects", "list")["lists"]}
