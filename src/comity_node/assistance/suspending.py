"""What a suspension of the channel means for what is under way in it: what stands still, and what waits.

Follows: docs/spec/suspension.md.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity import protected
from comity.lifecycle import bearing_on
from comity.lifecycle.stated import values
from comity.lifecycle.suspensions import KINDS, topic
from comity_node.assistance.links import address, place
from comity_node.assistance.models import Request
from comity_node.register import queries as register
from comity_node.register import rooms, standings, touched
from comity_node.register.isolating import isolated
from comity_node.register.owing import in_words, owed
from comity_node.register.rooms import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.instruments import Procedure
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
_MOST: Final = 100
_LONGEST_TITLE: Final = 80


def waiting(channel: str) -> Iterator[tuple[Received, Procedure]]:
    """What was lodged under suspensions and waits for its author's word, each with its procedure's table."""
    life = standings.life(channel)
    suspensions = life.suspensions
    if not suspensions.all:
        return
    since = min(one.began.depth for one in suspensions.all)
    topics = frozenset[str]().union(*(one.topics for one in suspensions.all))
    for room in rooms.rooms():
        if topic(room.prefix) in topics:
            refs = touched.refs_since(channel, since, f"{room.prefix}.")
            tables = room.tables(channel)
            bearing = life.on(room.prefix)
            batches = register.in_batches(channel, refs, room.prefix) if refs else ()
            for of_ref in chain.from_iterable(batch.values() for batch in batches):
                if (procedure := tables(of_ref)) is not None:
                    acts = standings.lifecycle_acts(of_ref)
                    bears = bearing_on(procedure, acts, bearing)
                    left = {one.ref for one in bears.waiting(procedure, acts)}
                    yield from ((one, procedure) for one in of_ref if one.ref in left)


def suspends_again(act: Act) -> list[Doubt]:
    """What whoever signs a suspension should have seen: over an earlier one of ours it has no effect."""
    topics = frozenset(values(act.stated, "topics"))
    ours = (
        one
        for one in standings.life(act.channel).suspensions.in_force()
        if one.began.party == settings.NODE.party
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


def stands_still(act: Act) -> list[tuple[str, str]]:
    """What an act that declares a suspension would freeze: each procedure under way, and its next clock."""
    topics = values(act.stated, "topics")
    kinds = [room.prefix for room in rooms.rooms() if topic(room.prefix) in topics]
    rows = Request.objects.filter(channel=act.channel, kinds__in=kinds, final=False).order_by("kinds", "ref")
    lines = "\n".join(map(_line, rows[:_MOST])) or _("nothing under way")
    said = [(_("Stands still, with its clocks"), lines)]
    if (more := rows.count() - _MOST) > 0:
        said.append((_("And as many more"), str(more)))
    return [*said, *_owed(act.channel, frozenset(topics)), *_lists(act.channel)]


def _lists(channel: str) -> Iterator[tuple[str, str]]:
    """What becomes of lists of protected objects: no topic suspends them, so nothing of them stands still."""
    room = rooms.room_of(f"{protected.KINDS}.declared")
    count = len(room.open(channel)) if room else 0
    if count:
        text = _(
            "%(count)s on record. They stay under return or destruction; what was undertaken for them stays"
            " owed."
        )
        yield _("Lists of protected objects"), text % {"count": count}
        undertaken = [
            f"{one.party.upper()} · {one.ref} · {isolated(in_words(one))}"
            for _room, one in owed(channel)
            if one.sort == "undertaking"
        ]
        if undertaken:
            yield _("Undertaken for them, and still owed"), "\n".join(undertaken[:_MOST])


def _owed(channel: str, topics: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What each side owes the other in these topics, and goes on owing."""
    ours: list[str] = []
    theirs: list[str] = []
    for room, one in owed(channel):
        if topic(room.prefix) in topics:
            due = f"; {one.due_at:%Y-%m-%d %H:%M} UTC" if one.due_at else ""
            what = isolated(in_words(one))
            line = f"{one.ref} · {what} ({isolated(one.basis)}){due}"
            (ours if one.party == settings.NODE.party else theirs).append(line)
    for label, lines in ((_("We go on owing"), ours), (_("They go on owing"), theirs)):
        yield label, "\n".join([*lines[:_MOST], *(["…"] if len(lines) > _MOST else [])]) or _("nothing")


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
        for one in found.standing.terms
    ]
    left = list(islice(waiting(found.channel), _MOST + 1))
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
