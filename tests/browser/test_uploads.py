"""Giving a file to the node: with progress where there is script, and plainly where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import scenes

if TYPE_CHECKING:
    from tests.browser.conftest import Case, House

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]


def test_an_upload_shows_how_far_it_is(house: House, channel: str) -> None:
    """Nobody should press the button a second time because nothing seemed to happen."""
    anna = house.seat("anna")
    anna.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => new MutationObserver((changes, observer) => {"
        " sessionStorage.setItem('progress', 'shown'); observer.disconnect(); }).observe("
        " document.querySelector('[data-upload-progress]') || document.body,"
        " { attributes: true, attributeFilter: ['hidden'] }))"
    )

    exhibit = scenes.add_exhibit(anna, channel, "image.dd", b"\0" * 3_000_000)

    assert exhibit.startswith("/evidence/")
    assert "image.dd" in anna.said
    assert "shown" == anna.page.evaluate("sessionStorage.getItem('progress')")
    assert [] == anna.troubles


def test_an_upload_needs_no_script(case: Case) -> None:
    """The form of the page does the same alone, and the other side finds the same hash."""
    case.boris.until(case.exhibit, "open")
    for _ in range(50):
        case.boris.open(case.exhibit)
        if "both hashes agree" in case.boris.said:
            break

    assert "indicators.csv" in case.boris.said
    assert "both hashes agree" in case.boris.said


def test_a_form_sent_without_a_file_says_what_is_missing(house: House, channel: str) -> None:
    """With script the answer is put in place; what was written must still be there."""
    anna = house.seat("anna")
    anna.open(f"/evidence/{channel.strip('/').split('/')[-1]}/add/")
    anna.fill("Description", "Written before the file was chosen.")
    anna.press("Seal the file")

    anna.page.locator(".error-summary").wait_for()

    assert "Written before the file was chosen." == anna.page.get_by_label("Description").first.input_value()
