"""What happens at the other side appears on an open page by itself, and again after an interruption."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.browser import scenes

if TYPE_CHECKING:
    from tests.browser.conftest import House
    from tests.browser.nodes import Pair
    from tests.browser.officer import Officer

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

SOON: Final = 10_000  # milliseconds; generous, because what is tested is that nobody loads the page again


def _wait_live(officer: Officer, state: str) -> None:
    officer.page.wait_for_selector(f'#live-state[data-state="{state}"]', timeout=30_000)


def _stays(officer: Officer) -> None:
    """Mark the page, so that one loaded anew can be told from it."""
    officer.page.evaluate("document.body.dataset.same = 'yes'")


def _is_same(officer: Officer) -> bool:
    return bool(officer.page.evaluate("document.body.dataset.same === 'yes'"))


def test_news_appear_on_open_pages_and_again_after_a_restart(house: House, pair: Pair, channel: str) -> None:
    """An officer who keeps a page open must not be the last to know."""
    anna, clara, boris, watching = (house.seat(login) for login in ("anna", "clara", "boris", "boris"))
    watching.open("/")
    _wait_live(watching, "live")
    _stays(watching)

    request = scenes.lodge(anna, clara, "Something that is urgent")

    watching.page.get_by_role("link", name="Something that is urgent").wait_for(timeout=SOON)
    assert _is_same(watching)

    for officer in (anna, watching):
        officer.open(channel)
        _wait_live(officer, "live")
        _stays(officer)
    scenes.act(boris, request, "Acknowledge the request")

    last = anna.page.locator("#record .record-row").last
    last.get_by_text("Request acknowledged").wait_for(timeout=SOON)
    last.get_by_text("Receipted by AA").wait_for(timeout=SOON)
    ours = watching.page.locator('#record .record-row[data-side="ours"]').last
    ours.get_by_text("Receipted by AA").wait_for(timeout=SOON)
    assert _is_same(anna)
    assert _is_same(watching)

    clara.open(request)
    _wait_live(clara, "live")
    _stays(clara)
    pair.restart("aa")
    _wait_live(anna, "live")
    scenes.act(boris, request, "Accept the request for execution")

    last = anna.page.locator("#record .record-row").last
    last.get_by_text("Request accepted").wait_for(timeout=30_000)
    clara.page.locator("#standing").get_by_text("Accepted").wait_for(timeout=30_000)
    assert _is_same(clara)
    assert _is_same(anna)
    assert [] == watching.troubles
    # Her node was away for a moment: what her page asked of it meanwhile failed, and was asked again.
    assert [] == [one for one in anna.troubles if "ERR_" not in one and not one.startswith("htmx:")]


def test_a_page_refused_its_news_asks_again(house: House, channel: str) -> None:
    """A proxy answers for a node that is away; the page must not be deaf from then on."""
    anna = house.seat("anna")
    anna.context.route("**/live?*", lambda asked: asked.fulfill(status=502), times=1)
    anna.open(channel)
    _wait_live(anna, "lost")
    _stays(anna)

    _wait_live(anna, "live")

    assert _is_same(anna)
