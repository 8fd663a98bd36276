"""Certificates by the forms of an instrument: what each asks, filled in from the chain of custody.

What a certificate says is sealed with the act that gives it; its letter is what a court is shown.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _

from comity import custody
from comity.errors import ComityError
from comity.names import EntryRef
from comity_node.assistance.drafting import LONGEST_TEXT
from comity_node.assistance.fields import Words
from comity_node.assistance.forms import ActForm
from comity_node.register import payloads
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import QueryDict

    from comity.instruments import Row
    from comity.instruments.model import Form
    from comity.lifecycle import Table
    from comity_node.assistance.models import Request
    from comity_node.register.queries import Received

CERTIFICATE: Final = "certificate"
_ADDED: Final = f"{custody.KINDS}.added"
_OF_CUSTODY: Final = frozenset({"custodian", "received_from"})  # what only a certificate of custody asks
MOST_OFFERED: Final = 20
_BY_THE_ACT: Final = frozenset({"signature"})  # the act itself is signed
_IF_ANY: Final = frozenset({"penalty_warning", "seal", "changes", "transferred_to", "transferred_at"})


class CertificateForm(ActForm):
    """An act that gives a certificate: what its form asks, besides what every act says."""

    def __init__(self, said: QueryDict | None, *, form: Form, **about: Any) -> None:  # noqa: ANN401 - as ActForm
        super().__init__(said, **about)
        self.certificate = form
        self.initial[CERTIFICATE] = form.id
        self.fields[CERTIFICATE] = forms.ChoiceField(
            label=_("Certificate"), choices=[(form.id, title(form))], initial=form.id
        )
        asked = {
            name: Words(
                label=in_words(name),
                required=name not in _IF_ANY,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            for name in form.data
            if name not in _BY_THE_ACT
        }
        first = {CERTIFICATE: self.fields.pop(CERTIFICATE)}
        self.fields = {**first, **asked, **self.fields}

    def payload(self) -> dict[str, Any]:
        """What is sealed: the certificate's own fields, then what every act says."""
        said = {name: self.cleaned_data[name] for name in self.certificate.data if name in self.cleaned_data}
        filled = {name: text for name, text in said.items() if text}
        return {**super().payload(), "fields": filled, "language": self.cleaned_data["language"]}


def act_form(said: QueryDict | None, *, row: Row, table: Table, chosen: str = "", **about: Any) -> ActForm:  # noqa: ANN401 - as ActForm
    """The form of an act: that of its certificate, where it gives one and it is known which."""
    wanted = chosen or (said.get(CERTIFICATE, "") if said else "")
    known = {one.id: one for one in table.instrument.forms} if CERTIFICATE in row.must_state else {}
    if wanted in known:
        return CertificateForm(said, form=known[wanted], row=row, table=table, **about)
    return ActForm(said, row=row, table=table, **about)


def offered(row: Row, table: Table, request: Request | None, href: str) -> list[tuple[str, str]]:
    """The certificates to choose from, each with where it is filled in; of custody, one an exhibit."""
    if CERTIFICATE not in row.must_state:
        return []
    return [
        (label, f"{href}?{urlencode(query)}")
        for form in table.instrument.forms
        for label, query in _ways(form, request)
    ]


def _ways(form: Form, request: Request | None) -> Iterator[tuple[str, dict[str, str]]]:
    yield title(form), {CERTIFICATE: form.id}
    if _OF_CUSTODY.issubset(form.data) and request is not None:
        for one in [one for one in request.exhibits if one["entry"]][:MOST_OFFERED]:
            said = {CERTIFICATE: form.id, "exhibit": one["entry"]}
            yield _("%(form)s, of %(exhibit)s") % {"form": title(form), "exhibit": one["title"]}, said


def title(form: Form) -> str:
    """A form by its letter and its name."""
    return f"{form.id}: {_(form.label)}"


def in_words(name: str) -> str:
    """The name of a datum as a label."""
    return _(name.replace("_", " ").capitalize())


def from_custody(channel: str, entry: str) -> dict[str, Any]:
    """What the chain of custody of an exhibit of ours has for a certificate of custody.

    Args:
        channel: Channel of the request.
        entry: The entry that added the exhibit; another is as good as none.
    """
    with suppress(ComityError):
        added = register.entry(EntryRef.parse(entry))
        if (added.ref.origin.channel, added.entry.kind) == (channel, _ADDED) and added.ours:
            return _filled(added)
    return {}


def _filled(added: Received) -> dict[str, Any]:
    """The chain in the words of the certificate."""
    said = custody.read(payloads.payload(added), custody.Announcement)
    chain = register.entries(added.ref.origin.channel, ref=added.entry.ref, prefix=f"{custody.KINDS}.")
    ours = [one for one in chain if one.ours]
    passed = [hand for one in ours if (hand := _hand_over(one))]
    opened = [f"{one.entry.at}: {one.entry.by.office}" for one in ours if one.entry.act == "opened"]
    arrived = next((one for one in chain if not one.ours and one.entry.act == "received"), None)
    return {
        "on_record": [str(added.ref)],
        "custodian": passed[-1].received_by if passed else added.entry.by.office,
        "received_from": passed[0].released_by if passed else said.taken_by,
        "received_at": said.taken_at,
        "received_where": said.taken_where,
        "description": "\n".join(
            filter(None, (custody.name_to_show(said.name), said.description, f"SHA-256 {said.sha256}"))
        ),
        "condition_on_receipt": said.statement,
        "condition_on_transfer": (passed[-1].condition if passed else "")
        or _("Sealed; its SHA-256 is the one stated."),
        "changes": "\n".join([_("None. Opened, as recorded:"), *opened] if opened else [_("None.")]),
        "transferred_to": arrived.party.upper() if arrived else "",
        "transferred_at": arrived.entry.at if arrived else "",
    }


def _hand_over(one: Received) -> custody.HandOver | None:
    if one.entry.act != "handed_over":
        return None
    with suppress(ComityError):
        return custody.read(payloads.payload(one), custody.HandOver)
    return None
