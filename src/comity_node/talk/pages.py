"""What the pages of talks show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.errors import BadName
from comity.instruments import library
from comity.names import EntryRef
from comity_node.listing import table
from comity_node.officials import powers
from comity_node.officials.access import require
from comity_node.register import queries as register
from comity_node.register import rooms, standings
from comity_node.talk import access, queries
from comity_node.talk.projecting import CLOSED, KINDS, OPENED, SAID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.http import QueryDict

    from comity.lifecycle import Suspension
    from comity_node.officials.models import Official
    from comity_node.register.acts import Act
    from comity_node.talk.models import Line, Talk

ADD_EXHIBITS: Final = "evidence.add"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a message has come with one other party: received by its node, opened by its desk."""

    party: str
    received_at: datetime | None
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class NamedExhibit:
    """An exhibit that a message names.

    Attributes:
        ref: Its reference; empty where the entry named is no announcement on record here.
        href: Its page, or that of the entry; empty where there is neither.
        standing: How far it has arrived, in words.
    """

    title: str
    ref: str = ""
    href: str = ""
    standing: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as a page shows it.

    Attributes:
        label: What the act is called, where it is no message.
        marks: How far it has come with each other party.
        crossed: Entries of others before it in the common order that its author had not seen, nor they it.
    """

    line: Line
    ours: bool
    ref: EntryRef
    href: str
    label: str
    marks: Sequence[Mark]
    crossed: Sequence[str]
    beside: Sequence[Line]
    exhibits: Sequence[NamedExhibit] = field(default_factory=tuple)
    minutes_href: str = ""
    translate_href: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """What the record says of another party's desk and node; it names nobody."""

    party: str
    desk_at: datetime | None
    node_at: datetime | None


def shown(row: Talk, lines: Sequence[Line]) -> list[Shown]:
    """Lines with their marks, translations and crossings, each kind of fact read once for all."""
    entries, opened = queries.receipts(lines), queries.openings(row, lines)
    beside, briefs = queries.translations(row, lines), queries.exhibits(row, lines)
    return [_shown(row, one, at, lines, entries, opened, beside, briefs) for at, one in enumerate(lines)]


def _shown(
    row: Talk,
    line: Line,
    at: int,
    lines: Sequence[Line],
    entries: Mapping[EntryRef, register.Received],
    opened: Mapping[tuple[str, int], Mapping[str, datetime]],
    beside: Mapping[str, Sequence[Line]],
    briefs: Mapping[str, tuple[rooms.Brief, str]],
) -> Shown:
    ref = queries.ref_of(line)
    return Shown(
        line=line,
        ours=line.party == settings.NODE.party,
        ref=ref,
        href=_address("web:entry", line.party, line.channel, line.index),
        label="" if line.act == SAID else _label(line.act),
        marks=_marks(row, line, entries.get(ref), opened.get((line.party, line.index), {})),
        crossed=[f"{one.party.upper()} {one.index}" for one in lines[:at] if _crossed(one, line)],
        beside=beside.get(str(ref), ()),
        exhibits=[_exhibit(one, briefs) for one in line.exhibits],
        minutes_href=_minutes_of(row, line),
        translate_href=_translate(row, line),
    )


def _exhibit(named: Mapping[str, str], briefs: Mapping[str, tuple[rooms.Brief, str]]) -> NamedExhibit:
    known = briefs.get(named["entry"])
    if known is None:
        title = named["title"] or named["entry"] or named["sha256"]
        return NamedExhibit(title, href=_entry(named["entry"]))
    brief, href = known
    return NamedExhibit(brief.title, brief.ref, href, brief.standing, brief.size)


def _label(act: str) -> str:
    known = library()[standings.CHARTER].procedure("talk").act_of
    return _(known[act].label) if act in known else act


def _crossed(earlier: Line, line: Line) -> bool:
    """Whether neither author had seen the other's line: a later place never was seen by an earlier one."""
    return earlier.party != line.party and line.seen.get(earlier.party, 0) <= earlier.index


def _marks(
    row: Talk, line: Line, entry: register.Received | None, opened: Mapping[str, datetime]
) -> list[Mark]:
    others = [party for party in row.parties if party != line.party]
    if entry is None:
        return []
    by = entry.receipts if len(others) > 1 else {}
    alone = entry.receipted_at if len(others) == 1 else None
    return [Mark(party, by.get(party, alone), opened.get(party)) for party in others]


def _minutes_of(row: Talk, line: Line) -> str:
    if line.act == "minutes_proposed":
        return reverse("talk:one-minutes", args=[row.channel, row.ref, line.party, line.index])
    try:
        ref = EntryRef.parse(line.of)
    except BadName:
        return ""
    return reverse("talk:one-minutes", args=[row.channel, row.ref, ref.origin.party, ref.index])


def _translate(row: Talk, line: Line) -> str:
    if line.act != SAID or line.content != "held":
        return ""
    return reverse("talk:translate", args=[row.channel, row.ref, line.party, line.index])


def _entry(said: str) -> str:
    try:
        ref = EntryRef.parse(said)
    except BadName:
        return ""
    return _address("web:entry", ref.origin.party, ref.origin.channel, ref.index)


def presence(row: Talk) -> list[Presence]:
    """When each other party was last seen: its desk by its acts in the talk, its node by what it signed."""
    own = register.own_log(row.channel)
    logs = {log.party: log for log in register.their_logs(row.channel)}
    found = []
    for party in row.parties:
        if party in logs and own is not None:
            receipt = register.last_receipt(own, party)
            heard = filter(None, (receipt.given_at if receipt else None, register.last_stored(logs[party])))
            found.append(Presence(party, queries.last_word(row, party), max(heard, default=None)))
    return found


def part(row: Talk, official: Official, said: Mapping[str, str]) -> dict[str, Any]:
    """The lines of the page, which is what is brought up to date while it is open."""
    window = _window(row, said)
    lines = window.lines
    speaks = access.speaks(official)
    first, last = (lines[0], lines[-1]) if lines else (None, None)
    return {
        "talk": row,
        "lines": shown(row, lines),
        "earlier": f"?before={first.depth}-{first.party}" if first and window.has_earlier else "",
        "later": f"?after={last.depth}-{last.party}" if last and window.has_later else "",
        "is_latest": not window.has_later,
        "unopened": speaks and not window.has_later and bool(queries.unopened(row)),
        "speaks": speaks,
        "presence": presence(row),
        "now": timezone.now(),
    }


def _window(row: Talk, said: Mapping[str, str]) -> queries.Window:
    party, _dot, index = said.get("entry", "").rpartition(".")
    if party and index.isascii() and index.isdigit() and len(index) < 19:
        found = queries.around(row, party, int(index))
        if found is not None:
            return found
    return queries.window(row, before=said.get("before", ""), after=said.get("after", ""))


def page(row: Talk, official: Official, said: Mapping[str, str]) -> dict[str, Any]:
    """The whole page of a talk."""
    words = said.get("words", "").strip()[:200]
    hits, is_all = queries.sought(row, words) if words else ([], True)
    one = [row.channel, row.ref]
    in_force = standings.life(row.channel).suspensions.in_force()
    suspended = [each for each in in_force if "talk" in each.topics and _is_between(each, row)]
    return {
        "talk": row,
        "speaks": access.speaks(official),
        "unopened": access.speaks(official) and bool(queries.unopened(row)),
        "about": _(row.about),
        "standing": _label_of(row.state),
        "tone": "done" if row.state == CLOSED else "open",
        "linked": [(each.rpartition("#")[2], _entry(each), each.partition(".")[0]) for each in row.linked],
        "others": [party for party in row.parties if party != settings.NODE.party],
        "channel_href": _address("channels:channel", row.channel),
        "href": reverse("talk:talk", args=one),
        "say_href": reverse("talk:say", args=one),
        "attach_href": _address("attaching:attach", *one) if official.has_perm(ADD_EXHIBITS) else "",
        "read_href": reverse("talk:read", args=one),
        "minutes_href": reverse("talk:minutes", args=one),
        "move": (_moved(row), reverse("talk:move", args=[*one, _moves(row)]))
        if access.speaks(official)
        else None,
        "may_say": access.speaks(official) and queries.is_open(row),
        "words": words,
        "hits": [(each, f"?entry={_anchor(each)}") for each in hits],
        "is_all": is_all,
        "suspended": bool(suspended) and row.about != "resumption",
        "exercise": standings.exercised(row.channel),
        "signs_as": _signs_as(official),
    }


def _is_between(one: Suspension, row: Talk) -> bool:
    """Whether a suspension is between whoever opened the talk and a party it is with."""
    return row.opened_by in one.parties and one.parties <= set(row.parties)


def _anchor(line: Line) -> str:
    """Where a hit is shown: a translation stands beside what it is of."""
    try:
        ref = EntryRef.parse(line.of)
    except BadName:
        return f"{line.party}.{line.index}"
    return f"{ref.origin.party}.{ref.index}"


def _label_of(state: str) -> str:
    states = library()[standings.CHARTER].procedure("talk").state_of
    return _(states[state].label) if state in states else state


def _moves(row: Talk) -> str:
    return "reopened" if row.state == CLOSED else CLOSED


def _moved(row: Talk) -> str:
    return _(library()[standings.CHARTER].procedure("talk").act_of[_moves(row)].sentence)


def _signs_as(official: Official) -> str:
    """In whose name a message is signed: the record names no person."""
    role = powers.capacity(official.roles, powers.rule(f"{KINDS}.{SAID}").sign)
    return f"{official.office}, {role}" if role else str(official.office)


def listed(said: QueryDict) -> dict[str, Any]:
    """A page of the talks of a channel, or of all, as the address asks."""
    channel = said.get("channel", "")[:32]
    rows, place = table.page_of(said, queries.talks(channel), size=queries.LISTED)
    channels = [log.channel for log in register.own_logs() if standings.is_open(log.channel)]
    return {
        "talks": [
            (row, reverse("talk:talk", args=[row.channel, row.ref]), queries.unread(row)) for row in rows
        ],
        "pages": place,
        "channel": channel,
        "channels": [(one, ", ".join(map(str.upper, register.others(one)))) for one in channels],
        "closed": CLOSED,
    }


def confirmation(act: Act, *, by: Official, back_href: str, action: str) -> dict[str, Any]:
    """The confirmation page of an act in a talk.

    Raises:
        OurFault: The table does not allow it now, or the official lacks the power.
    """
    capacity = require(by, powers.rule(act.kind).sign)
    verdict = rooms.verdict(act, settings.NODE.party)
    return {
        "act": {
            "label": _(verdict.sentence),
            "text": act.text(),
            "article": verdict.basis,
            "article_href": verdict.href,
            "verified": verdict.verified,
            "article_text": "",
            "channel": act.channel,
            "channel_href": _address("channels:channel", act.channel),
            "ref": act.ref,
            "kind": act.kind,
            "fields": [{"label": label, "value": value} for label, value in rooms.facts(act)],
        },
        "signs": {"name": by.display_name, "office": str(by.office), "capacity": capacity.capacity},
        "second": "",
        "next": [
            _("The entry is appended to our log and sealed to everybody in the channel."),
            _("It is sent at once; their receipt is shown when their node has stored it."),
        ],
        "seconding": None,
        "exercise": standings.exercised(act.channel),
        "action": action,
        "back_href": back_href,
        "back_label": _("Leave") if act.kind.rpartition(".")[2] != OPENED else "",
    }


def _address(name: str, *args: object) -> str:
    """The address of a page outside this room, or nothing where this node has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
