"""Receipts that travel alone, where deliveries go one way: taken away as a file or on paper, and entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from comity.errors import ComityError
from comity.mirror.paper import MAX_TEXT
from comity.tlog.note import MAX_NOTE
from comity_node.officials.access import require
from comity_node.officials.telling import told
from comity_node.register import queries, receipts
from comity_node.web.files import download
from comity_node.wire import paper

if TYPE_CHECKING:
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.models import Log
    from comity_node.register.receipts import Kept


@require_GET
def receipt(request: OfficialRequest, party: str, channel: str) -> HttpResponse:
    """Our newest receipt for their log, as a file."""
    theirs = _theirs(request, party, channel)
    return download(receipts.given(theirs), f"{channel}.{theirs.size}.receipt")


@require_GET
def sheet(request: OfficialRequest, party: str, channel: str) -> HttpResponse:
    """The same on paper."""
    theirs = _theirs(request, party, channel)
    return HttpResponse(
        paper.to_pdf(receipts.sheet(theirs)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{channel}.{theirs.size}.receipt.pdf"'},
    )


def _theirs(request: OfficialRequest, party: str, channel: str) -> Log:
    require(request.user, "record.read")
    found = queries.log_of(channel, party)
    if found is None or found.ours or not found.size:
        raise Http404
    return found


class ReceiptForm(forms.Form):
    """A receipt that came alone."""

    lines = forms.CharField(
        label=gettext_lazy("Lines of the sheet"),
        required=False,
        max_length=MAX_TEXT,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 10, "spellcheck": "false", "dir": "ltr", "autocapitalize": "characters"}
        ),
        help_text=gettext_lazy(
            "Put the cursor here and scan the codes, or type the numbered lines: in any order, with spaces or"
            " without. Lines that are missing or were misread are named."
        ),
    )
    file = forms.FileField(label=gettext_lazy("Or the file of a receipt"), required=False)

    def clean(self) -> dict[str, Any]:
        """Have one of the two."""
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("lines", "").strip()) == bool(said.get("file")):
            raise forms.ValidationError(_("Give the lines of a sheet, or the file of a receipt."))
        return said

    def take(self) -> Kept:
        """Take the receipt in.

        Raises:
            ComityError: It cannot be read, or does not verify.
        """
        file = self.cleaned_data["file"]
        return receipts.take(file.read(MAX_NOTE + 1)) if file else receipts.enter(self.cleaned_data["lines"])


@require_http_methods(["GET", "POST"])
def enter(request: OfficialRequest) -> HttpResponse:
    """Enter a receipt from paper or from a file."""
    require(request.user, "assistance.handle")
    form = ReceiptForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = form.take()
        except ComityError as refused:
            form.add_error("file" if form.cleaned_data["file"] else "lines", told(refused))
        else:
            _tell(request, kept)
            return redirect("web:log", party=_own_party(kept), channel=kept.channel)
    return render(request, "web/pages/receipt.html", {"form": form}, status=422 if form.errors else 200)


def _own_party(kept: Kept) -> str:
    own = queries.own_log(kept.channel)
    assert own is not None, "a receipt is kept only for a log of ours"
    return own.party


def _tell(request: OfficialRequest, kept: Kept) -> None:
    values = {"giver": kept.giver.upper(), "size": kept.receipt.size, "fresh": kept.fresh}
    said = _("%(giver)s holds our entries up to number %(size)s. Receipted for the first time: %(fresh)s.")
    messages.success(request, said % values)
