"""By whom the other side acts under an instrument, for whoever writes to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity_node.parties import queries as parties
from comity_node.register import queries as register
from comity_node.register.citing import text_address

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrPromise

    from comity.instruments import Authority, Instrument

_ROLES: Final = {
    "central": gettext_lazy("Central authority"),
    "contact_point": gettext_lazy("Point of contact"),
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """An authority of the other side, named under the instrument.

    Attributes:
        role: For what it acts, in words.
        as_of: The day that was looked up.
        href: Where it stands on the instrument's page.
    """

    said: Authority
    role: str | _StrPromise
    as_of: date
    href: str

    @property
    def languages(self) -> str:
        """The languages it accepts, by code."""
        return ", ".join(self.said.languages)


def addressees(channel: str, text: Instrument) -> list[Addressee]:
    """The authorities of the other parties of a channel; empty where none was looked up."""
    known = parties.of(text.id).parties
    href = text_address(text, "part", "parties")
    return [
        Addressee(one, _ROLES.get(one.role) or _(one.role.replace("_", " ")), known.as_of, href)
        for log in register.their_logs(channel)
        for one in known.acting_for(log.party)
    ]
