"""Judge the acts of a channel's opening, and project where each channel stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.urls import reverse
from django.utils import timezone

from comity import lifecycle
from comity.channel.charter import MAX_SHORT, Charter, Coordinator
from comity.entries import readable
from comity.errors import ComityError
from comity.instruments import library
from comity.names import EntryRef, Origin
from comity_node.channels import wording
from comity_node.channels.errors import ChannelActNotAllowed
from comity_node.channels.models import Channel
from comity_node.register import payloads, queries, standings
from comity_node.register.rooms import Room, Verdict

if TYPE_CHECKING:
    from comity.instruments import Procedure, Row
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received


def judge(act: Act, party: str) -> Verdict:
    """Whether ``party`` may do this to the channel now.

    Raises:
        ChannelActNotAllowed: The table has no row for it; the hint says what may be done instead.
    """
    procedure = table(act.channel)
    received = queries.entries(act.channel, ref=act.channel, prefix="channel.")
    found = lifecycle.judge(procedure, standings.lifecycle_acts(received), candidate(act, party))
    if isinstance(found, lifecycle.Refusal):
        raise ChannelActNotAllowed(f"nothing was recorded: {found.reason}", hint=_instead(found.may))
    rule = procedure.act_of[found.act]
    return Verdict(str(found.basis), found.verified.value, rule.needs_second(act.stated), rule.sentence)


def candidate(act: Act, party: str) -> lifecycle.Act:
    """An act about to be signed, as the lifecycle reads it."""
    own = queries.own_log(act.channel)
    return lifecycle.Act(
        ref=queries.next_ref(act.channel) if own else EntryRef(Origin(party, act.channel), 0),
        party=party,
        act=act.kind.rpartition(".")[2],
        at=timezone.now(),
        stated=act.stated,
        answers=act.answers,
        seen={log.party: log.size for log in queries.their_logs(act.channel)} if own else {},
    )


def project(channel: str, refs: set[str]) -> None:
    """Compute anew where a channel stands. Entries of other references are not a channel's opening."""
    if channel not in refs:
        return
    received = queries.entries(channel, ref=channel, prefix="channel.")
    standing = standings.channel_standing(channel)
    opening = next((one for one in standing.judged if one.regular), None)
    if opening is None:
        return
    own = queries.own_log(channel)
    by_ref = {one.ref: one for one in received}
    accepted = next((one.act for one in standing.judged if one.regular and one.act.act == "accepted"), None)
    charter = _charter(by_ref[opening.act.ref])
    Channel.objects.update_or_create(
        channel=channel,
        defaults={
            "counterpart": next(
                log.party for log in queries.channel_logs(channel) if own is None or log.pk != own.pk
            ),
            "proposed_by": opening.act.party,
            "state": standing.state,
            "label": standing.label,
            "purpose": charter.purpose if charter else "",
            "charter": charter.document() if charter else {},
            "answer": _answer(by_ref[accepted.ref]) if accepted else {},
            "instruments": opening.act.stated.get("instruments", []),
            "opened_at": accepted.at if accepted else None,
            "proposed_at": opening.act.at,
            "irregular": len(standing.irregular),
        },
    )


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


def table(_channel: str) -> Procedure:
    """The table of a channel's own life is the charter's, whatever else the channel rests on."""
    return library()[standings.CHARTER].procedure("channel")


def page(channel: str, _ref: str) -> str:
    """The channel's page."""
    return reverse("channels:channel", args=[channel])


ROOM = Room(
    prefix="channel",
    judge=judge,
    project=project,
    projections=[Channel],
    table=table,
    page=page,
    facts=wording.facts,
)
