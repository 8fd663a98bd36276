"""The life of a channel's charter, and how it bears on every procedure in the channel.

A charter is agreed, amended, suspended for a time, left by notice, closed. Each is a procedure of it;
this puts together what they come to: the texts new procedures may rest on, whether anything new may be begun
at all, what stands still, and what both released. All of it is decided by what authors had made or seen, so
both Parties and a stranger with an export come to the same.

Follows: docs/spec/charter.md; docs/adr/0021-the-life-of-a-charter.md.
"""

from __future__ import annotations

from copy import copy
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final

from comity.lifecycle.basis import ACCEPTED, AMENDMENT, CHARTER, Basis, change
from comity.lifecycle.closing import CLOSED, CLOSING, closing
from comity.lifecycle.governing import governing
from comity.lifecycle.jointly import joint
from comity.lifecycle.leaving import DENUNCIATION, GIVEN, TAKEN_BACK, leaving, too_early
from comity.lifecycle.stated import values
from comity.lifecycle.suspensions import KINDS as SUSPENSION
from comity.lifecycle.suspensions import Bearing, Suspensions, bearing_acts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from comity.instruments import Instrument, Procedure
    from comity.lifecycle.closing import Closing, Disposed
    from comity.lifecycle.governing import Table
    from comity.lifecycle.leaving import Leaving
    from comity.lifecycle.standing import Act, Standing
    from comity.names import EntryRef

    Key = tuple[str, str]  # the kinds and the reference of a procedure

_BEFORE: Final = (AMENDMENT, DENUNCIATION, CLOSING)
_FOR_ALL: Final = (*_BEFORE, "channel.accession")
_OPENING: Final = "channel"
_CAME_IN: Final = frozenset({"proposed", "accepted"})
_COMES_AND_GOES: Final = _CAME_IN | {"left"}  # a withdrawal that crosses the acceptance ends nothing
BEARING: Final = (*_BEFORE, SUSPENSION)  # the procedures of the charter that bear on all others


class Life:
    """What became of the charter of one channel.

    Attributes:
        opening: Where the channel's own opening stands.
        basis: What the channel rests on, as each author knew it.
        texts: Every text it ever rested on that is at hand, those of every channel first.
        leavings: The notices to leave it, in the order they were given.
        closings: The closings all agreed to, in the order of acceptance: more than one where they cross.
        standings: Where each of its procedures stands, suspensions among them.
        suspensions: Its suspensions.
        many: Whether it is of many parties: then all amend and close it, and whoever leaves leaves alone.
    """

    def __init__(
        self,
        charter: Instrument,
        opening: Standing,
        procedures: Mapping[Key, Sequence[Act]],
        *,
        texts: Mapping[str, Instrument],
        every: Sequence[Instrument] = (),
        members: Callable[[Act], Collection[str]] | None = None,
    ) -> None:
        """Put together what the procedures of the charter come to.

        Args:
            charter: The charter, in the reader's own edition: it alone judges these procedures.
            opening: Where the channel's opening stands under it.
            procedures: The acts of each, in the common order.
            texts: The texts at hand, by digest.
            every: Texts that every channel has, whatever it chose; they are never taken away.
            members: Of a channel of many, who was in it, as the author of an act knew. What two of them agree
                binds nobody else: a proposal is made to all.
        """
        self.opening = opening
        self._every = tuple(every)
        self._members = members
        self.many = members is not None
        self._at_hand = texts
        self.basis = Basis(_rests_on(opening, every))
        self.leavings: tuple[Leaving, ...] = ()
        self.closings: tuple[Closing, ...] = ()
        self.standings: dict[Key, Standing] = {}
        self._tables = {one.kinds: one for one in charter.procedures}
        self._acts = {key: acts for key, acts in procedures.items() if key[0] in BEARING and acts}
        self._addressed = {
            act.ref: values(act.stated, "requested")
            for (kinds, _ref), acts in procedures.items()
            if kinds in (*BEARING, *_FOR_ALL)
            for act in acts
        }
        self._take_in_order()
        for key in self._acts:
            if key[0] == SUSPENSION:
                self.standings[key] = self._fold(key)
        self.suspensions = Suspensions.of(self.standings_of(SUSPENSION))
        self.texts = self._found(self.basis.ever().items())

    def standings_of(self, kinds: str) -> dict[str, Standing]:
        """Where each of its procedures of these kinds stands, by reference."""
        return {ref: standing for (one, ref), standing in self.standings.items() if one == kinds}

    def on(self, kinds: str) -> Bearing:
        """How all of it bears on procedures of these kinds."""
        return self.suspensions.on(kinds, self)

    def resumed(self, refs: Collection[str], at: datetime) -> Life:
        """The same if these suspensions, of those that last, ended at an instant."""
        then = copy(self)
        then.suspensions = self.suspensions.resumed(refs, at)
        return then

    def governing(self, kinds: str, acts: Sequence[Act]) -> Table | None:
        """The table by which the acts of one procedure are judged; None where no text has one for them."""
        return governing(self.texts, kinds, acts, self.in_force if self.basis.changes else None)

    def in_force(self, act: Act, text: Instrument) -> bool:
        """Whether new procedures may rest on a text, as the author of an act knew."""
        return text in self._every or self.basis.at(act).get(text.id) == text.digest

    def texts_now(self) -> list[Instrument]:
        """The texts new procedures may rest on now, those of every channel first."""
        return self._found((digest, name) for name, digest in self.basis.now().items())

    def bars(self, procedure: Procedure, act: Act, *, opens: bool) -> str | None:
        """Why an act can have no effect, whatever its table says of it; None where nothing bars it."""
        if not opens:
            return self._too_late(act) if act.act == TAKEN_BACK and procedure.kinds == DENUNCIATION else None
        if act.act not in procedure.openings:
            return None
        because = self._outside(procedure, act) or self._ended(procedure, act)
        return because or self._unfit(procedure, act) or self.basis.objection(act)

    def lifts(self, started_by: EntryRef) -> datetime | None:
        """When both released whoever a clock runs for that this entry started; None where they did not."""
        return next(
            (one.agreed.at for one in self.closings if one.disposes(started_by, "clock") == "released"), None
        )

    def disposes(self, source: EntryRef, sort: str) -> Disposed:
        """What becomes of an obligation by the closing of the channel; empty where none reaches it."""
        found = (one.disposes(source, sort) for one in self.closings)
        return next(filter(None, found), "")

    def ended(self, at: datetime) -> Closing | Leaving | None:
        """By what nothing new may be begun at an instant, for whoever knows all of this; None if it may."""
        if self.closings:
            return self.closings[0]
        left = None if self.many else self.notice
        return left if left is not None and at >= left.at else None

    def may_begin(self, procedure: Procedure, at: datetime) -> bool:
        """Whether a procedure of a text in force may be opened at an instant, once all of this is known."""
        closes_again = procedure.kinds == CLOSING and bool(self.closings)
        return self.ended(at) is None or (procedure.outlasts and not closes_again)

    @property
    def notice(self) -> Leaving | None:
        """The notice that has effect first, of those that were not taken back."""
        return self.notice_of("")

    def notice_of(self, party: str) -> Leaving | None:
        """The same of one party; of all where none is named."""
        given = (one for one in self.leavings if party in ("", one.given.party))
        standing = (one for one in given if not one.taken_back)
        return min(standing, key=lambda one: (one.day, one.given.place), default=None)

    def texts_for(self, act: Act) -> list[Instrument]:
        """The texts in force for an act."""
        return self._found((digest, name) for name, digest in self.basis.at(act).items())

    def _take_in_order(self) -> None:
        """Judge each procedure after all that whoever opened it can have known.

        An end bars only what is opened by authors who knew of it, and what they knew stands before in the
        common order. One opened later than it seemed, since its first opening is barred, waits its turn.
        """
        waiting = [
            (min(one.place for one in acts), key) for key, acts in self._acts.items() if key[0] in _BEFORE
        ]
        heapify(waiting)
        while waiting:
            turn, key = heappop(waiting)
            self.standings[key] = standing = self._fold(key)
            opened = standing.regular[0].act.place if standing.state else turn
            if opened > turn:
                heappush(waiting, (opened, key))
            elif standing.state:
                self._take(key, standing)

    def _take(self, key: Key, standing: Standing) -> None:
        kinds, ref = key
        if kinds == AMENDMENT and (agreed := change(ref, standing)):
            self.basis = Basis(self.basis.first, (*self.basis.changes, agreed))
        elif kinds == CLOSING and (closed := closing(ref, standing)):
            self.closings = tuple(sorted((*self.closings, closed), key=lambda one: one.agreed.place))
        elif kinds == DENUNCIATION:
            before, texts = self.leavings, self.texts_for(standing.regular[0].act)
            self.leavings = (*before, leaving(ref, standing, texts))
            self.standings[key] = self._fold(key)  # whether it was taken back in time depends on its own day
            self.leavings = (*before, leaving(ref, self.standings[key], texts))

    def _fold(self, key: Key) -> Standing:
        return joint(self._tables[key[0]], self._acts[key], Bearing((), charter=self))

    def _outside(self, procedure: Procedure, act: Act) -> str | None:
        """Why nothing is begun by an author that was not in the channel: its own log says whether it was."""
        if procedure.kinds == _OPENING:
            return None
        if self._members is not None:
            is_in = act.party in self._members(act)
        else:
            regular = (one.act for one in self.opening.regular if one.act.act in _COMES_AND_GOES)
            own = [one.act for one in regular if one.party == act.party and one.ref.index < act.ref.index]
            is_in = bool(own) and own[-1] in _CAME_IN
        return None if is_in else f"{act.party} was not in the channel when it wrote this"

    def _ended(self, procedure: Procedure, act: Act) -> str | None:
        """Why nothing is begun any more, where the author of an act knew that the channel had ended."""
        closed = next((one for one in self.closings if one.holds(act)), None)
        if closed is not None and (procedure.kinds == CLOSING or not procedure.outlasts):
            return f"the channel was closed by all ({closed.ref}): nothing new is begun in it"
        left = next((one for one in self.leavings if one.holds(act) and self._bars(one, act)), None)
        if left is not None and not procedure.outlasts:
            return (
                f"{left.given.party} left the channel by notice ({left.ref}) with effect from {left.day}: "
                "nothing new is begun in it"
            )
        return None

    def _bars(self, left: Leaving, act: Act) -> bool:
        """Whether a notice ends what an act would begin: of many, the others go on without who left."""
        return not self.many or left.concerns(act, self._to_whom(act))

    def _to_whom(self, act: Act) -> tuple[str, ...]:
        """To whom an act was addressed when it was written, whatever course of it is looked at."""
        return self._addressed.get(act.ref, values(act.stated, "requested"))

    def _misses(self, act: Act) -> str | None:
        """Why what is for all has no effect: it is not addressed to each of the others, or not to the one."""
        addressed = set(self._to_whom(act))
        if self._members is None:
            return None if len(addressed) == 1 else "it is addressed to the other party, and to nobody else"
        missing = sorted(set(self._members(act)) - addressed - {act.party})
        if missing:
            return f"it is not addressed to {missing[0]}, which is in the channel as its author knew"
        return None

    def _unfit(self, procedure: Procedure, act: Act) -> str | None:
        """Why an act cannot open a procedure of the charter's life."""
        if procedure.kinds in _FOR_ALL and (misses := self._misses(act)):
            return misses
        if procedure.kinds == AMENDMENT:
            return self.basis.unfit(act)
        if procedure.kinds != DENUNCIATION:
            return None
        own = (one for one in self.leavings if one.given.party == act.party and one.stands_for(act))
        earlier = next(own, None)
        if earlier is not None:
            return f"its author gave notice before ({earlier.ref}) and has not taken it back"
        return too_early(act, self.texts_for(act))

    def _too_late(self, act: Act) -> str | None:
        mine = (one for one in self.leavings if one.given.party == act.party and one.holds(act))
        left = next(mine, None)
        return f"the notice {left.ref} has had effect since {left.day}" if left is not None else None

    def _found(self, named: Iterable[tuple[str, str]]) -> list[Instrument]:
        texts = ((self._at_hand.get(digest), name) for digest, name in named)
        own = [text for text, name in texts if text is not None and text.id == name]
        return [*self._every, *own]


def _rests_on(opening: Standing, every: Iterable[Instrument]) -> dict[str, str]:
    """What the proposal lists that opened the channel; texts of every channel are not chosen."""
    said = opening.regular[0].act.stated if opening.regular else {}
    listed = zip(values(said, "instruments"), values(said, "tables"), strict=False)
    given = {text.id for text in every} & {CHARTER}
    return {name: digest for name, digest in listed if name not in given}


def bearing_kinds(charter: Instrument) -> frozenset[str]:
    """The kinds of the entries that change how the life of a charter bears on procedures."""
    moving = {
        AMENDMENT: {ACCEPTED},
        DENUNCIATION: {GIVEN, TAKEN_BACK},
        CLOSING: {CLOSED},
        SUSPENSION: bearing_acts(next(one for one in charter.procedures if one.kinds == SUSPENSION)),
    }
    return frozenset(f"{kinds}.{act}" for kinds, acts in moving.items() for act in acts)
