"""What a channel rests on: what its proposal listed, changed by every amendment all Parties agreed to.

For an act it is what its author knew: the amendments whose acceptance the author had made or seen. Nobody can
be held to a change it did not know, and nobody can rest on one that it had not yet heard was accepted.

Follows: docs/spec/charter.md, Amendment; docs/adr/0021-the-life-of-a-charter.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from comity.lifecycle.stated import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from comity.lifecycle.standing import Act, Standing

AMENDMENT: Final = "channel.amendment"
ACCEPTED: Final = "accepted"
CHARTER: Final = "charter"
MOST: Final = 16  # instruments a channel rests on, as in a charter


class Change(NamedTuple):
    """An amendment that all it was proposed to agreed to.

    Attributes:
        ref: Reference of its procedure.
        adds: Digests of what it adds, by the id of the instrument: another edition takes the place of one.
        takes_away: Ids of what it takes away.
        agreed: The act that accepted it; of several the last in the common order.
        acceptances: All that did.
    """

    ref: str
    adds: Mapping[str, str]
    takes_away: frozenset[str]
    agreed: Act
    acceptances: tuple[Act, ...]

    def known_to(self, act: Act) -> bool:
        """Whether the author of an act knew that it was agreed to."""
        return all(act.knew(one) for one in self.acceptances)


class Basis:
    """The instruments of one channel, by id and digest, as they changed."""

    def __init__(self, first: Mapping[str, str], changes: Iterable[Change] = ()) -> None:
        self.first = dict(first)
        self.changes = tuple(sorted(changes, key=lambda one: one.agreed.place))

    def at(self, act: Act) -> dict[str, str]:
        """What is in force for an act, by what its author had made or seen."""
        return self._after(one for one in self.changes if one.known_to(act))

    def now(self) -> dict[str, str]:
        """What is in force once every amendment is known."""
        return self._after(self.changes)

    def ever(self) -> dict[str, str]:
        """Every text it ever rested on: the id by the digest, in the order in which they came."""
        came = [*self.first.items(), *(pair for one in self.changes for pair in one.adds.items())]
        return {digest: name for name, digest in came}

    def objection(self, act: Act) -> str | None:
        """Why an act cannot begin anything under the text it names, or None.

        A text the channel never rested on is for the tables to refuse.
        """
        named = (*values(act.stated, "instrument"), *values(act.stated, "table"))
        if len(named) != 2 or self.ever().get(named[1]) != named[0] or self.at(act).get(named[0]) == named[1]:
            return None
        gone = (one for one in reversed(self.changes) if one.known_to(act) and named[0] in _touched(one))
        by = next(gone, None)
        if by is not None:
            return f"the channel does not rest on this text of {named[0]} since the amendment {by.ref}"
        return f"its author had not seen that the amendment was accepted by which {named[0]} was added"

    def unfit(self, act: Act) -> str | None:
        """Why an act cannot propose the change it states, or None."""
        names, digests = values(act.stated, "instruments"), values(act.stated, "tables")
        without, stands = values(act.stated, "taken_away"), self.at(act)
        if len(names) != len(digests) or len(set(names)) != len(names):
            return "it must state one digest for each instrument that it adds"
        if CHARTER in {*names, *without}:
            return "the charter itself is neither added nor taken away"
        if missing := sorted(set(without) - set(stands)):
            return f"the channel does not rest on {missing[0][:60]}, which it takes away"
        if set(names) & set(without):
            return "it adds and takes away the same instrument"
        if len({*stands, *names} - set(without)) > MOST:
            return f"a channel rests on at most {MOST} instruments"
        return None

    def _after(self, changes: Iterable[Change]) -> dict[str, str]:
        stands = dict(self.first)
        for one in changes:
            stands = {name: digest for name, digest in stands.items() if name not in one.takes_away}
            stands |= one.adds
        return stands


def change(ref: str, standing: Standing) -> Change | None:
    """What an amendment changes, once it was accepted."""
    if standing.state != ACCEPTED:
        return None
    proposed = standing.regular[0].act.stated
    adds = dict(zip(values(proposed, "instruments"), values(proposed, "tables"), strict=True))
    acceptances = tuple(one.act for one in standing.regular if one.act.act == ACCEPTED)
    return Change(ref, adds, frozenset(values(proposed, "taken_away")), acceptances[-1], acceptances)


def _touched(one: Change) -> set[str]:
    return {*one.adds, *one.takes_away}
