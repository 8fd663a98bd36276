"""Samples: instruments and their procedures, as they are shipped."""

from __future__ import annotations

from typing import Final
from unittest import mock

from comity.instruments import NOBODY, library, parties
from comity_node.parties.queries import InUse
from comity_node.web import instrument_pages, procedure_pages
from tools.preview.cast import NAMES, NOW

# Settings name this module: in a preview the pages have no addresses.
urlpatterns: Final[list] = []


def contexts(home: str) -> dict[str, dict]:
    """Give each page of the family its context, as the node of ``home`` shows it."""
    other = "ru" if home == "us" else "us"
    others, today = {other: NAMES[other]}, NOW.date()
    treaty = library()["us-ru-1999"]
    with mock.patch.object(instrument_pages.parties, "in_use", _shipped):
        listed = instrument_pages.listed(home, others, today)
        one = instrument_pages.one_instrument(treaty, home, others, today)
    return {
        "instrument_list": listed,
        "instrument": one,
        "procedure": procedure_pages.one_procedure(treaty, treaty.procedures[0]),
    }


def _shipped() -> dict[str, InUse]:
    """What ships of what is known of the Parties: a preview has no database, and has taken nothing."""
    return {name: InUse(parties().get(name, NOBODY)) for name in library()}
