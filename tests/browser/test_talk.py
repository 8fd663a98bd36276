"""Two officers in two browsers: what one says appears on the other's open page, and was opened there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import House
    from tests.browser.officer import Officer

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

SOON: Final = 10_000  # milliseconds; generous, because what is tested is that nobody loads the page again
PHONE: Final = {"width": 390, "height": 844}


def _watch(officer: Officer, address: str) -> None:
    officer.page.goto(officer.address + address)
    officer.page.wait_for_selector('#live-state[data-state="live"]', timeout=30_000)


def _says(officer: Officer, text: str) -> None:
    box = officer.page.get_by_label("Your message")
    box.fill(text)
    box.press("Control+Enter")
    officer.page.locator("#talk-lines").get_by_text(text).wait_for(timeout=SOON)


def open_talk(officer: Officer, channel: str, title: str) -> str:
    """Open a talk on its pages; its address."""
    officer.open(f"/talks/{channel}/open/")
    officer.page.get_by_label("What the talk is called").fill(title)
    officer.page.get_by_label(re.compile("hotline", re.IGNORECASE)).check()
    officer.page.get_by_role("button", name="Continue to the text to be signed").click()
    officer.page.get_by_role("button", name="Sign and record").click()
    officer.page.get_by_label("Your message").wait_for()
    return officer.page.url.removeprefix(officer.address)


def test_two_officers_talk_on_their_open_pages(house: House, channel: str) -> None:
    """Sent by keyboard on one side, read on a telephone on the other, opened without a word."""
    anna, boris = house.seat("anna"), house.seat("boris")
    address = open_talk(anna, channel.strip("/").rpartition("/")[2], "Night shift")
    address = f"{address.partition('#')[0]}#talk-end"
    _watch(anna, address)
    boris.open("/")
    boris.page.get_by_role("link", name="Talks").first.wait_for()
    boris.page.set_viewport_size(PHONE)
    for _ in range(40):
        boris.page.goto(boris.address + address)
        if boris.page.get_by_label("Your message").count():
            break
        boris.page.wait_for_timeout(250)
    _watch(boris, address)

    _says(anna, "Are you there?")
    boris.page.locator("#talk-lines").get_by_text("Are you there?").wait_for(timeout=SOON)
    anna.page.locator("#talk-lines").get_by_text("opened by the desk").first.wait_for(timeout=SOON)
    _says(boris, "Да, слышу <b>вас</b>")
    anna.page.locator("#talk-lines").get_by_text("Да, слышу <b>вас</b>").wait_for(timeout=SOON)

    assert "" == boris.page.get_by_label("Your message").input_value()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert 0 == boris.page.evaluate(wide)
    assert [] == anna.troubles
    assert [] == [one for one in boris.troubles if "404" not in one]


def test_a_file_goes_along_from_the_box_and_stands_on_the_other_open_page(house: House, channel: str) -> None:
    """What was written first is not lost; the other side sees name and state without loading anything."""
    anna, boris = house.seat("anna"), house.seat("boris")
    address = open_talk(anna, channel.strip("/").rpartition("/")[2], "Files").partition("#")[0]
    for _ in range(40):
        boris.page.goto(boris.address + address)
        if boris.page.get_by_label("Your message").count():
            break
        boris.page.wait_for_timeout(250)
    _watch(boris, address)

    anna.page.get_by_label("Your message").fill("These are they")
    anna.page.get_by_role("button", name="Attach a file").click()
    anna.page.wait_for_url("**/attach/")
    assert "These are they" == anna.page.get_by_label("Your message").input_value()
    anna.give("File", {"name": "addresses.txt", "mimeType": "text/plain", "buffer": b"203.0.113.9\n" * 9000})
    anna.fill("Description", "Addresses seen.")
    anna.press("Seal the file")
    anna.page.wait_for_url("**/attach/*/")
    anna.press("Sign and record")

    anna.page.locator("#talk-lines").get_by_text("addresses.txt").wait_for(timeout=SOON)
    theirs = boris.page.locator("#talk-lines")
    theirs.get_by_text("addresses.txt").wait_for(timeout=SOON)
    theirs.get_by_text("both sides computed the same hash").wait_for(timeout=60_000)
    assert [] == anna.troubles
    assert [] == boris.troubles
