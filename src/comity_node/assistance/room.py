"""The room as the register knows it: how its acts are judged, projected, titled and put in words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from comity_node.assistance import defects
from comity_node.assistance.content import read
from comity_node.assistance.detail import labels, stated_words
from comity_node.assistance.judging import casework, judge, table_of
from comity_node.assistance.links import address
from comity_node.assistance.models import Request
from comity_node.assistance.projecting import project
from comity_node.register import standings
from comity_node.register.rooms import Room

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
    names = {**labels(instrument), "text": "In words"}
    order = {name: place for place, name in enumerate(names)}
    texts = sorted(said.texts, key=lambda part: order.get(part[0], len(order)))
    rows = [
        *stated_words(table, act.stated),
        (_("Title"), said.title),
        *((_(names.get(name, name.capitalize())), text) for name, text in texts),
        *(
            (_("%(field)s, translation") % {"field": _(names.get(name, name))}, text)
            for name, text in said.translation
        ),
        *said.marking,
        (_("Exhibits named"), "\n".join(one.title or one.entry or one.sha256 for one in said.exhibits)),
    ]
    return [(label, value) for label, value in rows if value]


def _doubts(act: Act) -> list[Doubt]:
    return defects.doubts(act, table_of(act))


def _page(channel: str, ref: str) -> str:
    return address("assistance:request", channel, ref)


def _room(kinds: str) -> Room:
    def tables(channel: str) -> Tables:
        texts = standings.texts_of(channel)

        def table(received: Sequence[Received]) -> Procedure | None:
            found = standings.table_of(texts, kinds, received)
            return found.procedure if found else None

        return table

    return Room(
        prefix=kinds,
        judge=judge,
        project=partial(project, kinds=kinds),
        projections=[Request],
        tables=tables,
        page=_page,
        facts=facts,
        doubts=_doubts,
    )


def rooms() -> list[Room]:
    """This room, once for each procedure that some instrument has."""
    return [_room(kinds) for kinds in sorted({table.procedure.kinds for table in casework()})]
