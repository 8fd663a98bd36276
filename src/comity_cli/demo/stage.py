"""Who is on stage: the nodes, the officials with their sessions, and what the scenes have brought about so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity_cli.demo.browser import Browser
from comity_cli.demo.errors import PageFault

if TYPE_CHECKING:
    from pathlib import Path

    from comity_cli.demo.building import Passwords
    from comity_cli.demo.nodes import Node
    from comity_cli.demo.page import Page
    from comity_cli.demo.script import Script


@dataclass(frozen=True, slots=True)
class Added:
    """An exhibit on record."""

    sha256: str
    entry: str
    title: str

    def line(self) -> str:
        """As an act names it."""
        return f"{self.sha256} {self.title}"


@dataclass
class Stage:
    """Everything a scene may use, and everything it leaves for the next."""

    script: Script
    where: Path
    nodes: dict[str, Node]
    passwords: Passwords
    given: Path | None = None
    channel: str = ""
    ref: str = ""
    exhibits: dict[str, Added] = field(default_factory=dict)
    _sessions: dict[tuple[str, str], Browser] = field(default_factory=dict)

    def official(self, party: str, login: str) -> Browser:
        """The browser of an official, signed in when they first come on stage."""
        if (party, login) not in self._sessions:
            browser = Browser(self.nodes[party].address, login, self.passwords[party, login])
            browser.sign_in()
            self._sessions[party, login] = browser
        return self._sessions[party, login]

    def second(self, shown: Page, *, party: str, login: str) -> Page:
        """Have another officer approve what now waits, from the list of what waits for them.

        Raises:
            PageFault: It does not wait for this officer, or was not signed.
        """
        if "/officials/approvals/" not in shown.path:
            raise PageFault(f"“{shown.title}” ({shown.path}) did not go to a second officer: {shown.said}")
        officer = self.official(party, login)
        text = officer.follow(officer.open("/officials/approvals/"), shown.path)
        return officer.press(text)
