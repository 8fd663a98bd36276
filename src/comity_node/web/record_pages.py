"""The record as it is: logs, tree heads, entries as authored, and proofs to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.errors import ComityError
from comity.names import EntryRef, Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity_node.channels.queries import party_name
from comity_node.officials.access import require
from comity_node.register import queries, rooms
from comity_node.register.describing import describe
from comity_node.register.mirroring import vkeys

if TYPE_CHECKING:
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.models import Log
    from comity_node.register.queries import Received

PER_PAGE = 100
READABLE = 2000  # longer values are read in the document itself, which the page shows whole


class LogFilter(forms.Form):
    """Narrow a log down."""

    kind = forms.CharField(label=gettext_lazy("Kind begins with"), required=False, max_length=130)
    ref = forms.CharField(label=gettext_lazy("Reference"), required=False, max_length=64)
    page = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


def logs(request: OfficialRequest) -> HttpResponse:
    """Every log this node holds, its own and its mirrors."""
    require(request.user, "record.read")
    rows = [
        {
            "origin": log.origin,
            "href": reverse("web:log", args=[log.party, log.channel]),
            "ours": log.ours,
            "party": log.party,
            "party_name": party_name(log.party),
            "size": log.size,
            "receipted": queries.receipted(log),
            "misconduct": log.misconduct.count(),
        }
        for log in queries.all_logs()
    ]
    return render(request, "web/pages/logs.html", {"rows": rows, "refused": queries.refused_deliveries(50)})


def log(request: OfficialRequest, party: str, channel: str) -> HttpResponse:
    """One log: its tree head, who signed it, its entries."""
    found = _log(request, party, channel)
    filters = LogFilter(request.GET or None)
    said = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    page = said.get("page") or 0
    chosen, total = queries.page_of(
        found, kind=said.get("kind", ""), ref=said.get("ref", ""), start=page * PER_PAGE, count=PER_PAGE
    )
    context: dict[str, Any] = {
        "log": _head(found),
        "cosignatures": _cosignatures(found),
        "filters": filters,
        "columns": [
            {"label": one}
            for one in (_("Entry"), _("Act"), _("Authored"), _("Receipt"), _("Leaf hash"), _("Proof"))
        ],
        "rows": _rows(channel, chosen),
        "pages": _pages(request, page, total),
        "empty": {
            "what": _("No entries."),
            "why": _("Nothing in this log matches."),
            "todo": "",
            "href": "",
            "label": "",
        },
        "reset_href": reverse("web:log", args=[party, channel]),
        "others": [
            {"origin": other.origin, "href": reverse("web:log", args=[other.party, other.channel])}
            for other in queries.channel_logs(channel)
            if other.pk != found.pk
        ],
    }
    return render(request, "web/pages/log.html", context)


def checkpoint(request: OfficialRequest, party: str, channel: str) -> HttpResponse:
    """The newest checkpoint with its cosignatures, as a file."""
    found = _log(request, party, channel)
    if not found.size:
        raise Http404
    return _file(queries.checkpoint(found), f"{party}-{channel}.checkpoint", "text/plain; charset=utf-8")


def entry(request: OfficialRequest, party: str, channel: str, index: int) -> HttpResponse:
    """One entry: its content, the leaf as authored, its receipt and its proof."""
    require(request.user, "record.read")
    received = _entry(party, channel, index)
    (shown,) = describe(channel, [received])
    whole = queries.entries(channel, ref=received.entry.ref)
    answered_by = [one for one in whole if received.ref in one.entry.answers]
    room = rooms.room_of(received.entry.kind)
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
            "sent_at": None,
            "receipt": shown.receipt,
            "irregular": shown.irregular,
            "remark": shown.remark,
            "leaf_hash": queries.leaf_hash(received.ref).hex(),
            "leaf": received.leaf.decode(),
            "article": shown.article,
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
        "proof_href": reverse("web:proof", args=[party, channel, index]),
        "translations": [],
        "history_href": reverse("web:log", args=[party, channel]),
    }
    return render(request, "web/pages/entry.html", context)


def proof(request: OfficialRequest, party: str, channel: str, index: int) -> HttpResponse:
    """The entry's tlog-proof; the leaf travels in its extra line, so that the file stands alone."""
    require(request.user, "record.read")
    received = _entry(party, channel, index)
    data = queries.proof(received.ref)
    return _file(data, f"{party}-{channel}-{index}.tlog-proof", "text/plain; charset=utf-8")


def _log(request: OfficialRequest, party: str, channel: str) -> Log:
    require(request.user, "record.read")
    found = queries.log_of(channel, party)
    if found is None:
        raise Http404
    return found


def _entry(party: str, channel: str, index: int) -> Received:
    try:
        return queries.entry(EntryRef(Origin.parse(f"{party}.comity/{channel}"), index))
    except ComityError as error:
        raise Http404(str(error)) from error


def _head(found: Log) -> dict[str, Any]:
    note = parse_note(queries.checkpoint(found)) if found.size else None
    head = Checkpoint.parse(note.text) if note else None
    signed_at = note and next(
        (note.cosigned_at(key) for key in vkeys(found.log_keys) if key.is_cosigner), None
    )
    return {
        "origin": found.origin,
        "channel": found.channel,
        "ours": found.ours,
        "party": found.party,
        "party_name": party_name(found.party),
        "size": found.size,
        "root": head.root.hex() if head else "",
        "checkpoint": note.encode().decode() if note else "",
        "checkpoint_href": reverse("web:checkpoint", args=[found.party, found.channel]),
        "signed_at": queries.at(signed_at) if signed_at else None,
    }


def _cosignatures(found: Log) -> list[dict[str, Any]]:
    receipt = queries.last_receipt(found)
    marks = queries.witness_marks(found)[-1:]
    shown = []
    if receipt:
        shown.append(
            {
                "name": f"{receipt.party}.comity/mirror",
                "role": _("receipt: holds entries and payloads"),
                "at": receipt.given_at,
                "size": receipt.size,
                "algorithm": "Ed25519 + ML-DSA-44",
            }
        )
    shown += [
        {
            "name": mark.witness,
            "role": _("neutral witness: saw this tree head"),
            "at": mark.given_at,
            "size": mark.size,
            "algorithm": queries.algorithms(mark),
        }
        for mark in marks
    ]
    return shown


def _rows(channel: str, chosen: list[Received]) -> list[dict[str, Any]]:
    return [
        {
            "ref": shown.ref,
            "href": shown.href,
            "title": shown.title,
            "procedure": shown.procedure,
            "at": shown.at,
            "leaf_hash": queries.leaf_hash(shown.ref).hex(),
            "receipt": shown.receipt,
            "irregular": _("Irregular") if shown.irregular else "",
            "proof_href": reverse("web:proof", args=[shown.ref.origin.party, channel, shown.ref.index]),
        }
        for shown in describe(channel, chosen)
    ]


def _pages(request: OfficialRequest, page: int, total: int) -> dict[str, Any]:
    def href(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    first, last = page * PER_PAGE, min((page + 1) * PER_PAGE, total)
    return {
        "first": min(first + 1, total),
        "last": last,
        "total": total,
        "previous_href": href(page - 1) if page else "",
        "next_href": href(page + 1) if last < total else "",
    }


def _payload(received: Received) -> dict[str, Any] | None:
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
    erased_at = queries.erased_at(digest.sha256)
    if erased_at is not None:
        return said | {"erased_at": erased_at}
    try:
        document = queries.payload(received) or {}
    except ComityError as error:
        return said | {"text": str(error)}
    plain = {key: value for key, value in document.items() if isinstance(value, str) and value and len(value) < READABLE}
    return said | {
        "fields": [
            {"label": key.replace("_", " "), "value": value}
            for key, value in sorted(plain.items())
        ],
        "text": queries.readable_document(document),
    }


def _reader(received: Received) -> str:
    """The party whose receipt the entry needs."""
    others = [
        log.party for log in queries.channel_logs(received.ref.origin.channel) if log.party != received.party
    ]
    return others[0] if others else ""


def _href(ref: EntryRef) -> str:
    return reverse("web:entry", args=[ref.origin.party, ref.origin.channel, ref.index])


def _file(data: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
