"""A push goes all its way: turned on by a click, sealed and posted by the node, shown by the browser."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser.push_service import proven, push_service
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Worker

    from tests.browser.conftest import House
    from tests.browser.nodes import Pair
    from tests.browser.officer import Officer

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

SOON: Final = 20.0
_SHOWN: Final = """() => self.registration.getNotifications()
  .then(all => all.map(({ title, body, tag, data }) => ({ title, body, tag, to: data })))"""
# A click comes from the system's own desktop. In its place: the very notification, handed to the worker's
# own listener, and what the listener then asks of the browser, which grants that to real clicks only.
_CLICKED: Final = """async () => {
  const asked = [], waiting = [];
  self.clients.openWindow = async (page) => { asked.push(`open ${page}`); };
  WindowClient.prototype.focus = async function () { asked.push(`focus ${this.url}`); };
  const [notification] = await self.registration.getNotifications();
  const click = new Event("notificationclick");
  Object.assign(click, { notification, waitUntil: (work) => waiting.push(work) });
  self.dispatchEvent(click);
  await Promise.all(waiting);
  return { asked, left: (await self.registration.getNotifications()).length };
}"""


def test_a_push_is_turned_on_sealed_posted_and_shown(house: House, pair: Pair) -> None:
    """Chromium takes it as from its own service; what it shows says nothing, and leads to the desk."""
    port, node = free_port(), pair.nodes["bb"]
    with (node.home / "node.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[[hook_addresses]]\naddress = "http://127.0.0.1:{port}"\n')
    pair.restart("bb")
    with push_service(port) as service:
        boris = house.seat("boris", permissions=["notifications"])
        boris.context.add_init_script(service.script)
        boris.open("/duty/ways/")
        boris.page.get_by_role("button", name="Turn pushes on in this browser").click()
        test = boris.page.locator("tr", has_text="Mozilla").get_by_role("button", name="Test")
        test.wait_for()
        test.click()
        fields, word = service.next(SOON)
    claims, key = proven(fields["Authorization"])
    assert service.address == claims["aud"]
    assert list(key) == json.loads(boris.page.evaluate("sessionStorage.subscribed"))

    worker, deliver = _browser_side(boris)
    deliver(word)
    (shown,) = _shown(worker)
    assert json.loads(word) == shown
    assert f"Something waits for you at 127.0.0.1:{node.port}, severity" in shown["body"]

    assert {"asked": [f"focus {node.address}/duty/ways/"], "left": 0} == worker.evaluate(_CLICKED)
    deliver(word)
    assert [shown] == _shown(worker)
    boris.page.close()
    assert {"asked": [f"open {node.address}/"], "left": 0} == worker.evaluate(_CLICKED)


def _browser_side(officer: Officer) -> tuple[Worker, Callable[[bytes], None]]:
    """The worker a page has registered, and what lets it have a word as from the browser's own service."""
    tools = officer.context.new_cdp_session(officer.page)
    found: list[dict[str, Any]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"]))
    tools.send("ServiceWorker.enable")
    (worker,) = officer.context.service_workers
    until(lambda: bool(found), officer)

    def deliver(word: bytes) -> None:
        number = found[-1]["registrationId"]
        one = {"origin": officer.address, "registrationId": number, "data": word.decode()}
        tools.send("ServiceWorker.deliverPushMessage", one)
        until(lambda: bool(_shown(worker)), officer)

    return worker, deliver


def _shown(worker: Worker) -> list[dict[str, str]]:
    """The notifications that stand."""
    return list(worker.evaluate(_SHOWN))


def until(holds: Callable[[], bool], officer: Officer) -> None:
    """Wait until it holds."""
    end = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < end, officer.troubles
        officer.page.wait_for_timeout(50)
