"""What the components ask of the rows they draw. Rooms bring any object with these attributes.

A room never imports this module: its rows fit by shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from comity.names import EntryRef


class Receipt(Protocol):
    """The other side's cosignature that covers an entry: when, and on the tree of which size."""

    at: datetime
    size: int


class Shown(Protocol):
    """One entry of the double record."""

    ref: EntryRef
    ours: bool
    at: datetime
    title: str  # the act in words: "Request lodged"
    procedure: str  # human reference: us-2026-0001
    by: str  # office and capacity
    href: str
    article: str  # "" where none is cited
    article_href: str  # where it can be read, or ""
    verified: str  # mark of the cited rule: V S P R ?
    payload_size: int | None
    payload_erased: bool
    answers: Sequence[EntryRef]
    receipt: Receipt | None
    irregular: str  # the reason, or ""
    remark: str  # "Lodged during suspension", or ""


class Clock(Protocol):
    """A clock that runs, has been met, or is frozen."""

    label: str
    due_at: datetime
    warn: Sequence[int]  # days before it is due at which both parties are reminded
    kind: str  # treaty | target | internal: an agreed target is never shown as a treaty deadline
    article: str
    article_href: str
    verified: str
    state: str  # running | met | frozen
    still_since: datetime | None  # since when it stands still, where it is frozen
    stood_still: timedelta | None  # how long it stood still before, and is due later
    whose: str  # ours | theirs | ""
    ref: str  # the procedure it runs in, and its page; "" where that is the page it stands on
    href: str


class Exhibit(Protocol):
    """An exhibit in short."""

    number: str
    title: str
    href: str
    size: int
    sha256: str
    custodian: str
    since: datetime
    sealed: bool
    state: str


class OfferedAct(Protocol):
    """An act an official may want to do, open or not."""

    label: str
    href: str
    article: str
    article_href: str
    verified: str
    second: str  # who must second, or ""
    because: str  # why it is not open now, or ""
    hint: str  # what would open it, or ""
    weight: str  # primary | plain
