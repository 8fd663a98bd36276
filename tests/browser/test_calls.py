"""An officer is called in an open page: title, badge, words; after a node's failure, and signed out."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Final

import pytest

from comity_cli.staging.nodes import comity
from tests.browser.nodes import password

if TYPE_CHECKING:
    from pathlib import Path

    from comity_cli.staging.nodes import Node
    from tests.browser.conftest import House
    from tests.browser.nodes import Pair
    from tests.browser.officer import Officer

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

SOON: Final = 20_000
_KEPT: Final = "document.body.dataset.same = 'yes'"
_SAME: Final = "document.body.dataset.same === 'yes'"


def _raise(pair: Pair, channel: str, where: Path) -> None:
    """Anna raises an alert of severity 5 at her terminal."""
    secret = where / "anna.password"
    secret.write_text(password("anna"), encoding="utf-8")
    signing = ("--as", "anna", "--password-file", str(secret))
    code = channel.strip("/").split("/")[-1]
    head = ("request", "draft", code, "--procedure", "alert", "--title", "Ransomware on a grid operator")
    said = ("--field", "what_happens=Encryption since 02:50 UTC", "--state", "severity=5")
    ref = comity(pair.nodes["aa"], *head, *said, *signing).result()["ref"]
    comity(pair.nodes["aa"], "request", "submit", str(ref), "--yes", *signing).result()


def _kill(node: Node) -> None:
    """As a failure of power does it."""
    assert node.process is not None
    os.killpg(node.process.pid, signal.SIGKILL)
    node.process.wait()
    node.process = None


def _calls(officer: Officer, count: int) -> None:
    officer.page.wait_for_selector(f'#calls [data-calls][data-count="{count}"]', timeout=SOON)


@pytest.mark.lengthy
def test_a_page_calls_its_officer_also_after_its_node_was_away(
    house: House, pair: Pair, channel: str, tmp_path: Path
) -> None:
    """Nobody touches it: what came while its node was gone is shown once it is back."""
    boris = house.seat("boris")
    boris.open("/duty/ways/")
    boris.choose("My page may sound")
    boris.press("Keep")
    boris.open("/duty/")
    boris.page.evaluate(_KEPT)
    boris.page.wait_for_selector('#live-state[data-state="live"]', timeout=SOON)
    other = house.seat("boris")
    other.open("/duty/ways/")
    other.page.locator('form[action$="/page/test/"] button').click()

    _calls(boris, 1)
    assert boris.page.title().startswith("(1) ")
    assert "mark-news" in str(boris.page.get_attribute('link[rel="icon"]', "href"))
    assert "A test: nothing has happened" in boris.page.inner_text("#call-voice")

    _kill(pair.nodes["bb"])
    boris.page.wait_for_selector('#live-state[data-state="lost"]', timeout=SOON)
    said = boris.page.inner_text("#live-state")
    _raise(pair, channel, tmp_path)
    pair.nodes["bb"].start()
    pair.nodes["bb"].must_answer()

    _calls(boris, 2)
    boris.page.wait_for_selector('#live-state[data-state="live"]', timeout=SOON)
    assert "Not connected since" in said
    assert "A new alert to us" in boris.page.inner_text("#calls")
    assert boris.page.title().startswith("(2) ")
    assert boris.page.evaluate(_SAME)


def test_a_page_says_that_its_officer_is_signed_out(house: House) -> None:
    """And hears again, by itself, once they are signed in."""
    boris = house.seat("boris")
    boris.open("/duty/")
    boris.page.wait_for_selector('#live-state[data-state="live"]', timeout=SOON)
    boris.page.evaluate(_KEPT)
    boris.context.clear_cookies()
    boris.page.evaluate("document.dispatchEvent(new Event('comity:call'))")

    boris.page.wait_for_selector('#live-state[data-state="out"]', timeout=SOON)
    assert "You are signed out" in boris.page.inner_text("#live-state")
    assert boris.page.evaluate(_SAME)
