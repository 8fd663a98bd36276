"""A whole night between two desks: a check, an alert, who is called next, a talk, an answer, and its end."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.two_nodes.clocks import pass_by

if TYPE_CHECKING:
    from tests.browser.conftest import House
    from tests.browser.nodes import Pair
    from tests.browser.officer import Officer

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

TELEPHONE = {"width": 390, "height": 844}
HALF_ITS_TIME = 31  # minutes of the hour in which an alert of severity 4 is to be acknowledged
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


def test_a_night_from_the_check_to_the_end(house: House, pair: Pair, channel: str) -> None:
    """By keyboard on one side and on a telephone on the other; what to press needs no scrolling."""
    anna, boris, berta = house.seat("anna", keys=True), house.seat("boris"), house.seat("berta")
    boris.page.set_viewport_size(TELEPHONE)
    on_duty(house, boris, "berta")
    checked(anna, boris, channel)

    alert = raised(anna)
    boris.page.get_by_role("heading", name=TITLE).wait_for()  # on the open desk, by itself
    faultless(boris)
    boris.follow("Open the alert")
    assert alert == boris.path
    for words in ("4 Severe", TITLE, "Control rooms encrypted", "Acknowledge the alert"):
        is_in_view(boris, words)
    faultless(boris)
    boris.page.locator("table").get_by_text("not yet").nth(0).wait_for()  # opened was noted by itself
    anna.page.get_by_role("heading", name="Opened by the desk").wait_for()

    berta.open("/")
    assert TITLE in berta.said
    count = berta.page.locator("#calls [data-calls]").get_attribute("data-count")
    pass_by(pair.nodes["bb"], HALF_ITS_TIME)
    berta.page.wait_for_selector(f'#calls [data-calls]:not([data-count="{count}"])')  # she is called next
    faultless(berta)
    talked(anna, boris, alert)

    boris.open(alert)
    boris.press("Acknowledge the alert")
    boris.press("Sign and record")
    assert alert == boris.path
    anna.open(alert)
    anna.page.get_by_role("heading", name="Alert acknowledged").wait_for()
    faultless(anna)
    boris.open(alert)

    anna.open(f"/requests/{'/'.join(alert.strip('/').split('/')[1:])}/acts/stood_down/")
    anna.choose("contained")
    anna.press("Continue to the text to be signed")
    anna.press("Sign and record")
    boris.page.get_by_role("heading", name=re.compile("Stood down")).wait_for()
    boris.until("/alerts/?ended=yes", TITLE)
    assert [] == anna.troubles + boris.troubles + berta.troubles


def on_duty(house: House, first: Officer, second: str) -> None:
    """One takes over as the first; a coordinator puts another in the roster as the second."""
    first.open("/duty/")
    faultless(first)
    first.press("Take over now, as the first")
    britt, now = house.seat("britt"), datetime.now(UTC)
    britt.open("/duty/")
    britt.page.get_by_label("Officer").select_option(second)
    britt.fill("From", f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M}")
    britt.fill("Until", f"{now + timedelta(hours=8):%Y-%m-%dT%H:%M}")
    britt.page.get_by_label("Called").select_option("second")
    britt.press("Add the shift")
    britt.page.get_by_text("The shift stands in the roster.").wait_for()
    faultless(britt)


def checked(anna: Officer, boris: Officer, channel: str) -> None:
    """At the beginning of the night one side sees whether the other answers; it is no incident."""
    anna.open(f"/contacts/checks/ask/{channel.strip('/').rpartition('/')[2]}/")
    faultless(anna)
    anna.press("Continue to the text to be signed")
    anna.press("Sign and record")
    boris.until("/", "Communication check of our point")
    faultless(boris)
    boris.follow("Communication check of our point")
    boris.follow("Answer the communication check")
    boris.press("Continue to the text to be signed")
    boris.press("Sign and record")
    anna.open("/contacts/checks/")
    anna.page.locator("table").get_by_text("Answered").first.wait_for()
    faultless(anna)
    boris.open("/")


def raised(anna: Officer) -> str:
    """Anna raises the alert with the keyboard alone; its address."""
    anna.open("/alerts/raise/")
    faultless(anna)
    anna.choose("4 · Severe")
    anna.fill("In one line", TITLE)
    anna.fill("What happens", "Control rooms encrypted since 02:50 UTC.")
    anna.press("Read it once more and sign")
    faultless(anna)
    assert "Party B" in anna.said
    anna.press("Sign and send now")
    faultless(anna)
    return anna.path


def talked(anna: Officer, boris: Officer, alert: str) -> None:
    """They talk about it: opened from the alert, said on a telephone, answered with the keyboard."""
    boris.open(alert)
    boris.follow("Open a talk about it")
    boris.fill("What the talk is called", "The northern grid")
    boris.press("Continue to the text to be signed")
    boris.press("Sign and record")
    boris.fill("Your message", "We see it too, since 02:40.")
    boris.press("Sign and say it")
    anna.until(alert, "The northern grid")
    anna.follow("The northern grid")
    anna.page.locator("#talk-lines").get_by_text("We see it too").wait_for()
    faultless(anna)
    anna.fill("Your message", "Close the link at your border.")
    anna.page.keyboard.press("Control+Enter")
    boris.page.locator("#talk-lines").get_by_text("Close the link").wait_for()  # on the open page, by itself
    faultless(boris)
