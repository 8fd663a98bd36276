"""What the measurements of talks have a node do, in its own process, as its pages would."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comity.entries import By
from comity_node.officials import people
from comity_node.register import news, queries, recipients, services
from comity_node.register.acts import Act, Capacity
from comity_node.talk import queries as talks
from comity_node.talk import services as talk

if TYPE_CHECKING:
    from comity.names import EntryRef

_OFFICE = Capacity("central-authority", "case officer")
_AT_ONCE = 500
_WITHIN = 60.0
_WORDS = "What was seen at the exchange point at 03:15 is seen again here, from the same three networks."


def talk_opened(channel: str) -> str:
    """Open a hotline; its reference."""
    act = talk.opening(channel, title="Measurement", about="hotline")
    talk.sign(act, shown=act.digest(), by=people.find("admin"))
    return act.ref


def talk_said(channel: str, ref: str, first: int, count: int) -> dict[str, list[float]]:
    """Say so many things, each once the one before is receipted: seconds to the receipt, and of processor."""
    by = people.find("admin")
    found: dict[str, list[float]] = {"receipted": [], "spent": [], "signed": []}
    for number in range(first, first + count):
        begun, spent = time.perf_counter(), time.thread_time()
        entry = talk.say(talk.found(channel, ref), f"{number}: {_WORDS}", by=by)
        found["spent"].append(time.thread_time() - spent)
        found["signed"].append(time.perf_counter() - begun)
        receipted(channel, entry)
        found["receipted"].append(time.perf_counter() - begun)
    return found


def talk_filled(channel: str, ref: str, first: int, count: int) -> int:
    """Put messages on record without judging each; how many the talk holds then."""
    for start in range(first, first + count, _AT_ONCE):
        row = talk.found(channel, ref)
        numbers = range(start, min(start + _AT_ONCE, first + count))
        acts = [talk.saying(row, f"{number}: {_WORDS}", language="en") for number in numbers]
        _written(channel, acts)
    return talk.found(channel, ref).messages


def talk_unread(channel: str, ref: str) -> int:
    """How many messages of the other side nobody here has opened."""
    return talks.unread(talk.found(channel, ref))


def _written(channel: str, acts: list[Act]) -> None:
    sealed = services._sealed(acts, recipients.meant_for(queries.channel_logs(channel), acts))  # noqa: SLF001 - past the judge, on purpose
    signatories = By(_OFFICE.office, _OFFICE.capacity, None)
    with transaction.atomic():
        log, others = services._own_log_and_others(channel)  # noqa: SLF001 - as above
        now = timezone.now()
        entries = [
            services._entry(act, one, signatories, others, now)  # noqa: SLF001 - as above
            for act, one in zip(acts, sealed, strict=True)
        ]
        services._write(log, entries, [one for one in sealed if one], now)  # noqa: SLF001 - as above
        services.project(channel, {(act.kind, act.ref) for act in acts})
        news.ring_on_commit()


def receipted(channel: str, entry: EntryRef) -> None:
    """Wait until the counterpart has signed for an entry."""
    until = time.monotonic() + _WITHIN
    while time.monotonic() < until:
        heard = news.heard()
        own = queries.own_log(channel)
        if own is not None and own.receipted > entry.index:
            return
        news.wait(heard, seconds=1.0)
    raise TimeoutError(f"{entry} has no receipt")
