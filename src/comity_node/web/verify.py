"""Verify proofs, receipts, deliveries and figures somebody brings, as ``comity verify`` does; keep none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comity.channel.published_figures import BEGINS, read_statement, verify_statement
from comity.channel.statements import refusal
from comity.channel.verified_fork import is_fork_proof, verify_fork
from comity.channel.verified_parts import is_receipt, verify_bundle, verify_proof, verify_receipt
from comity.errors import ComityError, MalformedProof
from comity.mirror import ForkProof
from comity.names import Origin
from comity.tlog.note import parse_note
from comity.tlog.policy import MAX_POLICY, Policy
from comity.tlog.proof import HEADER, TlogProof
from comity_node.channels.queries import policy_of
from comity_node.officials.access import require
from comity_node.officials.telling import told
from comity_node.web.files import download

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from comity.channel.verification import Report
    from comity.tlog.note import Note
    from comity_node.officials.request import OfficialRequest

MOST: Final = 64 * 2**20
PAGE: Final = Path(__file__).parent / "built" / "verifier.html"


class _Form(NamedTuple):
    """A file that is verified by a policy: how it is known, verified, and of which channel it speaks.

    ``alone``: how it is verified by a policy that is in it, where nobody has another.
    """

    fits: Callable[[bytes], bool]
    verified: Callable[[bytes, Policy], Report]
    channel: Callable[[bytes], str]
    alone: Callable[[bytes], Report] | None = None


def _of(note: Callable[[bytes], Note]) -> Callable[[bytes], str]:
    """The channel of the log that a note in a file speaks of."""
    return lambda data: Origin.parse(note(data).text.partition("\n")[0]).channel


_FORMS: Final = (
    _Form(
        lambda data: data.startswith(HEADER.encode()),
        verify_proof,
        _of(lambda data: TlogProof.parse(data).checkpoint),
    ),
    _Form(is_receipt, verify_receipt, _of(parse_note)),
    _Form(is_fork_proof, verify_fork, _of(lambda data: parse_note(ForkProof.parse(data).earlier))),
    _Form(
        lambda data: data.startswith(BEGINS),
        lambda data, policy: verify_statement(data, policy).report,
        lambda data: read_statement(data).channel,
        lambda data: verify_statement(data).report,
    ),
)


class VerifyForm(forms.Form):
    """What is to be verified, and by whose keys."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "A proof of one entry (.tlog-proof) or of misconduct, a receipt, a delivery (.tar),"
            " or a statement of figures (.json)."
        ),
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


@require_GET
def page(request: OfficialRequest) -> HttpResponse:
    """The verifier page as a file to be given away: it is opened from a disk, never from this node."""
    require(request.user, "record.read")
    if not PAGE.exists():
        raise Http404(_("The verifier page was not built with this node."))
    return download(PAGE.read_bytes(), "comity-verifier.html", kind="text/html")


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
        because = " ".join((_(refusal(error.code)).capitalize() + ".", told(error)))
        return {"holds": False, "verdict": _("Not verified"), "because": because}
    language = get_language() or "en"
    return {
        "holds": True,
        "verdict": _("Verified: every check holds"),
        "subject": [
            {"label": _("Channel"), "value": report.channel},
            {"label": _("Entries"), "value": str(report.entries)},
            {"label": _("Signatures checked"), "value": str(report.signatures)},
            {"label": _("By the policy of"), "value": whose},
        ],
        "proven": [one.words(_, language) for one in report.proven],
        "not_proven": [one.words(_, language) for one in report.not_proven],
    }


def _verified(data: bytes, own: Policy | None) -> tuple[Report, str]:
    """Verify by the reader's policy, or else by the one the channel's charter agreed.

    Raises:
        ComityError: Something does not hold, or nobody's keys are known for it.
    """
    form = next((one for one in _FORMS if one.fits(data)), None)
    if form is None:
        return verify_bundle(data, own), _("you alone") if own else _("nobody: only its form was checked")
    if own is not None:
        return form.verified(data, own), _("you alone")
    agreed = policy_of(form.channel(data))
    if agreed is None and form.alone is not None:
        return form.alone(data), _("the file itself")
    if agreed is None:
        raise MalformedProof(
            "the file was not verified: this node has no channel of that name",
            hint="give the policy of the channel, got from somebody you trust",
        )
    return form.verified(data, agreed), _("the charter of the channel, as this node holds it")
