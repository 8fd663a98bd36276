"""Reading talks: the lists, one page of what was said, and who has opened it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Min, Q

from comity.custody import KINDS as CUSTODY
from comity.errors import BadName
from comity.names import EntryRef, Origin
from comity_node.register import queries as register
from comity_node.register import rooms, seeking
from comity_node.register.numbering import next_free
from comity_node.talk.models import Line, Opening, Talk
from comity_node.talk.projecting import CLOSED, KINDS, SAID, TRANSLATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

PAGE: Final = 50
LISTED: Final = 100
ON_THE_DESK: Final = 10
MOST_FOUND: Final = 100
_MANY: Final = 1000
_ADDED: Final = f"{CUSTODY}.added"


def talks(channel: str = "") -> QuerySet[Talk]:
    """The talks of a channel, or of all; first those in which something said came here last."""
    found = Talk.objects.exclude(state="").order_by("-last_at", "-pk")
    return found.filter(channel=channel) if channel else found


def talk(channel: str, ref: str) -> Talk | None:
    """One talk, if something regular has opened it."""
    return talks().filter(channel=channel, ref=ref).first()


def unread(row: Talk) -> int:
    """How many messages of others nobody at our desk has opened; no more than a thousand are counted."""
    count = 0
    for party, opened in row.unopened().items():
        later = _lines(row).filter(act=SAID, party=party, index__gt=opened)
        count += later.order_by("-depth")[:_MANY].count()
    return count


def unopened(row: Talk) -> list[EntryRef]:
    """The last message of each other party, where our desk has not opened it."""
    return [EntryRef(Origin(party, row.channel), row.said[party]) for party in row.unopened()]


def awaiting(limit: int = ON_THE_DESK) -> list[tuple[Talk, int]]:
    """The talks in which somebody said something our desk has not opened, the latest first."""
    return [(row, unread(row)) for row in talks().filter(waits=True)[:limit]]


@dataclass(frozen=True, slots=True)
class Window:
    """Some lines of a talk, in the common order.

    Attributes:
        has_earlier, has_later: Whether there is more on either side.
    """

    lines: Sequence[Line]
    has_earlier: bool
    has_later: bool


def window(row: Talk, *, before: str = "", after: str = "", size: int = PAGE) -> Window:
    """So many lines: the last, or those before or from a place (``depth-party``) on."""
    shown = _lines(row).filter(shown=True)
    if (place := _place(row, after)) is not None:
        lines = list(shown.filter(_behind(place)).order_by("depth", "origin")[: size + 1])
        return Window(lines[:size], has_earlier=True, has_later=len(lines) > size)
    place = _place(row, before)
    earlier = shown.filter(_ahead(place)) if place is not None else shown
    lines = list(earlier.order_by("-depth", "-origin")[: size + 1])
    return Window(lines[size - 1 :: -1], has_earlier=len(lines) > size, has_later=place is not None)


def around(row: Talk, party: str, index: int) -> Window | None:
    """The lines from one entry on, with a few before it; None where it is no line of the talk."""
    line = _lines(row).filter(shown=True, party=party, index=index).first()
    if line is None:
        return None
    few = window(row, before=f"{line.depth}-{line.party}", size=5)
    first = few.lines[0] if few.lines else line
    from_here = window(row, after=f"{first.depth - 1}-~")
    return Window(from_here.lines, has_earlier=few.has_earlier, has_later=from_here.has_later)


def _lines(row: Talk) -> QuerySet[Line]:
    return Line.objects.filter(channel=row.channel, ref=row.ref)


def _place(row: Talk, said: str) -> tuple[int, str] | None:
    depth, _, party = said.partition("-")
    if not (depth.isascii() and depth.isdigit() and len(depth) < 19 and party):
        return None
    return int(depth), "~" if party == "~" else f"{party[:40]}.comity/{row.channel}"


def _behind(place: tuple[int, str]) -> Q:
    return Q(depth__gt=place[0]) | Q(depth=place[0], origin__gt=place[1])


def _ahead(place: tuple[int, str]) -> Q:
    return Q(depth__lt=place[0]) | Q(depth=place[0], origin__lt=place[1])


def translations(row: Talk, lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The translations put beside these messages afterwards, by the entry each is of."""
    about = [str(ref_of(one)) for one in lines]
    found: dict[str, list[Line]] = {}
    for one in _lines(row).filter(of__in=about, act=TRANSLATED, irregular="").order_by("depth", "origin"):
        found.setdefault(one.of, []).append(one)
    return found


def ref_of(line: Line) -> EntryRef:
    """The entry a line is."""
    return EntryRef(Origin(line.party, line.channel), line.index)


def openings(row: Talk, lines: Sequence[Line]) -> dict[tuple[str, int], dict[str, datetime]]:
    """When each reader's desk opened each of these messages first, by author and index."""
    found: dict[tuple[str, int], dict[str, datetime]] = {}
    for party in {one.party for one in lines}:
        own = sorted(one.index for one in lines if one.party == party)
        rows = Opening.objects.filter(channel=row.channel, ref=row.ref, party=party, upto__gte=own[0])
        marks = [
            (one.reader, one.upto, one.at) for one in rows.filter(upto__lt=own[-1]).order_by("index")[:_MANY]
        ]
        # Beyond the page, when each reader first opened all of it is enough.
        beyond = rows.filter(upto__gte=own[-1]).values("reader").annotate(first=Min("at")).order_by()
        marks += [(reader, own[-1], at) for reader, at in beyond.values_list("reader", "first")]
        for reader, upto, at in marks:
            for index in own:
                if index <= upto:
                    found.setdefault((party, index), {}).setdefault(reader, at)
    return found


def receipts(lines: Sequence[Line]) -> dict[EntryRef, register.Received]:
    """The entries of these lines, with who signed for each and when."""
    return {one.ref: one for one in register.these(map(ref_of, lines))}


def sought(row: Talk, words: str) -> tuple[list[Line], bool]:
    """The lines that hold these words, the latest first, and whether these are all."""
    wanted = seeking.Sought(words=words, sort="entry", channel=row.channel, ref=row.ref, kinds=KINDS)
    found = seeking.seek(wanted).get("entry")
    if found is None:
        return [], True
    places = [(one.party, one.index) for one in found.passages(0, MOST_FOUND)]
    rows = {
        (one.party, one.index): one for one in _lines(row).filter(index__in=[index for _, index in places])
    }
    kept = [rows[place] for place in places if place in rows]
    is_all = found.is_all and len(found.keys) <= MOST_FOUND
    return [one for one in kept if one.shown or one.act == TRANSLATED], is_all


def line(row: Talk, party: str, index: int) -> Line | None:
    """One line of a talk."""
    return _lines(row).filter(party=party, index=index).first()


def last_own(row: Talk) -> Line | None:
    """The last message of ours, in the common order."""
    own = _lines(row).filter(act=SAID, party=settings.NODE.party)
    return own.order_by("-depth").first()


def last_word(row: Talk, party: str) -> datetime | None:
    """When the desk of a party last did anything in a talk, by its own word."""
    found = _lines(row).filter(party=party, depth=row.depths.get(party, -1))
    return found.values_list("at", flat=True).first()


def exhibit(channel: str, named: str) -> dict[str, str] | None:
    """An exhibit as a message names it, by its reference or the entry that added it; None where none is."""
    try:
        found = (
            [register.entry(EntryRef.parse(named))]
            if "#" in named
            else register.entries(channel, ref=named, kinds=[_ADDED], most=1)
        )
    except (BadName, register.NoSuchEntry):
        return None
    fits = [one for one in found if one.entry.kind == _ADDED]
    if not fits or fits[0].ref.origin.channel != channel:
        return None
    return {"entry": str(fits[0].ref), "title": fits[0].entry.ref, "sha256": ""}


def exhibits(row: Talk, lines: Iterable[Line]) -> dict[str, tuple[rooms.Brief, str]]:
    """What the exhibits are that messages name, and the page of each, by the entry that announced it."""
    named = dict.fromkeys(one["entry"] for line in lines for one in line.exhibits)
    refs = [ref for ref in map(_ref, named) if ref is not None and ref.origin.channel == row.channel]
    added = {str(one.ref): one.entry.ref for one in register.these(refs) if one.entry.kind == _ADDED}
    room = rooms.room_of(_ADDED)
    if room is None or not added:
        return {}
    briefs = {
        one.ref: (one, room.page(row.channel, one.ref)) for one in room.briefs(row.channel, [*added.values()])
    }
    return {entry: briefs[ref] for entry, ref in added.items() if ref in briefs}


def _ref(said: str) -> EntryRef | None:
    try:
        return EntryRef.parse(said)
    except BadName:
        return None


def is_open(row: Talk) -> bool:
    """Whether anything more may be said in it."""
    return row.state != CLOSED


def next_reference(party: str, year: int) -> str:
    """The reference of the next talk we open: numbered apart from requests and exhibits."""
    beginning = f"{party}-{year}-t"
    ours = Talk.objects.filter(opened_by=party, ref__startswith=beginning).values_list("ref", flat=True)
    return next_free(beginning, ours, digits=4)
