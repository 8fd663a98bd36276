"""Times that cannot be right: receipts and entries dated well after they came, and what ours are dated by.

Local to this node: when something came is known only where it came. What no rule both nodes share can correct
is shown.

Follows: docs/adr/0012-when-a-receipt-counts.md; docs/spec/entries.md, Time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Count, F

from comity.entries import decode
from comity.lifecycle.standing import HONEST_CLOCKS
from comity_node.register import models, statements

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from comity_node.register.queries import Received

# A clock that is a day off is reported by the line; what goes beyond is shown at the entry.
AHEAD: Final = HONEST_CLOCKS


def ahead_of_coming(received: Sequence[Received]) -> dict[tuple[str, int], timedelta]:
    """By log and size: how far the first receipts of these entries are dated ahead of when they came."""
    sizes = {one.receipt_size for one in received if one.receipt_size is not None}
    logs = {str(one.ref.origin) for one in received if one.ours}
    rows = models.Receipt.objects.filter(log__origin__in=logs, size__in=sizes)
    found = rows.values_list("log__origin", "size", "given_at", "stored_at")
    return {
        (origin, size): given_at - stored_at
        for origin, size, given_at, stored_at in found
        if given_at - stored_at > AHEAD
    }


def counted() -> dict[str, int]:
    """How many receipts of each party are dated ahead of when they came here."""
    rows = models.Receipt.objects.filter(given_at__gt=F("stored_at") + AHEAD)
    return dict(rows.order_by("party").values("party").annotate(n=Count("pk")).values_list("party", "n"))


def not_before_what_was_seen(channel: str, now: datetime) -> datetime:
    """The time of an entry we are about to author: now, or that of an entry it follows, if a little later.

    Clocks differ by seconds, and an answer dated before its question reads like a lie. Nobody can drag our
    time along by more than ``clock_seconds``, however far ahead it dates its own.
    """
    most = now + timedelta(seconds=settings.NODE.clock_seconds)
    followed = (decode(leaf).authored_at for leaf in statements.last_leaves(channel))
    return max((at for at in followed if now < at <= most), default=now)


def dated_ahead(received: Received) -> timedelta | None:
    """How far a counterpart's entry is dated ahead of when it came, where that is more than clocks differ."""
    ahead = received.entry.authored_at - received.stored_at
    return ahead if not received.ours and ahead > AHEAD else None
