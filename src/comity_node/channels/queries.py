"""Reading channels, for pages and commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.channel.charter import Charter
from comity.errors import ComityError
from comity.tlog.policy import Policy
from comity_node.channels import wording
from comity_node.channels.models import Channel
from comity_node.counterparts.queries import trusted
from comity_node.register import queries as register
from comity_node.register import standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.instruments import Row
    from comity_node.register.models import Log

TONES = {"proposed": "open", "accepted": "done", "declined": "ended", "withdrawn": "ended"}


@dataclass(frozen=True, slots=True)
class Half:
    """One party's side of a channel."""

    code: str
    name: str
    ours: bool
    size: int
    receipted: int
    receipted_at: datetime | None
    checkpoint_href: str
    last_heard: datetime | None
    coordinator: str


@dataclass(frozen=True, slots=True)
class Lost:
    """Our log is closed: an old backup may lack entries of it.

    Attributes:
        held: How many we hold.
        elsewhere: How many the counterpart has shown to hold, or 0 while it has not answered.
    """

    held: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Line:
    """One channel in a list."""

    channel: str
    name: str
    href: str
    party: str
    party_name: str
    basis: str
    basis_href: str
    verified: str
    standing: str
    tone: str
    ours_size: int
    theirs_size: int
    unreceipted: int
    oldest_unreceipted: datetime | None
    last_heard: datetime | None
    is_closed: bool


def channels() -> list[Channel]:
    """Every channel, the oldest first."""
    return list(Channel.objects.all())


def wanted(*, words: str = "", standing: str = "", counterpart: str = "") -> list[Channel]:
    """The channels of a list: part of a purpose or id, a state of the charter's table, a party."""
    found = Channel.objects.all()
    if words:
        found = found.filter(Q(purpose__icontains=words) | Q(channel__icontains=words))
    if standing:
        found = found.filter(state=standing)
    return list(found.filter(counterpart=counterpart) if counterpart else found)


def counterparts() -> list[str]:
    """The parties we have channels with, by code."""
    return sorted(Channel.objects.values_list("counterpart", flat=True).distinct().order_by())


def lines(found: Iterable[Channel] | None = None) -> list[Line]:
    """Channels with the state of their record; all of them by default. The queries do not grow with them."""
    chosen = channels() if found is None else list(found)
    logs = register.summaries(one.channel for one in chosen)
    names = {party: party_name(party) for party in {one.counterpart for one in chosen}}
    return [_line(one, logs[one.channel], names[one.counterpart]) for one in chosen]


def standing(channel: Channel) -> str:
    """Where the channel stands, in a word."""
    return _("Suspended") if channel.suspended else _(channel.label)


def tone(channel: Channel) -> str:
    """The shape beside it."""
    return "frozen" if channel.suspended else TONES.get(channel.state, "open")


def name_of(channel: Channel) -> str:
    """A channel's name for people: its purpose's first line, else its id."""
    first = channel.purpose.strip().split("\n")[0][:80]
    return first or channel.channel


def party_name(party: str) -> str:
    """A party's English name, from its passport or our own home."""
    if party == settings.NODE.party:
        return str(settings.NODE.names.get("en", party.upper()))
    other = trusted(party)
    return str(other.names.get("en", party.upper())) if other else party.upper()


def halves(channel: Channel) -> list[Half]:
    """Both sides, ours first."""
    logs = sorted(register.channel_logs(channel.channel), key=lambda log: not log.ours)
    return [_half(channel, log) for log in logs]


def lost(channel: Channel) -> Lost | None:
    """What keeps our side of a channel closed after a loss, or None."""
    own = register.own_log(channel.channel)
    if own is None or not own.is_closed:
        return None
    return Lost(held=own.size, elsewhere=max(0, own.held_elsewhere))


def policy_of(channel: str) -> Policy | None:
    """The policy of a channel's charter: whose signatures make its record; None where there is no charter."""
    found = Channel.objects.filter(channel=channel).first()
    try:
        return Policy.parse(Charter.read(found.charter).policy.encode()) if found else None
    except ComityError:
        return None


@dataclass(frozen=True, slots=True)
class Suspended:
    """A suspension that lasts, as the channel's page says it."""

    ref: str
    ours: bool
    by: str
    at: datetime
    scope: str
    href: str


def suspended(channel: Channel) -> list[Suspended]:
    """The suspensions of the channel that last."""
    topics = {one.id: one for one in standings.suspension_table().statements}["topics"].values
    return [
        Suspended(
            ref=one["ref"],
            ours=one["party"] == settings.NODE.party,
            by=party_name(one["party"]),
            at=datetime.fromisoformat(one["at"]),
            scope=", ".join(_(topic) for topic in topics if topic in one["topics"]),
            href=reverse("assistance:request", args=[channel.channel, one["ref"]]),
        )
        for one in channel.suspended
    ]


def may(channel: Channel) -> tuple[Row, ...]:
    """What our side may do to the channel now."""
    return standings.channel_standing(channel.channel).may(settings.NODE.party)


def _half(channel: Channel, log: Log) -> Half:
    last = register.last_receipt(log)
    return Half(
        code=log.party,
        name=party_name(log.party),
        ours=log.ours,
        size=log.size,
        receipted=last.size if last else 0,
        receipted_at=last.given_at if last else None,
        checkpoint_href=reverse("web:log", args=[log.party, log.channel]),
        last_heard=None if log.ours else register.last_stored(log),
        coordinator=_coordinator(channel, log.party),
    )


def _coordinator(channel: Channel, party: str) -> str:
    """The coordinator a party named, as it wrote it."""
    named: Any = channel.charter.get("coordinators", {})
    said: Any = named.get(party) if isinstance(named, dict) else None
    if not isinstance(said, dict):
        said = channel.answer.get("coordinator")
    if not isinstance(said, dict):
        return ""
    return wording.coordinator(*(said.get(key) for key in ("office", "capacity", "reached_by")))


def _line(channel: Channel, logs: Sequence[register.Summary], counterpart: str) -> Line:
    own = next((log for log in logs if log.ours), None)
    theirs = next(log for log in logs if not log.ours)
    return Line(
        channel=channel.channel,
        name=name_of(channel),
        href=reverse("channels:channel", args=[channel.channel]),
        party=channel.counterpart,
        party_name=counterpart,
        basis=wording.basis(channel.instruments, charter=standings.CHARTER),
        basis_href=wording.basis_href(channel.instruments, charter=standings.CHARTER),
        verified=wording.identity(channel.instruments, charter=standings.CHARTER),
        standing=standing(channel),
        tone=tone(channel),
        ours_size=own.size if own else 0,
        theirs_size=theirs.size,
        unreceipted=own.size - own.receipted if own else 0,
        oldest_unreceipted=own.unreceipted_since if own else None,
        last_heard=theirs.last_stored_at,
        is_closed=own is not None and own.is_closed,
    )
