"""The request that follows a preservation, drafted from what the preservation says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from comity_node.assistance import services
from comity_node.assistance.detail import detail
from comity_node.assistance.errors import NothingToFollow
from comity_node.assistance.models import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.instruments import Instrument
    from comity.lifecycle import Clock
    from comity_node.assistance.detail import Detail
    from comity_node.officials.models import Official

PRESERVATION: Final = "preservation"
FOLLOWED_UP: Final = "followed_up"
# A field of a preservation, and what the same is called where assistance is asked for; the first there is.
_GOES_ON_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "authority": ("requesting_authority",),
    "offence": ("offences", "matter_nature"),
    "facts_brief": ("facts_summary",),
    "data_to_preserve": ("data_sought", "assistance_sought"),
    "relation_to_offence": ("necessity_and_link", "relevance", "purpose"),
    "custodian_or_system_location": ("provider",),
    "necessity": ("volatile_data", "particular_risk"),
}
_REFERENCE: Final = "preservation_reference"


def draft(channel: str, ref: str, *, by: Official, instrument: str = "") -> Draft:
    """Begin the request for assistance that a preservation is to be followed by.

    Args:
        channel: Channel id.
        ref: The preservation.
        by: Who drafts.
        instrument: The instrument it is made under; the channel's first for assistance if left out.

    Raises:
        NothingToFollow: There is no preservation of ours under this reference that may be followed up now.
        OurFault: As for any draft.
    """
    found = detail(channel, ref)
    at = found.opened_at if found else None
    if found is None or at is None or FOLLOWED_UP not in {row.act for row in found.ours}:
        raise NothingToFollow(
            f"nothing was drafted: {ref[:60]} is no preservation of ours to be followed up now"
        )
    begun = services.draft(channel=channel, by=by, instrument=instrument)
    opening = found.said(at, at + 1)[0].content
    text = services.table(begun).instrument
    waiting = (one for one in found.standing.clocks if one.running and _waits_for_it(found, one))
    until = next((one.due_at for one in waiting), None)
    kept = _("%(ref)s, kept until %(day)s") % {"ref": ref, "day": f"{until:%Y-%m-%d}"} if until else ref
    return services.save_draft(
        begun,
        by=by,
        title=opening.title,
        language=opening.language or begun.language,
        fields={**_carried(dict(opening.texts), text), **_where(text, _REFERENCE, kept)},
    )


def lodged_after(channel: str, *, reference: str) -> str:
    """Our latest request on record that names this preservation; empty if there is none."""
    later = Draft.objects.filter(channel=channel, fields__preservation_reference__startswith=reference)
    return next(iter(later.exclude(entry="").order_by("-pk").values_list("ref", flat=True)[:1]), "")


def _waits_for_it(found: Detail, clock: Clock) -> bool:
    """Whether the clock waits for the request that follows, and so ends when the data are no longer kept."""
    return FOLLOWED_UP in found.procedure.clock_of[clock.id].stopped_by


def _carried(texts: Mapping[str, str], text: Instrument) -> dict[str, str]:
    known = {field.id for field in text.fields_for(*(kind.id for kind in text.types))}
    carried: dict[str, str] = {}
    for name, targets in _GOES_ON_AS.items():
        target = next((one for one in targets if one in known), "")
        if target and texts.get(name):
            carried[target] = "\n\n".join(filter(None, (carried.get(target), texts[name])))
    return carried


def _where(text: Instrument, field: str, value: str) -> dict[str, str]:
    """A field, where the instrument has it."""
    return {field: value} if any(one.id == field for one in text.fields) else {}
