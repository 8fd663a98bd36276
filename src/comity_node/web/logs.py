"""The logs as they are: tree heads, who signed them, entries in order, and proofs of misconduct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import leaf_hash
from comity.tlog.note import parse_note
from comity_node.channels.queries import party_name
from comity_node.listing import table
from comity_node.officials.access import require
from comity_node.register import browsing, proofs, queries
from comity_node.register.describing import describe
from comity_node.register.rotations import vkeys
from comity_node.web.files import download
from comity_node.web.log_export import log_file

if TYPE_CHECKING:
    from django.http import HttpResponse, StreamingHttpResponse

    from comity_node.officials.request import OfficialRequest
    from comity_node.register.models import Log
    from comity_node.register.queries import Received

PER_PAGE = 50


class LogFilter(forms.Form):
    """Narrow a log down."""

    kind = forms.CharField(label=gettext_lazy("Kind begins with"), required=False, max_length=130)
    ref = forms.CharField(label=gettext_lazy("Reference"), required=False, max_length=64)
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("Newest first")), ("oldest", gettext_lazy("Oldest first"))],
    )
    page = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


def logs(request: OfficialRequest) -> HttpResponse:
    """Every log this node holds, its own and its mirrors."""
    require(request.user, "record.read")
    found = proofs.misconduct()
    rows = [
        {
            "origin": log.origin,
            "href": reverse("web:log", args=[log.party, log.channel]),
            "ours": log.ours,
            "party": log.party,
            "party_name": party_name(log.party),
            "size": log.size,
            "receipted": log.receipted,
            "misconduct": [one for one in found if one.log_id == log.pk],
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
    chosen, total = browsing.page_of(found, **_wanted(said), start=page * PER_PAGE, count=PER_PAGE)
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
        "exports": table.exports(
            request.GET, lambda form: reverse("web:log-export", args=[party, channel, form])
        ),
        "others": [
            {"origin": other.origin, "href": reverse("web:log", args=[other.party, other.channel])}
            for other in queries.channel_logs(channel)
            if other.pk != found.pk
        ],
    }
    return render(request, "web/pages/log.html", context)


def export(request: OfficialRequest, party: str, channel: str, form: str) -> StreamingHttpResponse:
    """The log as filtered, as a file for a spreadsheet or a program."""
    found = _log(request, party, channel)
    filters = LogFilter(request.GET)
    return log_file(found, **_wanted(filters.cleaned_data if filters.is_valid() else {}), form=form)


def checkpoint(request: OfficialRequest, party: str, channel: str) -> HttpResponse:
    """The newest checkpoint with its cosignatures, as a file."""
    found = _log(request, party, channel)
    if not found.size:
        raise Http404
    return download(proofs.checkpoint(found), f"{party}-{channel}.checkpoint")


def misconduct(request: OfficialRequest, sha256: str) -> HttpResponse:
    """The proof that a party signed two histories, as a file anyone can check."""
    require(request.user, "record.read")
    found = next((one for one in proofs.misconduct() if one.sha256 == sha256), None)
    if found is None:
        raise Http404
    return download(bytes(found.proof), f"{found.log.party}-{found.log.channel}-{sha256[:8]}.fork")


def _wanted(said: dict[str, Any]) -> dict[str, Any]:
    """What the filter asks for; one that makes no sense is as good as none."""
    oldest_first = said.get("order") == "oldest"
    return {"kind": said.get("kind", ""), "ref": said.get("ref", ""), "oldest_first": oldest_first}


def _log(request: OfficialRequest, party: str, channel: str) -> Log:
    require(request.user, "record.read")
    found = queries.log_of(channel, party)
    if found is None:
        raise Http404
    return found


def _head(found: Log) -> dict[str, Any]:
    note = parse_note(proofs.checkpoint(found)) if found.size else None
    head = Checkpoint.parse(note.text) if note else None
    signed_at = note and next(
        (
            at
            for key in vkeys(found.log_keys)
            if key.is_cosigner and (at := note.cosigned_at(key)) is not None
        ),
        None,
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
        "signed_at": proofs.at(signed_at) if signed_at else None,
    }


def _cosignatures(found: Log) -> list[dict[str, Any]]:
    receipt = queries.last_receipt(found)
    marks = proofs.witness_marks(found)[-1:]
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
            "algorithm": proofs.algorithms(mark),
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
            "leaf_hash": leaf_hash(one.leaf).hex(),
            "receipt": shown.receipt,
            "irregular": _("Irregular") if shown.irregular else "",
            "proof_href": reverse("web:proof", args=[shown.ref.origin.party, channel, shown.ref.index]),
        }
        for one, shown in zip(chosen, describe(channel, chosen), strict=True)
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
