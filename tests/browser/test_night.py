"""A whole night between two desks: an alert is raised, seen, opened, answered, and ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser import scenes

if TYPE_CHECKING:
    from tests.browser.conftest import House
    from tests.browser.officer import Officer

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

TELEPHONE = {"width": 390, "height": 844}
TITLE = "Dispatch of the northern grid stands still"


def faultless(officer: Officer) -> None:
    """Nothing on the page shuts out whoever hears it, has no mouse, or sees little: as axe-core finds it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(officer.page).response["violations"]
    said = [f"{one['id']}: {one['nodes'][0]['html'][:120]} ({len(one['nodes'])})" for one in found]
    assert [] == said, officer.path


def is_in_view(officer: Officer, words: str) -> None:
    """These words are on the screen without scrolling, also while the page brings itself up to date."""
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(officer.page.locator("main :visible").get_by_text(words).first).to_be_in_viewport(ratio=1)


def test_a_night_from_the_alert_to_its_end(house: House, channel: str) -> None:
    """By keyboard on one side and on a telephone on the other; what to press needs no scrolling."""
    anna, boris = house.seat("anna", keys=True), house.seat("boris")
    boris.page.set_viewport_size(TELEPHONE)
    anna.until("/", scenes.PURPOSE)
    boris.open("/")
    faultless(boris)

    anna.open("/alerts/raise/")
    faultless(anna)
    anna.choose("4 · Severe")
    anna.fill("In one line", TITLE)
    anna.fill("What happens", "Control rooms encrypted since 02:50 UTC.")
    anna.press("Read it once more and sign")
    faultless(anna)
    assert "Party B" in anna.said
    anna.press("Sign and send now")
    alert = anna.path
    faultless(anna)

    boris.page.get_by_role("heading", name=TITLE).wait_for()  # on the open desk, by itself
    faultless(boris)
    boris.follow("Open the alert")
    assert alert == boris.path
    for words in ("4 Severe", TITLE, "Control rooms encrypted", "Acknowledge the alert"):
        is_in_view(boris, words)
    faultless(boris)
    boris.page.locator("table").get_by_text("not yet").nth(0).wait_for()  # opened was noted by itself
    anna.page.get_by_role("heading", name="Opened by the desk").wait_for()

    boris.press("Acknowledge the alert")
    boris.press("Sign and record")
    assert alert == boris.path
    anna.page.get_by_role("heading", name="Alert acknowledged").wait_for()
    faultless(anna)

    anna.open(f"/requests/{'/'.join(alert.strip('/').split('/')[1:])}/acts/stood_down/")
    anna.choose("contained")
    anna.press("Continue to the text to be signed")
    anna.press("Sign and record")
    boris.page.get_by_role("heading", name=re.compile("Stood down")).wait_for()
    boris.until("/alerts/?ended=yes", TITLE)
    assert [] == anna.troubles + boris.troubles
