"""How rooms meet in the register without knowing each other.

A room announces which kinds of entry are its own, how to judge an act before it is signed, and how to bring
its projections up to date once entries stand, whether we authored them or a counterpart did.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from comity.errors import ComityError, OurFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model

    from comity.instruments import Procedure
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received

    Tables = Callable[[Sequence[Received]], Procedure | None]


class NoSuchKind(OurFault):
    """No room of this node knows the kind of act."""

    code = "no-such-kind"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An act may be done now, by this rule.

    Attributes:
        basis: Article or practice that allows it.
        verified: Verification mark of that row.
        second_needed: Whether a second officer must approve.
        sentence: What is being done, in the words of the procedure's table.
        href: Where the rule can be read; empty where no page shows it.
    """

    basis: str
    verified: str
    second_needed: bool
    sentence: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something for which acts of this kind are sent back in practice. It forbids nothing.

    Attributes:
        place: What part of the text it concerns.
        what: What is wrong, in the reader's language.
        why: Why it matters.
        todo: What to do about it.
        href: Where the rule can be read; empty where no page shows it.
    """

    place: str
    what: str
    why: str
    todo: str
    basis: str
    verified: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a procedure as a whole is found by, besides what its entries say.

    Attributes:
        ref: Its reference.
        sort: What it is called among what is found: ``request``, ``talk``, ``exhibit`` or ``contact``.
        title: One line, as it is listed.
        party: Whose it is.
        ours: Whether that is us.
        at: When it was opened.
        standing: Where it stands, by the code of its table.
        final: Whether nothing follows.
        words: Whatever else it is to be found by, in reading order.
    """

    ref: str
    sort: str
    title: str
    party: str
    ours: bool
    at: datetime
    standing: str
    final: bool
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """What a room shows on the page of a channel, drawn by its own template, in which it is ``panel``."""

    template: str
    says: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Brief:
    """What something is, where a page of another room names it by the entry that opened it.

    Attributes:
        ref: Its reference.
        title: What it is called.
        standing: Where it stands, in the reader's language.
        size: Of what has one, in bytes.
    """

    ref: str
    title: str
    standing: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An act that may well come next, with its form filled in. Nothing is signed by following it.

    Attributes:
        act: Its name in the table of the procedure: offered only while the table allows it. Empty for what is
            only read.
    """

    act: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Room:
    """What the register asks of a room.

    Attributes:
        prefix: Its kinds begin with this.
        judge: ``(acts, party) -> verdicts``, of acts in one channel on different procedures; raises OurFault
            where one of them is not allowed now. What they rest on is read once for all.
        project: ``(channel, refs)``: compute the projections of these procedures anew.
        projections: Tables that hold nothing but projections; rebuilding empties them first.
        tables: ``(channel) -> (received) -> Procedure``: the table that the entries of one procedure in a
            channel are judged by. What the channel rests on is read once for all.
        page: ``(channel, ref) -> address`` of a procedure's own page.
        facts: ``(act) -> rows``: what an act says, as labels and values in words, in reading order.
        doubts: ``(act) -> doubts``: what whoever signs it should have seen.
        open: ``(channel) -> refs``: the procedures that go on, or left something owed behind: a suspension
            bears on these, and whoever asks what is owed reads them.
        heads: ``(channel, refs) -> heads``: what these procedures are found by, once they are projected.
            Where a room has none, nothing in it is indexed.
        briefs: ``(channel, refs) -> briefs``: what these are, where a page of another room names them.
        indexes: Whether it has the entries it projects indexed by itself, because it knows which are new.
        weight: The kinds of its entries on which others rest, where few do: what the table makes of the rest
            is asked without reading them all (``comity.lifecycle.weight``). Empty: every entry may count.
        titles: What acts are called that no table speaks of, by their kind.
        panel: ``(channel) -> panel``: what it shows on the channel's page, if anything.
        reads: The power it takes to read what its payloads say, where reading the record is not enough.
            They are then left out of exports, and given to no program.
    """

    prefix: str
    judge: Callable[[Sequence[Act], str], Sequence[Verdict]]
    project: Callable[[str, set[str]], None]
    projections: Sequence[type[Model]]
    tables: Callable[[str], Tables] = lambda _channel: lambda _received: None
    page: Callable[[str, str], str] = lambda _channel, _ref: ""
    facts: Callable[[Act], Sequence[tuple[str, str]]] = lambda _act: ()
    doubts: Callable[[Act], Sequence[Doubt]] = lambda _act: ()
    open: Callable[[str], set[str]] = lambda _channel: set()
    heads: Callable[[str, Sequence[str]], Iterable[Head]] | None = None
    briefs: Callable[[str, Sequence[str]], Iterable[Brief]] = lambda _channel, _refs: ()
    indexes: bool = False
    weight: frozenset[str] = frozenset()
    titles: Mapping[str, object] = field(default_factory=dict)
    panel: Callable[[str], Panel | None] = lambda _channel: None
    reads: str = ""


_ROOMS: Final[dict[str, Room]] = {}
Follower = Callable[[str, str, Collection[str]], None]
_FOLLOWERS: Final[list[Follower]] = []
Suggester = Callable[[str, str], "Sequence[Suggestion]"]
_SUGGESTERS: Final[list[Suggester]] = []


def announce(room: Room) -> None:
    """Make a room known. Called once by each room when the node starts."""
    _ROOMS[room.prefix] = room


def follow(follower: Follower) -> None:
    """Have whatever stands above the rooms told ``(channel, prefix, refs)`` of procedures just projected.

    It is told within the transaction, so what it keeps of its own is never behind the record.
    """
    _FOLLOWERS.append(follower)


def tell(channel: str, prefix: str, refs: Collection[str]) -> None:
    """Tell those who follow that these procedures of a room were projected."""
    for follower in _FOLLOWERS:
        follower(channel, prefix, refs)


def suggest(suggester: Suggester) -> None:
    """Have whatever stands above the rooms asked ``(channel, ref)`` what may come next in a procedure."""
    _SUGGESTERS.append(suggester)


def suggestions(channel: str, ref: str) -> list[Suggestion]:
    """What may come next in a procedure, by all who know something of it."""
    return [found for suggester in _SUGGESTERS for found in suggester(channel, ref)]


def rooms() -> list[Room]:
    """All rooms, in the order of their prefixes."""
    return [_ROOMS[prefix] for prefix in sorted(_ROOMS)]


def room_of(kind: str) -> Room | None:
    """The room whose kinds these are, if this node has one."""
    return next((room for prefix, room in _ROOMS.items() if prefix in (kind, kind.rpartition(".")[0])), None)


def power_to_read(kind: str) -> str:
    """The power it takes to read what entries of a kind say; empty where reading the record is enough."""
    room = room_of(kind)
    return room.reads if room else ""


def title(kind: str) -> str:
    """What an act is called where no table says: its kind, if its room has no word either."""
    room = room_of(kind)
    return str(room.titles.get(kind, kind)) if room else kind


def panels(channel: str) -> list[Panel]:
    """What the rooms show on the page of a channel."""
    return [found for room in rooms() if (found := room.panel(channel)) is not None]


def facts(act: Act) -> Sequence[tuple[str, str]]:
    """What an act says, in its room's words; nothing where no room can read it."""
    room = room_of(act.kind)
    try:
        return room.facts(act) if room else ()
    except ComityError:
        return ()


def doubts(act: Act) -> Sequence[Doubt]:
    """What whoever signs an act should have seen; nothing where no room can read it."""
    room = room_of(act.kind)
    try:
        return room.doubts(act) if room else ()
    except ComityError:
        return ()


def verdict(act: Act, party: str) -> Verdict:
    """Ask an act's room whether ``party`` may do it now.

    Raises:
        OurFault: It may not; the message says by which provision and what may be done instead.
    """
    return verdicts([act], party)[0]


def verdicts(acts: Sequence[Act], party: str) -> list[Verdict]:
    """The same for several acts in one channel, each on another procedure; a room is asked once for all.

    Raises:
        OurFault: ``party`` may not do one of them.
    """
    of_room: dict[str, list[Act]] = {}
    for act in acts:
        room = room_of(act.kind)
        if room is None:
            raise NoSuchKind(f"no room of this node knows {act.kind}; nothing was recorded")
        of_room.setdefault(room.prefix, []).append(act)
    found: dict[str, Verdict] = {}
    for prefix, asked in of_room.items():
        judged = _ROOMS[prefix].judge(asked, party)
        found |= {act.ref: one for act, one in zip(asked, judged, strict=True)}
    return [found[act.ref] for act in acts]
