"""What is news for officers, from the record: heard of whatever was just projected, within its transaction.

There is no second look at the record later: a cause stands with the entry that made it, or neither does. What
is heard again (a rebuilding, a record brought back) has the same key and calls nobody. What was stored longer
ago than a day is no news: a node that is upgraded does not wake its officers for last year.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity_node.assistance import queries as assistance
from comity_node.assistance.detail import detail
from comity_node.duty import escalating, outbox
from comity_node.duty.models import Cause
from comity_node.duty.sources import ALERTS, is_heard_of, source_of
from comity_node.register import queries as register
from comity_node.register.calls import Call

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from comity_node.register.queries import Received

LOG: Final = logging.getLogger("comity.duty")
NEWS_FOR: Final = timedelta(days=1)


def follow(channel: str, kinds: str, refs: Collection[str]) -> None:
    """Keep what these procedures give to call officers for, if they are of such kinds.

    What goes wrong here is written down and stops nothing: no entry is refused because nobody can be called.
    """
    if not is_heard_of(kinds):
        return
    for ref in sorted(refs):
        try:
            with transaction.atomic():
                _follow(channel, kinds, ref)
        except Exception:
            LOG.exception("officers could not be called")


def hear(call: Call) -> None:
    """Keep what another room calls officers for."""
    try:
        with transaction.atomic():
            outbox.keep(call)
    except Exception:
        LOG.exception("officers could not be called")


def ended(source: str, channel: str, ref: str) -> None:
    """Call nobody any more for what another room says was seen to."""
    try:
        with transaction.atomic():
            outbox.overtake(channel, ref, [source])
    except Exception:
        LOG.exception("calls that were seen to could not be ended")


def _follow(channel: str, kinds: str, ref: str) -> None:
    row, found = assistance.request(channel, ref), detail(channel, ref, kinds)
    if row is None or found is None or row.kinds != kinds or not row.state:
        return  # nothing regular has begun it: whatever was sent has no effect
    received = found.folded.received or register.entries(channel, ref=ref, prefix=f"{kinds}.")
    if not concerns_us(row.ours, received):
        return
    known = set(Cause.objects.filter(channel=channel, ref=ref).values_list("key", flat=True))
    for one, judged in zip(received, found.folded.judgements, strict=True):
        source = source_of(one.entry.kind, ours=row.ours)
        counts = judged.row is not None or judged.is_lodged
        if source is None or not counts or not _is_news(one) or f"{source.code}:{one.ref}" in known:
            continue
        graded = _stated(one) if one.entry.stated.get("severity") else row.severity
        outbox.keep(
            Call(
                source=source.code,
                key=f"{source.code}:{one.ref}",
                severity=None if source.always else graded,
                channel=channel,
                ref=ref,
                party=one.party,
                exercise=row.exercise,
            ),
            kinds=kinds,
        )
    if kinds == ALERTS:
        escalating.watch(row, found, severity=3 if row.severity is None else row.severity)


def concerns_us(ours: bool, received: Iterable[Received]) -> bool:
    """Whether a procedure is ours, or names us: in a channel of many others warn one another too."""
    named = [one.entry.stated.get("requested") for one in received]
    parties = [party for one in named for party in ([one] if isinstance(one, str) else one or ())]
    return ours or not parties or settings.NODE.party in parties


def _is_news(one: Received) -> bool:
    """Whether it is the other side's, and new."""
    return not one.ours and timezone.now() - one.stored_at <= NEWS_FOR


def _stated(one: Received) -> int | None:
    """A counterpart may state what it likes: what is no grade is none."""
    said = one.entry.stated.get("severity")
    return int(said) if isinstance(said, str) and said in ("0", "1", "2", "3", "4", "5") else None
