"""The templates of the Cybercrime Convention Committee as a second layout: which box holds which field.

T-CY(2018)10, requests for subscriber information (boxes 1 to 11 were read), and T-CY(2018)11, requests for
preservation (boxes 1 to 7 were read). What comes after those is known by content and not by number: such a
box has none here. The labels are our own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity_node.letters.letter import Layout

SUBSCRIBER: Final = "t-cy-2018-10"
PRESERVATION: Final = "t-cy-2018-11"


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a template.

    Attributes:
        number: As in the template, where it was read.
        label: In our words.
        fields: The fields of the instrument that fill it, in order.
        head: What the letter itself fills it with: date, ref, addressee or sender.
    """

    number: str
    label: str
    fields: tuple[str, ...] = ()
    head: str = ""


_DATE_AND_REFERENCE: Final = (
    Box("1", marked("Date"), head="date"),
    Box("2", marked("Reference or case number"), head="ref"),
)
_TO: Final = Box("4", marked("Requested authority"), head="addressee")
_CONFIRMATION: Final = Box("6", marked("Person to call for confirmation"), ("confirmation_person",))
_OPERATIONAL: Final = Box(
    "7", marked("Authority conducting the matter, if another"), ("operational_authority",)
)
_BOXES: Final[dict[Layout, tuple[Box, ...]]] = {
    SUBSCRIBER: (
        *_DATE_AND_REFERENCE,
        Box("3", marked("Status: new, or following an earlier request or preservation"), ("request_status",)),
        _TO,
        Box("5", marked("Requesting authority"), ("requesting_authority",), head="sender"),
        _CONFIRMATION,
        _OPERATIONAL,
        Box("8", marked("Prosecution office and court; decisions"), ("court_references",)),
        Box("9", marked("Earlier request for assistance"), ("earlier_request",)),
        Box("10", marked("Earlier preservation"), ("preservation_reference",)),
        Box("11", marked("Legal basis in the law of the requesting Party"), ("legal_basis",)),
        Box("", marked("Summary of the facts"), ("facts_summary",)),
        Box("", marked("Offences and text of the provisions"), ("offences",)),
        Box("", marked("Subscriber information sought, with identifiers"), ("data_sought",)),
        Box("", marked("Why it is needed, and its link to the case"), ("necessity_and_link",)),
        Box("", marked("Urgency and its reason"), ("particular_risk",)),
        Box("", marked("Confidentiality"), ("confidentiality_request",)),
    ),
    PRESERVATION: (
        *_DATE_AND_REFERENCE,
        Box("3", marked("Status: new, or extension of an earlier preservation"), ("request_status",)),
        _TO,
        Box("5", marked("Requesting authority"), ("authority",), head="sender"),
        _CONFIRMATION,
        _OPERATIONAL,
        Box("", marked("Offence under investigation"), ("offence",)),
        Box("", marked("Brief summary of the facts"), ("facts_brief",)),
        Box("", marked("Data to be preserved"), ("data_to_preserve",)),
        Box("", marked("Relation of the data to the offence"), ("relation_to_offence",)),
        Box("", marked("Custodian, or location of the computer system"), ("custodian_or_system_location",)),
        Box("", marked("Necessity of the preservation"), ("necessity",)),
        Box("", marked("Intention to request the data"), ("intent_to_submit_mla",)),
    ),
}


def layout(instrument: str, procedure: str, types: Sequence[str]) -> Layout:
    """The layout of a request: a template where the Committee made one for it, otherwise a letter."""
    if instrument != "ets-185":
        return "letter"
    if procedure == "preservation":
        return PRESERVATION
    return SUBSCRIBER if procedure == "assistance" and "subscriber_information" in types else "letter"


def boxes(chosen: Layout) -> tuple[Box, ...]:
    """The boxes of a layout in order; none for a letter."""
    return _BOXES.get(chosen, ())


def name(chosen: Layout) -> str:
    """What a template is called."""
    return {
        SUBSCRIBER: _("In the order of template T-CY(2018)10: request for subscriber information"),
        PRESERVATION: _("In the order of template T-CY(2018)11: request for preservation"),
    }.get(chosen, "")
