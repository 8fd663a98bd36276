"""The room as the register knows it: how its acts are judged, projected, titled and put in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.instruments import library
from comity.lifecycle.stated import values
from comity_node.register import standings
from comity_node.register.rooms import Head, Panel, Room
from comity_node.talk import queries
from comity_node.talk.content import read
from comity_node.talk.judging import judge
from comity_node.talk.models import Line, Opening, Talk
from comity_node.talk.projecting import CLOSED, KINDS, project, weighty_acts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.instruments import Procedure
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received
    from comity_node.register.rooms import Tables

_ON_THE_CHANNEL: Final = 8


def facts(act: Act) -> list[tuple[str, str]]:
    """What an act of a talk says: its codes by the names of the table, then the words, then exhibits."""
    table = library()[standings.CHARTER].procedure("talk")
    said = read(act.payload or {})
    named = ((name, table.statement_of[name].label) for name in act.stated if name in table.statement_of)
    rows = [
        *((_(label), _worded(name, values(act.stated, name))) for name, label in named if name != "table"),
        (_("Title"), said.title),
        (_("Language"), said.language),
        (_("In words"), str((act.payload or {}).get("text", "")) or said.text),
        (_("Translation"), said.translation),
        (_("Exhibits named"), "\n".join(one["title"] or one["entry"] for one in said.exhibits)),
    ]
    return [(label, value) for label, value in rows if value]


def _worded(name: str, given: Sequence[str]) -> str:
    if name == "about":
        return ", ".join(_(one) for one in given)
    return ", ".join(one.upper() for one in given) if name == "requested" else "\n".join(given)


def _page(channel: str, ref: str) -> str:
    return reverse("talk:talk", args=[channel, ref])


def _tables(channel: str) -> Tables:
    life = standings.life(channel)

    def table(received: Sequence[Received]) -> Procedure | None:
        acts = weighty_acts()
        weight = standings.lifecycle_acts(one for one in received if one.entry.act in acts)
        found = life.governing(KINDS, weight)
        return found.procedure if found else None

    return table


def _heads(channel: str, refs: Sequence[str]) -> list[Head]:
    """What talks as a whole are found by."""
    return [_head(one) for one in queries.talks(channel).filter(ref__in=list(refs))]


def _head(row: Talk) -> Head:
    assert row.opened_at is not None, "what opened it bears its time"
    return Head(
        ref=row.ref,
        sort="talk",
        title=row.title,
        party=row.opened_by,
        ours=row.opened_by == settings.NODE.party,
        at=row.opened_at,
        standing=row.state,
        final=row.state == CLOSED,
        words=(row.about, *row.linked),
    )


def panel(channel: str) -> Panel | None:
    """The talks of a channel, on its page."""
    if not standings.is_open(channel):
        return None
    rows = list(queries.talks(channel)[:_ON_THE_CHANNEL])
    return Panel(
        "talk/panel.html",
        {
            "talks": [(row, _page(channel, row.ref), queries.unread(row)) for row in rows],
            "href": f"{reverse('talk:list')}?channel={channel}",
            "open_href": reverse("talk:open", args=[channel]),
        },
    )


ROOM: Final = Room(
    prefix=KINDS,
    judge=judge,
    project=project,
    projections=[Talk, Line, Opening],
    tables=_tables,
    page=_page,
    facts=facts,
    heads=_heads,
    indexes=True,
    weight=frozenset(f"{KINDS}.{act}" for act in weighty_acts()),
    panel=panel,
)
