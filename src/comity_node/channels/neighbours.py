"""The channels that belong with a channel: what it takes up from, what takes up from it, what it is within.

What a charter names is a claim of its author: it is followed to channels of this node only, between parties
for whom it can be true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from comity_node.channels.errors import NoSuccession, NotWithin
from comity_node.channels.models import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Belongs:
    """The channels that a charter says its own belongs with, by their ids; empty for none.

    Attributes:
        succeeds: What it takes up from.
        within: The channel of many it is between some members of.
    """

    succeeds: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A channel that belongs with another, and the other parties it is with."""

    channel: str
    name: str
    href: str
    parties: tuple[str, ...]


def predecessor(channel: Channel) -> Neighbour | None:
    """The channel it takes up from: one of ours between the same parties, and no other."""
    before = _named(channel.succeeds)
    return _neighbour(before) if before and before.everyone == channel.everyone else None


def successor(channel: Channel) -> Neighbour | None:
    """The channel that takes up from it, once both opened that; of several the first that was opened."""
    return successors([channel]).get(channel.channel)


def successors(channels: Iterable[Channel]) -> dict[str, Neighbour]:
    """The same of many, by the channel taken up from; in one question."""
    parties = {one.channel: one.everyone for one in channels}
    after = Channel.objects.filter(succeeds__in=list(parties), state="accepted").order_by(
        "-opened_at", "channel"
    )
    return {one.succeeds: _neighbour(one) for one in after if one.everyone == parties[one.succeeds]}


def whole(channel: Channel) -> Neighbour | None:
    """The channel of many it is within: one of ours that all its parties are or were in, and no other."""
    around = _named(channel.within)
    return _neighbour(around) if around and _is_around(around, channel) else None


def parts(channel: Channel) -> list[Neighbour]:
    """The sub-channels of a channel of many that we are in, the oldest first. Of others we know nothing."""
    named = Channel.objects.filter(within=channel.channel, state="accepted")
    return [_neighbour(one) for one in named if _is_around(channel, one)]


def to_take_up_from() -> list[tuple[str, str]]:
    """The channels a new one may succeed, with their names: those that ended, end, or are suspended."""
    return _choices(
        Channel.objects.filter(~Q(suspended=[]) | Q(closed_at__isnull=False) | Q(ends_on__isnull=False))
    )


def to_be_within() -> list[tuple[str, str]]:
    """The channels of many that a new one may be within, with their names."""
    ours = settings.NODE.party
    return _choices(
        one for one in Channel.objects.filter(state="accepted") if one.many and ours in one.members
    )


def must_belong(said: Belongs, counterparts: set[str]) -> None:
    """Make sure that a channel to be proposed can belong with what its charter names.

    Raises:
        NoSuccession: It takes up from no channel with these counterparts, or from one that goes on.
        NotWithin: They are not all members of that channel of many, or they are all its members.
    """
    if said.succeeds:
        _must_have_ended(said.succeeds, counterparts)
    if said.within:
        _must_be_around(said.within, counterparts)


def _must_have_ended(channel: str, counterparts: set[str]) -> None:
    """Nothing takes up from what goes on, nor from a channel with somebody else."""
    found = _named(channel)
    same = found is not None and found.everyone == {settings.NODE.party, *counterparts}
    if found is None or not same or not (found.suspended or found.closed_at or found.ends_on):
        named = ", ".join(sorted(counterparts))
        raise NoSuccession(
            f"the channel was not proposed: {channel[:40]} is no channel with {named} that ended, "
            "that a party leaves, or that is suspended"
        )


def _must_be_around(channel: str, counterparts: set[str]) -> None:
    """A sub-channel is between some members of a channel of many, and not all."""
    found = _named(channel)
    some = {settings.NODE.party, *counterparts}
    if found is None or not found.many or not some < found.members:
        named = ", ".join(sorted(counterparts))
        raise NotWithin(
            f"the channel was not proposed: {channel[:40]} is no channel that we, {named} and others are in"
        )


def _is_around(around: Channel, channel: Channel) -> bool:
    return around.many and channel.everyone < around.everyone


def _named(channel: str) -> Channel | None:
    return Channel.objects.filter(channel=channel).first() if channel else None


def _neighbour(channel: Channel) -> Neighbour:
    href = reverse("channels:channel", args=[channel.channel])
    return Neighbour(channel.channel, channel.name, href, tuple(channel.others))


def _choices(found: Iterable[Channel]) -> list[tuple[str, str]]:
    return [(one.channel, f"{', '.join(one.others).upper()} · {one.name}") for one in found]
