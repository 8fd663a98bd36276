"""Listing, changing and checking contact points. Pages and the command call the same functions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import phonenumbers
from django.db import transaction
from django.utils import timezone

from comity.contacts import KINDS as POINTS
from comity.contacts import PART, changed_ways, document, read_point
from comity.contacts.errors import MalformedPoint
from comity_node.contact_point import judging, queries, zones
from comity_node.contact_point.errors import (
    BadPoint,
    ChannelNotOpen,
    NoSuchCheck,
    NoSuchPoint,
    NoTableForPoints,
)
from comity_node.contact_point.judging import CHECKS
from comity_node.officials import services as officials
from comity_node.officials.errors import TextMoved
from comity_node.register import membership
from comity_node.register import queries as register
from comity_node.register.acts import Act
from comity_node.register.ground import Ground

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from comity.contacts import Point
    from comity.names import EntryRef
    from comity_node.contact_point.models import ContactPoint
    from comity_node.officials.models import Official, PreparedAct

CONFIRM_WITHIN: Final = timedelta(days=182)


def point(said: Mapping[str, object]) -> Point:
    """A point of ours as it is to be said: read as its readers will, and held against what can exist.

    Raises:
        BadPoint: It cannot be read, no telephone has this number, or this node knows no such zone.
    """
    try:
        found = read_point({"v": 1, **said})
    except MalformedPoint as unreadable:
        raise BadPoint(f"nothing was recorded: {unreadable}", hint=unreadable.hint) from unreadable
    for number in found.telephones:
        if not _can_exist(number):
            raise BadPoint(
                f"nothing was recorded: {number} is no number that can exist", hint="write it as +41440000000"
            )
    if zones.zone(found.zone) is None:
        raise BadPoint(
            f"nothing was recorded: there is no time zone {found.zone}", hint="write Europe/Zurich"
        )
    return found


def _can_exist(number: str) -> bool:
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(number)))
    except phonenumbers.NumberParseException:
        return False


def listing(
    said: Point, *, kind: str, channels: Sequence[str], ref: str = "", confirm_by: date | None = None
) -> list[Act]:
    """The acts that list a point of ours, the same in each channel, one entry each.

    Raises:
        ChannelNotOpen: No channel is named.
        NoTableForPoints: A channel rests on a charter without contact points.
        TooManyPoints: There are as many of ours as this node shows.
    """
    judging.check_room(1)
    if not channels:
        raise ChannelNotOpen("nothing was recorded: no channel is named in which it is to be listed")
    name = ref or queries.next_number("point")
    return [
        _opening(one, f"{POINTS}.listed", name, {"kind": kind, **_sure(confirm_by)}, {PART: document(said)})
        for one in channels
    ]


def amendment(
    ref: str, said: Point, *, channels: Sequence[str] = (), confirm_by: date | None = None
) -> list[Act]:
    """The acts that change a point of ours, in the channels named or in all in which it is listed.

    Raises:
        NoSuchPoint: None of ours is listed under that reference, or not there.
    """
    found = _own(ref, channels)
    return [
        Act(
            channel=one.channel,
            kind=f"{POINTS}.amended",
            ref=ref,
            stated={**_sure(confirm_by), **_ways(changed_ways(read_point(one.said), said))},
            payload={PART: document(said)},
        )
        for one in found
    ]


def confirmation(ref: str, *, channels: Sequence[str] = (), confirm_by: date | None = None) -> list[Act]:
    """The acts that confirm a point of ours as it was listed last.

    Raises:
        NoSuchPoint: None of ours is listed under that reference, or not there.
    """
    return [
        Act(channel=one.channel, kind=f"{POINTS}.confirmed", ref=ref, stated=_sure(confirm_by))
        for one in _own(ref, channels)
    ]


def withdrawal(ref: str, *, channels: Sequence[str] = ()) -> list[Act]:
    """The acts that withdraw a point of ours.

    Raises:
        NoSuchPoint: None of ours is listed under that reference, or not there.
    """
    return [Act(channel=one.channel, kind=f"{POINTS}.withdrawn", ref=ref) for one in _own(ref, channels)]


def doubt(channel: str, ref: str, *, tried: str, text: str) -> Act:
    """The act that tells the owner of a point that it does not answer.

    Raises:
        NoSuchPoint: The record knows no such point of another party.
    """
    found = queries.row(channel, ref)
    if found is None or found.ours:
        raise NoSuchPoint(f"nothing was recorded: there is no point {ref[:64]} of another party")
    return _answering(channel, ref, f"{POINTS}.doubted", {"tried": tried}, {"text": text})


def asking(
    channel: str, *, sort: str, at_kind: str, announced: bool = False, parties: Sequence[str] = ()
) -> Act:
    """The act that asks a check of parties of a channel, or of all others in it.

    Raises:
        NoTableForPoints: The channel rests on a charter without checks.
    """
    stated: dict[str, str | list[str]] = {
        "sort": sort,
        "at_kind": at_kind,
        "announced": "yes" if announced else "no",
    }
    if parties:
        stated["requested"] = parties[0] if len(parties) == 1 else sorted(parties)
    return _opening(channel, f"{CHECKS}.asked", queries.next_number("check"), stated, None)


def on_check(
    channel: str, ref: str, act: str, *, stated: Mapping[str, str | list[str]] | None = None, text: str = ""
) -> Act:
    """An act on a check that was asked: answered, missed, explained, closed.

    Raises:
        NoSuchCheck: The record knows no such check.
    """
    found = queries.check(channel, ref)
    if not found:
        raise NoSuchCheck(f"nothing was recorded: there is no check {ref[:64]} in channel {channel[:40]}")
    said = {"sort": found[0].sort} if act == "missed" else {}
    payload = {"text": text} if text else None
    return _answering(channel, ref, f"{CHECKS}.{act}", {**said, **(stated or {})}, payload)


def sign_all(acts: Sequence[Act], shown: Iterable[str], *, by: Official) -> list[PreparedAct | EntryRef]:
    """Sign or prepare acts exactly as they were shown, all of them or none.

    Raises:
        TextMoved: One of them is not what was shown.
        OurFault: One of them is not allowed now, or the official lacks the power.
    """
    texts = list(shown)
    if len(texts) != len(acts):
        raise TextMoved("nothing was recorded: other texts were shown than would be signed")
    with transaction.atomic():
        return [officials.sign(act, shown=text, by=by) for act, text in zip(acts, texts, strict=True)]


def _opening(
    channel: str,
    kind: str,
    ref: str,
    stated: Mapping[str, str | list[str]],
    payload: Mapping[str, object] | None,
) -> Act:
    act = Act(channel=channel, kind=kind, ref=ref, stated=dict(stated), payload=payload)
    table = judging.table_in(Ground([act]), kind.rpartition(".")[0])
    if table is None:
        raise NoTableForPoints(
            f"nothing was recorded: the charter of channel {channel[:40]} is of an edition without this"
        )
    text = {"instrument": table.instrument.id, "table": table.instrument.digest}
    everybody = membership.everybody_else(channel)
    return Act(
        channel=channel,
        kind=kind,
        ref=ref,
        stated={**text, **({"requested": everybody} if everybody else {}), **stated},
        payload=payload,
    )


def _answering(
    channel: str,
    ref: str,
    kind: str,
    stated: Mapping[str, str | list[str]],
    payload: Mapping[str, object] | None,
) -> Act:
    theirs = register.last_theirs(channel, ref=ref, prefix=f"{kind.rpartition('.')[0]}.")
    answers = (theirs,) if theirs is not None else ()
    return Act(channel=channel, kind=kind, ref=ref, answers=answers, stated=dict(stated), payload=payload)


def _own(ref: str, channels: Sequence[str]) -> list[ContactPoint]:
    found = [one for one in queries.rows(ref) if not channels or one.channel in channels]
    if not found or len(found) < len(set(channels)):
        where = f" in {', '.join(sorted(set(channels)))[:200]}" if channels else ""
        raise NoSuchPoint(f"nothing was recorded: no point {ref[:64]} of ours is listed{where}")
    return found


def _sure(confirm_by: date | None) -> dict[str, str | list[str]]:
    now = timezone.now()
    by = confirm_by or (now + CONFIRM_WITHIN).date()
    return {"as_of": now.date().isoformat(), "confirm_by": by.isoformat()}


def _ways(changed: list[str]) -> dict[str, str | list[str]]:
    return {"ways": changed[0] if len(changed) == 1 else changed} if changed else {}
