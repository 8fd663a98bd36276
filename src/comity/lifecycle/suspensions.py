"""Suspensions of a channel, and how they bear on its procedures: effects and clocks, never receipts.

What has effect is decided by what authors had seen, not by their clocks. An act is *lodged* where its
author had seen a suspension of its topic and not yet the end of it; an act that crossed the suspension has
the effect it always had. A lodged act takes effect with its author's confirmation, after the end, as if it
were done there and then; one that its author takes back never does. Clocks stand still from the time the
suspension bears to the time its end bears.

Follows: docs/spec/suspension.md; docs/adr/0020-suspensions.md.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from msgspec.structs import replace

from comity.lifecycle.clocks import later
from comity.lifecycle.standing import HONEST_CLOCKS
from comity.lifecycle.stated import values

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from comity.instruments import Procedure
    from comity.lifecycle.standing import Act, Standing
    from comity.names import EntryRef

KINDS: Final = "channel.suspension"
CONFIRMED: Final = "confirmed"
TAKEN_BACK: Final = "taken_back"
_WORDS: Final = frozenset({CONFIRMED, TAKEN_BACK})


class Span(NamedTuple):
    """A time in which clocks stand still; until None, they still do."""

    since: datetime
    until: datetime | None


class Suspension(NamedTuple):
    """One suspension that had effect.

    Attributes:
        ref: Reference of its procedure.
        topics: What it suspends.
        began: The act that declared it.
        ends: The acts that ended it, in order: one lifted it while the other side accepted terms. For each
            party it has ended once it made or saw any of them; nobody's later word takes that back.
        span: How long it lasted, by the times its acts bear, as far as the record bears them out.
        parties: Between whom: the suspending party and the other. What either has with others goes on.
    """

    ref: str
    topics: frozenset[str]
    began: Act
    ends: tuple[Act, ...]
    span: Span
    parties: frozenset[str] = frozenset()

    def holds(self, act: Act) -> bool:
        """Whether an act was done under it, by what its author had made or seen."""
        return act.knew(self.began) and not any(act.knew(end) for end in self.ends)


class Heard(NamedTuple):
    """One act in its turn: taken by the table, or lodged under a suspension and only heard.

    ``taken_back`` is its author's entry that took it back, where one did.
    """

    act: Act
    under: Suspension | None = None
    taken_back: EntryRef | None = None


def topic(kinds: str) -> str:
    """The topic of a procedure, by the kinds of its entries: ``assistance`` of ``assistance.request``."""
    return kinds.partition(".")[0]


class Suspensions:
    """The suspensions of one channel, and what authors said afterwards of what they lodged meanwhile."""

    def __init__(
        self, found: Iterable[Suspension] = (), words: Iterable[tuple[Suspension, Act]] = ()
    ) -> None:
        self.all: tuple[Suspension, ...] = tuple(found)
        self._words = tuple(sorted(words, key=lambda each: each[1].place))
        self._said_of: dict[str, list[tuple[Suspension, Act]]] = {}
        for one, said in self._words:
            for name in dict.fromkeys(values(said.stated, "entries")):
                self._said_of.setdefault(name, []).append((one, said))

    @classmethod
    def of(cls, standings: Mapping[str, Standing]) -> Suspensions:
        """What the suspension procedures of a channel come to.

        Args:
            standings: Where each stands, by its reference. Of two by one party towards another over one topic
                the later has effect only where the earlier had ended before it: nobody suspends twice what
                stands still.
        """
        found: list[Suspension] = []
        words: list[tuple[Suspension, Act]] = []
        last: dict[tuple[str, frozenset[str], str], Suspension] = {}  # by party, between whom, and topic
        opened = ((ref, one, one.regular) for ref, one in standings.items() if one.state)
        for ref, standing, regular in sorted(opened, key=lambda one: one[2][0].act.place):
            one = _suspension(ref, standing)
            keys = [(one.began.party, one.parties, each) for each in sorted(one.topics)]
            if not any(key in last and last[key].holds(one.began) for key in keys):
                found.append(one)
                last |= dict.fromkeys(keys, one)
                words += ((one, each.act) for each in regular if each.act.act in _WORDS)
        return cls(found, words)

    def on(self, kinds: str, charter: Charter | None = None) -> Bearing:
        """How they bear on procedures of these kinds, and how the life of the charter does, where it does."""
        mine = [one for one in self.all if topic(kinds) in one.topics]
        return Bearing(mine, self._said_of, charter) if mine or charter else NO_BEARING

    def in_force(self) -> tuple[Suspension, ...]:
        """Those that last."""
        return tuple(one for one in self.all if not one.ends)

    def resumed(self, refs: Collection[str], at: datetime) -> Suspensions:
        """How they would bear if these, of those that last, ended at an instant: only clocks would differ.

        What was lodged under them would still wait for its author's word.
        """

        def ended(one: Suspension) -> Suspension:
            return one._replace(span=Span(one.span.since, max(one.span.since, at)))

        ending = {one.ref for one in self.in_force()}.intersection(refs)
        return Suspensions((ended(one) if one.ref in ending else one for one in self.all), self._words)


class Charter(Protocol):
    """How what became of a channel's charter bears on its procedures (``comity.lifecycle.life``)."""

    def bars(self, procedure: Procedure, act: Act, *, opens: bool) -> str | None:
        """Why an act can have no effect, whatever its table says of it; None where nothing bars it."""

    def lifts(self, started_by: EntryRef) -> datetime | None:
        """When both released whoever a clock runs for that this entry started; None where they did not."""


class Bearing:
    """How the suspensions of one topic, and the life of the charter, bear on its procedures."""

    def __init__(
        self,
        suspensions: Sequence[Suspension],
        said_of: Mapping[str, Sequence[tuple[Suspension, Act]]] = MappingProxyType({}),
        charter: Charter | None = None,
    ) -> None:
        self._all = tuple(suspensions)
        self._refs = frozenset(one.ref for one in self._all)
        self._said_of = said_of
        self.charter = charter
        self._by_log: dict[str, list[Suspension]] = {}
        for one in suspensions:
            self._by_log.setdefault(one.began.party, []).append(one)
        for ones in self._by_log.values():
            ones.sort(key=lambda one: one.began.ref.index)
        self.spans = tuple(_joined(one.span for one in suspensions))

    def between(self, parties: frozenset[str]) -> Bearing:
        """Those of them that are between these two parties; what either has with others goes on.

        The life of the charter bears on whatever is done in the channel.
        """
        mine = [one for one in self._all if one.parties == parties]
        if len(mine) == len(self._all):
            return self
        return Bearing(mine, self._said_of, self.charter) if mine or self.charter else NO_BEARING

    @property
    def of_charter(self) -> Bearing:
        """How the life of the charter bears alone."""
        return Bearing((), charter=self.charter) if self.charter else NO_BEARING

    @property
    def is_in_force(self) -> bool:
        """Whether one lasts."""
        return bool(self.spans) and self.spans[-1].until is None

    def lodged_under(self, act: Act) -> Suspension | None:
        """The suspension an act was done under, by what its author had seen; None where there was none.

        Of the suspensions by one party only the last that the author had seen can still have lasted for it,
        because a party suspends a topic anew only once it has seen the end of the suspension before.
        """
        for ones in self._by_log.values():
            place = bisect_left(ones, True, key=lambda one: not act.knew(one.began))
            if place and ones[place - 1].holds(act):
                return ones[place - 1]
        return None

    def heard(self, procedure: Procedure, acts: Sequence[Act]) -> Iterator[Heard]:
        """The acts of one procedure in the order in which they count.

        An act that was lodged is heard in its place, for what its author says it held, and taken where its
        author confirmed it, with the time and the receipt of the confirmation.
        """
        lodged = self._lodged(procedure, acts) if self._by_log else {}
        heard = [lodged.get(act.ref) or Heard(act) for act in acts]
        confirmed = (Heard(act) for act in self._confirmed(lodged.values()))
        yield from sorted([*heard, *confirmed], key=lambda one: one.act.place) if lodged else heard

    def waiting(self, procedure: Procedure, acts: Sequence[Act], under: str = "") -> list[Act]:
        """The acts of one procedure that were lodged, neither confirmed nor taken back by their authors.

        Args:
            procedure: Its table.
            acts: Its acts.
            under: Only those that were done under the suspension of this reference; an act may have been
                done under one by either side.
        """
        lodged = self._lodged(procedure, acts)
        if under:
            meant = [one for one in self._all if one.ref == under]
            lodged = {ref: one for ref, one in lodged.items() if any(each.holds(one.act) for each in meant)}
        confirmed = {act.ref for act in self._confirmed(lodged.values())}
        return [one.act for ref, one in lodged.items() if one.taken_back is None and ref not in confirmed]

    @property
    def takes_back(self) -> bool:
        """Whether anything at all was taken back under them."""
        return any(said.act == TAKEN_BACK for said_of in self._said_of.values() for _one, said in said_of)

    def took_back(self, act: Act) -> bool:
        """Whether an act was lodged under one of them and then taken back by its author."""
        return self.lodged_under(act) is not None and self._taken_back(act) is not None

    def seen_by(self, act: Act) -> tuple[Span, ...]:
        """The spans as the author of an act knew them: what it had not seen took nothing from what it did."""
        known = chain.from_iterable(self._by_log.values())
        return tuple(
            _joined(
                one.span if any(act.knew(end) for end in one.ends) else Span(one.span.since, None)
                for one in known
                if act.knew(one.began)
            )
        )

    def stands_still(
        self,
        since: datetime,
        due: datetime,
        ended: datetime | None,
        spans: Sequence[Span] | None = None,
    ) -> tuple[datetime, datetime | None]:
        """When a clock is due that stands still within the spans, and since when it does so now, if it does.

        Args:
            since: When the period began to run.
            due: When it would be due without any suspension.
            ended: When it was met or lifted; None while it runs.
            spans: Other spans than all of them.
        """
        for span in self.spans if spans is None else spans:
            start = max(span.since, since)
            if start >= due or (ended is not None and start >= ended):
                break
            if span.until is None or (ended is not None and ended <= span.until):
                return due, start if ended is None else None
            if span.until > start:
                due = later(due, span.until - start)
        return due, None

    def ran(self, since: datetime, until: datetime) -> timedelta:
        """How much of a time was not within the spans."""
        still = timedelta(0)
        for span in self.spans:
            start, end = max(span.since, since), until if span.until is None else min(span.until, until)
            still += max(timedelta(0), end - start)
        return max(timedelta(0), until - since - still)

    def _lodged(self, procedure: Procedure, acts: Sequence[Act]) -> dict[EntryRef, Heard]:
        if procedure.stays_open and _stays_open(procedure, acts):
            return {}
        found = (Heard(act, self.lodged_under(act)) for act in acts if act.act not in procedure.always)
        return {
            one.act.ref: one._replace(taken_back=self._taken_back(one.act))
            for one in found
            if one.under is not None
        }

    def _taken_back(self, act: Act) -> EntryRef | None:
        """The entry by which its author took a lodged act back, before it had confirmed it."""
        said = self._word(act)
        return said.ref if said is not None and said.act == TAKEN_BACK else None

    def _confirmed(self, lodged: Iterable[Heard]) -> Iterator[Act]:
        """What was lodged as it counts from its confirmation on, in the order of the record."""
        for act, _under, _taken_back in lodged:
            said = self._word(act)
            if said is not None and said.act == CONFIRMED:
                yield _as_of(act, said)

    def _word(self, act: Act) -> Act | None:
        """The first word of its author on an act it lodged: it confirms it or takes it back, for good."""
        said_of = self._said_of.get(str(act.ref), ())
        return next((said for one, said in said_of if self._may(act, one, said)), None)

    def _may(self, act: Act, one: Suspension, said: Act) -> bool:
        """Whether this is such a word: its author's, of a suspension the act was lodged under.

        To confirm, it is said under no other; an act may be taken back at any time after it was lodged. A
        suspension of another topic, or between others, kept nothing from having effect here: its words are of
        what was lodged under it, whatever entries they name.
        """
        is_later = act.party == said.party and said.ref.index > act.ref.index
        is_time = said.act == TAKEN_BACK or self.lodged_under(said) is None
        return is_later and is_time and one.ref in self._refs and one.holds(act)


def _suspension(ref: str, standing: Standing) -> Suspension:
    """One suspension, from where its procedure stands."""
    ending = _ending(standing.procedure)
    began, *others = (one.act for one in standing.regular)
    ends = tuple(act for act in others if act.act in ending)
    since = _borne_out(began, [])
    known = [began, *others]
    untils = (max(since, _borne_out(end, [act for act in known if end.knew(act)])) for end in ends)
    topics = frozenset(values(began.stated, "topics"))
    span = Span(since, min(untils, default=None))
    return Suspension(ref, topics, began, ends, span, frozenset({standing.requesting, standing.requested}))


def _stays_open(procedure: Procedure, acts: Iterable[Act]) -> bool:
    """Whether what opened a procedure says that it is one no suspension bears on."""
    openings = (act for act in acts if act.act in procedure.openings and not act.ref_of_another)
    opened = next(openings, None)
    said = procedure.stays_open.items()
    return opened is not None and all(values(opened.stated, name) == (value,) for name, value in said)


def bearing_acts(procedure: Procedure) -> frozenset[str]:
    """The acts of a suspension that bear on other procedures; a position, or a mark on a term, does not."""
    return procedure.openings | _ending(procedure) | _WORDS


def _ending(procedure: Procedure) -> frozenset[str]:
    """The acts by which a suspension ends: they lead where it does not suspend."""
    return frozenset(row.act for row in procedure.rows if row.to and not procedure.state_of[row.to].suspends)


def _borne_out(act: Act, seen: Iterable[Act]) -> datetime:
    """When an act was done: not before what its author had seen, nor long after it was receipted."""
    at = max([act.at, *(one.at for one in seen)])
    if act.receipted_at is not None and at > act.receipted_at + HONEST_CLOCKS:
        return act.receipted_at
    return at


def _as_of(act: Act, said: Act) -> Act:
    """An act as it counts from its confirmation on."""
    return replace(
        act,
        at=said.at,
        seen=said.seen,
        receipted_at=said.receipted_at,
        depth=said.depth,
        confirmed_by=said.ref,
    )


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The same times as spans that neither overlap nor touch, in order."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda one: one.since):
        if span.until is not None and span.until <= span.since:
            continue
        last = joined[-1] if joined else None
        if last is None or (last.until is not None and span.since > last.until):
            joined.append(span)
        elif last.until is not None:
            until = None if span.until is None else max(last.until, span.until)
            joined[-1] = Span(last.since, until)
    return iter(joined)


NONE: Final = Suspensions()
NO_BEARING: Final = Bearing(())
