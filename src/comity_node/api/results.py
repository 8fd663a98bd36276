"""Results: the exhibits of the record, and the content of those an official of the token's office has opened.

To open an exhibit is an act of custody and stands on record; a program never does it. So a case system is
given what its office has opened, by a person and for a stated purpose, for as long as our side may still open
it: not what was recalled since. Each giving is noted in the journal with the entry of that opening.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse

from comity_node.api import asked, services, shapes
from comity_node.api.call import href
from comity_node.api.errors import NothingHere, NotOpenedYet
from comity_node.evidence import queries as evidence
from comity_node.evidence import serving
from comity_node.evidence.services import check_use, content_from

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from comity_node.api.call import Call
    from comity_node.evidence.models import CustodyStep
    from comity_node.evidence.models import Exhibit as ExhibitRow

_OPENED: Final = "opened"


def exhibit_list(call: Call[asked.WantedExhibits]) -> shapes.Exhibits:
    """List exhibits, those of one request among them."""
    said = call.said
    found = evidence.wanted(state=said.state, channel=said.channel or "", request=said.request or "")
    if said.channel is not None:
        call.caller.must_see(said.channel)
    if call.caller.only:
        found = found.filter(channel__in=call.caller.only)
    start = (said.page - 1) * said.size
    return shapes.Exhibits(
        exhibits=[_shown(one, call) for one in found[start : start + said.size]],
        page=said.page,
        size=said.size,
        total=found.count(),
    )


def exhibit(call: Call[asked.Said]) -> shapes.Exhibit:
    """Read what was announced of one exhibit, and where its custody stands."""
    return _shown(_found(call), call)


def content(call: Call[asked.Said]) -> HttpResponseBase:
    """Get the content of an exhibit that an official of the token's office has opened; by range, if asked."""
    found = _found(call)
    check_use(found)
    opening = _opening(found, call)
    if opening is None:
        page = settings.NODE.address + _page(found)
        raise NotOpenedYet(
            f"{found.ref} was not given: no official of the token's office has opened it ({page})"
        )
    given = serving.give_range(
        call.request, found, lambda start, length: content_from(found, start=start, length=length)
    )
    if given.streaming:
        services.note(
            call.caller.official, "token.exhibit-given", call.caller.token, found.ref, opening.entry
        )
    return given


def _found(call: Call[Any]) -> ExhibitRow:
    channel, ref = call.channel, call.place["ref"]
    found = evidence.exhibits().filter(channel=channel, ref=ref).first()
    if found is None:
        raise NothingHere(f"there is no exhibit {ref} in channel {channel} for this token")
    return found


def _opening(found: ExhibitRow, call: Call[Any]) -> CustodyStep | None:
    """The latest opening by an official of the token's office, as far as it counts."""
    ours = evidence.chain(found).filter(
        act=_OPENED,
        party=settings.NODE.party,
        office=str(call.caller.official.office),
        irregular="",
    )
    return ours.order_by("-place").first()


def _page(found: ExhibitRow) -> str:
    return reverse("evidence:exhibit", args=[found.channel, found.ref])


def _shown(one: ExhibitRow, call: Call[Any]) -> shapes.Exhibit:
    own = href("exhibits", one.channel, one.ref)
    copied = {name: getattr(one, name) for name in shapes.Exhibit.__struct_fields__ if hasattr(one, name)}
    return shapes.Exhibit(
        **copied,
        held_by={held.party: held.state for held in evidence.holdings(one)},
        opened=_opening(one, call) is not None,
        href=own,
        content_href=f"{own}/content",
        page_href=_page(one),
    )
