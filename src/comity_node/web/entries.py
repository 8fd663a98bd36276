"""One entry as people and machines read it: its content, the leaf as authored, its receipt, its proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.errors import ComityError
from comity.names import EntryRef, Origin
from comity_node.channels.queries import party_name
from comity_node.officials.access import require
from comity_node.register import marks, payloads, proofs, queries, rooms, standings
from comity_node.register.acts import Act
from comity_node.register.describing import describe
from comity_node.web.files import download

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from comity_node.officials.request import OfficialRequest
    from comity_node.register.queries import Received


def entry(request: OfficialRequest, party: str, channel: str, index: int) -> HttpResponse:
    """One entry: its content, the leaf as authored, its receipt and its proof."""
    require(request.user, "record.read")
    received = _entry(party, channel, index)
    (shown,) = describe(channel, [received])
    room = rooms.room_of(received.entry.kind)
    # Of a talk, what was answered is shown where it was said: its entries are read by the page, not by all.
    whole = [] if room is not None and room.weight else queries.entries(channel, ref=received.entry.ref)
    answered_by = [one for one in whole if received.ref in one.entry.answers]
    context: dict[str, Any] = {
        "entry": {
            "ref": received.ref,
            "title": shown.title,
            "kind": received.entry.kind,
            "procedure": received.entry.ref,
            "procedure_href": room.page(channel, received.entry.ref) if room else "",
            "at": shown.at,
            "by": shown.by,
            "ours": received.ours,
            "party": party,
            "party_name": party_name(party),
            "reader": _reader(received),
            "sent_at": shown.receipt.at if shown.receipt else None,
            "receipt": shown.receipt,
            "irregular": shown.irregular,
            "remark": shown.remark,
            "leaf_hash": queries.leaf_hash(received.ref).hex(),
            "leaf": received.leaf.decode(),
            "article": shown.article,
            "article_href": shown.article_href,
            "verified": shown.verified,
            "answers": [{"ref": ref, "href": _href(ref)} for ref in received.entry.answers],
            "answered_by": [
                {"ref": one.ref, "href": one.href, "title": one.title}
                for one in describe(channel, answered_by)
            ],
            "seen": [
                {"origin": str(Origin(other, channel)), "size": size}
                for other, size in received.entry.seen.items()
            ],
        },
        "payload": _payload(received),
        "exercise": standings.exercised(channel, received.entry.ref, received.entry.stated),
        "lodged": _lodged(received),
        "proof_href": reverse("web:proof", args=[party, channel, index]),
        "translations": [],
        "history_href": reverse("web:log", args=[party, channel]),
    }
    return render(request, "web/pages/entry.html", context)


def _lodged(received: Received) -> list[dict[str, Any]]:
    """By when an entry of ours was lodged, as neutral witnesses say, whoever answers or not."""
    log = queries.log_of(received.ref.origin.channel, received.party)
    if log is None or not received.ours:
        return []
    found = marks.earliest(log, received.ref.index)
    return [{"by": one.given_at, "witness": one.witness, "size": one.size} for one in found]


def proof(request: OfficialRequest, party: str, channel: str, index: int) -> HttpResponse:
    """The entry's tlog-proof; the leaf travels in its extra line, so that the file stands alone."""
    require(request.user, "record.read")
    received = _entry(party, channel, index)
    return download(proofs.proof(received.ref), f"{party}-{channel}-{index}.tlog-proof")


def _entry(party: str, channel: str, index: int) -> Received:
    try:
        return queries.entry(EntryRef(Origin.parse(f"{party}.comity/{channel}"), index))
    except ComityError as error:
        raise Http404(str(error)) from error


def _payload(received: Received) -> dict[str, Any] | None:
    """What it says; what is read in a room of its own, for a reason, is not read here."""
    digest = received.entry.payload
    if digest is None:
        return None
    said: dict[str, Any] = {
        "size": digest.size,
        "sha256": digest.sha256,
        "erased_at": None,
        "fields": [],
        "text": "",
    }
    erased_at = payloads.erased_at(digest.sha256)
    if erased_at is not None:
        return said | {"erased_at": erased_at}
    if rooms.power_to_read(received.entry.kind):
        return said | {"text": _("It is read in its own room, by those who may, for a reason they give.")}
    try:
        document = payloads.payload(received) or {}
    except ComityError as error:
        return said | {"text": str(error)}
    return said | {"fields": _facts(received, document), "text": payloads.readable_document(document)}


def _facts(received: Received, document: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the entry says, in its room's words; as sent, where no room can read it."""
    entry = received.entry
    act = Act(
        channel=received.ref.origin.channel,
        kind=entry.kind,
        ref=entry.ref,
        answers=tuple(entry.answers),
        stated=entry.stated,
        payload=document,
    )
    return [{"label": label, "value": value} for label, value in rooms.facts(act)]


def _reader(received: Received) -> str:
    """The party whose receipt the entry needs."""
    others = [
        log.party for log in queries.channel_logs(received.ref.origin.channel) if log.party != received.party
    ]
    return others[0] if others else ""


def _href(ref: EntryRef) -> str:
    return reverse("web:entry", args=[ref.origin.party, ref.origin.channel, ref.index])
