"""Judge the acts of a channel's opening, and project where each channel stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.urls import reverse

from comity import lifecycle
from comity.channel.charter import MAX_SHORT, Charter, Coordinator
from comity.entries import readable
from comity.errors import ComityError
from comity.instruments import library
from comity_node.channels import wording
from comity_node.channels.errors import ChannelActNotAllowed
from comity_node.channels.models import Channel
from comity_node.register import payloads, queries, standings
from comity_node.register.citing import row_address
from comity_node.register.ground import Ground
from comity_node.register.rooms import Room, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.instruments import Procedure, Row
    from comity.lifecycle import Suspension
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received

PREFIX: Final = "channel"


def judge(acts: Sequence[Act], party: str) -> list[Verdict]:
    """Whether ``party`` may do this to the channel now.

    Raises:
        ChannelActNotAllowed: The table has no row for it; the hint says what may be done instead.
    """
    ground = Ground(acts)
    return [_verdict(act, party, ground) for act in acts]


def _verdict(act: Act, party: str, ground: Ground) -> Verdict:
    procedure = table()
    found = lifecycle.judge(procedure, ground.acts(act.ref, PREFIX), ground.candidate(act, party))
    if isinstance(found, lifecycle.Refusal):
        raise ChannelActNotAllowed(f"nothing was recorded: {found.reason}", hint=_instead(found.may))
    rule = procedure.act_of[found.act]
    return Verdict(
        str(found.basis),
        found.verified.value,
        rule.needs_second(act.stated),
        rule.sentence,
        row_address(found),
    )


def project(channel: str, refs: set[str]) -> None:
    """Compute anew where a channel stands. Entries of other references are not a channel's opening."""
    if channel not in refs:
        return
    received = queries.entries(channel, ref=channel, prefix=f"{PREFIX}.")
    standing = standings.opening_standing(received)
    regular = [one.act for one in standing.judged if one.regular]
    if not regular:
        return
    opening = regular[0]
    by_ref = {one.ref: one for one in received}
    accepted = next((act for act in regular if act.act == "accepted"), None)
    charter = _charter(by_ref[opening.ref])
    Channel.objects.update_or_create(
        channel=channel,
        defaults={
            "counterpart": next(log.party for log in queries.channel_logs(channel) if not log.ours),
            "proposed_by": opening.party,
            "state": standing.state,
            "label": standing.label,
            "purpose": charter.purpose if charter else "",
            "charter": charter.document() if charter else {},
            "answer": _answer(by_ref[accepted.ref]) if accepted else {},
            "instruments": opening.stated.get("instruments", []),
            "opened_at": accepted.at if accepted else None,
            "proposed_at": opening.at,
            "exercise": standings.is_exercise(standing),
            "irregular": len(standing.irregular),
            "suspended": [_suspended(one) for one in standings.suspensions(channel).in_force()],
        },
    )


def _suspended(one: Suspension) -> dict[str, Any]:
    at = one.began.at.isoformat()
    return {"ref": one.ref, "party": one.began.party, "at": at, "topics": sorted(one.topics)}


def _charter(received: Received) -> Charter | None:
    """The charter, or none where it cannot be read: a hostile payload must not stop the projection."""
    try:
        return Charter.read(payloads.payload(received) or {})
    except ComityError:
        return None


def _answer(received: Received) -> dict[str, Any]:
    """The coordinator that the accepting party named, as far as it can be read."""
    try:
        said = (payloads.payload(received) or {}).get("coordinator")
        named = msgspec.convert(said, Coordinator)
    except (ComityError, msgspec.ValidationError):
        return {}
    texts = (named.office, named.capacity, named.reached_by or "-")
    return {"coordinator": said} if all(readable(text, most=MAX_SHORT) for text in texts) else {}


def _instead(rows: tuple[Row, ...]) -> str:
    if not rows:
        return "nothing more may be done to this channel"
    return "what may be done now: " + "; ".join(f"{row.act} ({row.basis})" for row in rows)


def table() -> Procedure:
    """The table of a channel's own life is the charter's, whatever else the channel rests on."""
    return library()[standings.CHARTER].procedure("channel")


def page(channel: str, _ref: str) -> str:
    """The channel's page."""
    return reverse("channels:channel", args=[channel])


ROOM = Room(
    prefix=PREFIX,
    judge=judge,
    project=project,
    projections=[Channel],
    tables=lambda _channel: lambda _received: table(),
    page=page,
    facts=wording.facts,
    open=lambda channel: {channel},
    heads=lambda _channel, _refs: (),  # a channel has a list of its own; what its entries say is sought
)
