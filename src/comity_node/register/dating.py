"""Receipts that bear a time well after they came: what no rule both nodes share can correct is shown.

Local to this node: when a receipt came is known only where it came.

Follows: docs/adr/0012-when-a-receipt-counts.md.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F

from comity_node.register import models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity_node.register.queries import Received

# A clock that is a day off is reported by the line; what goes beyond is shown at the entry.
AHEAD: Final = timedelta(days=1)


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
