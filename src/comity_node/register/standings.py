"""Where procedures stand, read from the record by the tables the channel rests on."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from django.conf import settings
from django.utils import timezone
from msgspec.structs import replace

from comity import lifecycle
from comity.channel.accession import KINDS as ACCESSION
from comity.channel.accession import Accessions, by_reference
from comity.channel.membership import PROPOSED, Seats
from comity.entries import decode
from comity.errors import OurFault
from comity.instruments import Instrument, editions, library
from comity.lifecycle import Life, Standing, fold
from comity.lifecycle.courses import opening_of
from comity.lifecycle.life import BEARING
from comity.lifecycle.life import bearing_kinds as life_kinds_that_bear
from comity_node.register import models
from comity_node.register.queries import channel_logs, entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from comity.instruments import Procedure, Stated
    from comity_node.register.queries import Received


CHARTER: Final = "charter"
OPENING: Final = "channel"  # what the kinds of a channel's own opening begin with
TALK: Final = "talk.room"  # and those of a talk, which has a room of its own
ACCEPTED: Final = "accepted"


class NoSuchTable(OurFault):
    """The channel rests on an edition of its instrument that this node does not have."""

    code = "no-such-table"
    default_hint = "install the Comity release that carries this edition; both sides must apply the same text"


_READ: ContextVar[dict[str, Life] | None] = ContextVar("read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within it, what became of a channel is read once: for as long as nothing is put on record."""
    before = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(before)


def life(channel: str, known: Callable[[Iterable[Received]], list[Received]] = list) -> Life:
    """What became of the charter of a channel, and how that bears on what is done in it.

    It is read in one question: the opening, and every amendment, suspension, notice and closing.

    Args:
        channel: Channel id.
        known: After which of its entries; the opening counts whole. By default after all that are held.
    """
    read = _READ.get() if known is list else None
    if read is None:
        return _life(channel, known)
    if channel not in read:
        read[channel] = _life(channel, known)
    return read[channel]


def _life(channel: str, known: Callable[[Iterable[Received]], list[Received]]) -> Life:
    received = entries(channel, kinds=_kinds((OPENING, ACCESSION, *BEARING)))
    became = opened_by(channel, received)
    procedures: dict[tuple[str, str], list[Received]] = {}
    for one in received:
        if one.entry.kinds != OPENING:
            procedures.setdefault((one.entry.kinds, one.entry.ref), []).append(one)
    return Life(
        library()[CHARTER],
        became.standing,
        {key: lifecycle_acts(known(of_key)) for key, of_key in procedures.items()},
        texts=editions(),
        members=None if became.seats.now.is_bilateral else became.seats.members,
    )


class Opened(NamedTuple):
    """The opening of a channel, and who came in by it and later.

    Attributes:
        received: The entries of the opening, invitations among them.
        acts: The same as the lifecycle reads them.
        seats: Who is in, for whoever knew how much of it.
        accessions: The acts of the proposals to let parties in later, by reference.
    """

    received: list[Received]
    acts: list[lifecycle.Act]
    seats: Seats
    accessions: Mapping[str, Sequence[lifecycle.Act]]

    @property
    def standing(self) -> Standing:
        """Where the opening stands as it concerns us; not begun where nobody has invited us yet."""
        known = self.seats.now
        course = known.course(settings.NODE.party)
        if course is not None:
            return course
        if known.founding is None:
            return fold(opening_table(), self.acts)
        return replace(fold(opening_table(), []), judged=(known.founding,))


def opened(channel: str) -> Opened:
    """The opening of a channel, by all that is held of it."""
    return opened_by(channel, entries(channel, kinds=_kinds((OPENING, ACCESSION))))


def opened_by(channel: str, received: Iterable[Received]) -> Opened:
    """The same by these entries; those of other procedures, and of other references, are passed over."""
    opening, later = [], []
    for one in received:
        if one.entry.kinds == OPENING and one.entry.ref == channel:
            opening.append(one)
        elif one.entry.kinds == ACCESSION:
            later.append(one)
    acts = lifecycle_acts(opening)
    accessions = accessions_of(zip((one.entry.ref for one in later), lifecycle_acts(later), strict=True))
    return Opened(opening, acts, Seats(opening_table(), acts, accessions), accessions.acts)


def accessions_of(acts: Iterable[tuple[str, lifecycle.Act]]) -> Accessions:
    """Proposals to let parties in, from their acts with the reference of each."""
    return Accessions(library()[CHARTER].procedure("accession"), by_reference(acts))


@cache
def _kinds(of: tuple[str, ...]) -> tuple[str, ...]:
    tables = (one for one in library()[CHARTER].procedures if one.kinds in of)
    return tuple(procedure.kind(rule.id) for procedure in tables for rule in procedure.acts)


@cache
def bearing_kinds() -> frozenset[str]:
    """The kinds of entries that change how the life of a charter bears on what is under way."""
    return life_kinds_that_bear(library()[CHARTER])


def texts_of(channel: str) -> list[Instrument]:
    """The instruments new procedures in a channel may rest on now, its charter last.

    They are in the very editions that its opening, or an amendment both agreed to, names. A text this node
    does not have is left out.
    """
    return charter_last(life(channel).texts_now())


def charter_last(texts: Iterable[Instrument]) -> list[Instrument]:
    """What a channel rests on as people list it: what was chosen before what every channel has."""
    return sorted(texts, key=lambda text: text.id == CHARTER)


def is_exercise(standing: Standing) -> bool:
    """Whether the channel whose opening this is was proposed as an exercise."""
    opening = next((one.act.stated for one in standing.judged if one.regular), {})
    return opening.get("exercise") == "yes"


def exercised(channel: str, ref: str = "", stated: Stated | None = None) -> bool:
    """Whether what is done is not meant: every page on it says so.

    Args:
        channel: Nothing of a channel opened for an exercise is.
        ref: Nor anything under a reference whose own party said so when it opened it.
        stated: Nor what an act that is not on record yet opens.
    """
    if stated and lifecycle.is_exercise(stated):
        return True
    return _opened_for_exercise(channel) or (bool(ref) and _flagged(channel, ref))


def _opened_for_exercise(channel: str) -> bool:
    """Whether the proposal that opened a channel says so. Nothing that was done since is read: it cannot."""
    proposals = lifecycle_acts(entries(channel, ref=channel, kinds=(f"{OPENING}.{PROPOSED}",)))
    opening = opening_of(opening_table(), proposals)
    return opening is not None and lifecycle.is_exercise(opening.stated)


def _flagged(channel: str, ref: str) -> bool:
    """Whether what a party opened under a reference of its own is flagged; what others wrote there is not.

    The first entry says it, and however many followed, no other is read.
    """
    own = [log.pk for log in channel_logs(channel) if ref.startswith(f"{log.party}-")]
    first = models.Entry.objects.filter(log__in=own, ref=ref).order_by("depth", "log__origin", "index")
    leaf = first.values_list("leaf", flat=True).first()
    return leaf is not None and lifecycle.is_exercise(decode(bytes(leaf)).stated)


def instrument_of(channel: str, name: str) -> Instrument:
    """One of the instruments a channel rests on, or did.

    Raises:
        NoSuchTable: The channel never rested on it, or this node does not have that text.
    """
    became = life(channel)
    found = next((text for text in (*became.texts_now(), *became.texts) if text.id == name), None)
    if found is None:
        raise NoSuchTable(f"channel {channel} does not rest on a text of {name[:60]} that this node has")
    return found


def lifecycle_acts(received: Iterable[Received]) -> list[lifecycle.Act]:
    """Entries of one procedure as the lifecycle reads them."""
    return [
        lifecycle.Act.of(one.ref, one.entry, one.receipted_at, depth=one.depth, receipts=one.receipts)
        for one in received
    ]


def suspension_table() -> Procedure:
    """The table of suspensions is the charter's, whatever else a channel rests on."""
    return library()[CHARTER].procedure("suspension")


def channel_standing(channel: str) -> Standing:
    """Where the channel's own opening stands under the charter's table."""
    return opened(channel).standing


def opening_table() -> Procedure:
    """The table of a channel's own opening is the charter's, whatever else it rests on."""
    return library()[CHARTER].procedure("channel")


def is_open(channel: str) -> bool:
    """Whether we are in the channel, and somebody else is; it stays so once the channel has ended."""
    return channel_standing(channel).state == ACCEPTED


def begins(channel: str) -> bool:
    """Whether anything new may be begun in the channel now: it was accepted, and has not ended."""
    became = life(channel)
    return became.opening.state == ACCEPTED and became.ended(timezone.now()) is None
