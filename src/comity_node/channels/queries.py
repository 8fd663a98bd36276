"""Reading channels, for pages and commands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.channel.charter import Charter
from comity.errors import ComityError
from comity.tlog.policy import Policy
from comity_node.channels import neighbours, wording
from comity_node.channels.models import Channel
from comity_node.counterparts.queries import trusted
from comity_node.register import queries as register
from comity_node.register import standings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from comity.instruments import Row
    from comity_node.register.models import Log

BECAME = {
    "goes_on": gettext_lazy("Goes on"),
    "suspended": gettext_lazy("Suspended"),
    "denounced": gettext_lazy("Denounced"),
    "ended": gettext_lazy("Ended by notice"),
    "closed": gettext_lazy("Closed"),
    "succeeded": gettext_lazy("Succeeded by another"),
}
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
    place: str
    lacking: tuple[str, ...]
    forked: bool


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
    successor: neighbours.Neighbour | None = None


def channels() -> list[Channel]:
    """Every channel, the oldest first."""
    return list(Channel.objects.all())


def wanted(*, words: str = "", standing: str = "", counterpart: str = "") -> list[Channel]:
    """The channels of a list: part of a purpose or id, a state of the table or what became of it, a party."""
    found = Channel.objects.all()
    if words:
        found = found.filter(Q(purpose__icontains=words) | Q(channel__icontains=words))
    if standing in BECAME:
        found = found.filter(_became(standing))
    elif standing:
        found = found.filter(state=standing)
    return list(found.filter(channel__in=register.channels_with(counterpart)) if counterpart else found)


def _became(what: str) -> Q:
    today = timezone.now().date()
    successions = Channel.objects.filter(state="accepted").exclude(succeeds="").values("succeeds")
    notice = Q(closed_at__isnull=True, ends_on__isnull=False)
    return {
        "goes_on": Q(state="accepted", closed_at__isnull=True, suspended=[])
        & (Q(ends_on__isnull=True) | Q(ends_on__gt=today)),
        "suspended": ~Q(suspended=[]),
        "denounced": notice & Q(ends_on__gt=today),
        "ended": notice & Q(ends_on__lte=today),
        "closed": Q(closed_at__isnull=False),
        "succeeded": Q(channel__in=successions),
    }[what]


def counterparts() -> list[str]:
    """The parties we have channels with, by code."""
    return sorted({one["party"] for found in channels() for one in found.parties} - {settings.NODE.party})


def lines(found: Iterable[Channel] | None = None) -> list[Line]:
    """Channels with the state of their record; all of them by default. The queries do not grow with them."""
    chosen = channels() if found is None else list(found)
    logs = register.summaries(one.channel for one in chosen)
    names = {party: party_name(party) for party in {party for one in chosen for party in one.others}}
    after = neighbours.successors(chosen)
    return [_line(one, logs[one.channel], names, after.get(one.channel)) for one in chosen]


def standing(channel: Channel) -> str:
    """Where the channel stands, in a word or with the day it ends."""
    if channel.closed_at:
        return _("Closed")
    if channel.ends_on:
        left = _("Denounced, ended on %(day)s") if has_ended(channel) else _("Denounced, ends on %(day)s")
        return left % {"day": date_format(channel.ends_on)}
    return _("Suspended") if channel.suspended else _(channel.label)


def tone(channel: Channel) -> str:
    """The shape beside it."""
    if has_ended(channel):
        return "ended"
    return "frozen" if channel.suspended else TONES.get(channel.state, "open")


def has_ended(channel: Channel) -> bool:
    """Whether nothing new may be begun in it: both closed it, or a notice has effect."""
    by_notice = channel.ends_on is not None and channel.ends_on <= timezone.now().date()
    return channel.closed_at is not None or by_notice


def party_name(party: str) -> str:
    """A party's English name, from its passport or our own home."""
    if party == settings.NODE.party:
        return str(settings.NODE.names.get("en", party.upper()))
    other = trusted(party)
    return str(other.names.get("en", party.upper())) if other else party.upper()


def halves(channel: Channel) -> list[Half]:
    """Both sides, ours first."""
    logs = sorted(register.channel_logs(channel.channel), key=lambda log: not log.ours)
    return [_half(channel, log, logs) for log in logs]


def together(halves: Sequence[Half]) -> Half:
    """All the other parties as one side of the double record."""
    if len(halves) == 1:
        return halves[0]
    name = _("%(count)d others") % {"count": len(halves)}
    return replace(halves[0], code="", name=name, size=sum(one.size for one in halves))


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
    """A suspension that lasts, as the channel's page says it.

    Attributes:
        by, towards: Between whom it is: who suspended, and towards whom.
        ours, towards_us: Whether either is us.
    """

    ref: str
    ours: bool
    by: str
    towards_us: bool
    towards: str
    at: datetime
    scope: str
    href: str


def suspended(channel: Channel) -> list[Suspended]:
    """The suspensions of the channel that last and that we are a side of."""
    return [_suspended(channel, one) for one in channel.suspended]


def suspended_elsewhere(channel: Channel) -> list[Suspended]:
    """Those that last between two others of a channel of many."""
    return [_suspended(channel, one) for one in channel.suspended_elsewhere]


def _suspended(channel: Channel, one: Mapping[str, Any]) -> Suspended:
    return Suspended(
        ref=one["ref"],
        ours=one["party"] == settings.NODE.party,
        by=party_name(one["party"]),
        towards_us=one["towards"] == settings.NODE.party,
        towards=party_name(one["towards"]),
        at=datetime.fromisoformat(one["at"]),
        scope=scope(one["topics"]),
        href=reverse("assistance:request", args=[channel.channel, one["ref"]]),
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that became of the charter, as the channel's page says it.

    Attributes:
        ref: Reference of its procedure.
        ours: Whether it is our notice, or our amendment.
        by: Who gave or proposed it.
        at: When it was accepted; a notice has a day instead.
    """

    ref: str
    ours: bool
    by: str
    href: str
    at: datetime | None = None
    day: date | None = None


def turns(channel: Channel) -> dict[str, list[Turn]]:
    """The amendments in force, the notices that stand, and the closings of a channel, in order."""
    return {
        name: [
            Turn(
                ref=one["ref"],
                ours=one.get("party") == settings.NODE.party,
                by=party_name(one["party"]) if "party" in one else "",
                href=reverse("assistance:request", args=[channel.channel, one["ref"]]),
                at=datetime.fromisoformat(one["at"]) if "at" in one else None,
                day=date.fromisoformat(one["day"]) if "day" in one else None,
            )
            for one in getattr(channel, name)
        ]
        for name in ("amendments", "notices", "closings")
    }


def scope(topics: Collection[str]) -> str:
    """Topics in words, in the order of the table."""
    known = standings.suspension_table().statement_of["topics"].values
    return ", ".join(_(topic) for topic in known if topic in topics)


def may(channel: Channel) -> tuple[Row, ...]:
    """What our side may do to the channel now."""
    return standings.channel_standing(channel.channel).may(settings.NODE.party)


def _half(channel: Channel, log: Log, logs: Sequence[Log]) -> Half:
    last = register.last_receipt(log)
    return Half(
        code=log.party,
        name=party_name(log.party),
        ours=log.ours,
        size=log.size,
        receipted=log.receipted,
        receipted_at=last.given_at if last else None,
        checkpoint_href=reverse("web:log", args=[log.party, log.channel]),
        last_heard=None if log.ours else register.last_stored(log),
        coordinator=_coordinator(channel, log.party),
        place=log.place,
        lacking=tuple(one.party for one in logs if _lacks(one, log)) if log.many else (),
        forked=log.party in register.forked(log.channel),
    )


def _lacks(reader: Log, log: Log) -> bool:
    """Whether a member has not signed for all of a log, as far as we know."""
    is_member = reader.place == reader.Place.MEMBER and reader.pk != log.pk
    return is_member and register.receipted_by(log, reader.party) < log.size


def _coordinator(channel: Channel, party: str) -> str:
    """The coordinator a party named, as it wrote it."""
    if party in channel.coordinators:  # as amended, or as its own proposal named it
        return str(channel.coordinators[party])
    said: Any = channel.answer.get(party)
    if not isinstance(said, dict):
        return ""
    return wording.coordinator(*(said.get(key) for key in ("office", "capacity", "reached_by")))


def _line(
    channel: Channel,
    logs: Sequence[register.Summary],
    names: Mapping[str, str],
    after: neighbours.Neighbour | None,
) -> Line:
    own = next((log for log in logs if log.ours), None)
    theirs = [log for log in logs if not log.ours]
    heard = [log.last_stored_at for log in theirs if log.last_stored_at]
    return Line(
        channel=channel.channel,
        name=channel.name,
        href=reverse("channels:channel", args=[channel.channel]),
        party=", ".join(channel.others),
        party_name=", ".join(names[party] for party in channel.others),
        basis=wording.basis(channel.instruments, charter=standings.CHARTER),
        basis_href=wording.basis_href(channel.instruments, charter=standings.CHARTER),
        verified=wording.identity(channel.instruments, charter=standings.CHARTER),
        standing=standing(channel),
        tone=tone(channel),
        ours_size=own.size if own else 0,
        theirs_size=sum(log.size for log in theirs),
        unreceipted=own.size - own.receipted if own else 0,
        oldest_unreceipted=own.unreceipted_since if own else None,
        last_heard=max(heard, default=None),
        is_closed=own is not None and own.is_closed,
        successor=after,
    )
