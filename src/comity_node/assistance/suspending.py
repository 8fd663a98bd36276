"""What a suspension of the channel means for what is under way in it: what stands still, and what waits.

Follows: docs/spec/suspension.md.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity import protected
from comity.instruments import library
from comity.lifecycle import bearing_on, courses
from comity.lifecycle.stated import values
from comity.lifecycle.suspensions import KINDS, topic
from comity_node.assistance.links import address, place
from comity_node.assistance.models import Request
from comity_node.register import queries as register
from comity_node.register import rooms, standings, touched
from comity_node.register.isolating import isolated
from comity_node.register.owing import in_words, owed_between
from comity_node.register.rooms import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from comity.instruments import Procedure
    from comity.lifecycle import Bearing, Suspension
    from comity_node.assistance.detail import Detail
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received

TERM_STANDINGS: Final = {
    "proposed": gettext_lazy("proposed"),
    "open": gettext_lazy("open"),
    "performed": gettext_lazy("performed"),
    "disputed": gettext_lazy("disputed"),
    "released": gettext_lazy("released"),
}
TERM_MARKS: Final = {
    "performed": gettext_lazy("says that it was performed"),
    "disputed": gettext_lazy("disputes it"),
    "released": gettext_lazy("releases the other side from it"),
}
DECLARED: Final = f"{KINDS}.declared"
_TALK_OPENED: Final = f"{standings.TALK}.opened"
_LIST_DECLARED: Final = f"{protected.KINDS}.declared"
_OF_THE_CHARTER: Final = ("channel", "instrument", "authority", "record")  # what no suspension can name
_MOST: Final = 100
_LONGEST_TITLE: Final = 80


def waiting(channel: str, under: str) -> Iterator[tuple[Received, Procedure]]:
    """What was lodged under one suspension and waits for its author's word, each with its procedure's table.

    Args:
        channel: Channel id.
        under: Reference of the suspension. What was lodged under others waits for a word given there.
    """
    life = standings.life(channel)
    meant = next((one for one in life.suspensions.all if one.ref == under), None)
    if meant is None:
        return
    for room in rooms.rooms():
        if topic(room.prefix) not in meant.topics:
            continue
        refs = touched.refs_since(channel, meant.began.depth, f"{room.prefix}.")
        tables, bearing = room.tables(channel), life.on(room.prefix)
        for batch in register.in_batches(channel, refs, room.prefix) if refs else ():
            for of_ref in batch.values():
                if (procedure := tables(of_ref)) is not None:
                    left = _waiting(procedure, of_ref, bearing, meant)
                    yield from ((one, procedure) for one in left)


def _waiting(
    procedure: Procedure, received: Sequence[Received], bearing: Bearing, meant: Suspension
) -> list[Received]:
    """The same of one procedure; where it is addressed to several, by its course with each."""
    acts = standings.lifecycle_acts(received)
    left = {
        one.ref
        for course in courses(procedure, acts, bearing).values()
        for one in bearing_on(procedure, course, bearing).waiting(procedure, course, meant.ref)
    }
    return [one for one in received if one.ref in left]


def suspends_again(act: Act) -> list[Doubt]:
    """What whoever signs a suspension should have seen: over an earlier one of ours it has no effect.

    An earlier one towards another party is none of the same.
    """
    topics, two = frozenset(values(act.stated, "topics")), _between(act)
    ours = (
        one
        for one in standings.life(act.channel).suspensions.in_force()
        if one.began.party == settings.NODE.party and one.parties == two
    )
    earlier = next((one for one in ours if one.topics & topics), None)
    if earlier is None:
        return []
    return [
        Doubt(
            _("Topics suspended"),
            _("Our suspension %(ref)s lasts over one of these topics.") % {"ref": earlier.ref},
            _("This one would stand on record and hold nothing up, not even its other topics."),
            _("End that one first, or name only topics it does not suspend."),
            "practice: nobody suspends twice what stands still",
            "?",
        )
    ]


def _between(act: Act) -> frozenset[str]:
    """Between which parties an act of ours that declares a suspension would be."""
    return frozenset({settings.NODE.party, *values(act.stated, "requested")})


def stands_still(act: Act) -> list[tuple[str, str]]:
    """What an act that declares a suspension would freeze between its two parties, and what it would not.

    Each procedure under way is named with its next clock. What either has with others goes on.
    """
    topics, two = frozenset(values(act.stated, "topics")), _between(act)
    kinds = [room.prefix for room in rooms.rooms() if topic(room.prefix) in topics]
    addressed = Q(requested__in=two) | Q(requested="")  # nobody knows yet whom that would be between
    found = Request.objects.filter(addressed, channel=act.channel, kinds__in=kinds, final=False)
    rows = found.filter(requesting__in=two).order_by("kinds", "ref")
    said = [(_("Stands still, with its clocks"), _some(map(_line, rows[:_MOST])) or _("nothing under way"))]
    if (more := rows.count() - _MOST) > 0:
        said.append((_("And as many more"), str(more)))
    return [
        *said,
        *(_talks(act.channel, two) if topic(standings.TALK) in topics else ()),
        (_("Stays open"), "\n".join(_stays_open(act.channel, topics))),
        *_owed(act.channel, two, topics),
        *_lists(act.channel, two),
    ]


def _stays_open(channel: str, topics: frozenset[str]) -> Iterator[str]:
    """What goes on between the two all the same, by the tables of the channel, and with everybody else."""
    known = standings.suspension_table().statement_of["topics"].values
    if left := [_(one) for one in known if one not in topics]:
        yield _("The topics not named: %(topics)s.") % {"topics": ", ".join(left)}
    titles = {
        one.kinds: _(one.title)
        for text in standings.texts_of(channel)
        for one in text.procedures
        if topic(one.kinds) not in (*known, *_OF_THE_CHARTER)
    }
    yield _("What no suspension holds up: %(procedures)s.") % {"procedures": ", ".join(titles.values())}
    yield _(
        "Offers and positions, talks on resumption, and all receipts. In the topics named too: return and"
        " destruction, recalls, reports on use, and the chain of custody."
    )
    if len(register.others(channel)) > 1:
        yield _("Whatever either of the two has with the other members of the channel.")


def _talks(channel: str, two: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The open talks between the two: what is said in them waits. One on a resumption goes on."""
    room = rooms.room_of(_TALK_OPENED)
    stays_open = library()[standings.CHARTER].procedure("talk").stays_open.items()
    openings = {
        one.entry.ref: one.party
        for one in _opened_between(channel, _TALK_OPENED, two)
        if not all(values(one.entry.stated, name) == (value,) for name, value in stays_open)
    }
    heads = room.heads(channel, list(openings)) if room and room.heads and openings else ()
    going_on = [one for one in heads if not one.final and openings[one.ref] == one.party]
    if going_on:
        titles = (f"{one.ref} · {isolated(Truncator(one.title).chars(_LONGEST_TITLE))}" for one in going_on)
        yield _("Talks in which what is said waits"), f"{len(going_on)}\n{_some(titles)}"


def _opened_between(channel: str, kind: str, two: frozenset[str]) -> Iterator[Received]:
    """The entries of a kind that are by one of two parties and addressed to the other, maybe among others."""
    for one in register.entries(channel, kinds=(kind,)):
        if one.party in two and two <= {one.party, *values(one.entry.stated, "requested")}:
            yield one


def _lists(channel: str, two: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What becomes of lists of protected objects: no topic suspends them, so nothing of them stands still."""
    room = rooms.room_of(_LIST_DECLARED)
    declared = {one.entry.ref for one in _opened_between(channel, _LIST_DECLARED, two)}
    count = len(room.open(channel) & declared) if room else 0
    if count:
        text = _(
            "%(count)s on record. They stay under return or destruction; what was undertaken for them stays"
            " owed."
        )
        yield _("Lists of protected objects"), text % {"count": count}
        undertaken = [
            f"{one.party.upper()} · {one.ref} · {isolated(in_words(one))}"
            for _room, one in owed_between(channel, two)
            if one.sort == "undertaking"
        ]
        if undertaken:
            yield _("Undertaken for them, and still owed"), _some(undertaken)


def _owed(channel: str, two: frozenset[str], topics: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What each of the two owes the other in these topics, and goes on owing."""
    ours: list[str] = []
    theirs: list[str] = []
    for room, one in owed_between(channel, two):
        if topic(room.prefix) in topics:
            due = f"; {one.due_at:%Y-%m-%d %H:%M} UTC" if one.due_at else ""
            what = isolated(in_words(one))
            line = f"{one.ref} · {what} ({isolated(one.basis)}){due}"
            (ours if one.party == settings.NODE.party else theirs).append(line)
    for label, lines in ((_("We go on owing"), ours), (_("They go on owing"), theirs)):
        yield label, _some(lines) or _("nothing")


def _some(lines: Iterable[str]) -> str:
    """Lines as one value, as many as one can bear."""
    found = list(islice(lines, _MOST + 1))
    return "\n".join([*found[:_MOST], *(["…"] if len(found) > _MOST else [])])


def panel(found: Detail) -> dict[str, Any]:
    """What the page of a suspension shows besides: its terms, and what was lodged and waits."""
    if found.kinds != KINDS:
        return {}
    now = timezone.now().date()
    terms = [
        {
            "number": one.number,
            "performer": one.performer,
            "ours": one.performer == settings.NODE.party,
            "due": one.due,
            "standing": TERM_STANDINGS[one.standing],
            "late": one.standing in ("open", "disputed") and one.due < now,
            "proposal": one.proposal,
            "marks": [(party, TERM_MARKS[mark]) for party, mark in sorted(one.marks.items())],
        }
        for one in found.standing.terms_in_play
    ]
    left = list(islice(waiting(found.channel, found.ref), _MOST + 1))
    lodged = [
        {
            "ref": one.ref,
            "ours": one.ours,
            "party": one.party,
            "procedure": one.entry.ref,
            "title": _(procedure.act(one.entry.act).label),
            "at": one.entry.authored_at,
            "href": address("web:entry", *place(one.ref)),
        }
        for one, procedure in left[:_MOST]
    ]
    lasts = found.procedure.state_of[found.standing.state].suspends if found.standing.state else False
    dry = f"{address('channels:resumption', found.channel)}?of={found.ref}" if lasts else ""
    return {
        "terms": terms,
        "lodged": lodged,
        "lodged_more": len(left) > _MOST,
        "is_suspension": True,
        "dry_run_href": dry,
    }


def _line(row: Request) -> str:
    clock = f"; {isolated(_(row.due_label))}: {row.due_at:%Y-%m-%d %H:%M} UTC" if row.due_at else ""
    title = Truncator(row.title).chars(_LONGEST_TITLE)
    return f"{row.ref} · {isolated(title or _(row.label))} · {isolated(_(row.label))}{clock}"
