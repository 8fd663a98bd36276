"""Project talks from the record: what is new costs the same however much was said before.

Nothing rests on a message (``comity.lifecycle.weight``), so only the few acts that carry weight are folded
with what is new. Rebuilding gives the same rows to the byte: none depends on when it was computed.

Follows: docs/adr/0031-a-message-weighs-nothing.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Q

from comity.errors import BadName
from comity.instruments import editions
from comity.lifecycle import judged_by_weight, standings, weighty
from comity.lifecycle.stated import values
from comity.names import EntryRef, Origin
from comity_node.register import passages, payloads, touched
from comity_node.register import standings as register
from comity_node.register.projections import keep
from comity_node.talk.calling import unopened
from comity_node.talk.content import content_in
from comity_node.talk.models import Line, Opening, Talk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.lifecycle import Judged, Life, Standing
    from comity_node.register.queries import Received

KINDS: Final = register.TALK
OPENED, SAID, TRANSLATED, READ = "opened", "said", "translated", "read"
CLOSED: Final = "closed"
NOT_SHOWN: Final = frozenset({TRANSLATED, READ})
_ABOUT: Final = ("of", "minutes")  # the statements by which an entry is about another one
_AT_ONCE: Final = 500
_LONGEST_REASON: Final = 500
_TWO: Final = 2


@dataclass
class _Read:
    """A talk as it is brought up to date: its row, the acts that carry weight, and what is looked at."""

    row: Talk
    weight: list[Received]
    fresh: list[Received]
    again: list[Received]


def project(channel: str, refs: set[str]) -> None:
    """Bring the projections of these talks up to date."""
    rows = {row.ref: row for row in Talk.objects.filter(channel=channel, ref__in=list(refs))}
    read = [_read(channel, ref, rows.get(ref)) for ref in sorted(refs)]
    found = [one for one in read if one is not None]
    life = register.life(channel) if found else None  # a receipt alone brings nothing new
    for one in found:
        assert life is not None, "it was read for the first of them"
        _take(one, life)
        unopened(one.row)


def weight_of(row: Talk) -> list[Received]:
    """The entries of a talk that carry weight, in the common order."""
    return touched.without_receipts(row.channel, map(EntryRef.parse, row.weight))


def _read(channel: str, ref: str, row: Talk | None) -> _Read | None:
    """What of a talk has to be looked at; None where nothing has."""
    known = row or Talk(channel=channel, ref=ref)
    fresh = touched.deeper(channel, ref=ref, prefix=f"{KINDS}.", than=known.depths)
    if not fresh and row is None:
        return None
    added = [one for one in fresh if one.entry.act in weighty_acts()]
    opened_again = {one.ref for one in added if row is not None and _opens_nothing(one, row)}
    moving = [one for one in added if one.ref not in opened_again]
    if row is not None and any(one.entry.act == OPENED for one in moving):
        return _anew(channel, ref, fresh=touched.deeper(channel, ref=ref, prefix=f"{KINDS}.", than={}))
    again = _looked_at_again(known, moving) if row is not None else []
    if not fresh and not again:
        return None
    return _Read(known, sorted([*weight_of(known), *added], key=_place), fresh, again)


def _opens_nothing(one: Received, row: Talk) -> bool:
    """Whether an act opens a talk once more, behind the opening that counts: nothing else is moved by it.

    An opening that was confirmed after a suspension counts from another place, and one to several parties
    for each of them apart: there nothing is said beforehand.
    """
    if one.entry.act != OPENED or not row.state or len(row.parties) > _TWO:
        return False
    counts = EntryRef.parse(row.entry)
    lines = Line.objects.filter(channel=row.channel, ref=row.ref, party=counts.origin.party)
    first = lines.filter(index=counts.index, under="").first()
    return first is not None and (first.depth, first.origin, first.index) < _place(one)


def _anew(channel: str, ref: str, *, fresh: list[Received]) -> _Read:
    """Everything of a talk that is opened once more: what was said before may stand otherwise."""
    for table in (Talk, Line, Opening):
        table._default_manager.filter(channel=channel, ref=ref).delete()
    return _Read(
        Talk(channel=channel, ref=ref), [one for one in fresh if one.entry.act in weighty_acts()], fresh, []
    )


def _looked_at_again(row: Talk, added: Sequence[Received]) -> list[Received]:
    """What stands in here and may have become something else: it is looked at once more.

    That is what a new act of weight stands before; what is lodged in a suspension and waits for its author's
    word, which is for good; and what lost its content, or regained it.
    """
    lines = Line.objects.filter(channel=row.channel, ref=row.ref)
    places = [_after(min(added, key=_place))] if added else []
    found = list(lines.filter(reduce(or_, places, Q(lodged=True))).values_list("party", "index"))
    found += _changed(row)
    refs = {EntryRef(Origin(party, row.channel), index) for party, index in found}
    return touched.without_receipts(row.channel, refs)


def _changed(row: Talk) -> list[tuple[str, int]]:
    """The lines whose content came back, or is erased just now."""
    lines = Line.objects.filter(channel=row.channel, ref=row.ref)
    missing = list(lines.filter(content="erased").values_list("party", "index", "payload"))
    back = payloads.held([digest for *_, digest in missing]) if missing else set()
    gone = payloads.being_erased()
    lost = lines.filter(payload__in=list(gone)).values_list("party", "index") if gone else ()
    return [*((party, index) for party, index, digest in missing if digest in back), *lost]


def _take(found: _Read, life: Life) -> None:
    row = found.row
    acts, weight = register.lifecycle_acts, register.lifecycle_acts(found.weight)
    table = life.governing(KINDS, weight)
    judged: dict[EntryRef, Judged] = {}
    standing: Standing | None = None
    looked_at = {one.ref: one for one in (*found.again, *found.fresh)}
    if table is not None:
        bearing = life.on(KINDS)
        heavy = {act.ref for act in weight}
        others = acts(one for ref, one in looked_at.items() if ref not in heavy)
        judged = judged_by_weight(table.procedure, weight, others, bearing)
        courses = standings(table.procedure, weight, bearing)
        standing = _ours(courses)
    lines = _lines(looked_at.values(), judged)
    _keep_lines(lines)
    keep(
        [one for each in found.fresh for one in _openings(each, judged)],
        by=["channel", "ref", "reader", "index", "party"],
    )
    _fill(row, found, lines, judged, standing)
    keep([row], by=["channel", "ref"])
    passages.index(KINDS, looked_at.values())


def _keep_lines(lines: Sequence[Line]) -> None:
    for start in range(0, len(lines), _AT_ONCE):
        keep(lines[start : start + _AT_ONCE], by=["channel", "ref", "party", "index"])


def _ours(courses: dict[str, Standing]) -> Standing:
    """The course a talk is in for us: with whoever opened it; where that is us, one that still goes on."""
    found = [courses[settings.NODE.party]] if settings.NODE.party in courses else list(courses.values())
    return next((one for one in found if one.state not in ("", CLOSED)), found[0])


def _lines(received: Iterable[Received], judged: dict[EntryRef, Judged]) -> list[Line]:
    return [_line(one, sealed, judged.get(one.ref)) for one, sealed in payloads.sealed_payloads(received)]


def _line(one: Received, sealed: bytes | None, judged: Judged | None) -> Line:
    entry, said = one.entry, content_in(one, sealed)
    return Line(
        channel=one.ref.origin.channel,
        ref=entry.ref,
        party=one.party,
        origin=str(one.ref.origin),
        index=one.ref.index,
        depth=one.depth,
        act=entry.act,
        shown=entry.act not in NOT_SHOWN,
        at=entry.authored_at,
        office=entry.by.office,
        capacity=entry.by.capacity,
        seen=dict(entry.seen),
        stated=dict(entry.stated),
        of=_about(one),
        payload=entry.payload.sha256 if entry.payload else "",
        content=said.state,
        title=said.title,
        language=said.language,
        text=said.text,
        is_cut=said.is_cut,
        translation_language=said.translation_language,
        translation=said.translation,
        translated_by=said.translated_by,
        exhibits=[dict(named) for named in said.exhibits],
        **_verdict(judged),
    )


def _verdict(judged: Judged | None) -> dict[str, Any]:
    if judged is None:
        return {"irregular": "this node lacks the text by which it is judged"}
    under = judged.lodged_under
    waits = under is not None and judged.taken_back is None
    confirmed = judged.act.confirmed_by is not None
    return {
        "irregular": "" if judged.regular or under is not None else judged.because[:_LONGEST_REASON],
        "under": str(under or judged.act.confirmed_by or "") if under is not None or confirmed else "",
        "lodged": waits,
        "taken_back": judged.taken_back is not None,
    }


def _about(one: Received) -> str:
    """The entry it is about, if it names one of this channel."""
    for name in _ABOUT:
        for value in values(one.entry.stated, name)[:1]:
            try:
                ref = EntryRef.parse(value)
            except BadName:
                continue
            if ref.origin.channel == one.ref.origin.channel:
                return str(ref)
    return ""


def _openings(one: Received, judged: dict[EntryRef, Judged]) -> list[Opening]:
    """What a desk says it has opened, of what its node held by then."""
    found = judged.get(one.ref)
    if one.entry.act != READ or found is None or not found.regular:
        return []
    opened: dict[str, int] = {}
    for value in values(one.entry.stated, "up_to"):
        ref = EntryRef.parse(value)  # in form, or it were not regular
        party = ref.origin.party
        known = one.entry.seen.get(party, 0)
        if ref.origin.channel == one.ref.origin.channel and ref.index < known:
            opened[party] = max(ref.index, opened.get(party, -1))
    return [
        Opening(
            channel=one.ref.origin.channel,
            ref=one.entry.ref,
            reader=one.party,
            index=one.ref.index,
            party=party,
            upto=upto,
            at=one.entry.authored_at,
        )
        for party, upto in opened.items()
    ]


def _fill(
    row: Talk,
    found: _Read,
    lines: Sequence[Line],
    judged: dict[EntryRef, Judged],
    standing: Standing | None,
) -> None:
    """Bring the row of a talk up to date with what was looked at."""
    depths = dict(row.depths)
    for one in found.fresh:
        depths[one.party] = max(one.depth, depths.get(one.party, 0))
    row.depths = dict(sorted(depths.items()))
    fresh = {one.ref for one in found.fresh}
    added = [line for line in lines if EntryRef(Origin(line.party, row.channel), line.index) in fresh]
    said = [line for line in added if line.act == SAID]
    row.messages += len(said)
    last = dict(row.said)
    for line in said:
        last[line.party] = max(line.index, last.get(line.party, -1))
    row.said = dict(sorted(last.items()))
    row.opened = _opened_by(row.opened, [one for each in found.fresh for one in _openings(each, judged)])
    row.state = standing.state if standing else ""
    if standing is not None and standing.regular:
        _open(row, standing, {str(one.ref): one for one in found.weight}, lines)
    row.weight = [str(one.ref) for one in found.weight if not _is_spent(one, row, judged)]
    row.waits = bool(row.unopened())
    _last(row, [one for one in found.fresh if one.entry.act in (SAID, OPENED)])


def _is_spent(one: Received, row: Talk, judged: dict[EntryRef, Judged]) -> bool:
    """Whether an act of weight will never have any: it opens once more what is open, or was.

    Another irregular act may become regular by what comes later and stands before it: it is kept.
    """
    said = judged.get(one.ref)
    irregular = said is not None and not said.regular and said.lodged_under is None
    return irregular and _opens_nothing(one, row)


def _opened_by(known: dict[str, dict[str, int]], added: Iterable[Opening]) -> dict[str, dict[str, int]]:
    opened = {reader: dict(upto) for reader, upto in known.items()}
    for one in added:
        of = opened.setdefault(one.reader, {})
        of[one.party] = max(one.upto, of.get(one.party, -1))
    return {reader: dict(sorted(upto.items())) for reader, upto in sorted(opened.items())}


def _open(row: Talk, standing: Standing, weight: dict[str, Received], lines: Sequence[Line]) -> None:
    """Say what a talk is, by the act that opened it."""
    opening = weight[str(standing.regular[0].act.ref)]
    row.entry = str(opening.ref)
    row.opened_by = opening.party
    row.parties = sorted({opening.party, *values(opening.entry.stated, "requested")})
    row.about = next(iter(values(opening.entry.stated, "about")), "")
    row.linked = list(values(opening.entry.stated, "linked"))
    row.opened_at = opening.entry.authored_at
    title = next((one for one in lines if (one.party, one.index) == (opening.party, opening.ref.index)), None)
    if title is not None:
        row.title = title.title


def _last(row: Talk, said: Iterable[Received]) -> None:
    """When something said in it came to this node last: no date an author gives hides it."""
    row.last_at = max(filter(None, [row.last_at, *(one.stored_at for one in said)]), default=None)


def _place(one: Received) -> tuple[int, str, int]:
    return one.depth, str(one.ref.origin), one.ref.index


def _after(one: Received) -> Q:
    """The lines that stand behind an entry in the common order."""
    origin = str(one.ref.origin)  # nobody has two entries of one depth
    return Q(depth__gt=one.depth) | Q(depth=one.depth, origin__gt=origin)


@cache
def weighty_acts() -> frozenset[str]:
    """The acts that carry weight, by any edition of the table: one too many changes nothing."""
    tables = (one for text in editions().values() for one in text.procedures if one.kinds == KINDS)
    return frozenset().union(*(weighty(one) for one in tables))
