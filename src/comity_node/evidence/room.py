"""The room as the register knows it: how its acts are judged, projected, titled and put in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity import custody
from comity_node.evidence import acting
from comity_node.evidence.brief import briefs
from comity_node.evidence.disposing import NOT_HELD
from comity_node.evidence.models import CustodyStep, Exhibit, Holding
from comity_node.evidence.projecting import judge, project
from comity_node.register.rooms import Head, Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity_node.register.acts import Act

# In the order an officer reads them.
LABELS: Final = {
    "name": gettext_lazy("File"),
    "description": gettext_lazy("Description"),
    "size": gettext_lazy("Size"),
    "sha256": gettext_lazy("SHA-256"),
    "media_type": gettext_lazy("Media type, as declared"),
    "taken_where": gettext_lazy("Seized or collected where"),
    "taken_at": gettext_lazy("Seized or collected when"),
    "taken_by": gettext_lazy("Seized or collected by"),
    "request": gettext_lazy("Request it answers"),
    "statement": gettext_lazy("How it was kept"),
    "tlp": gettext_lazy("TLP 2.0 marking"),
    "pap": gettext_lazy("PAP marking"),
    "handling": gettext_lazy("Handling"),
    "handling_text": gettext_lazy("Handling, in words"),
    "to": gettext_lazy("Where it goes"),
    "permission": gettext_lazy("Permitted by"),
    "because": gettext_lazy("What does not match"),
    "released_by": gettext_lazy("Released by"),
    "received_by": gettext_lazy("Received by"),
    "purpose": gettext_lazy("Purpose"),
    "seal": gettext_lazy("Seal"),
    "condition": gettext_lazy("Condition"),
    "text": gettext_lazy("In words"),
    "method": gettext_lazy("How it was done"),
    "done_by": gettext_lazy("By which office"),
    "done_at": gettext_lazy("When"),
    "done_where": gettext_lazy("Where"),
    "witnessed_by": gettext_lazy("Which office saw it done"),
    "copies": gettext_lazy("What became of copies"),
    "object": gettext_lazy("Name of the sealed file"),
    "sealed_size": gettext_lazy("Size of the sealed file"),
}


def facts(act: Act) -> list[tuple[str, str]]:
    """What an act of custody says.

    Raises:
        MalformedCustody: It does not have the form of this act.
    """
    said = custody.document(custody.read(act.payload, custody.FORMS[act.kind.rpartition(".")[2]]))
    rows = [(str(label), _worded(name, said[name])) for name, label in LABELS.items() if said.get(name)]
    return [*acting.stated(act.stated), *rows]


def _worded(name: str, value: object) -> str:
    if name == "name":
        return custody.name_to_show(str(value))
    return _("%(size)s bytes") % {"size": f"{value:,}"} if isinstance(value, int) else str(value)


def _page(channel: str, ref: str) -> str:
    return reverse("evidence:exhibit", args=[channel, ref])


def _heads(channel: str, refs: Sequence[str]) -> list[Head]:
    """What exhibits are found by: whatever their announcement says of them."""
    return [_head(one) for one in Exhibit.objects.filter(channel=channel, ref__in=refs)]


def _head(one: Exhibit) -> Head:
    named = (one.name, one.description, one.taken_where, one.taken_at, one.taken_by, one.office)
    return Head(
        ref=one.ref,
        sort="exhibit",
        title=custody.name_to_show(one.name) if one.name else "",
        party=one.provider,
        ours=one.provider == settings.NODE.party,
        at=one.added_at,
        standing=one.state,
        final=False,
        words=(*named, one.sha256, one.media_type, one.request, one.statement, one.malformed),
    )


def _open(channel: str) -> set[str]:
    """Exhibits that are held under limits, or of which something is asked."""
    held = Exhibit.objects.filter(channel=channel).exclude(state__in=NOT_HELD)
    return set(held.filter(Q(due_at__isnull=False) | ~Q(limits=[])).values_list("ref", flat=True))


ROOM: Final = Room(
    prefix=custody.KINDS,
    judge=judge,
    project=project,
    projections=[Exhibit, CustodyStep, Holding],
    tables=lambda _channel: lambda _received: custody.table(),
    page=_page,
    facts=facts,
    open=_open,
    heads=_heads,
    briefs=briefs,
)
