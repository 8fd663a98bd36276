"""Leaving a channel by notice: from when nothing new may be begun, and how early that may be.

The day is stated by whoever leaves. It is not earlier than the longest notice of the treaties the channel
rests on, counted from the notice, or from its receipt where that is more than a day later: whoever dates a
notice back gains nothing.

Follows: docs/spec/charter.md, Leaving.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final, NamedTuple

from comity.lifecycle.standing import HONEST_CLOCKS
from comity.lifecycle.stated import day, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.instruments import Instrument, Rule
    from comity.lifecycle.standing import Act, Standing

DENUNCIATION: Final = "channel.denunciation"
GIVEN: Final = "given"
TAKEN_BACK: Final = "taken_back"
_NO_LAW: Final = ("arrangement", "model")


class Period(NamedTuple):
    """The notice that decides: the rule of the treaty that asks for the longest, and where that leads."""

    earliest: date
    instrument: Instrument | None = None
    rule: Rule | None = None


class Leaving(NamedTuple):
    """One notice that a party leaves the channel.

    Attributes:
        ref: Reference of its procedure.
        given: The act that gave it.
        day: From the beginning of this day (UTC) it has effect.
        taken_back: The acts that took it back; for each party it is, once it made or saw one.
    """

    ref: str
    given: Act
    day: date
    taken_back: tuple[Act, ...]

    @property
    def at(self) -> datetime:
        """The instant from which it has effect."""
        return datetime.combine(self.day, time.min, tzinfo=UTC)

    def stands_for(self, act: Act) -> bool:
        """Whether the author of an act knew of it, and not that it was taken back."""
        return act.knew(self.given) and not any(act.knew(one) for one in self.taken_back)

    def holds(self, act: Act) -> bool:
        """Whether it bars what an act would begin: its author knew of it, and acted when it had effect."""
        return self.stands_for(act) and act.at >= self.at

    def concerns(self, act: Act, addressed: tuple[str, ...]) -> bool:
        """Whether what an act would begin is begun by the party that leaves, or with it alone."""
        return self.given.party == act.party or addressed == (self.given.party,)


def period(texts: Iterable[Instrument], given: date) -> Period:
    """The longest notice that the treaties among these texts ask for, of a notice given on that day."""
    found = [
        Period(rule.notice.earliest(given), text, rule)
        for text in texts
        if text.kind not in _NO_LAW
        for rule in text.rules
        if rule.notice is not None
    ]
    return max(found, key=lambda one: one.earliest, default=Period(given))


def leaving(ref: str, standing: Standing, texts: Sequence[Instrument]) -> Leaving:
    """One notice, from where its procedure stands and what its author knew the channel to rest on."""
    given, *others = (one.act for one in standing.regular)
    stated = _stated(given)
    assert stated is not None, "the table demands a day"
    held = given.receipted_at
    if held is not None and held > given.at + HONEST_CLOCKS:
        stated = max(stated, period(texts, held.date()).earliest)
    return Leaving(ref, given, stated, tuple(one for one in others if one.act == TAKEN_BACK))


def too_early(act: Act, texts: Sequence[Instrument]) -> str | None:
    """Why a notice cannot take effect on the day it states, or None."""
    stated, found = _stated(act), period(texts, act.at.date())
    if stated is None or stated >= found.earliest:
        return None
    if found.instrument is None or found.rule is None:
        return f"it cannot take effect before it is given, on {found.earliest}"
    return (
        f"it can take effect on {found.earliest} at the earliest: the channel rests on "
        f"{found.instrument.short}, which is left by notice ({found.rule.basis}, "
        f"verification {found.rule.verified.value})"
    )


def _stated(act: Act) -> date | None:
    return next(map(day, values(act.stated, "takes_effect_on")), None)
