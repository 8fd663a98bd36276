"""Judge acts on contact points and checks before they are signed: by the charter of their channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity import lifecycle
from comity.contacts import KINDS as POINTS
from comity.contacts import PART, changed_ways, read_point
from comity.contacts.errors import MalformedPoint
from comity.lifecycle.stated import values
from comity_node.contact_point import queries
from comity_node.contact_point.errors import (
    BadPoint,
    ChannelNotOpen,
    ContactActNotAllowed,
    NoTableForPoints,
    TooManyPoints,
    WaysNotStated,
)
from comity_node.contact_point.models import ContactPoint
from comity_node.register.citing import row_address
from comity_node.register.ground import Ground
from comity_node.register.rooms import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.contacts import Point
    from comity.instruments import Row
    from comity.lifecycle import Table
    from comity_node.register.acts import Act

CHECKS: Final = "contact.check"
CHARTER: Final = "charter"
_SAYING: Final = frozenset({"listed", "amended"})


def judge(acts: Sequence[Act], party: str) -> list[Verdict]:
    """Whether ``party`` may put these acts, each on another point or check of one channel, on record now.

    Raises:
        OurFault: It may not; the message says why, the hint what may be done instead.
    """
    ground = Ground(acts)
    if not ground.is_open:
        raise ChannelNotOpen(f"nothing was recorded: the channel {ground.channel} is not open")
    return [_verdict(act, _row_for(act, party, ground)) for act in acts]


def table_in(ground: Ground, kinds: str) -> Table | None:
    """The charter's table for what begins in a channel now."""
    texts = (text for text in ground.texts if text.id == CHARTER)
    return next((one for text in texts for one in lifecycle.tables([text], kinds)), None)


def _verdict(act: Act, row: Row) -> Verdict:
    second = row.needs_second(act.stated)
    return Verdict(row.basis, row.verified.value, second, row.sentence, row_address(row))


def _row_for(act: Act, party: str, ground: Ground) -> Row:
    kinds, _, name = act.kind.rpartition(".")
    before = ground.acts(act.ref, kinds)
    table = ground.table(kinds, before) if before else table_in(ground, kinds)
    if table is None:
        raise NoTableForPoints(
            f"nothing was recorded: the charter of channel {ground.channel} is of an edition without this"
        )
    if name in table.procedure.openings:
        _check_opening(act, party, table, ground)
        if kinds == POINTS:  # more may have been listed while it waited for a second officer
            check_room(1, besides=act.ref)
    if kinds == POINTS and name in _SAYING:
        _check_point(act, name)
    bearing = ground.bearing(kinds)
    found = lifecycle.judged(table.procedure, before, ground.candidate(act, party), bearing)
    rows = [one for one in found.values() if not isinstance(one, lifecycle.Refusal)]
    if rows:
        return rows[0]
    refused = next(one for one in found.values() if isinstance(one, lifecycle.Refusal))
    raise ContactActNotAllowed(f"nothing was recorded: {refused.reason}", hint=_instead(refused.may))


def _check_opening(act: Act, party: str, table: Table, ground: Ground) -> None:
    """What the table cannot know: numbering, the other parties, and the very text that is stated."""
    if not act.ref.startswith(f"{party}-") or ground.entries(act.ref):
        raise ContactActNotAllowed(
            f"nothing was recorded: {act.ref} is in use here, or does not begin with {party}-"
        )
    if (act.stated.get("instrument"), act.stated.get("table")) != (
        table.instrument.id,
        table.instrument.digest,
    ):
        raise NoTableForPoints(
            "nothing was recorded: the act names another edition than the channel rests on"
        )
    addressed = values(act.stated, "requested")
    if not addressed or not ground.others.issuperset(addressed):
        known = ", ".join(sorted(ground.others))
        raise ContactActNotAllowed(f"nothing was recorded: in this channel are: {known}")


def check_room(new: int, *, besides: str = "") -> None:
    """See to it that so many new points of ours would all be shown.

    Args:
        new: How many would be added.
        besides: The reference of one of them, which may be listed in another channel already.

    Raises:
        TooManyPoints: With those listed they are more than this node shows of one party.
    """
    listed, most = queries.count_ours(besides=besides), settings.NODE.limits.contact_points
    if listed + new > most:
        raise TooManyPoints(
            f"nothing was recorded: {listed} points of ours are listed and {new} would be added,"
            f" at most {most} are shown"
        )


def _check_point(act: Act, name: str) -> None:
    """That what is said can be read by whoever it is meant for, and that changed ways are stated as such."""
    point = said_of(act)
    if name == "amended" and (before := current(act.channel, act.ref)) is not None:
        changed = changed_ways(before, point)
        if changed != list(values(act.stated, "ways")):
            what = ", ".join(changed) or "none"
            raise WaysNotStated(f"nothing was recorded: the ways that change are: {what}")


def said_of(act: Act) -> Point:
    """What an act of ours says of a point.

    Raises:
        BadPoint: It cannot be read, so that nobody could use it.
    """
    try:
        return read_point((act.payload or {}).get(PART))
    except MalformedPoint as unreadable:
        raise BadPoint(f"nothing was recorded: {unreadable}", hint=unreadable.hint) from unreadable


def current(channel: str, ref: str) -> Point | None:
    """What was said of a point of ours last, in one channel."""
    row = ContactPoint.objects.filter(channel=channel, ref=ref, party=settings.NODE.party).first()
    return read_point(row.said) if row is not None and row.said else None


def _instead(rows: Iterable[Row]) -> str:
    named = dict.fromkeys(f"{row.label} ({row.basis})" for row in rows)
    return "what may be done now: " + "; ".join(named) if named else "nothing more may be done with it"
