"""How a party comes into a channel of many later: agreed by all that are in it, then invited by one of them.

Whether an invitation has effect is decided by what its author had made or seen, so every reader comes to the
same: it was in the channel, the party it names was neither in nor asked, and each member it knew of had
agreed to that party in the procedure it names.

Follows: docs/spec/charter.md, Accession.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from comity.channel.charter import MAX_PARTIES
from comity.lifecycle.courses import opening_of, standings
from comity.lifecycle.jointly import AGREED
from comity.lifecycle.stated import values

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from comity.channel.membership import Membership
    from comity.instruments import Procedure
    from comity.lifecycle import Act, Standing
    from comity.names import EntryRef

KINDS: Final = "channel.accession"
INVITED: Final = "invited"
NAMES_NEWCOMER: Final = "newcomer"
NAMES_ACCESSION: Final = "accession"


class Accessions(NamedTuple):
    """The proposals to let parties in, by reference, and the table they are judged by.

    Attributes:
        table: The charter's table of accessions; None where the record has none of them.
        acts: The acts of each, in the order every party reads them.
    """

    table: Procedure | None
    acts: Mapping[str, Sequence[Act]]

    def objection(
        self, invited: Act, known: Membership, members: Callable[[Act], frozenset[str]]
    ) -> str | None:
        """Why an invitation has no effect, or None.

        Args:
            invited: The invitation.
            known: Who was in the channel, as its author had made or seen.
            members: The same of the author of any act before it: who was in.
        """
        named = values(invited.stated, "requested")
        if invited.party not in known.members:
            return f"{invited.party} was not in the channel when it wrote this"
        if known.is_bilateral:
            return "a channel of two stays one of two"
        if len(named) != 1 or named[0] == invited.party:
            return "an invitation names one other party"
        if named[0] in known.members | known.asked:
            return f"{named[0]} was in the channel, or asked, as its author knew"
        if len({known.founder, *known.courses, *named}) > MAX_PARTIES:
            return f"a channel has at most {MAX_PARTIES} parties"
        return self._not_agreed(invited, named[0], known, members)

    def _not_agreed(
        self, invited: Act, newcomer: str, known: Membership, members: Callable[[Act], frozenset[str]]
    ) -> str | None:
        ref = next(iter(values(invited.stated, NAMES_ACCESSION)), "")
        acts = [act for act in self.acts.get(ref, ()) if invited.knew(act)]
        opening = opening_of(self.table, acts) if self.table is not None else None
        if self.table is None or opening is None or opening.party != invited.party:
            return "it rests on no accession that its author proposed"
        if values(opening.stated, NAMES_NEWCOMER) != (newcomer,) or not _same_charter(opening, invited):
            return "another party, or another charter, was agreed to"
        if ref in known.used:
            return f"{ref} was carried out before"
        addressed = set(values(opening.stated, "requested"))
        if opening.party not in (then := members(opening)) or not then - {opening.party} <= addressed:
            return "the accession was not proposed to each that was in the channel"
        return _lacking(standings(self.table, acts), known.members - {invited.party})


def subject(act: Act, proposed: str = "") -> tuple[Hashable, ...]:
    """What an invitation shares with the proposal it can rest on: whose, of whom, and to which charter.

    Args:
        act: The invitation or the proposal.
        proposed: Reference of the accession, of a proposal; an invitation names it itself.
    """
    ref = proposed or next(iter(values(act.stated, NAMES_ACCESSION)), "")
    newcomer = values(act.stated, NAMES_NEWCOMER if proposed else "requested")
    return act.party, ref, newcomer, values(act.stated, "charter")


def _same_charter(opening: Act, invited: Act) -> bool:
    return values(opening.stated, "charter") == values(invited.stated, "charter")


def _lacking(found: Mapping[str, Standing], members: frozenset[str]) -> str | None:
    """Who of the members had not agreed; one that declined and left since has still declined."""
    for party, course in sorted(found.items()):
        if course.final and course.state not in AGREED:
            return f"it was not agreed to: {course.label.lower()}"
        if party in members and course.state not in AGREED:
            return f"{party} had not agreed, as its author knew"
    missing = sorted(members - found.keys())
    return f"{missing[0]} came in since and was not asked" if missing else None


NO_ACCESSIONS: Final = Accessions(None, {})


def by_reference(acts: Iterable[tuple[str, Act]]) -> dict[str, list[Act]]:
    """Acts of accessions by the reference of each, in the order given."""
    found: dict[str, list[Act]] = {}
    for ref, act in acts:
        found.setdefault(ref, []).append(act)
    return found


def seen_by(acts: Iterable[Act], ref: EntryRef, seen: Mapping[str, int]) -> list[Act]:
    """What the author of an entry had made or seen of these acts when it wrote it."""
    return [
        act
        for act in acts
        if act.ref.index < (ref.index if act.party == ref.origin.party else seen.get(act.party, 0))
    ]
