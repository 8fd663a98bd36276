"""Samples: instruments and their procedures, as they are shipped."""

from __future__ import annotations

from typing import Final

from comity.instruments import library, parties
from comity_node.web import instrument_pages, procedure_pages
from tools.preview.cast import NAMES, NOW

# Settings name this module: in a preview the pages have no addresses.
urlpatterns: Final[list] = []


def contexts(home: str) -> dict[str, dict]:
    """Give each page of the family its context, as the node of ``home`` shows it."""
    other = "ru" if home == "us" else "us"
    asked = instrument_pages.Asked(home, {other: NAMES[other]}, NOW.date(), known=parties(), origins={})
    treaty = library()["us-ru-1999"]
    return {
        "instrument_list": instrument_pages.listed(asked),
        "instrument": instrument_pages.one_instrument(treaty, asked),
        "procedure": procedure_pages.one_procedure(treaty, treaty.procedures[0]),
    }
