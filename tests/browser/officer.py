"""An official at a browser, with the mouse or with nothing but the keyboard."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from tests.browser.nodes import password

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FilePayload

PATIENCE: Final = 20.0
MOST_TABS: Final = 160
# The browser's own note of an answer such as 422 or 404, which the scenes provoke on purpose.
_NOTED_BY_BROWSER: Final = re.compile("Failed to load resource")
# What has the focus: an empty box to be written in, or the button that leads on.
_AT: Final = """() => {
    const e = document.activeElement, main = e.closest("main");
    return {
        is_next: !!main && e.matches("button[data-weight=primary]"),
        is_empty: !!main && e.matches("textarea, input[type=text]") && !e.value,
        label: e.labels && e.labels.length ? e.labels[0].innerText : e.getAttribute("aria-label") || "",
    };
}"""


class Officer:
    """One official, signed in, in one window; points and clicks."""

    def __init__(self, context: BrowserContext, address: str, login: str) -> None:
        self.context, self.address = context, address
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._hear)
        self.open("/officials/login/")
        self.fill("Login", login)
        self.fill("Password", password(login))
        self.press("Sign in")
        assert "/officials/login" not in self.page.url, f"{login} could not sign in"

    def open(self, path: str) -> int:
        """Go to an address; returns the status of the answer."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer.status

    @property
    def path(self) -> str:
        """Where the window is."""
        return self.page.url.removeprefix(self.address).partition("?")[0]

    @property
    def said(self) -> str:
        """Everything the page says."""
        return self.page.locator("main").inner_text()

    def until(self, path: str, offers: str) -> None:
        """Open a page until it offers a link or button with these words, as one who waits for a delivery."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            self.open(path)
            if self.page.locator("main").locator("a, button").filter(has_text=offers).count():
                return
            time.sleep(0.2)
        raise AssertionError(f"{path} never offered “{offers}”:\n{self.said}")

    def follow(self, words: str) -> None:
        """Follow the first link with these words."""
        self.page.get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()

    def press(self, words: str) -> None:
        """Press the first button with these words."""
        self.page.get_by_role("button", name=words).first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, text: str) -> None:
        """Write into a field."""
        self.page.get_by_label(label).first.fill(text)

    def choose(self, label: str) -> None:
        """Tick a box or pick one of several."""
        self.page.get_by_label(label).first.check()

    def give(self, label: str, file: FilePayload) -> None:
        """Choose a file."""
        self.page.get_by_label(label).first.set_input_files(file)

    def _hear(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind in {"error", "warning"} and not _NOTED_BY_BROWSER.match(text):
            self.troubles.append(text)


class OfficerAtKeys(Officer):
    """The same official without a mouse: Tab, arrows, Space, Enter and letters."""

    def follow(self, words: str) -> None:
        """Tab to a link and press Enter."""
        self._tab_to("e.matches('a[href]') && e.innerText.includes(w)", words)
        self.enter()

    def press(self, words: str) -> None:
        """Tab to a button and press Enter."""
        self._tab_to("e.matches('button') && e.innerText.includes(w)", words)
        self.enter()

    def fill(self, label: str, text: str) -> None:
        """Tab to a field and type."""
        self._tab_to(
            "e.matches('input, textarea') && [...e.labels].some(l => l.innerText.startsWith(w))", label
        )
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)

    def choose(self, label: str) -> None:
        """Tab to a box or to a group of choices, and mark the one with this label."""
        mine = "[...e.labels].some(l => l.innerText.includes(w))"
        group = f"[...document.getElementsByName(e.name)].some(e => {mine})"
        self._tab_to(
            f"e.matches('[type=checkbox], [type=radio]') && (e.type == 'radio' ? {group} : {mine})", label
        )
        while not self._focus(mine, label):
            self.page.keyboard.press("ArrowDown")
        if not self._focus("e.checked", label):
            self.page.keyboard.press("Space")

    def write_all(self, words: str) -> list[str]:
        """Tab through a step and write into every empty box of it; what was written into, by its label."""
        written = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(_AT)
            if at["is_next"]:
                return written
            if at["is_empty"]:
                self.page.keyboard.insert_text(words)
                written.append(at["label"])
        raise AssertionError(f"Tab never reached the end of {self.path}:\n{self.said}")

    def enter(self) -> None:
        """Press Enter where the focus is, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _tab_to(self, wanted: str, words: str) -> None:
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self._focus(wanted, words):
                return
        raise AssertionError(f"Tab never reached “{words}” on {self.path}:\n{self.said}")

    def _focus(self, wanted: str, words: str) -> bool:
        return bool(
            self.page.evaluate(f"w => {{ const e = document.activeElement; return {wanted}; }}", words)
        )
