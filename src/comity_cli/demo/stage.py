"""Who is on stage: the nodes, the officials with their sessions, and what came about so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from comity_cli.demo.browser import Browser
from comity_cli.demo.errors import PageFault

if TYPE_CHECKING:
    from pathlib import Path

    from comity_cli.demo.building import Passwords
    from comity_cli.demo.page import Page
    from comity_cli.demo.script import Script
    from comity_cli.staging.nodes import Node

FACTS: Final = "comity_cli.demo.facts"  # what a node of the demonstration is asked for its record by


@dataclass(frozen=True, slots=True)
class Added:
    """An exhibit on record."""

    sha256: str
    page: str
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
    given_added: int = 0
    channel: str = ""
    refs: dict[str, str] = field(default_factory=dict)
    left: dict[str, Any] = field(default_factory=dict)  # what was found while the channel was suspended
    warned: float = 0.0  # seconds from the signature of the alert to its receipt
    spoke: list[float] = field(default_factory=list)  # seconds from each message to its receipt
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

    def password_file(self, party: str, login: str) -> Path:
        """The password of an official in a file, for the command."""
        file = self.where / f"{party}-{login}.password"
        file.touch(mode=0o600)
        file.write_text(self.passwords[party, login], encoding="utf-8")
        return file

    def notes(self) -> dict[str, object]:
        """Where everything is, and who may look at it."""
        return {
            "channel": self.channel,
            "refs": self.refs,
            "addresses": {party: node.address for party, node in self.nodes.items()},
            "passwords": {f"{party}/{login}": word for (party, login), word in self.passwords.items()},
            "exhibits": {file: one.page for file, one in self.exhibits.items()},
        }
