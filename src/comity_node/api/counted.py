"""What calls about obligations and figures are answered with.

Follows: docs/spec/api.md, docs/spec/reciprocity.md.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - the form is read at run time

from comity.forms import learnt
from comity_node.api.shapes import Answer


@learnt
class Obligation(Answer, frozen=True, kw_only=True):
    """Something one party owes the other.

    Attributes:
        channel: Where it was taken on; the channel that this one takes up from, where it was carried over.
        sort: ``clock``, ``move``, ``condition``, ``limit`` or ``term``.
        entry: What it rests on in the record.
        due_at: When it is due; null where no day is set.
        disposed: What the closing of the channel makes of it; empty where it was not closed, or does not say.
    """

    party: str
    channel: str
    ref: str
    sort: str
    what: str
    entry: str
    basis: str
    verified: str
    due_at: str | None
    stands_still: bool
    disposed: str
    href: str


@learnt
class Obligations(Answer, frozen=True, kw_only=True):
    """What is owed in a channel, by party, then by day."""

    obligations: list[Obligation]
    page: int
    size: int
    total: int


@learnt
class FigureLine(Answer, frozen=True, kw_only=True):
    """The figures of one direction, instrument and procedure, of all of it or of one cut.

    Attributes:
        line: Its key, by which the entries of a number are asked for.
        response: ``count``, ``median`` and ``p90`` of the time to the first answer, in seconds.
    """

    line: str
    requesting: str
    requested: str
    instrument: str
    procedure: str
    type: str
    urgency: str
    suspension: str
    period: str
    exercise: str
    figures: dict[str, int]
    because: dict[str, dict[str, int]]
    response: dict[str, int | None]


@learnt
class TermFigures(Answer, frozen=True, kw_only=True):
    """How many terms of resumption one party is to perform, by standing."""

    performer: str
    by_standing: dict[str, int]
    past_their_day: int


@learnt
class Figures(Answer, frozen=True, kw_only=True):
    """The figures of reciprocity of a channel."""

    channel: str
    since: datetime | None
    as_of: datetime
    lines: list[FigureLine]
    terms: list[TermFigures]
    page: int
    size: int
    total: int


@learnt
class FigureEntries(Answer, frozen=True, kw_only=True):
    """The entries that make one number."""

    entries: list[str]
    page: int
    size: int
    total: int


@learnt
class FigureStatement(Answer, frozen=True, kw_only=True):
    """A statement of figures on record.

    Attributes:
        state: ``stated``, ``agreed``, ``disputed`` or ``withdrawn``.
        figures: The digest each party states; of the other only where it disputes.
    """

    ref: str
    party: str
    as_of: str
    since: str
    state: str
    figures: dict[str, str]
    href: str


@learnt
class FigureStatements(Answer, frozen=True, kw_only=True):
    """The statements of figures of a channel."""

    statements: list[FigureStatement]
    page: int
    size: int
    total: int
