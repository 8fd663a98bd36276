"""Requirement profiles: what an authority says it requires, published in a channel, signed and dated.

The latest publication of a party in a channel counts. Earlier ones stay on record, so that both sides can
tell by which a request was measured (docs/adr/0019-profiles-are-entries.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext as _

from comity.drafting import Profile, profile_document, received_profile
from comity.errors import ComityError, MalformedProfile
from comity.instruments import library
from comity.lifecycle.stated import values
from comity.names import EntryRef
from comity_node.assistance.errors import ChannelNotOpen, ProfileNotOurs, ProfileOutdated
from comity_node.assistance.links import address
from comity_node.assistance.models import Request
from comity_node.register import membership, payloads, standings
from comity_node.register import queries as register
from comity_node.register.acts import Act

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from comity_node.register.queries import Received

KINDS: Final = "authority.profile"
PUBLISHED: Final = f"{KINDS}.published"
PART: Final = "profile"  # of the payload
MOST: Final = 20
MOST_OPENED: Final = 5  # of a party's latest, until one can be read: each may be as large as a payload can be


@dataclass(frozen=True, slots=True)
class Version:
    """One publication of a profile.

    Attributes:
        ref: Its reference in the channel, by which findings cite it.
        on: The day it states.
        profile: What it says; None where it cannot be read or was not opened.
        because: Why it cannot be read; empty where it can, or was not opened.
        receipted_at: When the other party signed for it; None while it has not.
    """

    party: str
    ours: bool
    channel: str
    ref: str
    entry: str
    on: str
    at: datetime
    receipted_at: datetime | None
    profile: Profile | None
    because: str

    @property
    def href(self) -> str:
        """The page of the publication, with its double record."""
        return address("assistance:request", self.channel, self.ref)


def versions(channel: str, party: str) -> list[Version]:
    """The publications of one party in a channel that have effect, the latest first.

    Opened are those down to the one that counts, and no more than so many: the earlier are listed only.
    """
    found: list[Version] = []
    is_found = False
    for one in _published(channel, party):
        is_opened = not is_found and len(found) < MOST_OPENED
        found.append(_version(one, is_opened=is_opened))
        is_found = is_found or found[-1].profile is not None
    return found


def current(channel: str, party: str) -> Version | None:
    """The latest publication of a party that can be read; None where there is none among the latest."""
    opened = (_version(one) for one in _published(channel, party)[:MOST_OPENED])
    return next((one for one in opened if one.profile is not None), None)


def _published(channel: str, party: str) -> list[Received]:
    """The entries of the latest publications that have effect, the latest first, in two queries."""
    rows = Request.objects.filter(channel=channel, kinds=KINDS, requesting=party).exclude(state="")
    said_by = rows.order_by("-last_at", "ref").values_list("said_by", flat=True)[:MOST]
    return register.these(EntryRef.parse(one[0]) for one in said_by)[::-1]


def publication(profile: Profile, channel: str) -> Act:
    """The act that publishes a profile in a channel, as it is to be signed.

    Raises:
        ProfileNotOurs: It speaks for another party.
        ChannelNotOpen: The channel is not open.
        ProfileOutdated: One of a later day is published there.
    """
    own = settings.NODE.party
    if profile.party != own:
        raise ProfileNotOurs(
            f"nothing was published: the profile speaks for {profile.party}, and this is {own}"
        )
    if not standings.is_open(channel):
        raise ChannelNotOpen(f"nothing was published: the channel {channel[:40]} is not open")
    before = current(channel, own)
    if before is not None and before.on > profile.as_of.isoformat():
        raise ProfileOutdated(
            f"nothing was published: {before.ref} of {before.on} is later than {profile.as_of}"
        )
    charter = library()[standings.CHARTER]
    return Act(
        channel=channel,
        kind=PUBLISHED,
        ref=_next_reference(channel),
        stated={
            "instrument": charter.id,
            "table": charter.digest,
            "requested": membership.everybody_else(channel),
            "as_of": profile.as_of.isoformat(),
        },
        payload={
            "title": _("Requirement profile: %s") % profile.authority[:200],
            PART: profile_document(profile),
        },
    )


def open_channels() -> list[str]:
    """The channels in which a profile can be published."""
    return [log.channel for log in register.own_logs() if standings.is_open(log.channel)]


def words(profile: Profile) -> Iterator[tuple[str, str]]:
    """What a profile says, as labels and values, in the order of the form."""
    demanded = {"time": _("day, time of day and time zone"), "port": _("source port")}
    translated = {"checked": _("checked by a person"), "certified": _("certified")}
    yield _("Authority"), profile.authority
    yield _("Published on"), profile.as_of.isoformat()
    yield _("For requests under"), ", ".join(profile.instruments) or _("every instrument")
    yield _("In procedures"), ", ".join(profile.procedures)
    yield _("Languages taken"), ", ".join(profile.languages)
    yield _("Translations"), translated.get(profile.translation, "")
    yield (
        _("Text of the law"),
        _("word for word") if profile.law_text == "verbatim" else _("a citation is enough"),
    )
    yield _("With each address"), "; ".join(demanded[one] for one in profile.network)
    yield _("Longest period"), "\n".join(f"{one.days}{_for_types(one.types)}" for one in profile.longest)
    yield _("Form of what is sent"), "\n".join(profile.formats)
    yield (
        _("Always needed"),
        "\n".join(f"{one.field}{_for_types(one.types)}: {one.because}" for one in profile.needs),
    )
    yield (
        _("Contact points"),
        "\n".join(
            ", ".join(filter(None, (f"{one.purpose}: {one.reached_by}", one.hours)))
            for one in profile.contacts
        ),
    )


def facts(document: object, *, party: str, as_of: str) -> list[tuple[str, str]]:
    """The profile of a payload in words; where it cannot be read, why."""
    try:
        return [row for row in words(received_profile(document, party=party, as_of=as_of)) if row[1]]
    except MalformedProfile as unreadable:
        return [
            (
                _("Requirement profile"),
                _("It cannot be read, and nothing is held against it: %s") % unreadable,
            )
        ]


def _version(one: Received, *, is_opened: bool = True) -> Version:
    said = next(iter(values(one.entry.stated, "as_of")), "")
    profile, because = None, ""
    try:
        if is_opened:
            document = payloads.payload(one) or {}
            profile = received_profile(document.get(PART), party=one.party, as_of=said)
    except ComityError as unreadable:
        because = str(unreadable)[:300]
    return Version(
        party=one.party,
        ours=one.ours,
        channel=one.ref.origin.channel,
        ref=one.entry.ref,
        entry=str(one.ref),
        on=said[:20],
        at=one.entry.authored_at,
        receipted_at=one.receipted_at,
        profile=profile,
        because=because,
    )


def _for_types(types: tuple[str, ...]) -> str:
    return f" [{', '.join(types)}]" if types else ""


def _next_reference(channel: str) -> str:
    """Versions are numbered by channel: ``aa-profile-2``; what a counterpart took of ours is passed over."""
    beginning = f"{settings.NODE.party}-profile-"
    known = Request.objects.filter(channel=channel, ref__startswith=beginning)
    taken = set(known.values_list("ref", flat=True))
    number = known.filter(ours=True, kinds=KINDS).count() + 1
    while f"{beginning}{number}" in taken:
        number += 1
    return f"{beginning}{number}"
