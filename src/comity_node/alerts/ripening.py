"""What an alert leads to: a preservation, a request, another procedure, drafted from what the alert says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from comity_node.alerts.queries import KINDS
from comity_node.assistance import services
from comity_node.assistance.detail import detail
from comity_node.assistance.errors import NothingToFollow
from comity_node.assistance.models import Request
from comity_node.assistance.queries import drafts, title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.instruments import Instrument, Procedure
    from comity_node.assistance.models import Draft
    from comity_node.officials.models import Official

SORTS: Final = ("preservation", "assistance", "emergency", "information", "question")
_ABOUT: Final = "about"
# A field of an alert, and what the same is called in what it may lead to; the first there is.
_GOES_ON_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "what_happens": ("facts_summary", "facts_brief", "facts", "what_is_seen"),
    "indicators": ("data_to_preserve", "data_sought", "custodian_or_system_location", "what_is_seen"),
    "what_is_asked": ("assistance_sought", "purpose", "necessity"),
}
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class LedTo:
    """Something that was begun because of an alert.

    Attributes:
        party: Whose it is.
        standing: Where it stands; empty while it is a draft.
        href: Its page, or that of the draft.
    """

    ref: str
    title: str
    ours: bool
    party: str
    standing: str
    href: str


def offered(channel: str) -> list[tuple[str, str]]:
    """What an alert in a channel can lead to now: the procedure, and the sentence that opens it."""
    ways: dict[str, str] = {}
    for way in services.ways(channel):
        ways.setdefault(way.table.procedure.id, _(way.act.sentence))
    return [(name, ways[name]) for name in SORTS if name in ways]


def draft(row: Request, procedure: str, *, by: Official) -> Draft:
    """Begin what an alert leads to, from what it says. Nothing is sent.

    Raises:
        NothingToFollow: Nothing regular raised the alert, or this is nothing an alert leads to.
        OurFault: As for any draft.
    """
    found = detail(row.channel, row.ref, KINDS)
    at = found.opened_at if found else None
    if found is None or at is None or procedure not in SORTS:
        raise NothingToFollow(
            f"nothing was drafted: {row.ref[:60]} is no alert that leads to a {procedure[:40]}"
        )
    asked = row.requested if row.ours else row.requesting
    begun = services.draft(channel=row.channel, by=by, procedure=procedure, requested=asked)
    opening = found.said(at, at + 1)[0]
    text = services.table(begun).instrument
    begun.arose_from = str(opening.entry.ref)
    begun.save(update_fields=["arose_from"])
    return services.save_draft(
        begun,
        by=by,
        title=opening.content.title,
        language=opening.content.language or begun.language,
        fields=_carried(dict(opening.content.texts), text, procedure),
        stated=_about(services.table(begun).procedure, begun),
    )


def led_to(row: Request, official: Official) -> list[LedTo]:
    """What names the alert as what it arose from: on record by either side, or drafts of the reader's office.

    Ours come first: a counterpart that begins very many takes no place from them.
    """
    found = detail(row.channel, row.ref, KINDS)
    at = found.opened_at if found else None
    if found is None or at is None:
        return []
    source = str(found.entry_at(at).ref)
    begun = Request.objects.filter(channel=row.channel, arose_from=source).order_by(
        "-ours", "lodged_at", "pk"
    )
    own = drafts(official).filter(arose_from=source)
    return [*map(_sent, begun[:MOST]), *map(_drafted, own)]


def _sent(one: Request) -> LedTo:
    return LedTo(
        ref=one.ref,
        title=title(one),
        ours=one.ours,
        party=one.requesting,
        standing=_(one.label),
        href=reverse("assistance:request", args=[one.channel, one.ref]),
    )


def _drafted(one: Draft) -> LedTo:
    return LedTo(
        ref=one.ref,
        title=one.title,
        ours=True,
        party=settings.NODE.party,
        standing="",
        href=reverse("assistance:draft", args=[one.pk]),
    )


def _about(procedure: Procedure, begun: Draft) -> dict[str, str | list[str]]:
    """The entry that raised the alert, where what it leads to states what it arose from."""
    states = {one.id for one in procedure.statements_by[begun.act]}
    return {_ABOUT: begun.arose_from} if _ABOUT in states else {}


def _carried(texts: Mapping[str, str], text: Instrument, procedure: str) -> dict[str, str]:
    known = {
        field.id
        for field in text.fields_for(*(kind.id for kind in text.types_in(procedure)), procedure=procedure)
    }
    carried: dict[str, str] = {}
    for name, targets in _GOES_ON_AS.items():
        target = next((one for one in targets if one in known), "")
        if target and texts.get(name):
            carried[target] = "\n\n".join(filter(None, (carried.get(target), texts[name])))
    return carried
