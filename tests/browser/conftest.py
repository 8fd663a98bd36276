"""Chromium, two nodes, and officials in front of it. Skipped where this machine has no Chromium."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import nodes, scenes
from tests.browser.officer import Officer, OfficerAtKeys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.nodes import Pair

CHROMIUM = os.environ.get("COMITY_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all tests here; its loop must not go on running under the tests of other rooms."""
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: install it, or name it in COMITY_CHROMIUM")
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def pair(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Pair]:
    """Two nodes, stopped in the end whatever happens."""
    started = nodes.start(tmp_path_factory.mktemp("nodes"))
    yield started
    started.stop()


@dataclass
class House:
    """Seats officials in front of windows of one kind: with script or without, with mouse or keys."""

    chromium: Browser
    pair: Pair

    def seat(self, login: str, *, keys: bool = False, **kind: Any) -> Officer:
        """Sign an official in, in a window of their own."""
        party = next(party for party, cast in nodes.OFFICIALS.items() if any(login in one for one in cast))
        context = self.chromium.new_context(viewport={"width": 1280, "height": 900}, **kind)
        return (OfficerAtKeys if keys else Officer)(context, self.pair.address(party), login)


@pytest.fixture(scope="package")
def house(chromium: Browser, pair: Pair) -> House:
    """Where officials are seated."""
    return House(chromium, pair)


@dataclass(frozen=True)
class Case:
    """A request that went its whole way, and what belongs to it."""

    channel: str
    request: str
    exhibit: str
    anna: Officer
    boris: Officer


@pytest.fixture(scope="package")
def channel(house: House) -> str:
    """A channel opened with keys on one side and without script on the other."""
    arvid, bruno = house.seat("arvid", keys=True), house.seat("bruno", java_script_enabled=False)
    agnes, britt = house.seat("agnes", keys=True), house.seat("britt", java_script_enabled=False)
    scenes.trust(arvid, bruno)
    scenes.trust(bruno, arvid)
    return scenes.open_channel(arvid, agnes, bruno, britt)


@pytest.fixture(scope="package")
def case(house: House, channel: str) -> Case:
    """The main job, done whole without script; exhibit by an upload without script too."""
    anna, clara, boris, berta = (
        house.seat(login, java_script_enabled=False) for login in ("anna", "clara", "boris", "berta")
    )
    exhibit = scenes.add_exhibit(anna, channel, "indicators.csv", b"sha256,name\n" * 1000)
    request = scenes.lodge(anna, clara, "Records of one account")
    scenes.execute((boris, berta), anna, request)
    return Case(channel, request, exhibit, anna, boris)
