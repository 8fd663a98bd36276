"""What a case system reads: the same as pages show, by the rights of the official it acts for."""

from __future__ import annotations

from tests.node.assistance.conftest import THEIRS
from tests.node.counterpart import CHANNEL


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
