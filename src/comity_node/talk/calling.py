"""Whom a message waits for: officers are called once for a run of unopened messages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from comity_node.register import standings
from comity_node.register.calls import Call, call, over

if TYPE_CHECKING:
    from comity_node.talk.models import Talk

_SOURCE: Final = "talk"
_NEWS_FOR: Final = timedelta(hours=1)


def unopened(row: Talk) -> None:
    """Call for the messages of each other party that nobody here has opened, if the last is new.

    The call is named by how far our desk had opened: more of the same run calls nobody again, and once all is
    opened nobody is called any more. What was said in a talk that nothing regular opened has no page to be
    read on, and calls nobody.
    """
    if not row.state:
        return
    waiting = row.unopened()
    if not waiting:
        over(_SOURCE, row.channel, row.ref)
    elif row.last_at is not None and timezone.now() - row.last_at <= _NEWS_FOR:
        for party, known in waiting.items():
            call(
                Call(
                    source=_SOURCE,
                    key=f"talk:{row.channel}:{row.ref}:{party}:{known}",
                    channel=row.channel,
                    ref=row.ref,
                    party=party,
                    exercise=standings.exercised(row.channel),
                )
            )
