"""What calls say. The description of the API is made from these forms, and from those of the answers.

Follows: docs/spec/api.md.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal

import msgspec

from comity.forms import learnt
from comity_node.assistance.drafting import LONGEST_TEXT

MOST_LISTED: Final = 100
MOST_PAGES: Final = 1_000_000
MOST_NAMED: Final = 100

Scope = Literal["read", "results", "draft"]
ChannelId = Annotated[str, msgspec.Meta(pattern="^[a-z2-7]{16,32}$")]
PartyCode = Annotated[str, msgspec.Meta(pattern="^([a-z]{2}|x-[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?)$")]
Reference = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$")]
Name = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,59}$")]
Index = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Code = Annotated[str, msgspec.Meta(max_length=200)]
_Text = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]
_Texts = Annotated[dict[Name, _Text], msgspec.Meta(max_length=MOST_NAMED)]
_Said = Annotated[
    dict[Name, _Code | Annotated[list[_Code], msgspec.Meta(max_length=32)]], msgspec.Meta(max_length=32)
]
_Named = Annotated[list[Annotated[str, msgspec.Meta(max_length=200)]], msgspec.Meta(max_length=MOST_NAMED)]
_Language = Annotated[str, msgspec.Meta(max_length=35)]
_PageNumber = Annotated[int, msgspec.Meta(ge=1, le=MOST_PAGES)]
_PageSize = Annotated[int, msgspec.Meta(ge=1, le=MOST_LISTED)]


@learnt
class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a call may say: nothing that is not named here."""


@learnt
class Paged(Said, frozen=True, kw_only=True):
    """A list by page."""

    page: _PageNumber = 1
    size: _PageSize = 25


@learnt
class WantedRequests(Said, frozen=True, kw_only=True):
    """A list of requests, filtered as on its page."""

    channel: ChannelId | None = None
    words: Annotated[str, msgspec.Meta(max_length=100)] = ""
    standing: Annotated[str, msgspec.Meta(pattern="^[a-z_]{0,60}$")] = ""
    direction: Literal["", "ours", "theirs"] = ""
    overdue: bool = False
    sort: Literal[
        "title", "-title", "requesting", "-requesting", "basis", "-basis", "standing", "-standing",
        "due", "-due", "last", "-last",
    ] = "-last"  # fmt: skip
    page: _PageNumber = 1
    size: _PageSize = 25


@learnt
class WantedExhibits(Said, frozen=True, kw_only=True):
    """A list of exhibits."""

    channel: ChannelId | None = None
    request: Reference | None = None
    state: Literal["", "announced", "received", "mismatched"] = ""
    page: _PageNumber = 1
    size: _PageSize = 25


@learnt
class WantedObligations(Paged, frozen=True, kw_only=True):
    """What is owed in a channel, by one party or by both."""

    party: Annotated[str, msgspec.Meta(pattern="^([a-z0-9-]{0,40})$")] = ""


@learnt
class WantedFigures(Paged, frozen=True, kw_only=True):
    """The figures of a channel as the record stood at the end of a day, of what was lodged from a day on."""

    as_of: date | None = None
    since: date | None = None


@learnt
class WantedFigure(WantedFigures, frozen=True, kw_only=True):
    """One number of them: the key of its line, and the name of the figure."""

    line: Annotated[str, msgspec.Meta(max_length=400)]
    figure: Name


@learnt
class WantedResumption(Paged, frozen=True, kw_only=True):
    """What would move if suspensions ended: at an instant, and of one of them, or of all that last."""

    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    of: Reference | None = None


@learnt
class DraftChanges(Said, frozen=True, kw_only=True):
    """What is written in a draft. What is left out stays as it was; an empty text takes a text away.

    Attributes:
        exhibits: Exhibits by reference, by the entry that added them or by SHA-256.
        marking: ``tlp``, ``pap``, ``handling`` and what else a marking says.
        stated: What the opening act states in the open header.
    """

    title: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    types: Annotated[list[Name], msgspec.Meta(max_length=32)] | None = None
    language: _Language | None = None
    fields: _Texts = {}
    translation_language: _Language | None = None
    translation: _Texts = {}
    stated: _Said = {}
    marking: _Said = {}
    exhibits: _Named | None = None


@learnt
class NewDraft(DraftChanges, frozen=True, kw_only=True):
    """A request to be begun, with whatever is known of it already."""

    channel: ChannelId
    requested: PartyCode | None = None
    procedure: Name = "assistance"
    instrument: Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{0,60}$")] = ""
    act: Annotated[str, msgspec.Meta(pattern="^[a-z_]{0,60}$")] = ""


@learnt
class HandOver(Said, frozen=True, kw_only=True):
    """Word to the official who will read what is handed over."""

    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""


@learnt
class PreparedAct(Said, frozen=True, kw_only=True):
    """An act on a request, filled in for an official to read and sign."""

    stated: _Said = {}
    text: _Text = ""
    language: _Language | None = None
    marking: _Said = {}
    exhibits: _Named = []
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""
