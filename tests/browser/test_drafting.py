"""A request written step by step with nothing but a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import scenes

if TYPE_CHECKING:
    from tests.browser.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

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
