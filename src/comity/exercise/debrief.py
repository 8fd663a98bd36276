"""What became of an exercise, from the record alone: the same document for every party.

Before the script is on record there is a line of time and there are clocks; what was expected comes with it.

Follows: docs/spec/exercises.md, Debrief.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from comity.exercise.playing import Heard, Met, Playing
    from comity.lifecycle import Clock
    from comity.names import EntryRef

_USEFUL: Final = frozenset({"granted", "refused", "returned", "postponed", "countered"})
_OPENED: Final = frozenset({"opened"})


@dataclass(frozen=True, slots=True)
class Run:
    """A clock of a procedure, and which party it ran for."""

    name: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Answered:
    """How long one party took with what another opened, in seconds; None where it never came.

    Attributes:
        receipt: Until its node signed for it.
        opened: Until an office had it open, as far as the procedure has such an act.
        acknowledged: Until an official answered for it.
        useful: Until it first gave or declined what was asked.
    """

    name: str
    party: str
    of: str
    receipt: int | None
    opened: int | None
    acknowledged: int | None
    useful: int | None


@dataclass(frozen=True, slots=True)
class Debrief:
    """What is known of an exercise.

    Attributes:
        script_digest: As it was announced.
        playing: How it stands by the script; None while the script is not on record, or is another.
        now: The instant until which what is open is judged: its end, once it has ended.
    """

    channel: str
    name: str
    leads: str
    parties: Sequence[str]
    began: datetime
    ended: datetime | None
    outcome: str
    speed: float
    script_digest: str
    script_holds: bool | None
    heard: Sequence[Heard]
    clocks: Sequence[Run]
    playing: Playing | None
    now: datetime

    def minutes(self, at: datetime) -> float:
        """Minutes of the script at an instant."""
        return (at - self.began).total_seconds() / 60 * self.speed

    @property
    def in_time(self) -> list[Heard]:
        """What was done, by the time its authors give it."""
        return sorted(self.heard, key=lambda one: one.at)

    def inject_of(self, ref: EntryRef) -> str:
        """The inject that an entry was, by its id; empty where it was none."""
        done = self.playing.done if self.playing else {}
        return next((name for name, one in done.items() if one.heard.ref == ref), "")


def debrief(found: Debrief) -> list[Answered]:
    """How long each party took with each procedure that was opened to it, in the order they were opened."""
    openings = [one for one in found.heard if one.opens and not one.irregular]
    return [
        _answered(opening, party, found.heard)
        for opening in openings
        for party in _addressed(opening)
        if party in found.parties
    ]


def plain(found: Debrief) -> dict[str, Any]:
    """All of it as plain data, equal on every side for the same record; instants in UTC."""
    playing = found.playing
    return {
        "channel": found.channel,
        "exercise": found.name,
        "leads": found.leads,
        "parties": sorted(found.parties),
        "began": _utc(found.began),
        "ended": _utc(found.ended) if found.ended else None,
        "outcome": found.outcome,
        "minutes_a_minute": found.speed,
        "script": {"sha256": found.script_digest, "holds": found.script_holds},
        "title": playing.script.title if playing else None,
        "timeline": [_line(found, one) for one in found.in_time],
        "expectations": [_expected(found, one) for one in playing.met.values()] if playing else None,
        "not_played": [one.id for one in playing.script.injects if one.id not in playing.done]
        if playing
        else None,
        "clocks": [_clock(one, found.now) for one in found.clocks],
        "answers": [asdict(one) for one in debrief(found)],
        "irregular": [
            {"entry": str(one.ref), "because": one.irregular} for one in found.heard if one.irregular
        ],
    }


def standing_of(one: Met, now: datetime, *, is_over: bool) -> str:
    """``met``, ``late``, ``missed`` or ``open``."""
    if one.heard is not None:
        return "late" if one.late(now) else "met"
    return "missed" if is_over or now > one.due_at else "open"


def _answered(opening: Heard, party: str, heard: Iterable[Heard]) -> Answered:
    theirs = [one for one in heard if one.name == opening.name and one.party == party and not one.irregular]
    received = opening.received.get(party)

    def took(kinds: frozenset[str], acts: frozenset[str]) -> int | None:
        at = next((one.at for one in theirs if one.counts in kinds or one.act in acts), None)
        return None if at is None else _seconds(opening.at, at)

    return Answered(
        name=opening.name,
        party=party,
        of=opening.party,
        receipt=None if received is None else _seconds(opening.at, received),
        opened=took(frozenset(), _OPENED),
        acknowledged=took(frozenset({"acknowledged"}), frozenset({"acknowledged"})),
        useful=took(_USEFUL, frozenset()),
    )


def _addressed(opening: Heard) -> Sequence[str]:
    said = opening.stated.get("requested", ())
    return (said,) if isinstance(said, str) else tuple(said)


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, round((until - since).total_seconds()))


def _line(found: Debrief, one: Heard) -> dict[str, Any]:
    return {
        "at": _utc(one.at),
        "minute": round(found.minutes(one.at), 1),
        "party": one.party,
        "ref": one.name,
        "procedure": one.procedure,
        "act": one.act,
        "entry": str(one.ref),
        "inject": found.inject_of(one.ref),
        "irregular": bool(one.irregular),
    }


def _expected(found: Debrief, one: Met) -> dict[str, Any]:
    late = one.late(found.now)
    standing = standing_of(one, found.now, is_over=found.ended is not None)
    return {
        "id": one.expectation.id,
        "says": one.expectation.says,
        "standing": standing,
        "due": _utc(one.due_at),
        "done": _utc(one.heard.at) if one.heard else None,
        "entry": str(one.heard.ref) if one.heard else None,
        "late_seconds": round(late.total_seconds()) if standing == "late" else 0,
        "late_minutes": round(late.total_seconds() / 60 * found.speed, 1) if standing == "late" else 0,
    }


def _clock(one: Run, now: datetime) -> dict[str, Any]:
    clock = one.clock
    ended = clock.met_at or clock.lifted_at
    return {
        "ref": one.name,
        "clock": clock.id,
        "for": clock.for_party,
        "due": _utc(clock.due_at),
        "standing": clock_standing(clock, now),
        "at": _utc(ended) if ended else None,
        "late_seconds": max(0, round(((clock.met_at or now) - clock.due_at).total_seconds()))
        if clock.lifted_at is None
        else 0,
    }


def clock_standing(clock: Clock, now: datetime) -> str:
    """``met``, ``late``, ``lifted``, ``missed`` or ``open``."""
    if clock.met_at is not None:
        return "late" if clock.met_at > clock.due_at else "met"
    if clock.lifted_at is not None:
        return "lifted"
    return "missed" if now > clock.due_at else "open"


def _utc(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
