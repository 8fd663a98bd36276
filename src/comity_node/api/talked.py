"""What calls about offers, positions and the end of suspensions are answered with.

Follows: docs/spec/api.md; docs/spec/procedures.md, Offers and Positions; docs/spec/suspension.md, Dry run.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - the form is read at run time

from comity.forms import learnt
from comity_node.api.counted import Obligation  # noqa: TC001 - as above
from comity_node.api.shapes import Answer


@learnt
class Unanswered(Answer, frozen=True, kw_only=True):
    """Whose answer is awaited, and since when.

    Attributes:
        is_receipted: Whether it signed that it holds the offer; until then nobody can say it ignored it.
        entry: What is unanswered.
        hoped_for: The day until which its author hopes for an answer; empty where it names none. No deadline.
        reminders: How often it was reminded.
    """

    party: str
    since: datetime
    is_receipted: bool
    entry: str
    hoped_for: str
    reminders: int


@learnt
class Offer(Answer, frozen=True, kw_only=True):
    """Something one side offered the other. Nobody owes an answer that was not promised.

    Attributes:
        sort: Of what it is an offer: ``talks``, ``consultations`` and others; empty where it does not say.
        unanswered: Null once it is answered or at its end.
    """

    ref: str
    by: str
    to: str
    title: str
    sort: str
    state: str
    standing: str
    made_at: datetime
    receipted_at: datetime | None
    unanswered: Unanswered | None
    href: str


@learnt
class Offers(Answer, frozen=True, kw_only=True):
    """The offers of both sides, the earliest first."""

    offers: list[Offer]
    page: int
    size: int
    total: int


@learnt
class Held(Answer, frozen=True, kw_only=True):
    """Where a side's position stands: its last word on the subject."""

    entry: str
    at: datetime
    entry_href: str


@learnt
class Position(Answer, frozen=True, kw_only=True):
    """A subject on which positions were stated, and what each side holds, side by side.

    Attributes:
        in_suspension: It was stated in the course of a suspension.
        held: By party; who holds nothing on record is not there.
    """

    ref: str
    by: str
    title: str
    state: str
    in_suspension: bool
    held: dict[str, Held]
    href: str


@learnt
class Positions(Answer, frozen=True, kw_only=True):
    """The subjects on which either side holds something, the earliest first."""

    positions: list[Position]
    page: int
    size: int
    total: int


@learnt
class Suspended(Answer, frozen=True, kw_only=True):
    """A suspension that lasts."""

    ref: str
    party: str
    since: datetime
    topics: list[str]


@learnt
class TermOffered(Answer, frozen=True, kw_only=True):
    """A term of resumption on the table: it would be owed once the other side accepts it."""

    suspension: str
    by: str
    proposal: str
    number: int
    performer: str
    due: str


@learnt
class ClockRunsOn(Answer, frozen=True, kw_only=True):
    """A clock that stands still now.

    Attributes:
        due_at: When it would be due; null where another suspension would go on holding it up.
    """

    what: str
    party: str
    basis: str
    verified: str
    still_since: datetime
    left_seconds: int
    due_at: datetime | None


@learnt
class Waiting(Answer, frozen=True, kw_only=True):
    """An act that was lodged: the end gives it no effect, its author's word does."""

    entry: str
    party: str
    kind: str


@learnt
class Moved(Answer, frozen=True, kw_only=True):
    """What would become of one procedure."""

    ref: str
    kinds: str
    procedure: str
    state: str
    standing: str
    goes_on: bool
    clocks: list[ClockRunsOn]
    waiting: list[Waiting]
    obligations: list[Obligation]
    href: str


@learnt
class Resumption(Answer, frozen=True, kw_only=True):
    """What would move if suspensions ended at an instant. It is no promise, and changes nothing."""

    channel: str
    at: datetime
    ending: list[Suspended]
    lasting: list[Suspended]
    terms: list[TermOffered]
    procedures: list[Moved]
    page: int
    size: int
    total: int
