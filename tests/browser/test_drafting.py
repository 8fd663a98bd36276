"""A request written step by step with nothing but a keyboard."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from comity.instruments import library
from tests.browser import scenes

if TYPE_CHECKING:
    from tests.browser.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

TYPES = library()["us-ru-1999"].types
# Each takes up to a minute; what differs are the boxes, so the one with the most shows the rest.
MOST_ASKED = max(TYPES, key=lambda one: len(library()["us-ru-1999"].fields_for(one.id)))
TRIED = TYPES if os.environ.get("COMITY_TESTS") == "thorough" else [MOST_ASKED]
WORDS = "On 3 May 2026 at 14:00 UTC, as far as is known."
WRITTEN = {
    "Authority": {"Authority conducting the matter": "Regional prosecution, Arland"},
    "Case and persons": {"Subject and nature of the matter": "Unauthorised access to a hospital"},
    "Offences": {"Offences, text of the provisions and penalties": "Section 12: up to eight years"},
    "Facts": {"Summary of the facts": "On 3 May 2026 records were encrypted from this account."},
    "What is asked for": {
        "Assistance sought": "Subscriber records of this account",
        "Purpose of the assistance": "To identify who rented it",
    },
}


def test_a_request_is_written_step_by_step_with_the_keyboard_alone(house: House, channel: str) -> None:
    """Whoever cannot use a mouse writes a complete letter of request as fast as anybody."""
    anna = house.seat("anna", keys=True)
    anna.until("/", scenes.PURPOSE)
    anna.open("/requests/drafts/new/")
    anna.fill("Title", "Subscriber records")
    anna.press("Begin the draft")
    anna.choose("Documents, records and other items")
    anna.press("Next: Authority")

    for step, fields in WRITTEN.items():
        assert step in anna.said
        for label, words in fields.items():
            anna.fill(label, words)
        anna.press("Next: ")
    while "Who will be able to read this" not in anna.said:
        anna.press("Next: ")

    assert "Still missing" not in anna.page.locator("h3").all_inner_texts()
    assert "To identify who rented it" in anna.said
    anna.press("Continue to the text to be signed")
    anna.press("Send for the second signature")
    assert [] == anna.troubles


@pytest.mark.lengthy
@pytest.mark.parametrize("kind", TRIED, ids=lambda kind: kind.id)
def test_every_type_of_assistance_is_asked_for_by_keyboard_alone(house: House, channel: str, kind) -> None:
    """Each has boxes of its own; one that Tab does not reach is one some officers cannot send."""
    anna = house.seat("anna", keys=True)
    anna.until("/", scenes.PURPOSE)
    anna.open("/requests/drafts/new/")
    anna.fill("Title", f"By keyboard: {kind.id}")
    anna.press("Begin the draft")
    anna.choose(kind.label)
    written: list[str] = []
    anna.press("Next: ")
    while written.extend(anna.write_all(WORDS)) or "Who will be able to read this" not in anna.said:
        before = anna.path
        anna.enter()
        assert anna.path != before, anna.said

    asked = library()["us-ru-1999"].fields_for(kind.id)
    assert [] == [one.label for one in asked if not any(one.label in label for label in written)]
    assert "Still missing" not in anna.page.locator("h3").all_inner_texts()
    anna.enter()
    anna.press("Send for the second signature")
    assert [] == anna.troubles
    anna.context.close()
