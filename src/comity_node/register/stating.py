"""Figures as a party states them, counted here over the very entries a statement names.

Follows: docs/spec/reciprocity.md, Stating.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from django.conf import settings

from comity.channel.published_figures import KINDS, heads_stated
from comity.errors import ComityError, OurFault
from comity.instruments import library
from comity.lifecycle import joint
from comity.lifecycle.stated import day, values
from comity.reciprocity import (
    Extent,
    Head,
    StatedFigures,
    at_the_end_of,
    differences,
    read_figures,
    stated_figures,
)
from comity_node.register import payloads, queries, standings
from comity_node.register.reckoning import counted
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from comity.instruments import Procedure, Stated
    from comity.lifecycle import Judged, Standing
    from comity.reciprocity import Difference
    from comity_node.register.queries import Received

PART: Final = "figures"  # of the payload
MOST_SHOWN: Final = 100


class CannotCount(OurFault):
    """A statement names a time or entries that this node cannot count."""

    code = "cannot-count"
    default_hint = "exchange what is outstanding with the counterpart (comity sync) and try again"


def procedure() -> Procedure:
    """The table of statements of figures is the charter's."""
    return library()[standings.CHARTER].procedure("figures")


def heads(channel: str) -> dict[str, Head]:
    """All that this node holds of each log of a channel."""
    return {
        log.party: Head(log.size, StoredTree(log).root(log.size).hex())
        for log in queries.channel_logs(channel)
    }


def count_over(channel: str, as_of: date, since: date | None, logs: Mapping[str, Head]) -> StatedFigures:
    """The figures of a day, counted over the beginnings of logs.

    Raises:
        CannotCount: They are not the beginnings of the logs that this node holds.
    """
    held = {log.party: log for log in queries.channel_logs(channel)}
    if held.keys() != logs.keys():
        raise CannotCount("the figures were not counted: the logs named are not those of the channel")
    for party, head in logs.items():
        if head.size > held[party].size:
            raise CannotCount(
                f"the figures were not counted: {head.size:,} entries of the log of {party} are named, "
                f"and this node holds {held[party].size:,}"
            )
        if StoredTree(held[party]).root(head.size).hex() != head.root:
            raise CannotCount(
                f"the figures were not counted: the first {head.size:,} entries of the log of {party} have "
                "another root here",
                hint="ask which entries they counted; run comity fsck to be sure of ours",
            )
    begin = datetime.combine(since, time.min, tzinfo=UTC) if since else None
    sizes = tuple((party, head.size) for party, head in sorted(logs.items()))
    return stated_figures(channel, counted(channel, Extent(at_the_end_of(as_of), begin, sizes)), logs)


def count_again(channel: str, stated: Stated) -> StatedFigures:
    """Our own count of what an opening act names: its time, its logs.

    Raises:
        CannotCount: It names no time, or entries this node does not hold.
    """
    as_of, since = (day(next(iter(values(stated, name)), "")) for name in ("as_of", "since"))
    if as_of is None:
        raise CannotCount("the figures were not counted: the statement names no day")
    return count_over(channel, as_of, since, heads_stated(stated))


class Side(NamedTuple):
    """What one party states of the figures.

    Attributes:
        digest: As stated in the open.
        figures: The numbers, where they can be read and are those of the digest.
        because: Why they cannot be read; empty where they can.
    """

    received: Received
    digest: str
    figures: StatedFigures | None
    because: str


class Statement(NamedTuple):
    """One statement of figures on record, with what was answered.

    Attributes:
        ref: Its reference.
        opening: The act that opened it.
        sides: What the stating side stated, and then each other that counted otherwise: the last it said.
    """

    ref: str
    standing: Standing
    opening: Judged
    sides: tuple[Side, ...]

    @property
    def as_of(self) -> str:
        """The day it is of, as stated."""
        return next(iter(values(self.opening.act.stated, "as_of")), "")

    @property
    def since(self) -> str:
        """From which day on, as stated; empty from the beginning."""
        return next(iter(values(self.opening.act.stated, "since")), "")


def statements(channel: str, *, most: int = MOST_SHOWN) -> list[Statement]:
    """The statements of figures in a channel that have effect, the latest first, without their numbers."""
    table = procedure()
    received = queries.entries(channel, kinds=[table.kind(rule.id) for rule in table.acts])
    found = (
        _statement(ref, table, one, is_read=False) for ref, one in reversed(queries.by_ref(received).items())
    )
    return list(islice((one for one in found if one is not None), most))


def statement(channel: str, ref: str) -> Statement | None:
    """One statement with its numbers; None where nothing regular opened one under this reference."""
    received = queries.entries(channel, ref=ref, prefix=f"{KINDS}.", most=MOST_SHOWN)
    return _statement(ref, procedure(), received, is_read=True)


def compare(channel: str, found: Statement) -> tuple[StatedFigures | None, tuple[Difference, ...], str]:
    """Our own count of what a statement names, where its numbers differ from those stated, and why none is.

    Returns:
        Our figures, or None; the numbers that differ from those stated; why there is no count.
    """
    try:
        ours = count_again(channel, found.opening.act.stated)
    except ComityError as unable:
        return None, (), str(unable)
    theirs = found.sides[0].figures
    return ours, tuple(differences(ours, theirs)) if theirs else (), ""


def _statement(ref: str, table: Procedure, received: list[Received], *, is_read: bool) -> Statement | None:
    standing = joint(table, standings.lifecycle_acts(received), us=settings.NODE.party)
    opening = next(iter(standing.regular), None)
    if opening is None:
        return None
    by_ref = {one.ref: one for one in received}
    said = {
        one.act.party: by_ref[one.act.ref]
        for one in standing.regular
        if one.act.act in ("stated", "disputed")
    }
    sides = tuple(_side(one, is_read=is_read) for one in said.values())
    return Statement(ref, standing, opening, sides)


def _side(received: Received, *, is_read: bool) -> Side:
    digest = next(iter(values(received.entry.stated, "figures")), "")
    if not is_read:
        return Side(received, digest, None, "")
    try:
        document = payloads.payload(received) or {}
        figures = read_figures(document.get(PART))
    except ComityError as unreadable:
        return Side(received, digest, None, str(unreadable)[:300])
    if figures.digest != digest:
        return Side(received, digest, None, "the numbers sent are not those of the digest stated")
    return Side(received, digest, figures, "")
