"""Who is in a channel: each party that was invited and accepted, until it leaves.

A channel is proposed to one party or to many, and each answers for itself. So its opening is, for each
invited party, one course of the charter's own table between the proposing party and that one; what others
answer is nothing to it. From the first acceptance on the channel is open between those who are in. Whoever is
invited later, by word of all that are in, answers in a course with the party that invited it.

Who is in decides whom content is sealed to, whom requests can be addressed to, and how far a log is sent.
Each author acts on what it had seen: whoever it had not seen accept is not in for it yet, and whoever it had
not seen leave still is.

Follows: docs/spec/charter.md, Members, Accession.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from comity.channel import rotation
from comity.channel.accession import INVITED, NAMES_ACCESSION, NO_ACCESSIONS, seen_by, subject
from comity.channel.accession import KINDS as ACCESSION
from comity.lifecycle import fold
from comity.lifecycle.courses import between, opening_of, together
from comity.lifecycle.standing import Judged
from comity.lifecycle.stated import values

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from comity.channel.accession import Accessions
    from comity.entries import Entry
    from comity.instruments import Procedure
    from comity.lifecycle import Act, Standing
    from comity.names import EntryRef

PREFIX: Final = "channel"
_SHOWN_TO_ASKED: Final = (PREFIX, rotation.PREFIX)
PROPOSED: Final = "proposed"
ACCEPTED: Final = "accepted"
LEFT: Final = "left"


@dataclass(frozen=True, slots=True)
class Membership:
    """Who was invited to a channel, and what became of it.

    Attributes:
        founder: The party that proposed it; empty where nobody did.
        courses: For each invited party, where the opening stands between it and whoever invited it last.
        left: The parties that left, and were not invited again since.
        invited: The invitations that have effect, by the party each names: the last of each.
        refused: Why the others have none; told only of all of it, and not of what an author knew.
        founding: The proposal that opened the channel, as judged; None where none did.
    """

    founder: str
    courses: Mapping[str, Standing]
    left: frozenset[str]
    invited: Mapping[str, Act]
    refused: Mapping[EntryRef, str]
    founding: Judged | None = None
    used: frozenset[str] = frozenset()

    @property
    def members(self) -> frozenset[str]:
        """Who is in: the founder, and whoever accepted; not who left."""
        accepted = (party for party, one in self.courses.items() if _was_accepted(one))
        founders = {self.founder} - self.courses.keys()
        return frozenset({*founders, *accepted}) - self.left

    @property
    def asked(self) -> frozenset[str]:
        """Who may still answer."""
        return frozenset(party for party, one in self.courses.items() if one.state == PROPOSED)

    @property
    def is_open(self) -> bool:
        """Whether there are two that are in."""
        return len(self.members) > 1

    @property
    def is_bilateral(self) -> bool:
        """Whether it was proposed to one party only. Then nobody is ever a third."""
        return len(self.courses) < 2

    @property
    def everyone(self) -> list[str]:
        """Whoever was ever invited, the founder first, in the order in which they were."""
        return list(dict.fromkeys((self.founder, *self.courses)))

    def course(self, party: str) -> Standing | None:
        """The opening as it concerns a party; for the founder, the one that has come furthest."""
        own = self.courses.get(party)
        if own is not None or party != self.founder:
            return own
        ranked = sorted(self.courses.values(), key=lambda one: not _was_accepted(one))
        return next(iter(ranked), None)

    def sealed_to(self, kinds: str) -> frozenset[str]:
        """Whose the content of an entry is, for an author who knows this much of the channel.

        Args:
            kinds: What the kind of the entry begins with. Who may still answer is shown what the channel
                itself is and by which keys it is signed, and nothing that is done in it.
        """
        if self.is_bilateral:
            return frozenset({self.founder, *self.courses})
        return self.members | self.asked if kinds in _SHOWN_TO_ASKED else self.members


_NONE_REFUSED: Final[Mapping[EntryRef, str]] = MappingProxyType({})
_NOBODY: Final = Membership("", {}, frozenset(), {}, {})


class Seats:
    """Who is in a channel, by all of its acts or by as many as somebody had made or seen.

    An invitation that has no effect changes nothing for anybody. So only the other acts are read again when
    somebody knew more or less of them, and each such knowledge is read once.
    """

    def __init__(
        self, procedure: Procedure, acts: Iterable[Act], accessions: Accessions = NO_ACCESSIONS
    ) -> None:
        """Judge the invitations among the acts, each by what its author knew.

        Args:
            procedure: The charter's table of a channel's own opening.
            acts: The acts under it, in the order every party reads them.
            accessions: The proposals to let parties in later.
        """
        self._procedure = procedure
        self._later = {ref: list(some) for ref, some in accessions.acts.items()}
        self._accessions = accessions._replace(acts=self._later)
        self._counted: list[Act] = []
        self._indexes: dict[str, list[int]] = {}
        self._refused: dict[EntryRef, str] = {}
        self._rested_on: dict[str, int] = {}
        self._found: dict[tuple[int, ...], Membership] = {}
        self._agreeable: dict[tuple[Hashable, ...], int] = {}
        self._now: Membership | None = None
        for ref, proposed in self._later.items():
            self._note(*proposed)
            self._propose(ref, *proposed)
        for act in acts:  # causes stand before what they cause: what it rests on was judged before it
            if self._counts(act):
                self._counted.append(act)

    def take(self, concerned: Concern, act: Act) -> bool:
        """Take in one act more, wherever it stands among the others.

        Args:
            concerned: What it is to the question of who is in.
            act: The act.

        Returns:
            Whether it was taken in. It is not where something here rests on it and was judged without it.
        """
        if self._rested_on.get(act.party, 0) > act.ref.index:
            return False
        if concerned.accession:
            insort(self._later.setdefault(concerned.accession, []), act, key=_place)
            self._note(act)
            self._propose(concerned.accession, act)
        elif self._counts(act):
            insort(self._counted, act, key=_place)
        return True

    def objection(self, invited: Act) -> str | None:
        """Why an invitation has no effect, or would have none; None where it has."""
        # Looked up before anything is read: it costs its author one entry, and a reading all of them.
        if (because := self._baseless(invited)) is not None:
            return because
        known = self.known_to(invited.ref, invited.seen)
        return self._accessions.objection(invited, known, self.members)

    def _baseless(self, invited: Act) -> str | None:
        """Why an invitation can have no effect, whoever is in."""
        if len(set(values(invited.stated, "requested")) - {invited.party}) != 1:
            return "an invitation names one other party"
        about, index = subject(invited), invited.counts_as.index
        if self._agreeable.get(about[:2], index) >= index:
            return "it rests on no accession that its author proposed"
        if self._agreeable.get(about, index) >= index:
            return "another party, or another charter, was agreed to"
        return None

    @property
    def now(self) -> Membership:
        """Who is in by all of it."""
        if self._now is None:
            self._now = self._read(self._counted, dict(self._refused))
        return self._now

    def known_to(self, ref: EntryRef, seen: Mapping[str, int]) -> Membership:
        """Who was in as the author of an entry had made or seen when it wrote it."""
        sizes = {**seen, ref.origin.party: ref.index}
        known = tuple(bisect_left(indexes, sizes.get(by, 0)) for by, indexes in self._indexes.items())
        if known not in self._found:
            self._found[known] = self._read(seen_by(self._counted, ref, seen))
        return self._found[known]

    def members(self, act: Act) -> frozenset[str]:
        """Who was in as the author of an act knew."""
        return self.known_to(act.ref, act.seen).members

    def _counts(self, act: Act) -> bool:
        """Whether an act can be something to who is in, by the author of any other."""
        because = self.objection(act) if act.act == INVITED else None
        if because is None:
            self._indexes.setdefault(act.party, []).append(act.ref.index)
        else:
            self._refused[act.ref] = because
        self._note(act)
        self._now = None
        return because is None

    def _propose(self, ref: str, *acts: Act) -> None:
        """Note from which index on its author may rest an invitation on each proposal of an accession."""
        for act in acts:
            if act.act == PROPOSED:
                about, index = subject(act, ref), act.counts_as.index
                for key in (about, about[:2]):
                    self._agreeable[key] = min(index, self._agreeable.get(key, index))

    def _note(self, *acts: Act) -> None:
        """Note how much of each log is made, or rested on, by what is here."""
        for act in acts:
            for party, size in (*act.seen.items(), (act.party, act.ref.index + 1)):
                self._rested_on[party] = max(size, self._rested_on.get(party, 0))

    def _read(self, acts: Sequence[Act], refused: Mapping[EntryRef, str] = _NONE_REFUSED) -> Membership:
        opened = [act for act in acts if act.act != INVITED]
        opening = opening_of(self._procedure, opened)
        if opening is None:
            return _NOBODY
        asked = values(opening.stated, "requested")
        courses = {party: fold(self._procedure, between(opened, opening, party)) for party in asked}
        founding = _founding(self._procedure, opening)
        effective = [act for act in acts if act.act == INVITED]
        invited: dict[str, Act] = {}
        for act in effective:
            for party in values(act.stated, "requested"):
                if not _came_in_unseen(courses.get(party), act):
                    course = fold(self._procedure, since(acts, act, party))
                    courses[party], invited[party] = _as_of_all(course, founding), act
        used = frozenset(one for act in effective for one in values(act.stated, NAMES_ACCESSION))
        return Membership(opening.party, courses, _gone(courses, invited), invited, refused, founding, used)


def membership(
    procedure: Procedure, acts: Sequence[Act], accessions: Accessions = NO_ACCESSIONS
) -> Membership:
    """Who is in a channel; arguments as for :class:`Seats`."""
    return Seats(procedure, acts, accessions).now


def courses_of(known: Membership, acts: Sequence[Act], party: str) -> list[list[Act]]:
    """The acts of each course of the opening that a party is a side of; all of them where there is none.

    Args:
        known: Who is in by these acts.
        acts: The acts of the opening.
        party: The party.
    """
    if known.founding is None:
        return [list(acts)]
    opening, opened = known.founding.act, [act for act in acts if act.act != INVITED]
    later = [
        since(acts, one, newcomer)
        for newcomer, one in known.invited.items()
        if party in (newcomer, one.party)
    ]
    invited = [one for one in known.courses if one not in known.invited]
    with_whom = invited if party == opening.party else [party] if party in invited else []
    return [*later, *(between(opened, opening, one) for one in with_whom)]


def since(acts: Sequence[Act], invitation: Act, newcomer: str) -> list[Act]:
    """The acts of the course that an invitation began: it, and what its two sides did knowing of it."""
    after = [
        act
        for act in acts
        if act.ref == invitation.ref or (act.act not in (PROPOSED, INVITED) and act.knew(invitation))
    ]
    return between(after, invitation, newcomer)


def judged(procedure: Procedure, acts: Sequence[Act], known: Membership) -> list[Judged]:
    """What the channel's table makes of each act of its opening: what is regular in one course has effect."""
    if known.founding is None or known.is_bilateral:
        return list(fold(procedure, acts).judged)
    found = together(procedure, acts, known.courses)
    refused = {
        act.ref: Judged(act, regular=False, row=None, because=known.refused[act.ref])
        for act in acts
        if act.ref in known.refused
    }
    return [(found | refused)[act.ref] for act in acts]


class Concern(NamedTuple):
    """What an entry is to the question of who is in its channel: an act of the opening, or of an accession.

    Attributes:
        accession: Reference of the accession; empty for an act of the opening.
    """

    accession: str


def concern(channel: str, entry: Entry) -> Concern | None:
    """What an entry is to the question of who is in its channel; None where it is nothing to it."""
    if entry.kinds == PREFIX and entry.ref == channel:
        return Concern("")
    return Concern(entry.ref) if entry.kinds == ACCESSION else None


def _place(act: Act) -> tuple[int, str, int]:
    return act.place


def _was_accepted(course: Standing) -> bool:
    return any(one.regular and one.act.act == ACCEPTED for one in course.judged)


def _came_in_unseen(course: Standing | None, invitation: Act) -> bool:
    """Whether a party had accepted what it was asked before by an act that who invited it again had not seen.

    It came in by that, and the later invitation changes nothing.
    """
    judged = course.judged if course is not None else ()
    return any(one.regular and one.act.act == ACCEPTED and not invitation.knew(one.act) for one in judged)


def _founding(procedure: Procedure, opening: Act) -> Judged:
    first = between([opening], opening, values(opening.stated, "requested")[0])
    return replace(fold(procedure, first).judged[0], act=opening)


def _as_of_all(course: Standing, founding: Judged) -> Standing:
    """A later party's course, before which stands what opened the channel: it rests on that as all do."""
    return replace(course, judged=(founding, *course.judged))


def _gone(courses: Mapping[str, Standing], invited: Mapping[str, Act]) -> frozenset[str]:
    """Who left; of whoever was invited again, by what it did since."""
    acts = [
        one.act for course in courses.values() for one in course.judged if one.regular and one.act.act == LEFT
    ]
    return frozenset(act.party for act in acts if act.party not in invited or act.knew(invited[act.party]))
