"""Photograph a running demonstration: the pictures of the README, or every page for review.

comity demo                                   (in another terminal)
python tools/screenshots.py                   writes docs/images/
python tools/screenshots.py --every OUT       every page: desktop, phone; light, dark; English, Arabic
"""

from __future__ import annotations

import argparse
import json
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

IMAGES = Path(__file__).parent.parent / "docs" / "images"
BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
DESKTOP, PHONE = (1280, 800), (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: who looks at what, on which screen."""

    name: str
    party: str
    login: str
    path: str
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"
    language: str = "en"
    at: str = ""  # scrolled to this heading


README = (
    Shot("desk", "us", "clara", "/"),
    Shot("desk-phone", "us", "clara", "/", size=PHONE),
    Shot("double-record", "us", "walter", "/channels/{channel}/", at="The double record"),
    Shot("double-record-dark", "ru", "pavel", "/channels/{channel}/", scheme="dark", at="The double record"),
    Shot("request-us", "us", "anna", "/requests/{channel}/{ref}/"),
    Shot("request-ru", "ru", "boris", "/requests/{channel}/{ref}/"),
    Shot("reciprocity", "us", "walter", "/channels/{channel}/reciprocity/"),
    Shot("statement", "ru", "pavel", "/requests/{channel}/{figures}/"),
    Shot("suspension", "us", "walter", "/requests/{channel}/{suspension}/", size=(1280, 1040)),
    Shot("exhibit", "us", "anna", "{exhibit}", size=(1280, 1040)),
)

EVERY = {
    "login": ("us", "", "/officials/login/"),
    "desk": ("us", "anna", "/"),
    "desk-ru": ("ru", "boris", "/"),
    "channels": ("us", "walter", "/channels/"),
    "channel": ("us", "walter", "/channels/{channel}/"),
    "channel-by-procedure": ("us", "walter", "/channels/{channel}/?order=procedure"),
    "channel-propose": ("us", "walter", "/channels/propose/"),
    "reciprocity": ("us", "walter", "/channels/{channel}/reciprocity/"),
    "obligations": ("us", "walter", "/channels/{channel}/obligations/"),
    "suspension": ("us", "walter", "/requests/{channel}/{suspension}/"),
    "keys": ("us", "walter", "/channels/{channel}/keys/"),
    "resumption": ("us", "walter", "/channels/{channel}/resumption/"),
    "talks": ("us", "walter", "/requests/talks/{channel}/"),
    "statement": ("ru", "pavel", "/requests/{channel}/{figures}/"),
    "state-figures": ("us", "walter", "/requests/figures/{channel}/state/"),
    "suspension-new": ("us", "walter", "/requests/drafts/new/?channel={channel}&procedure=suspension"),
    "suspension-term": ("us", "walter", "/requests/{channel}/{suspension}/acts/term_performed/"),
    "requests": ("us", "anna", "/requests/"),
    "request": ("us", "anna", "/requests/{channel}/{ref}/"),
    "request-ru": ("ru", "boris", "/requests/{channel}/{ref}/"),
    "request-basis": ("us", "anna", "/requests/{channel}/{ref}/basis/"),
    "request-record": ("us", "anna", "/requests/{channel}/{ref}/correspondence/"),
    "request-evidence": ("us", "anna", "/requests/{channel}/{ref}/evidence/"),
    "request-deadlines": ("us", "anna", "/requests/{channel}/{ref}/deadlines/"),
    "request-chronology": ("us", "anna", "/requests/{channel}/{ref}/chronology/"),
    "search": ("us", "anna", "/search/?words=ransom"),
    "saved": ("us", "anna", "/requests/saved/"),
    "request-internal": ("ru", "boris", "/requests/{channel}/{ref}/handling/"),
    "request-recall": ("us", "anna", "/requests/{channel}/{ref}/acts/recalled/"),
    "request-certificates": ("ru", "boris", "/requests/{channel}/{ref}/acts/certified/"),
    "request-certificate": ("ru", "boris", "/requests/{channel}/{ref}/acts/certified/?certificate=E"),
    "profiles": ("us", "anna", "/requests/profiles/"),
    "systems": ("us", "admin", "/systems/"),
    "request-log": ("us", "anna", "/requests/{channel}/{ref}/log/"),
    "request-act": ("ru", "boris", "/requests/{channel}/{ref}/acts/refused/"),
    "drafts": ("us", "anna", "/requests/drafts/"),
    "draft-new": ("us", "anna", "/requests/drafts/new/"),
    "evidence": ("us", "anna", "/evidence/"),
    "evidence-add": ("us", "anna", "/evidence/{channel}/add/"),
    "exhibit": ("us", "anna", "{exhibit}"),
    "exhibit-theirs": ("ru", "boris", "{exhibit}"),
    "exhibit-destroyed": ("ru", "boris", "{exhibit}acts/destroyed/"),
    "exhibit-limits": ("us", "anna", "{exhibit}acts/disposal_asked/"),
    "exhibit-open": ("us", "anna", "{exhibit}open/"),
    "exhibit-hand-over": ("us", "anna", "{exhibit}hand-over/"),
    "instruments": ("us", "anna", "/instruments/"),
    "instrument": ("us", "anna", "/instruments/us-ru-1999/"),
    "procedure": ("us", "anna", "/instruments/us-ru-1999/assistance/"),
    "logs": ("us", "anna", "/logs/"),
    "log-ours": ("us", "anna", "/logs/us/{channel}/"),
    "log-theirs": ("us", "anna", "/logs/ru/{channel}/"),
    "entry": ("us", "anna", "/logs/ru/{channel}/1/"),
    "verify": ("us", "anna", "/verify/"),
    "approvals": ("us", "clara", "/officials/approvals/"),
    "approval": ("us", "clara", "/officials/approvals/2/"),
    "officials": ("us", "admin", "/officials/"),
    "official": ("us", "admin", "/officials/people/2/"),
    "official-new": ("us", "admin", "/officials/new/"),
    "official-appoint": ("us", "admin", "/officials/people/2/appoint/"),
    "offices": ("us", "admin", "/officials/offices/"),
    "journal": ("us", "admin", "/officials/journal/"),
    "sign-ins": ("us", "anna", "/officials/sign-ins/"),
    "password": ("us", "anna", "/officials/password/"),
    "counterparts": ("us", "walter", "/counterparts/"),
    "counterparts-import": ("us", "walter", "/counterparts/import/"),
    "passport": ("us", "walter", "/counterparts/passports/3/"),
    "passport-own": ("us", "walter", "/counterparts/passports/2/"),
    "ceremony": ("us", "walter", "/counterparts/passports/3/ceremony/"),
    "not-found": ("us", "anna", "/no-such-page/"),
}


class Sessions:
    """Signed-in browser contexts, one for each official, screen, scheme and language."""

    def __init__(self, browser: Browser, notes: dict[str, Any]) -> None:
        self._browser = browser
        self._notes = notes
        self._cookies: dict[tuple[str, str], list[Any]] = {}

    @contextmanager
    def page(self, shot: Shot) -> Iterator[Page]:
        """A page of that official on that screen."""
        width, height = shot.size
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=shot.scheme,  # type: ignore[arg-type]  # light or dark
            device_scale_factor=1,
            reduced_motion="reduce",
        )
        address = self._notes["addresses"][shot.party]
        if shot.login:
            context.add_cookies(self._signed_in(context, address, shot))
        context.add_cookies([{"name": "django_language", "value": shot.language, "url": address}])
        page = context.new_page()
        page.on("console", lambda said: print(f"{shot.name}: console {said.type}: {said.text}"))
        page.on("pageerror", lambda error: print(f"{shot.name}: {error}"))
        yield page
        context.close()

    def _signed_in(self, context: BrowserContext, address: str, shot: Shot) -> list[Any]:
        who = (shot.party, shot.login)
        if who not in self._cookies:
            page = context.new_page()
            page.goto(f"{address}/officials/login/")
            page.fill("input[name=username]", shot.login)
            page.fill("input[name=password]", self._notes["passwords"]["/".join(who)])
            page.click("main button[data-weight=primary]")
            self._cookies[who] = context.cookies()
            page.close()
        return self._cookies[who]


def take(sessions: Sessions, notes: dict[str, Any], shot: Shot, where: Path, *, whole: bool) -> None:
    """Take one picture, and say what a review should know: status, and what is wider than the screen."""
    exhibit = next((page for page in notes["exhibits"].values() if "/ru-" in page), "/evidence/")
    path = shot.path.format(
        channel=notes["channel"],
        ref=notes["refs"]["revil"],
        suspension=notes["refs"]["suspension"],
        figures=notes["refs"]["figures"],
        exhibit=exhibit,
    )
    with sessions.page(shot) as page:
        answer = page.goto(notes["addresses"][shot.party] + path, wait_until="load")
        if shot.at:
            heading = page.get_by_role("heading", name=shot.at).first
            heading.evaluate("heading => window.scrollTo(0, heading.offsetTop - 24)")
        page.wait_for_timeout(150)
        page.screenshot(path=where / f"{shot.name}.png", full_page=whole)
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        status = answer.status if answer else 0
        print(f"{shot.name}: {status}" + (f", {excess} px wider than the screen" if excess > 0 else ""))


def every() -> Iterator[Shot]:
    """Every page on every screen."""
    for (name, (party, login, path)), size, scheme, language in product(
        EVERY.items(), (DESKTOP, PHONE), ("light", "dark"), ("en", "ar")
    ):
        screen = "phone" if size == PHONE else "desktop"
        yield Shot(f"{name}-{screen}-{scheme}-{language}", party, login, path, size, scheme, language)


def main() -> None:
    """Take the pictures that were asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--demo", type=Path, default=Path("demo"), help="where the demonstration runs")
    asked.add_argument("--every", type=Path, metavar="OUT", help="every page, into OUT")
    asked.add_argument("--only", default="", help="only pictures whose name contains this")
    said = asked.parse_args()
    notes = json.loads((said.demo / "demo.json").read_text(encoding="utf-8"))
    where = said.every or IMAGES
    where.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER))
        sessions = Sessions(browser, notes)
        for shot in every() if said.every else README:
            if said.only in shot.name:
                take(sessions, notes, shot, where, whole=bool(said.every))
        browser.close()


if __name__ == "__main__":
    main()
