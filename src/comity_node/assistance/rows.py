"""What lists and pages show of a request in one row, and of the clock that runs in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from comity.names import EntryRef


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock as pages draw it; see the ``clock`` tag."""

    label: str
    due_at: datetime
    kind: str
    article: str
    verified: str
    state: str
    whose: str
    started_at: datetime | None = None
    article_href: str = ""
    ref: str = ""
    href: str = ""
    warn: tuple[int, ...] = ()
    met_at: datetime | None = None
    lifted_at: datetime | None = None
    still_since: datetime | None = None
    stood_still: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """What nobody has answered, where no answer is owed: a count of days and no deadline.

    Attributes:
        since: When its reader signed for it; when it was sent, where nobody has.
        is_receipted: Somebody has.
        entry: What is not answered.
        hoped_for: The day until which its author hopes for an answer, if it named one.
        reminders: How often its author has reminded.
        ours: The answer would be ours.
    """

    since: datetime
    is_receipted: bool
    entry: EntryRef
    hoped_for: date | None
    reminders: int
    ours: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One request in a list."""

    channel: str
    ref: str
    title: str
    ours: bool
    requesting: str
    requested: str
    state: str
    standing: str
    tone: str
    instrument: str
    verified: str
    clock: ClockRow | None
    changed_at: datetime
    last_entry: EntryRef
    receipted_at: datetime | None
    unreceipted: int
    irregular: int
    exercise: bool
    procedure: str
    silence: Silence | None

    @property
    def party(self) -> str:
        """Whose request it is."""
        return self.requesting

    @property
    def href(self) -> str:
        """Its page."""
        return reverse("assistance:request", args=[self.channel, self.ref])
