"""The room as the register knows it: how its acts are judged, projected, titled and put in words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from comity.instruments import editions
from comity_node.assistance import (
    attached,
    chartering,
    comparing,
    counting,
    defects,
    profiles,
    talks,
    translations,
)
from comity_node.assistance.content import read
from comity_node.assistance.detail import labels, stated_words
from comity_node.assistance.judging import casework, judge, parted, table_of
from comity_node.assistance.links import address, own_page
from comity_node.assistance.models import Comparison, Request, Translation
from comity_node.assistance.projecting import project
from comity_node.assistance.resuming import ENDING, resumes
from comity_node.assistance.suspending import DECLARED, stands_still, suspends_again
from comity_node.register import standings
from comity_node.register.rooms import Head, Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.instruments import Procedure
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received
    from comity_node.register.rooms import Doubt, Tables


def facts(act: Act) -> list[tuple[str, str]]:
    """What an act on a request says: codes by their names in the instrument, then the words, then exhibits.

    Raises:
        OurFault: No text of the channel provides for the act, or this node lacks that text.
    """
    table = table_of(act)
    instrument = table.instrument
    said = read(act.payload or {})
    if act.kind == profiles.PUBLISHED:
        as_of = str(act.stated.get("as_of", ""))
        return profiles.facts(said.profile, party=settings.NODE.party, as_of=as_of)
    names = {**labels(instrument), "text": "In words"}
    order = {name: place for place, name in enumerate(names)}
    texts = sorted(said.texts, key=lambda part: order.get(part[0], len(order)))
    rows = [
        *stated_words(table, act.stated),
        *(stands_still(act) if act.kind == DECLARED else ()),
        *chartering.facts(act),
        *(counting.facts(act) if parted(act.kind)[0] == counting.KINDS else ()),
        *(resumes(act) if act.kind in ENDING else ()),
        (_("Title"), said.title),
        *((_(names.get(name, name.capitalize())), text) for name, text in texts),
        *(
            (_("%(field)s, translation") % {"field": _(names.get(name, name))}, text)
            for name, text in said.translation
        ),
        *translations.words(said),
        (_("Checked against their profile of"), said.checked_against[1]),
        *said.marking,
        (_("Exhibits named"), "\n".join(one.title or one.entry or one.sha256 for one in said.exhibits)),
    ]
    return [(label, value) for label, value in rows if value]


def _doubts(act: Act) -> list[Doubt]:
    if act.kind == DECLARED:
        return suspends_again(act)
    if parted(act.kind)[0] == counting.KINDS:
        return counting.doubts(act)
    if act.kind == comparing.RECORDED:
        return comparing.doubts(act)
    return defects.doubts(act, table_of(act))


def _page(channel: str, ref: str, *, kinds: str) -> str:
    """The page of a procedure: its own, where one has been made for it."""
    return own_page(kinds, channel, ref) or address("assistance:request", channel, ref)


def _room(kinds: str) -> Room:
    def tables(channel: str) -> Tables:
        life = standings.life(channel)

        def table(received: Sequence[Received]) -> Procedure | None:
            found = life.governing(kinds, standings.lifecycle_acts(received))
            return found.procedure if found else None

        return table

    return Room(
        prefix=kinds,
        judge=judge,
        project=partial(_project, kinds=kinds),
        projections=[Request, Comparison, Translation],
        tables=tables,
        page=partial(_page, kinds=kinds),
        facts=facts,
        doubts=_doubts,
        open=partial(_open, kinds=kinds),
        heads=partial(_heads, kinds=kinds),
        panel=talks.panel if kinds == talks.OFFERS else lambda _channel: None,
    )


def _open(channel: str, *, kinds: str) -> set[str]:
    """Those that go on, and those that left conditions behind."""
    rows = Request.objects.filter(channel=channel, kinds=kinds).filter(Q(final=False) | ~Q(conditions=[]))
    return set(rows.values_list("ref", flat=True))


def _project(channel: str, refs: set[str], *, kinds: str) -> None:
    project(channel, refs, kinds=kinds)
    if kinds == attached.KINDS:
        attached.project(channel, refs)


def _heads(channel: str, refs: Sequence[str], *, kinds: str) -> list[Head]:
    """What requests as a whole are found by."""
    rows = Request.objects.filter(channel=channel, kinds=kinds, ref__in=refs)
    return [_head(row) for row in rows]


def _head(row: Request) -> Head:
    text = editions().get(row.table)
    names = labels(text) if text else {}
    return Head(
        ref=row.ref,
        sort="request",
        title=row.title,
        party=row.requesting,
        ours=row.ours,
        at=row.lodged_at,
        standing=row.state,
        final=row.final,
        words=(
            row.label,
            text.procedure(row.procedure).title if text and row.procedure else "",
            row.basis,
            *(names.get(one, one) for one in row.types),
            *(one["title"] for one in row.exhibits),
            *(one["sha256"] for one in row.exhibits),
        ),
    )


def rooms() -> list[Room]:
    """This room, once for each procedure that some instrument has."""
    return [_room(kinds) for kinds in sorted({table.procedure.kinds for table in casework()})]
