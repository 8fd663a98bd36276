"""What legal services put on record about a text: that they compared it with the authentic one.

It stands wherever the text is cited. So it is projected, and read with one query for a whole page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.instruments import editions, place_of
from comity.lifecycle.stated import day, values
from comity_node.assistance import models
from comity_node.register.projections import keep
from comity_node.register.rooms import Doubt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from comity.instruments import Stated
    from comity_node.assistance.projecting import Course
    from comity_node.register.acts import Act

KINDS: Final = "instrument.comparison"
RECORDED: Final = f"{KINDS}.recorded"
MOST: Final = 200  # of each party of a channel: what one of them floods must not hide what another says
_LONGEST: Final = 200
_NOT_STANDING: Final = ("", "withdrawn")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison, as far as it stands.

    Attributes:
        party: Whose legal service it was.
        ours: Whether that is ours.
        other: The party that may agree or dispute.
        on: The day it compared.
        digest: The text it compared.
        rule: The statement it compared, as it was named; empty for the whole text.
        place: The same as a place in the text; empty for the whole, or where the text has no such statement.
        agrees: The text says what the authentic one says.
        state: ``recorded``, ``agreed`` or ``disputed`` by the other party.
        standing: The same in words.
        href: Its own page.
    """

    party: str
    ours: bool
    other: str
    on: date | None
    digest: str
    rule: str
    place: str
    agrees: bool
    state: str
    standing: str
    href: str

    @property
    def warns(self) -> bool:
        """Somebody reads the authentic text otherwise than the text here."""
        return not self.agrees or self.state == "disputed"


def comparisons() -> list[Comparison]:
    """The latest comparisons of every text, the newest first; those withdrawn are left out. One query."""
    nth = Window(RowNumber(), partition_by=[F("channel"), F("party")], order_by=["-at", "-ref"])
    standing = models.Comparison.objects.exclude(state__in=_NOT_STANDING)
    rows = standing.annotate(nth=nth).filter(nth__lte=MOST)
    found = [_comparison(row) for row in rows]
    return sorted(found, key=lambda one: (str(one.on), one.href), reverse=True)


def comparisons_of(digest: str) -> list[Comparison]:
    """Those of one text."""
    return [one for one in comparisons() if one.digest == digest]


def by_statement(found: Sequence[Comparison]) -> Mapping[tuple[str, str], Sequence[Comparison]]:
    """The same by digest and place of what they compared; a statement the text does not have is nowhere."""
    by: defaultdict[tuple[str, str], list[Comparison]] = defaultdict(list)
    for one in found:
        if one.place or not one.rule:
            by[one.digest, one.place].append(one)
    return by


def doubts(act: Act) -> list[Doubt]:
    """What whoever signs a comparison should have seen: it would stand beside no rule of any text."""
    digest, rule = _said(act.stated, "compared_table"), _said(act.stated, "rule")
    if digest not in editions():
        return [
            _doubt(
                _("Digest of the text compared"),
                _("This node has no text of that digest."),
                _("Copy the digest from the page of the instrument, in the edition you compared."),
            )
        ]
    if rule and not place_of(digest, rule):
        return [
            _doubt(
                _("One rule of it only, by its name"),
                _("That text has no statement of this name, or several."),
                _("Write what its address ends with: rule-costs, or assistance/row-refused-requested."),
            )
        ]
    return []


def _doubt(place: str, what: str, todo: str) -> Doubt:
    why = _("The comparison would stand on record, and beside no rule.")
    return Doubt(place, what, why, todo, "practice: a legal service puts its comparison on record", "?")


def project(channel: str, courses: Mapping[str, Course]) -> None:
    """Compute the projection of these comparisons anew."""
    keep([_row(channel, ref, course) for ref, course in courses.items()], by=["channel", "ref"])


def _row(channel: str, ref: str, course: Course) -> models.Comparison:
    opening, standing = course.opening, course.standing
    stated: Stated = opening.act.stated if opening else {}
    begun = standing if opening else None
    return models.Comparison(
        channel=channel,
        ref=ref,
        party=begun.requesting if begun else course.first.party,
        other=begun.requested if begun else "",
        digest=_said(stated, "compared_table"),
        rule=_said(stated, "rule"),
        compared_on=day(_said(stated, "compared_on")),
        agrees=_said(stated, "finding") == "agrees",
        state=begun.state if begun else "",
        label=begun.label if begun else "",
        at=course.first.entry.authored_at,
    )


def _said(stated: Stated, name: str) -> str:
    return next(iter(values(stated, name)), "")[:_LONGEST]


def _comparison(row: models.Comparison) -> Comparison:
    return Comparison(
        party=row.party,
        ours=row.party == settings.NODE.party,
        other=row.other,
        on=row.compared_on,
        digest=row.digest,
        rule=row.rule,
        place=place_of(row.digest, row.rule) if row.rule else "",
        agrees=row.agrees,
        state=row.state,
        standing=_(row.label),
        href=reverse("assistance:request", args=[row.channel, row.ref]),
    )
