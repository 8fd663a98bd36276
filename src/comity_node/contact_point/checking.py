"""What the node does about checks by itself: it answers, asks what is due, and says what was missed.

It signs as the node, in nobody's capacity. It answers for itself and for no official: what is asked of people
waits for people. What it says that was missed is only that it holds no answer and that the time is over.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity.errors import ComityError, OurFault
from comity_node.contact_point import queries, services
from comity_node.contact_point.models import ContactCheck
from comity_node.register import membership
from comity_node.register import services as register
from comity_node.register.acts import Capacity

if TYPE_CHECKING:
    from datetime import datetime

    from comity_node.register.acts import Act

LOG: Final = logging.getLogger("comity.checks")
NODE: Final = Capacity(office="node", capacity="node")
_AT_ONCE: Final = 50
_AT_LEAST: Final = timedelta(minutes=10)


def answer(now: datetime) -> int:
    """Answer automatic checks of us, of each party in each channel no more a day than the limit says."""
    own = settings.NODE.party
    waiting = ContactCheck.objects.filter(party=own, sort="automatic", final=False).exclude(asker=own)
    done = 0
    # Each asker by itself: whoever asks without end keeps nobody else waiting.
    for channel, asker in list(waiting.order_by().values_list("channel", "asker").distinct()):
        still = min(_AT_ONCE, settings.NODE.limits.contact_checks - _answered_today(channel, asker, now))
        for one in waiting.filter(channel=channel, asker=asker).order_by("asked_at")[: max(0, still)]:
            done += _put(services.on_check(channel, one.ref, "answered_by_node"))
    return done


def _answered_today(channel: str, asker: str, now: datetime) -> int:
    lately = ContactCheck.objects.filter(channel=channel, asker=asker, by_node=True)
    return lately.filter(answered_at__gt=now - timedelta(days=1)).count()


def miss(now: datetime) -> int:
    """Put on record which checks of ours nobody answered in time."""
    own = settings.NODE.party
    over = ContactCheck.objects.filter(asker=own, state="asked", due_at__lt=now).exclude(party=own)
    done = 0
    for one in over.order_by("due_at")[:_AT_ONCE]:
        several = ContactCheck.objects.filter(channel=one.channel, ref=one.ref).exclude(party=one.party)
        concerns = {"concerns": one.party} if several.exists() else {}
        done += _put(services.on_check(one.channel, one.ref, "missed", stated=concerns))
    return done


def ask(now: datetime) -> int:
    """Ask automatic checks of everybody of whom none is under way and the last is ``check_days`` ago."""
    every = settings.NODE.check_days
    if not every:
        return 0
    done = 0
    for channel in queries.open_channels():
        last = ContactCheck.objects.filter(asker=settings.NODE.party, channel=channel, sort="automatic")
        lately = last.filter(asked_at__gt=now - timedelta(days=every)) | last.filter(final=False)
        everybody = membership.everybody_else(channel)
        others = [everybody] if isinstance(everybody, str) else everybody
        due = sorted(set(others) - set(lately.values_list("party", flat=True)))
        if due:
            done += _ask(channel, due)
    return done


def _ask(channel: str, parties: list[str]) -> int:
    try:
        act = services.asking(channel, sort="automatic", at_kind="technical", parties=parties)
    except OurFault as refused:  # the charter of the channel knows no checks, or nobody is in it
        LOG.debug("no check asked", extra={"channel": channel, "code": refused.code})
        return 0
    return _put(act)


def _put(act: Act) -> int:
    """Put an act on record; whatever stands against it in one channel holds up no other."""
    try:
        register.append(act, by=NODE)
    except OurFault as refused:
        LOG.debug("a check was left", extra={"channel": act.channel, "code": refused.code})
        return 0
    except ComityError as failed:
        LOG.warning("a check could not be written", extra={"channel": act.channel, "code": failed.code})
        return 0
    return 1


def left(now: datetime) -> int:
    """How many automatic checks of us were left, as where somebody asks more than the limit of a day."""
    waiting = ContactCheck.objects.filter(party=settings.NODE.party, sort="automatic", final=False)
    return waiting.filter(asked_at__lt=now - _AT_LEAST).count()
