"""The room as the register knows it: how its acts are judged, projected, titled and put in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from comity_node.assistance.content import read
from comity_node.assistance.detail import labels, stated_words
from comity_node.assistance.judging import PREFIX, PROCEDURE, judge
from comity_node.assistance.links import address
from comity_node.assistance.models import Request
from comity_node.assistance.projecting import project
from comity_node.register import standings
from comity_node.register.rooms import Room

if TYPE_CHECKING:
    from comity.instruments import Procedure
    from comity_node.register.acts import Act


def facts(act: Act) -> list[tuple[str, str]]:
    """What an act on a request says: codes by their names in the instrument, then the words, then exhibits.

    Raises:
        OurFault: This node lacks the text the channel rests on.
    """
    instrument = standings.instrument_of(act.channel)
    said = read(act.payload or {})
    names = {**labels(instrument), "text": "In words"}
    order = {name: place for place, name in enumerate(names)}
    texts = sorted(said.texts, key=lambda part: order.get(part[0], len(order)))
    rows = [
        *stated_words(instrument, act.stated),
        (_("Title"), said.title),
        *((_(names.get(name, name.capitalize())), text) for name, text in texts),
        *(
            (_("%(field)s, translation") % {"field": _(names.get(name, name))}, text)
            for name, text in said.translation
        ),
        (_("Exhibits named"), "\n".join(one.title or one.entry or one.sha256 for one in said.exhibits)),
    ]
    return [(label, value) for label, value in rows if value]


def _table(channel: str) -> Procedure:
    return standings.instrument_of(channel).procedure(PROCEDURE)


def _page(channel: str, ref: str) -> str:
    return address("assistance:request", channel, ref)


ROOM: Final = Room(
    prefix=PREFIX,
    judge=judge,
    project=project,
    projections=[Request],
    table=_table,
    page=_page,
    facts=facts,
)
