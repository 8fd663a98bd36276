"""Note how the line to a counterpart does, seldom enough to cost nothing."""

from __future__ import annotations

import time
from typing import Final

from django.db import IntegrityError
from django.utils import timezone

from comity_node.wire.models import LineReport

_EVERY: Final = 5.0
_last: dict[str, tuple[float, str]] = {}


def report(party: str, *, answered: bool, because: str) -> None:
    """Note that a counterpart answered, or why it did not.

    Args:
        party: Its party code.
        answered: Whether its node answered at all.
        because: What went wrong; empty where all went well.
    """
    at, said = _last.get(party, (0.0, "never"))
    if said == because and time.monotonic() - at < _EVERY:
        return
    _last[party] = (time.monotonic(), because)
    now = timezone.now()
    noted = {"tried_at": now, "because": because}
    if answered:
        noted |= {"heard_at": now}
    if not LineReport.objects.filter(party=party).update(**noted):
        try:
            LineReport.objects.create(party=party, **noted)
        except IntegrityError:
            LineReport.objects.filter(party=party).update(**noted)
