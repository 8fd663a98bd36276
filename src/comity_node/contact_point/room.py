"""The room as the register knows it: how its acts are judged, projected and put in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from comity.contacts import KINDS as POINTS
from comity.contacts import PART, read_point
from comity.contacts.errors import MalformedPoint
from comity.lifecycle.stated import values
from comity_node.contact_point import wording
from comity_node.contact_point.judging import CHECKS, judge
from comity_node.contact_point.models import ContactCheck, ContactPoint, PointVersion
from comity_node.contact_point.projecting import project_checks, project_points
from comity_node.register import standings
from comity_node.register.rooms import Head, Room

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.instruments import Procedure
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received
    from comity_node.register.rooms import Tables


_WITHDRAWN: Final = "withdrawn"


def facts(act: Act) -> list[tuple[str, str]]:
    """What an act on a point or a check says."""
    said = act.payload or {}
    stated = [
        (str(label), ", ".join(wording.code(one) for one in values(act.stated, name)))
        for name, label in wording.STATED.items()
        if name in act.stated
    ]
    if PART in said:
        try:
            stated += wording.rows(read_point(said[PART]))
        except MalformedPoint as unreadable:
            stated.append((_("Cannot be read"), str(unreadable)))
    text = said.get("text")
    return [*stated, *([(_("In words"), text)] if isinstance(text, str) and text else [])]


def _tables(kinds: str, channel: str) -> Tables:
    life = standings.life(channel)

    def table(received: Sequence[Received]) -> Procedure | None:
        found = life.governing(kinds, standings.lifecycle_acts(received))
        return found.procedure if found else None

    return table


def _page(name: str, channel: str, ref: str) -> str:
    return reverse(f"contact_point:{name}", args=[channel, ref])


def _heads(channel: str, refs: Sequence[str]) -> Iterator[Head]:
    """What points are found by: whatever was said of each last, numbers and addresses among it."""
    for one in ContactPoint.objects.filter(channel=channel, ref__in=refs):
        said = read_point(one.said)
        yield Head(
            ref=one.ref,
            sort="contact",
            title=f"{said.authority}, {said.role}",
            party=one.party,
            ours=one.ours,
            at=one.sure_at,
            standing=one.state,
            final=one.state == _WITHDRAWN,
            words=(one.kind, *said.telephones, *said.emails, *said.other, *said.languages),
        )


# Nothing of it is open in the sense of a suspension: its acts have effect in one too, and nothing is owed.
ROOMS: Final = (
    Room(
        prefix=POINTS,
        judge=judge,
        project=project_points,
        projections=[ContactPoint, PointVersion],
        tables=lambda channel: _tables(POINTS, channel),
        page=lambda channel, ref: _page("point", channel, ref),
        facts=facts,
        heads=_heads,
    ),
    Room(
        prefix=CHECKS,
        judge=judge,
        project=project_checks,
        projections=[ContactCheck],
        tables=lambda channel: _tables(CHECKS, channel),
        page=lambda channel, ref: _page("check", channel, ref),
        facts=facts,
    ),
)
