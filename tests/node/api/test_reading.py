"""What a case system reads: the same as pages show, by the rights of the official it acts for."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from comity_node.assistance import services as assistance
from comity_node.officials import services as officials
from comity_node.register import queries
from tests.node.assistance.conftest import THEIRS
from tests.node.counterpart import CHANNEL

KIND = "assistance.request"


def test_a_system_reads_where_a_request_stands(system, asked):
    """The case system shows what the node computes, or officials look at two truths."""
    (listed,) = system.get("/requests?direction=theirs&standing=open")["requests"]

    found = system.get(f"/requests/{CHANNEL}/{THEIRS}")

    assert (THEIRS, "lodged", "aa") == (listed["ref"], listed["state"], listed["turn"])
    assert listed == found["request"]
    assert "acknowledged" in [one["act"] for one in found["we_may"]]
    assert found["clocks"]
    assert all(one["verified"] for one in found["clocks"])


def test_a_system_reads_an_entry_with_its_content_receipt_and_proof(system, asked):
    """A file note in another system cites the entry, and can prove it."""
    (listed,) = system.get(f"/requests/{CHANNEL}/{THEIRS}/entries")["entries"]

    found = system.get(listed["href"].removeprefix("/api/v1"))
    proof = system("GET", found["proof_href"].removeprefix("/api/v1"))

    assert listed == found["entry"]
    assert "Statement of one witness" == found["content"]["title"]
    assert THEIRS in found["leaf"]
    assert proof.content.startswith(b"c2sp.org/tlog-proof")


def test_channels_and_what_can_be_begun_in_them_are_listed(system, boris):
    """A form in another system is built from what the instrument asks, not from what somebody remembered."""
    (channel,) = system.get("/channels")["channels"]

    ways = system.get(f"/channels/{channel['channel']}/ways")["ways"]

    assert (CHANNEL, "bb", True) == (channel["channel"], channel["counterpart"], channel["open"])
    assert "purpose" in [one["name"] for one in ways[0]["fields"]]
    assert any(one["demanded"] for one in ways[0]["fields"])


def test_a_system_learns_for_whom_it_acts(system, anna):
    """Whoever sets a system up sees at once whether the token is the right one."""
    assert "anna" == system.get("/")["official"]


def everything(system, *entries):
    """Whatever a system reads of the request and these entries."""
    paths = [f"/entries/bb/{CHANNEL}/{one.index}" for one in entries]
    return json.dumps([system.get(one) for one in ("/requests", f"/requests/{CHANNEL}/{THEIRS}", *paths)])


def test_what_was_recalled_is_read_by_no_program_until_it_is_answered(system, asked, boris, anna, dora):
    """Its author asks that it be not used; what a case system has read is in use for good."""
    (entry,) = [one.ref for one in queries.entries(CHANNEL, ref=asked, prefix=f"{KIND}.lodged")]
    translated = boris.does(
        "record.translation.attached", "bb-t-1", answers=(entry,), payload={"text": "Statement of one"}
    )
    before = everything(system, entry, translated)

    boris.does(f"{KIND}.recalled", asked, stated={"entries": [str(entry)]}, payload={"text": "Not for you."})
    meanwhile = everything(system, entry, translated)
    answer = {
        "stated": {"entries": [str(entry)], "kept_because": "own_law_requires"},
        "payload": {"text": "No."},
    }
    officials.second(assistance.act(channel=CHANNEL, ref=asked, act_name="kept", by=anna, **answer), by=dora)

    assert 4 == before.count("Statement of one")
    assert "Statement of one" not in meanwhile
    assert 4 == meanwhile.count("Recalled by its author")
    assert 4 == everything(system, entry, translated).count("Statement of one")


def test_what_was_destroyed_is_read_by_no_program(system, asked, boris, anna, dora):
    """Two officers signed that it is not used any more."""
    (entry,) = [one.ref for one in queries.entries(CHANNEL, ref=asked, prefix=f"{KIND}.lodged")]
    stated = {"entries": [str(entry)]}
    boris.does(f"{KIND}.recalled", asked, stated=stated, payload={"text": "Not for you."})
    said = {"channel": CHANNEL, "ref": asked, "act_name": "destroyed", "by": anna, "stated": stated}
    officials.second(assistance.act(**said), by=dora)

    assert "Statement of one" not in everything(system, entry)
    assert system.get(f"/entries/bb/{CHANNEL}/{entry.index}")["erased_at"]


def test_a_system_reads_what_each_side_owes_by_page(system, asked):
    """A case system reminds its officers of what the record says they owe."""
    every = system.get(f"/channels/{CHANNEL}/obligations")
    first = system.get(f"/channels/{CHANNEL}/obligations?size=1&party=aa")

    assert every["total"] == first["total"] == len(every["obligations"]) == 2
    assert every["obligations"][:1] == first["obligations"]
    assert [("aa", THEIRS, "clock")] == [
        (one["party"], one["ref"], one["sort"]) for one in first["obligations"]
    ]
    assert 0 == system.get(f"/channels/{CHANNEL}/obligations?party=bb")["total"]


def test_a_system_reads_the_figures_and_the_entries_of_each_number(system, asked):
    """A number in a report of the authority leads to the record, as on the page."""
    found = system.get(f"/channels/{CHANNEL}/figures?size=1")
    (line,) = found["lines"]
    query = urlencode({"line": line["line"], "figure": "lodged"})
    entries = system.get(f"/channels/{CHANNEL}/figures/entries?{query}")

    assert (1, 3) == (line["figures"]["lodged"], found["total"])
    assert (1, [f"bb.comity/{CHANNEL}#1"]) == (entries["total"], entries["entries"])
    assert [] == system.get(f"/channels/{CHANNEL}/figures?as_of=2020-01-01")["lines"]
    assert [] == system.get(f"/channels/{CHANNEL}/figures/statements")["statements"]


def test_numbers_nobody_counted_have_no_entries_and_a_call_without_a_line_is_refused(system, asked):
    """A program that asks wrongly is told so, not answered with something else."""
    nothing = system.get(f"/channels/{CHANNEL}/figures/entries?line=x&figure=lodged")

    assert [] == nothing["entries"]
    assert 400 == system("GET", f"/channels/{CHANNEL}/figures/entries").status_code
    assert 400 == system("GET", f"/channels/{CHANNEL}/figures?as_of=never").status_code
    assert 404 == system("GET", "/channels/zzzzzzzzzzzzzzzz/figures").status_code
