"""Reading the law a node works by: pages for every official, without any act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from comity.custody import custody
from comity.errors import NoSuchInstrument, NotInInstrument
from comity.instruments import edition, known_as
from comity_node.assistance.comparing import comparisons_of
from comity_node.counterparts import queries as counterparts
from comity_node.parties import queries as parties
from comity_node.parties.pages import origin
from comity_node.web import instrument_pages, procedure_pages, wording

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.instruments import Instrument


@require_GET
def instruments(request: HttpRequest) -> HttpResponse:
    """Every instrument, and where each stands today between us and our counterparts."""
    page = instrument_pages.listed(_asked())
    return render(request, "web/pages/instrument_list.html", page)


@require_GET
def instrument(request: HttpRequest, name: str) -> HttpResponse:
    """One instrument in one edition, whole."""
    text = _edition(name)
    page = instrument_pages.one_instrument(text, _asked())
    return render(request, "web/pages/instrument.html", {**page, "comparisons": comparisons_of(text.digest)})


@require_GET
def procedure(request: HttpRequest, name: str, procedure: str) -> HttpResponse:
    """One procedure of an instrument: its figure and its table."""
    text = _edition(name)
    try:
        table = text.procedure(procedure)
    except NotInInstrument as error:
        raise Http404(str(error)) from error
    return render(request, "web/pages/procedure.html", procedure_pages.one_procedure(text, table))


def _edition(name: str) -> Instrument:
    """A text by its name; the custody table is read like an instrument, and nobody can rest on it."""
    text = custody()
    if name in {text.id, known_as(text), text.digest}:
        return text
    try:
        return edition(name)
    except NoSuchInstrument as error:
        raise Http404(str(error)) from error


def _asked() -> instrument_pages.Asked:
    in_use = parties.in_use()
    return instrument_pages.Asked(
        own=settings.NODE.party,
        others=_others(),
        on=wording.in_utc(timezone.now()).date(),
        known={name: one.parties for name, one in in_use.items() if one.is_known},
        origins={
            name: {**origin(one), "href": reverse("parties:parties", args=[name])}
            for name, one in in_use.items()
        },
    )


def _others() -> dict[str, str]:
    """Every party a ceremony was held with, by code, in the reader's language."""
    language = get_language() or "en"
    found = {row.party: counterparts.read(row.passport).about.names for row in counterparts.counterparts()}
    return {
        code: str(names.get(language) or names.get("en") or code.upper()) for code, names in found.items()
    }
