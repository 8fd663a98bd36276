"""The minutes of a talk, as both sides' records give them to the letter: no clock, no reader's language.

No limit of a node bears on them either. Whatever somebody wrote is marked at each line, so that nobody writes
a line of the minutes.

Follows: docs/spec/procedures.md, Talks.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Q

from comity.errors import BadName, ComityError
from comity.lifecycle.stated import values
from comity.names import EntryRef
from comity_node.register import payloads, touched
from comity_node.register import queries as register
from comity_node.talk import queries
from comity_node.talk.content import content_in
from comity_node.talk.judging import AGREED, answers_to, minutes_of
from comity_node.talk.models import Line
from comity_node.talk.projecting import SAID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from comity_node.talk.content import Content
    from comity_node.talk.models import Talk

_MOST: Final = 2_000  # messages in one set of minutes
_HEAD: Final = 1_000  # characters, more than the head of one takes
LONGEST: Final = 20_000  # characters of one text that minutes set out, as the protocol has it


def that_fit(row: Talk, first: EntryRef) -> list[EntryRef]:
    """The last message of each party, from the first on, that one set of minutes may hold here."""
    room = settings.NODE.limits.minutes_characters - _HEAD
    last: dict[str, EntryRef] = {}
    lines = Line.objects.filter(channel=row.channel, ref=row.ref, act=SAID, irregular="").filter(
        _from(row, first)
    )
    found = list(lines.order_by("depth", "origin")[:_MOST])
    beside = queries.translations(row, found)
    whole = _whole([*found, *chain.from_iterable(beside.values())])
    for one in found:
        room -= len(_told(one, beside.get(str(queries.ref_of(one)), ()), whole)) + 2
        if room < 0 and last:
            break
        last[one.party] = queries.ref_of(one)
    return [last[party] for party in sorted(last)]


def since(row: Talk) -> EntryRef | None:
    """The first message that no agreed minutes cover; None where all are covered, or nothing was said."""
    agreed = [one for one in minutes_of(row) if any(each.act == AGREED for each in answers_to(row, one))]
    done = _upto(agreed[-1].stated) if agreed else {}
    left = Q()
    for party in row.said:
        left |= Q(party=party, index__gt=done.get(party, -1))
    found = Line.objects.filter(channel=row.channel, ref=row.ref, act=SAID, irregular="").filter(left)
    first = found.order_by("depth", "origin").first() if row.said else None
    return queries.ref_of(first) if first is not None else None


def text_of(row: Talk, stated: Mapping[str, str | Sequence[str]]) -> str:
    """The text that this node's record gives for minutes that state what they cover."""
    lines = list(_lines(row, stated))
    beside = queries.translations(row, lines)
    upto = _upto(stated)
    head = [
        f"Minutes of the talk {row.ref}: {row.title}",
        f"Channel {row.channel}. All times are UTC. Entries are cited by the log and their number in it.",
    ]
    whole = _whole([*lines, *chain.from_iterable(beside.values())])
    told = [
        _told(one, [each for each in beside.get(str(queries.ref_of(one)), ()) if _within(each, upto)], whole)
        for one in lines
    ]
    return "\n\n".join(["\n".join(head), *told])


def proposed(line: Line) -> str:
    """The text of minutes as sent, whole: a line holds only so much of it. Empty where it cannot be read."""
    try:
        said = payloads.payload(register.entry(queries.ref_of(line))) or {}
    except ComityError:
        return ""
    text = said.get("text")
    return text if isinstance(text, str) else ""


def is_as_ours(row: Talk, line: Line) -> bool:
    """Whether this node's record gives the text that was proposed, to the letter."""
    return proposed(line) == text_of(row, line.stated)


def _whole(lines: Iterable[Line]) -> dict[EntryRef, Content]:
    """What was said, as much as minutes set out, where this node shows less of it."""
    cut = [queries.ref_of(one) for one in lines if one.is_cut]
    received = touched.without_receipts(cut[0].origin.channel, cut) if cut else []
    return {
        one.ref: content_in(one, sealed, most=LONGEST) for one, sealed in payloads.sealed_payloads(received)
    }


def _told(line: Line, beside: Sequence[Line], whole: Mapping[EntryRef, Content]) -> str:
    said: Line | Content = whole.get(queries.ref_of(line), line)
    parts = [
        f"[{line.party.upper()} {line.index}] {line.at:%Y-%m-%d %H:%M:%S} {line.office}, {line.capacity}"
        + _in(line.language),
        _quoted(said.text) if line.content == "held" else f"(content: {line.content})",
    ]
    is_cut = _is_cut(said)
    if line.translation:
        by = f"; {line.translated_by}" if line.translated_by else ""
        parts += [
            f"-- translation sent with it{_in(line.translation_language)}{by}",
            _quoted(said.translation),
        ]
    for one in beside:
        put: Line | Content = whole.get(queries.ref_of(one), one)
        parts += [f"-- translation by {one.party.upper()} {one.index}{_in(one.language)}", _quoted(put.text)]
        is_cut = is_cut or _is_cut(put)
    if is_cut:
        parts.append("(the entry says more than is set out here)")
    named = (one["title"] or one["entry"] or one["sha256"] for one in line.exhibits)
    parts += [f"-- exhibit: {one}" for one in named]
    return "\n".join(parts)


def _is_cut(said: Line | Content) -> bool:
    return said.is_cut or max(len(said.text), len(said.translation)) > LONGEST


def _quoted(text: str) -> str:
    """A text somebody wrote, marked at the beginning of each line, whatever ends the line."""
    return "\n".join(f"> {one}" for one in text[:LONGEST].splitlines() or [""])


def _in(language: str) -> str:
    return f" ({language})" if language else ""


def _lines(row: Talk, stated: Mapping[str, str | Sequence[str]]) -> Iterator[Line]:
    found = Line.objects.filter(channel=row.channel, ref=row.ref, act=SAID, irregular="", taken_back=False)
    first = _first(row, stated)
    if first is not None:
        found = found.filter(_from(row, queries.ref_of(first)))
    upto = _upto(stated)
    yield from (one for one in found.order_by("depth", "origin")[:_MOST] if _within(one, upto))


def _from(row: Talk, first: EntryRef) -> Q:
    """The lines from one on, in the common order."""
    line = queries.line(row, first.origin.party, first.index)
    depth, origin = (line.depth, line.origin) if line is not None else (0, "")
    return Q(depth__gt=depth) | Q(depth=depth, origin__gte=origin)


def _first(row: Talk, stated: Mapping[str, str | Sequence[str]]) -> Line | None:
    for value in values(stated, "since")[:1]:
        try:
            ref = EntryRef.parse(value)
        except BadName:
            return None
        return queries.line(row, ref.origin.party, ref.index)
    return None


def _upto(stated: Mapping[str, str | Sequence[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values(stated, "covers"):
        try:
            ref = EntryRef.parse(value)
        except BadName:
            continue
        found[ref.origin.party] = ref.index
    return found


def _within(line: Line, upto: Mapping[str, int]) -> bool:
    return line.index <= upto.get(line.party, -1)
