"""An official at a browser, who can do what a person can: follow links, fill in forms, press buttons."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlencode, urljoin

import httpx

from comity_cli.demo.errors import PageFault
from comity_cli.demo.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from comity_cli.demo.page import Form

Seen = TypeVar("Seen")
File = tuple[str, bytes, str]  # name, content, media type

PATIENCE: Final = 60.0
_LOOK_AGAIN: Final = 0.1
_TIMEOUT: Final = httpx.Timeout(60.0, connect=5.0)
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Browser:
    """One session of one official on one node."""

    def __init__(self, address: str, login: str, password: str) -> None:
        self.address = address
        self.login = login
        self._password = password
        self._http = httpx.Client(base_url=address, timeout=_TIMEOUT, follow_redirects=True, trust_env=False)

    def sign_in(self) -> None:
        """Sign in.

        Raises:
            PageFault: The node did not let the official in.
        """
        page = self.press(
            self.open("/officials/login/"), {"username": self.login, "password": self._password}
        )
        if page.path.startswith("/officials/login"):
            raise PageFault(f"{self.login} could not sign in at {self.address}: {page.said}")

    def open(self, path: str) -> Page:
        """Open an address of the node.

        Raises:
            PageFault: There is no such page for this official.
        """
        return self._page(self._http.get(path))

    def looks_at(self, path: str) -> Page | None:
        """What stands at an address; None where there is nothing for this official."""
        answer = self._http.get(path)
        return self._page(answer) if answer.status_code == httpx.codes.OK else None

    def part(self, path: str, part: str) -> str:
        """A part of a page, as an open page asks for it when something is new.

        Raises:
            PageFault: There is none for this official.
        """
        answer = self._http.get(path, headers={"HX-Request": "true", "HX-Target": part})
        if answer.status_code != httpx.codes.OK:
            raise PageFault(f"{self.login} was told {answer.status_code} of {part} at {path}")
        return answer.text

    def save(self, path: str) -> bytes:
        """Save a file.

        Raises:
            PageFault: There is none for this official.
        """
        answer = self._http.get(path)
        if answer.status_code != httpx.codes.OK:
            raise PageFault(f"{self.login} could not save {path}: {answer.status_code}")
        return answer.content

    def link(self, page: Page, to: str) -> str:
        """The target of the first link of a page that contains ``to``.

        Raises:
            PageFault: The page offers none.
        """
        for href in page.targets:
            if to in href:
                return href
        raise PageFault(f"the page “{page.title}” ({page.path}) offers {self.login} no link to {to}")

    def follow(self, page: Page, to: str) -> Page:
        """Follow the first link of a page that contains ``to``.

        Raises:
            PageFault: The page offers none, or it leads nowhere.
        """
        return self.open(self.link(page, to))

    def until(self, path: str, offers: str) -> Page:
        """Look at a page again and again until it offers a link.

        Raises:
            PageFault: It did not within a minute.
        """

        def look() -> Page | None:
            page = self.looks_at(path)
            return page if page and any(offers in href for href in page.targets) else None

        return self.wait(look, f"{path} to offer {offers}")

    def wait(self, look: Callable[[], Seen | None], what: str) -> Seen:
        """Look again and again until there is something to see.

        Raises:
            PageFault: There was nothing within a minute.
        """
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            seen = look()
            if seen is not None:
                return seen
            time.sleep(_LOOK_AGAIN)
        raise PageFault(f"{self.login} waited {PATIENCE:.0f} seconds at {self.address} for {what}")

    def press(
        self,
        page: Page,
        said: Mapping[str, str | list[str]] | None = None,
        *,
        label: str = "",
        files: Mapping[str, File] | None = None,
    ) -> Page:
        """Fill in the form of a page and press a button of it.

        Args:
            page: The page.
            said: Fields to fill in; every other stays as the page has it.
            label: Of the button; without it, the one the page puts first.
            files: Files to choose, by field.

        Raises:
            PageFault: There is no such button or field, or the node did not accept what was sent.
        """
        form = self._form(page, label)
        try:
            sent = form.sends(said or {}, label)
        except KeyError as unknown:
            raise PageFault(f"the form “{page.title}” ({page.path}) has no field {unknown}") from unknown
        return self._page(self._post(page, form, sent, files or {}))

    def _form(self, page: Page, label: str) -> Form:
        for form in page.forms:
            if form.button(label):
                return form
        wanted = f"“{label}”" if label else "to go on with"
        raise PageFault(f"the page “{page.title}” ({page.path}) offers {self.login} no button {wanted}")

    def _post(
        self, page: Page, form: Form, sent: list[tuple[str, str]], files: Mapping[str, File]
    ) -> httpx.Response:
        target = urljoin(page.path, form.action) if form.action else page.path
        origin = {"Origin": self.address, "Referer": self.address + page.path}
        if not form.is_multipart:
            return self._http.post(target, content=urlencode(sent), headers={**origin, **_FORM})
        together: dict[str, list[str]] = {}
        for name, value in sent:
            together.setdefault(name, []).append(value)
        return self._http.post(target, data=together, files=dict(files), headers=origin)

    def _page(self, answer: httpx.Response) -> Page:
        page = Page.read(str(answer.url), answer.status_code, answer.text)
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise PageFault(
                f"{self.login} was told {answer.status_code} at {page.path}: {page.said or page.title}"
            )
        return page
