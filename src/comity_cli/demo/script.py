"""The script of the demonstration, from ``scenario.toml``: who acts, in which order, with which words."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable  # noqa: TC003 - msgspec reads annotations at run time
from typing import Final

import msgspec

from comity.forms import learnt

_FOLDER: Final = "scenario"


@learnt
class Office(msgspec.Struct, forbid_unknown_fields=True):
    """An office of a node, as its passport names it."""

    code: str
    role: str
    names: dict[str, str]


@learnt
class Person(msgspec.Struct, forbid_unknown_fields=True):
    """An official of a node. Every one is invented."""

    login: str
    name: str
    office: str
    roles: list[str]


@learnt
class Party(msgspec.Struct, forbid_unknown_fields=True):
    """What a node is told when it is made."""

    name: str
    office: str
    language: str
    officials: list[Person]
    offices: list[Office] = []


@learnt
class Ceremony(msgspec.Struct, forbid_unknown_fields=True):
    """Two officers compare fingerprints."""

    node: str
    official: str
    meets: str
    path: str
    with_whom: str


@learnt
class Coordinator(msgspec.Struct, forbid_unknown_fields=True):
    """How one side opens the channel."""

    official: str
    second: str
    office: str
    capacity: str
    reached_by: str


@learnt
class Channel(msgspec.Struct, forbid_unknown_fields=True):
    """The charter that is proposed and accepted."""

    instrument: str
    languages: list[str]
    purpose: str
    accepting: str
    us: Coordinator
    ru: Coordinator


@learnt
class Request(msgspec.Struct, forbid_unknown_fields=True):
    """A request, in two languages."""

    side: str
    official: str
    second: str
    title: str
    types: list[str]
    language: str
    translation_language: str
    fields: dict[str, str]
    translation: dict[str, str]


@learnt
class Exhibit(msgspec.Struct, forbid_unknown_fields=True):
    """A file that one side adds to the record. ``made_bytes``: drawn up on the spot, with so many bytes."""

    side: str
    official: str
    file: str
    media_type: str
    description: str
    taken_by: str = ""
    made_bytes: int = 0


@learnt
class Act(msgspec.Struct, forbid_unknown_fields=True):
    """One act on a request after it was lodged. ``waits``: it is left for a second officer to sign."""

    on: str
    side: str
    official: str
    act: str
    text: str
    second: str = ""
    stated: dict[str, str] = {}
    exhibits: list[str] = []
    waits: bool = False


@learnt
class Suspension(msgspec.Struct, forbid_unknown_fields=True):
    """One side leaves, and both come back. ``meanwhile`` is what is sent in between."""

    side: str
    official: str
    second: str
    title: str
    reason: str
    stated: dict[str, str | list[str]]
    meanwhile: list[Act]
    acts: list[Act] = msgspec.field(name="act")


@learnt
class Figures(msgspec.Struct, forbid_unknown_fields=True):
    """Who states the figures of the day, and by which act the other side answers."""

    side: str
    official: str
    second: str
    agreed: Act


@learnt
class Message(msgspec.Struct, forbid_unknown_fields=True):
    """What one side says in a talk, with its translation where it has one."""

    side: str
    official: str
    text: str
    language: str
    translation: str = ""
    translation_language: str = ""


@learnt
class Talk(msgspec.Struct, forbid_unknown_fields=True):
    """A talk: who opens it, and what both sides say in turn."""

    side: str
    official: str
    title: str
    about: str
    message: list[Message]


@learnt
class Alert(msgspec.Struct, forbid_unknown_fields=True):
    """An alert: who raises it with which words, and who answers for it on the other side."""

    side: str
    official: str
    severity: str
    title: str
    what_happens: str
    what_is_asked: str
    indicators: str
    seeks: list[str]
    sector: list[str]
    answered_by_side: str
    answered_by: str


@learnt
class Script(msgspec.Struct, forbid_unknown_fields=True):
    """The whole demonstration."""

    notice: str
    nodes: dict[str, Party]
    ceremony: list[Ceremony]
    channel: Channel
    request: dict[str, Request]
    exhibit: list[Exhibit]
    act: list[Act]
    suspension: Suspension
    figures: Figures
    talk: Talk
    alert: Alert

    def words(self, text: str) -> str:
        """A text as it goes on record: never without the notice that it is a reconstruction."""
        return f"{text}\n\n{self.notice}"


def folder() -> Traversable:
    """Where the script and the exhibits that come with it are."""
    return resources.files(__package__) / _FOLDER


def read() -> Script:
    """Read the script."""
    return msgspec.toml.decode((folder() / "scenario.toml").read_bytes(), type=Script)


def content(exhibit: Exhibit) -> bytes:
    """The content of an exhibit that comes with the script."""
    if exhibit.made_bytes:
        return bytes(range(256)) * (exhibit.made_bytes // 256)
    return folder().joinpath("exhibits", *exhibit.file.split("/")).read_bytes()
