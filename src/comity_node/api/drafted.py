"""What calls about drafts and prepared acts are answered with; the description is made from these forms.

Follows: docs/spec/api.md.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - the form is read at run time
from typing import Any, Literal

from comity.forms import learnt
from comity_node.api.shapes import Answer

DraftState = Literal["open", "handed over", "waits for a second officer", "sent back", "on record"]


@learnt
class Draft(Answer, frozen=True, kw_only=True):
    """A draft of the office. Nobody outside it sees a draft, and nothing of it is on record.

    Attributes:
        state: ``open`` can be written; what was handed over waits for an official to read and sign it.
        because: What the official said who sent it back.
        request_href: The request it became.
        page_href: Where officials write, read and sign it.
    """

    channel: str
    ref: str
    state: DraftState
    because: str
    procedure: str
    instrument: str
    act: str
    title: str
    types: list[str]
    language: str
    fields: dict[str, str]
    translation_language: str
    translation: dict[str, str]
    stated: dict[str, str | list[str]]
    marking: dict[str, Any]
    exhibits: list[dict[str, str]]
    author: str
    updated_at: datetime
    href: str
    page_href: str
    request_href: str


@learnt
class Drafts(Answer, frozen=True, kw_only=True):
    """A page of drafts, the latest first."""

    drafts: list[Draft]
    page: int
    size: int
    total: int


@learnt
class Lack(Answer, frozen=True, kw_only=True):
    """Something a draft does not say yet."""

    field: str
    label: str
    basis: str
    verified: str
    demanded: bool


@learnt
class Defect(Answer, frozen=True, kw_only=True):
    """Something for which such requests are sent back in practice, or weakened. It forbids nothing."""

    id: str
    severity: str
    field: str
    label: str
    what: str
    why: str
    todo: str
    basis: str
    verified: str


@learnt
class Check(Answer, frozen=True, kw_only=True):
    """What a draft lacks, and what would send it back although it lacks nothing that is demanded."""

    complete: bool
    missing: list[Lack]
    defects: list[Defect]


@learnt
class HandedOver(Answer, frozen=True, kw_only=True):
    """What was handed over: the text as it stood. What is signed is what the official reads then.

    Attributes:
        returned: Why an official sent it back to the case system; empty while it waits.
    """

    channel: str
    ref: str
    act: str
    at: datetime
    note: str
    returned: str
    text: str
    digest: str
    page_href: str
