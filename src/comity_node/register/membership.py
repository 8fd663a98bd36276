"""Who is in a channel, by the entries held here, and to whom content in it is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity import lifecycle
from comity.channel import rotation
from comity.channel.accession import INVITED
from comity.channel.membership import PREFIX, Concern, Membership, Seats, concern
from comity.entries import depth
from comity.names import EntryRef, Origin
from comity_node.register import models, statements
from comity_node.register.queries import others
from comity_node.register.standings import accessions_of, opened, opening_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from comity.entries import Entry

    Known = tuple[Concern, lifecycle.Act]  # an act that is something to who is in, and to which question


def of(channel: str) -> Membership:
    """Who is in a channel, by everything held of it."""
    return opened(channel).seats.now


def everybody_else(channel: str) -> str | list[str]:
    """To whom an act is addressed that is for every other member of a channel."""
    them = others(channel)
    return them[0] if len(them) == 1 else them


def sealing(log: models.Log, also: Sequence[Known] = ()) -> Callable[[int, Entry], frozenset[str]]:
    """The parties each entry of a log is to be sealed to, by what its author had seen of the channel.

    Args:
        log: The log.
        also: What was done to the channel that is not stored yet; of this log too, where it is at hand.

    Returns:
        A function of the index of an entry and the entry, asked of each in order: what concerns the channel
        itself counts for those after it.
    """
    origin, known = Origin.parse(log.origin), _Known([*_stored(log.channel), *also])

    def parties(index: int, entry: Entry) -> frozenset[str]:
        """By what was so before the entry: who declines, or leaves, still says so to everybody."""
        ref = EntryRef(origin, index)
        before = known.to(ref, entry)
        if (concerned := concern(log.channel, entry)) is not None:
            known.add(concerned, lifecycle.Act.of(ref, entry, depth=depth(index, entry.seen)))
        opens = not before.founder or _invites(log.channel, entry)
        by = known.to(EntryRef(origin, index + 1), entry) if opens else before
        return by.sealed_to(_kinds(log.channel, entry))

    return parties


class _Known:
    """What is known of who is in a channel while a log is read on."""

    def __init__(self, acts: Sequence[Known]) -> None:
        self._acts = {act.ref: (concerned, act) for concerned, act in acts}
        self._seats = _seats(self._acts.values())

    def add(self, concerned: Concern, act: lifecycle.Act) -> None:
        """Take in what the log says next; all is judged anew only where something was judged without it."""
        if act.ref in self._acts:
            return
        self._acts[act.ref] = concerned, act
        if not self._seats.take(concerned, act):
            self._seats = _seats(self._acts.values())

    def to(self, ref: EntryRef, entry: Entry) -> Membership:
        """Who was in as the author of an entry had made or seen."""
        return self._seats.known_to(ref, entry.seen)


def _seats(acts: Iterable[Known]) -> Seats:
    ordered = sorted(acts, key=lambda one: one[1].place)
    opening = [act for concerned, act in ordered if not concerned.accession]
    later = [(concerned.accession, act) for concerned, act in ordered if concerned.accession]
    return Seats(opening_table(), opening, accessions_of(later))


def _invites(channel: str, entry: Entry) -> bool:
    """Whether an entry invites a party later: what it says is that party's too."""
    return entry.kind == f"{PREFIX}.{INVITED}" and entry.ref == channel


def _kinds(channel: str, entry: Entry) -> str:
    """What an entry concerns, where that is the channel itself or the keys in it."""
    return entry.kinds if entry.ref == channel or entry.kinds == rotation.PREFIX else ""


def seat(channel: str, known: Membership) -> None:
    """Give each party of a channel of many its place, as its opening stands."""
    logs = [log for log in statements.heads(channel) if log.many]
    if not logs:
        return
    for log in logs:
        place = (
            models.Log.Place.MEMBER
            if log.party in known.members
            else models.Log.Place.ASKED
            if log.party in known.asked
            else models.Log.Place.GONE
        )
        models.Log.objects.filter(pk=log.pk).update(place=place)
    for log in statements.heads(channel):
        statements.count_receipted(log)


def _stored(channel: str) -> list[Known]:
    """What is stored of the opening and of accessions."""
    became = opened(channel)
    opening = [(Concern(""), act) for act in became.acts]
    return [*opening, *((Concern(ref), act) for ref, some in became.accessions.items() for act in some)]
