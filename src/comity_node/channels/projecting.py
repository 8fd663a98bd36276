"""Judge the acts of a channel's opening, and project where each channel stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from comity import lifecycle
from comity.channel import membership as core
from comity.channel.accession import INVITED
from comity.channel.membership import ACCEPTED, LEFT
from comity.errors import ComityError
from comity.lifecycle import leaving
from comity.lifecycle.stated import values
from comity.names import channel_id
from comity_node.channels import inviting, wording
from comity_node.channels.errors import ChannelActNotAllowed
from comity_node.channels.models import Channel
from comity_node.register import chartered, membership, standings
from comity_node.register.citing import row_address
from comity_node.register.ground import Ground
from comity_node.register.rooms import Room, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.channel.membership import Membership
    from comity.instruments import Procedure, Row, Stated
    from comity.lifecycle import Life, Suspension
    from comity_node.register.acts import Act

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
    found = _row_for(act, party, ground)
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


def _row_for(act: Act, party: str, ground: Ground) -> Row | lifecycle.Refusal:
    """The row that allows an act on the channel now, in one of the courses its author is a side of."""
    procedure, candidate = table(), ground.candidate(act, party)
    acts = ground.acts(act.ref, PREFIX)
    known = ground.opened.seats.now
    if candidate.act == LEFT and not known.is_bilateral:
        _check_notice(party, ground)
    elif candidate.act == LEFT:
        raise ChannelActNotAllowed(
            "nothing was recorded: a channel of two is not left by one of them alone",
            hint="suspend topics of it, leave it by notice, or propose to close it",
        )
    if candidate.act == ACCEPTED:
        _must_be_shown_what_was_agreed(party, known)
    if candidate.act == INVITED:
        return _row_of_an_invitation(candidate, ground)
    found = [lifecycle.judge(procedure, one, candidate) for one in core.courses_of(known, acts, party)]
    rows = (one for one in found if not isinstance(one, lifecycle.Refusal))
    refused = next(iter(found), lifecycle.Refusal(f"{party} was not invited to this channel", ()))
    return next(rows, refused)


def _row_of_an_invitation(candidate: lifecycle.Act, ground: Ground) -> Row | lifecycle.Refusal:
    """The row that allows an invitation, where all agreed to it and the channel goes on."""
    if ground.life.ended(timezone.now()) is not None:
        return lifecycle.Refusal("the channel has ended", ())
    because = ground.opened.seats.objection(candidate)
    return lifecycle.Refusal(because, ()) if because else lifecycle.judge(table(), [], candidate)


def _must_be_shown_what_was_agreed(party: str, known: Membership) -> None:
    """Who is invited later accepts the charter that all agreed to show it, and no other.

    Raises:
        ChannelActNotAllowed: The invitation shows none that can be read, or another.
    """
    invited = known.invited.get(party)
    if invited is not None and chartered.shown_by(invited) is None:
        raise ChannelActNotAllowed(
            f"nothing was recorded: what the invitation {invited.ref} shows is not the charter of this"
            " channel that all agreed to, by the digest it states",
            hint=f"decline it, and ask {invited.party} to withdraw it and to have us proposed anew",
        )


def _check_notice(party: str, ground: Ground) -> None:
    """Who leaves a channel of many has given the notice that its treaties ask for, and that has had effect.

    Raises:
        ChannelActNotAllowed: It has not, and the channel is no exercise.
    """
    now = timezone.now()
    asked = leaving.period(ground.texts, now.date())
    notice = ground.life.notice_of(party)
    given = notice is not None and now >= notice.at
    if given or asked.instrument is None or standings.is_exercise(ground.opening):
        return
    since = f"; ours has effect from {notice.day}" if notice is not None else ""
    raise ChannelActNotAllowed(
        f"nothing was recorded: the channel rests on {asked.instrument.short}, and is left by notice{since}",
        hint=f"give notice that we leave the channel; it takes effect on {asked.earliest} at the earliest",
    )


def project(channel: str, refs: set[str]) -> None:
    """Compute anew where a channel stands. Entries of other references are not a channel's opening."""
    if channel not in refs:
        return
    opened = standings.opened(channel)
    standing, known = opened.standing, opened.seats.now
    regular = [one.act for one in standing.judged if one.regular]
    inviting.seat_invited(channel, known)
    membership.seat(channel, known)
    if not standing.state:
        return
    opening = regular[0]
    by_ref = {one.ref: one for one in opened.received}
    answers = [act for act in opened.acts if act.act == "accepted"]
    accepted = next((act for act in regular if act.act == "accepted"), None)
    life = standings.life(channel)
    charter = chartered.opened_with(life)
    now = chartered.reads_now(life, charter)
    others = [party for party in known.everyone if party != settings.NODE.party]
    Channel.objects.update_or_create(
        channel=channel,
        defaults={
            "counterpart": others[0],
            "parties": [_place(party, known) for party in known.everyone],
            "proposed_by": opening.party,
            "state": standing.state,
            "label": standing.label,
            "purpose": now.purpose,
            "charter": charter.document() if charter else {},
            "answer": {act.party: said for act in answers if (said := chartered.answer(by_ref[act.ref]))},
            "instruments": list(now.instruments),
            "opened_at": accepted.at if accepted else None,
            "proposed_at": opening.at,
            "exercise": standings.is_exercise(standing),
            "irregular": len(standing.irregular) + len(known.refused),
            **_suspensions(life.suspensions.in_force()),
            "languages": list(now.languages),
            "coordinators": now.coordinators,
            "succeeds": _named(channel, opening.stated, "succeeds"),
            "within": _named(channel, opening.stated, "within"),
            **_became(life),
        },
    )


def _place(party: str, known: Membership) -> dict[str, str]:
    places = (("member", known.members), ("asked", known.asked))
    return {"party": party, "place": next((name for name, who in places if party in who), "gone")}


def _suspensions(found: Iterable[Suspension]) -> dict[str, list[dict[str, Any]]]:
    """The suspensions that last, apart: those we are a side of, and those that are between others."""
    said: dict[str, list[dict[str, Any]]] = {"suspended": [], "suspended_elsewhere": []}
    for one in found:
        concerns_us = settings.NODE.party in one.parties
        said["suspended" if concerns_us else "suspended_elsewhere"].append(_suspended(one))
    return said


def _suspended(one: Suspension) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "party": one.began.party,
        "towards": next(iter(one.parties - {one.began.party}), ""),
        "at": one.began.at.isoformat(),
        "topics": sorted(one.topics),
    }


def _became(life: Life) -> dict[str, Any]:
    """What else became of the charter: amended, left by notice, closed."""
    notice = life.notice_of(settings.NODE.party) if life.many else life.notice
    return {
        "amendments": [
            {"ref": change.ref, "party": party, "at": agreed.at.isoformat()}
            for change, (party, agreed, _said) in zip(
                life.basis.changes, chartered.amended(life), strict=True
            )
        ],
        "notices": [
            {"ref": one.ref, "party": one.given.party, "day": one.day.isoformat()}
            for one in life.leavings
            if not one.taken_back
        ],
        "closings": [{"ref": one.ref, "at": one.agreed.at.isoformat()} for one in life.closings],
        "ends_on": notice.day if notice else None,
        "closed_at": life.closings[0].agreed.at if life.closings else None,
    }


def _named(channel: str, stated: Stated, name: str) -> str:
    """The channel that a statement names; none where that is no id of a channel, or its own."""
    said = next(iter(values(stated, name)), "")
    try:
        return channel_id(said) if said and said != channel else ""
    except ComityError:
        return ""


def _instead(rows: tuple[Row, ...]) -> str:
    if not rows:
        return "nothing more may be done to this channel"
    return "what may be done now: " + "; ".join(f"{row.act} ({row.basis})" for row in rows)


def table() -> Procedure:
    """The table of a channel's own life is the charter's, whatever else the channel rests on."""
    return standings.opening_table()


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
