"""What acts are judged on: channel, logs and procedures, read once for all that are judged together."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

from comity import lifecycle
from comity.names import EntryRef, Origin
from comity_node.register import queries, standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.instruments import Instrument
    from comity.lifecycle import Bearing, Life, Standing, Table
    from comity_node.register.acts import Act
    from comity_node.register.models import Log
    from comity_node.register.queries import Received
    from comity_node.register.standings import Opened


class Ground:
    """The record as acts in one channel find it. Nothing is read before it is asked for, nothing twice."""

    def __init__(self, acts: Sequence[Act]) -> None:
        """Stand on the record of the channel in which ``acts`` are to be done."""
        self.channel = acts[0].channel
        self._refs = [act.ref for act in acts]

    @cached_property
    def life(self) -> Life:
        """What became of the channel's charter."""
        return standings.life(self.channel)

    @cached_property
    def opened(self) -> Opened:
        """The opening of the channel, and who came in by it and later."""
        return standings.opened(self.channel)

    @property
    def opening(self) -> Standing:
        """Where the channel's own opening stands."""
        return self.life.opening

    @property
    def is_open(self) -> bool:
        """Whether we are in the channel, and somebody else is."""
        return self.opening.state == standings.ACCEPTED

    @cached_property
    def texts(self) -> list[Instrument]:
        """The instruments new procedures may rest on now, as far as this node has their texts."""
        return standings.charter_last(self.life.texts_now())

    def bearing(self, kinds: str) -> Bearing:
        """How the life of the charter bears on procedures of these kinds."""
        return self.life.on(kinds)

    @property
    def parties(self) -> set[str]:
        """Every party that has a log in the channel, whether it is in it now or not."""
        return {log.party for log in self._logs}

    @property
    def others(self) -> set[str]:
        """The other parties that are in the channel."""
        return {log.party for log in self._logs if not log.ours and log.place == log.Place.MEMBER}

    def entries(self, ref: str) -> list[Received]:
        """Everything on record in the channel under one of the references, in the common order."""
        return self._entries.get(ref, [])

    def acts(self, ref: str, kinds: str) -> list[lifecycle.Act]:
        """The acts of one procedure, as whoever verifies an export counts them."""
        return standings.lifecycle_acts(one for one in self.entries(ref) if one.entry.kinds == kinds)

    def table(self, kinds: str, acts: Sequence[lifecycle.Act]) -> Table | None:
        """The table that the acts of one procedure are judged by; None where the channel has none."""
        return self.life.governing(kinds, acts)

    def candidate(self, act: Act, party: str) -> lifecycle.Act:
        """An act about to be signed now, as the lifecycle reads it."""
        own = next((log for log in self._logs if log.ours), None)
        return lifecycle.Act(
            ref=EntryRef(Origin(party, self.channel), own.size if own else 0),
            party=party,
            act=act.kind.rpartition(".")[2],
            at=timezone.now(),
            stated=act.stated,
            answers=act.answers,
            seen={log.party: log.size for log in self._logs if not log.ours},
            depth=sys.maxsize,
        )

    @cached_property
    def _logs(self) -> list[Log]:
        return queries.channel_logs(self.channel)

    @cached_property
    def _entries(self) -> dict[str, list[Received]]:
        return queries.by_ref(queries.entries(self.channel, refs=self._refs))
