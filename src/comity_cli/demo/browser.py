"""An official at a browser: signs in, follows links, fills in forms, presses buttons. Nothing a person could not do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import httpx

from comity_cli.demo.errors import PageFault
from comity_cli.demo.page import Form, Page

_PATIENCE: Final = 30.0
_LOOK_AGAIN: Final = 0.15
_TIMEOUT: Final = httpx.Timeout(60.0, connect=5.0)


class Browser:
    """One session of one official on one node."""

    def __init__(self, address: str, login: str, password: str) -> None:
        self.address = address
        self.login = login
        self._password = password
        self._http = httpx.Client(base_url=address, timeout=_TIMEOUT, follow_redirects=True, trust_env=False)

    def sign_in(self) -> Page:
        """Sign in, unless this session is signed in already."""
        page = self.open("/officials/login/")
        return self.press(page, {"username": self.login, "password": self._password})

    def open(self, path: str) -> Page:
        """Open an address of the node.

        Raises:
            PageFault: There is no such page for this official.
        """
        return self._page(self._send("GET", path))

    def exists(self, path: str) -> bool:
        """Whether there is such a page for this official now."""
        return self._send("GET", path).status_code == httpx.codes.OK

    def download(self, path: str) -> bytes:
        """Save a file.

        Raises:
            PageFault: There is none for this official.
        """
        answer = self._send("GET", path)
        if answer.status_code != httpx.codes.OK:
            raise PageFault(f"{self.login} could not save {path}: {answer.status_code}")
        return answer.content

    def follow(self, page: Page, to: str) -> Page:
        """Follow the first link of a page whose target ends with ``to``, or contains it.

        Raises:
            PageFault: The page offers no such link.
        """
        return self.open(self.link(page, to))

    def link(self, page: Page, to: str) -> str:
        """The target of such a link.

        Raises:
            PageFault: The page offers none.
        """
        targets = [urljoin(page.path, href) for _, href in page.links]
        found = [one for one in targets if one.endswith(to)] or [one for one in targets if to in one]
        if not found:
            raise PageFault(f"the page “{page.title}” ({page.path}) offers {self.login} no link to {to}")
        return found[0]

    def press(
        self,
        page: Page,
        said: Mapping[str, str | list[str]] | None = None,
        *,
        label: str = "",
        files: Mapping[str, Path] | None = None,
    ) -> Page:
        """Fill in the form of a page and press a button of it.

        Args:
            page: The page.
            said: Fields to fill in; every other stays as the page has it.
            label: Of the button; without it, the one the page puts first.
            files: Files to choose.

        Raises:
            PageFault: There is no such button or field, or the node did not accept what was sent.
        """
        form = self._form(page, label)
        button = form.button(label)
        assert button is not None, "the form was chosen for its button"
        try:
            sent = form.filled(dict(said or {}))
        except KeyError as unknown:
            raise PageFault(f"the form “{page.title}” ({page.path}) has no field {unknown}") from unknown
        if button.name:
            sent.append((button.name, button.value))
        target = urljoin(page.path, form.action) if form.action else page.path
        return self._page(self._post(target, sent, files or {}))

    def until(self, path: str, offers: str) -> Page:
        """Look at a page again and again until it offers a link.

        Raises:
            PageFault: It did not in half a minute.
        """
        return self.wait(lambda: self._offering(path, offers), f"{path} to offer {offers}")

    def wait[Found](self, look: Callable[[], Found | None], what: str) -> Found:
        """Look again and again until there is something to see."""
        raise NotImplementedError

    def _offering(self, path: str, offers: str) -> Page | None:
        answer = self._send("GET", path)
        if answer.status_code != httpx.codes.OK:
            return None
        page = self._page(answer)
        return page if any(offers in href for _, href in page.links) else None

    def _form(self, page: Page, label: str) -> Form:
        for form in page.forms:
            if form.button(label):
                return form
        raise PageFault(f"the page “{page.title}” ({page.path}) offers {self.login} no button {label}".rstrip())
