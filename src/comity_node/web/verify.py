"""Verify a proof or a delivery that somebody brings, as ``comity verify`` does. Nothing given is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comity.channel.verified_parts import verify_bundle, verify_proof
from comity.errors import ComityError, MalformedProof
from comity.names import Origin
from comity.tlog.policy import MAX_POLICY, Policy
from comity.tlog.proof import HEADER, TlogProof
from comity_node.channels.queries import policy_of
from comity_node.officials.access import require
from comity_node.officials.telling import told

if TYPE_CHECKING:
    from django.http import HttpResponse

    from comity.channel.verification import Report
    from comity_node.officials.request import OfficialRequest

MOST: Final = 64 * 2**20


class VerifyForm(forms.Form):
    """What is to be verified, and by whose keys."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A proof of one entry (.tlog-proof), or a delivery (.tar)."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the text of a proof"),
        required=False,
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "dir": "ltr"}),
    )
    policy = forms.CharField(
        label=gettext_lazy("Your own policy"),
        required=False,
        max_length=MAX_POLICY,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "dir": "ltr"}),
        help_text=gettext_lazy(
            "Whose signatures you believe. Left empty: the policy of the channel's charter."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Have one thing to verify, of a size that can be."""
        said: dict[str, Any] = super().clean() or {}
        if not said.get("file") and not said.get("text"):
            raise forms.ValidationError(_("Choose a file, or paste the text of a proof."))
        if said.get("file") and said["file"].size > MOST:
            raise forms.ValidationError(_("The file is too large for this page: use comity verify."))
        return said

    def given(self) -> bytes:
        """The bytes to verify; a pasted proof has the line ends of its form, whatever the browser sends."""
        said = self.cleaned_data
        if said["file"]:
            data: bytes = said["file"].read()
            return data
        return str(said["text"]).replace("\r\n", "\n").encode()

    def policy_given(self) -> Policy | None:
        """The reader's own policy, if they gave one."""
        text = str(self.cleaned_data["policy"]).replace("\r\n", "\n")
        return Policy.parse(text.encode()) if text.strip() else None


@require_http_methods(["GET", "POST"])
def verify(request: OfficialRequest) -> HttpResponse:
    """Say in plain words what a file proves and what it does not."""
    require(request.user, "record.read")
    form = VerifyForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        result = _result(form)
    status = 422 if form.errors else 200
    return render(request, "web/pages/verify.html", {"form": form, "result": result}, status=status)


def _result(form: VerifyForm) -> dict[str, Any]:
    try:
        report, whose = _verified(form.given(), form.policy_given())
    except ComityError as error:
        return {"holds": False, "verdict": _("Not verified"), "because": told(error)}
    return {
        "holds": True,
        "verdict": _("Verified: every check holds"),
        "subject": [
            {"label": _("Channel"), "value": report.channel},
            {"label": _("Entries"), "value": str(report.entries)},
            {"label": _("Signatures checked"), "value": str(report.signatures)},
            {"label": _("By the policy of"), "value": whose},
        ],
        "proven": report.proven,
        "not_proven": report.not_proven,
    }


def _verified(data: bytes, own: Policy | None) -> tuple[Report, str]:
    """Verify by the reader's policy, or else by the one the channel's charter agreed.

    Raises:
        ComityError: Something does not hold, or nobody's keys are known for it.
    """
    if not data.startswith(HEADER.encode()):
        return verify_bundle(data, own), _("you alone") if own else _("nobody: only its form was checked")
    if own is not None:
        return verify_proof(data, own), _("you alone")
    origin = TlogProof.parse(data).checkpoint.text.partition("\n")[0]
    channel = Origin.parse(origin).channel
    agreed = policy_of(channel)
    if agreed is None:
        raise MalformedProof(
            "the proof was not verified: this node has no channel of that name",
            hint="give the policy of the channel, got from somebody you trust",
        )
    return verify_proof(data, agreed), _("the charter of the channel, as this node holds it")
