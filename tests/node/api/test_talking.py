"""Offers, positions and the dry run of a resumption, as case systems read them."""

from __future__ import annotations

import pytest

from comity.instruments import library
from comity_node.register import mirroring
from comity_node.register import queries as register
from tests.node.counterpart import CHANNEL, SECONDED

CHARTER = library()["charter"]
OPENING = {"instrument": "charter", "table": CHARTER.digest, "requested": "aa"}


def receipts() -> None:
    """Sign for what they sent."""
    for log in register.their_logs(CHANNEL):
        mirroring.give(log)


def does(boris, kind: str, ref: str, title: str, field: str, **stated) -> None:
    """Have Boris open a procedure of the charter, and sign for it."""
    payload = {"title": title, "language": "en", "fields": {field: "Words."}}
    boris.does(kind, ref, stated={**OPENING, **stated}, payload=payload, by=SECONDED)
    receipts()


def test_a_system_reads_what_was_offered_and_since_when_it_is_unanswered(system, boris):
    """An authority's own system may remind its officers; it must not make a deadline of it."""
    does(boris, "channel.offer.offered", "bb-2026-0500", "Shields", "what_is_offered", sort="talks")
    does(boris, "channel.offer.offered", "bb-2026-0501", "More", "what_is_offered", sort="joint_protection")

    found = system.get(f"/channels/{CHANNEL}/offers?size=1&page=2")

    assert (2, ["bb-2026-0501"]) == (found["total"], [one["ref"] for one in found["offers"]])
    (offer,) = system.get(f"/channels/{CHANNEL}/offers?size=1")["offers"]
    assert ("bb", "aa", "talks", "Shields") == (offer["by"], offer["to"], offer["sort"], offer["title"])
    awaited = offer["unanswered"]
    assert ("aa", True, 0) == (awaited["party"], awaited["is_receipted"], awaited["reminders"])
    assert "bb-2026-0500" == system.get(offer["href"].removeprefix("/api/v1"))["request"]["ref"]


def test_a_system_reads_what_each_side_holds(system, boris):
    """Side by side, each by the entry that holds it; the words are read there."""
    does(boris, "channel.position.stated", "bb-2026-0600", "On the lists", "position", subject="The lists")

    found = system.get(f"/channels/{CHANNEL}/positions")

    (subject,) = found["positions"]
    assert (1, ["bb"], False) == (found["total"], list(subject["held"]), subject["in_suspension"])
    read = system.get(subject["held"]["bb"]["entry_href"].removeprefix("/api/v1"))
    assert "channel.position.stated" == read["entry"]["kind"]


def test_a_system_reads_what_would_move_if_a_suspension_ended(system, asked, boris):
    """The same as both sides read on their pages; nothing is changed by it."""
    nothing = system.get(f"/channels/{CHANNEL}/resumption")
    assert ([], [], 0) == (nothing["ending"], nothing["procedures"], nothing["total"])
    boris.does(
        "channel.suspension.declared",
        "bb-2026-0700",
        stated={
            **OPENING, "topics": ["assistance"], "legal_basis": "none", "pending": "stand_as_they_are",
            "material": "kept_under_its_limits",
        },
        by=SECONDED,
    )  # fmt: skip
    receipts()

    found = system.get(f"/channels/{CHANNEL}/resumption?at=2030-01-01T00:00:00Z&of=bb-2026-0700")

    assert ["bb-2026-0700"] == [one["ref"] for one in found["ending"]]
    assert found["total"] == len(found["procedures"]) > 0
    assert all(one["clocks"] or one["obligations"] for one in found["procedures"])
    other = system.get(f"/channels/{CHANNEL}/resumption?of=bb-2026-0701")
    assert ([], ["bb-2026-0700"]) == (other["ending"], [one["ref"] for one in other["lasting"]])
    assert found["total"] == system.get(f"/channels/{CHANNEL}/resumption?size=1")["total"]


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_an_instant_beyond_all_calendars_is_no_fault_of_the_node(system, asked, boris, at):
    """It is answered, or refused as unreadable; never an error within."""
    test_a_system_reads_what_would_move_if_a_suspension_ended(system, asked, boris)

    assert system("GET", f"/channels/{CHANNEL}/resumption?at={at}").status_code in (200, 400)


@pytest.mark.parametrize("query", ["at=now", "at=2030-01-01T00:00:00", "of=UPPER", "ref=x"])
def test_what_is_not_asked_in_its_form_is_not_guessed(system, boris, query):
    """An instant without a zone is none."""
    assert 400 == system("GET", f"/channels/{CHANNEL}/resumption?{query}").status_code


def test_of_another_channel_nothing_is_there(system, boris):
    """As if there were none."""
    for what in ("offers", "positions", "resumption"):
        assert 404 == system("GET", f"/channels/zzzzzzzzzzzzzzzz/{what}").status_code
