"""How our authority handles a request of the other side: triage, who executes it, by when, and notes.

All of it is internal. Nothing here is an entry, nothing is sent, and the other side cannot ask for it. What
it is to know of the course of execution is told by an act, when whoever handles the request decides so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity_node.assistance.fields import Words
from comity_node.assistance.models import Handling, Note
from comity_node.officials.access import holds, require
from comity_node.officials.models import Journal, Official

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

    from comity_node.assistance.detail import Detail
    from comity_node.assistance.models import Request

HANDLE: Final = "assistance.handle"
MOST_NOTES: Final = 200
LONGEST_NOTE: Final = 20_000
REPORTED: Final = "progressed"
PRIORITIES: Final = {
    "routine": gettext_lazy("Routine"),
    "priority": gettext_lazy("Priority"),
    "urgent": gettext_lazy("Urgent: somebody is at risk, in custody, or a period runs out"),
}


class HandlingForm(forms.Form):
    """Triage and assignment. Empty is a statement too: nobody has decided it."""

    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=list(PRIORITIES.items()))
    authority = forms.CharField(
        label=gettext_lazy("Competent authority that executes it"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A prosecution office, a court, a police unit: as it is addressed."),
    )
    officer = forms.ModelChoiceField(
        label=gettext_lazy("Officer of ours who answers for it"),
        queryset=Official.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage of execution"), required=False)
    due_on = forms.DateField(
        label=gettext_lazy("To be done by (our own target)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, said: QueryDict | None, *, found: Detail, now: Handling | None) -> None:
        kept = {name: getattr(now, name) for name in FIELDS} if now else {}
        super().__init__(said, initial=kept)
        officer, stage = self.fields["officer"], self.fields["stage"]
        assert isinstance(officer, forms.ModelChoiceField), "it is declared above"
        assert isinstance(stage, forms.ChoiceField), "it is declared above"
        officer.queryset = Official.objects.filter(is_active=True).order_by("display_name")
        stage.choices = [("", _("Not begun")), *stages(found).items()]


class NoteForm(forms.Form):
    """An internal note."""

    text = Words(
        label=gettext_lazy("Internal note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For colleagues of this authority. It is not sent and cannot be asked for."),
    )


FIELDS: Final = ("priority", "authority", "officer", "stage", "due_on")


def stages(found: Detail) -> dict[str, str]:
    """The stages of execution that the table of a request knows, in words."""
    statement = found.procedure.statement_of.get("stage")
    return {one: _(one.replace("_", " ")).capitalize() for one in (statement.values if statement else ())}


def handling(row: Request) -> Handling | None:
    """How a request is handled; None while nobody has looked at it."""
    named = Handling.objects.select_related("officer", "by")
    return named.filter(channel=row.channel, ref=row.ref, kinds=row.kinds).first()


def assign(row: Request, *, by: Official, said: Mapping[str, Any]) -> Handling:
    """Keep who handles a request and how; what changed stands among the notes.

    Raises:
        NotEmpowered: The official may not handle requests.
    """
    require(by, HANDLE)
    place: dict[str, Any] = {"channel": row.channel, "ref": row.ref, "kinds": row.kinds}
    with transaction.atomic():
        before = Handling.objects.select_for_update().filter(**place).first()
        kept, _new = Handling.objects.update_or_create(**place, defaults={**said, "by": by})
        changed = [
            f"{HandlingForm.base_fields[name].label}: {_shown(getattr(kept, name))}"
            for name in FIELDS
            if _shown(getattr(kept, name)) != _shown(getattr(before, name, None))
        ]
        if changed:
            Note.objects.create(**place, by=by, text="\n".join(changed), is_change=True)
            Journal.objects.create(official=by, did="request.handled", about=row.ref)
    return kept


def take(rows: Iterable[Request], *, by: Official) -> int:
    """Have an official answer for several requests, as they are handled otherwise; gives back for how many.

    Raises:
        NotEmpowered: The official may not handle requests.
    """
    taken = 0
    for row in rows:
        now = handling(row)
        if now is None or now.officer_id != by.pk:
            kept = {name: getattr(now, name) for name in FIELDS} if now else {"priority": "routine"}
            assign(row, by=by, said={**kept, "officer": by})
            taken += 1
    return taken


def add_note(row: Request, text: str, *, by: Official) -> Note:
    """Add an internal note. Notes are neither changed nor taken away.

    Raises:
        NotEmpowered: The official may not handle requests.
    """
    require(by, HANDLE)
    return Note.objects.create(channel=row.channel, ref=row.ref, kinds=row.kinds, by=by, text=text)


def keep(row: Request, form: forms.Form, *, by: Official) -> None:
    """Keep what one of the two forms says.

    Raises:
        NotEmpowered: The official may not handle requests.
    """
    if isinstance(form, NoteForm):
        add_note(row, form.cleaned_data["text"], by=by)
    else:
        assign(row, by=by, said=form.cleaned_data)


def page(row: Request, found: Detail, official: Official, said: QueryDict | None) -> dict[str, Any]:
    """What the internal part of a request's page shows.

    Args:
        row: The request.
        found: The same, as both logs have it.
        official: Who reads it; forms are for those who may handle requests.
        said: What was filled in, where it has to be corrected.
    """
    now = handling(row)
    notes = Note.objects.filter(channel=row.channel, ref=row.ref, kinds=row.kinds).select_related("by")
    is_note = said is not None and "text" in said
    may = holds(official, HANDLE)
    return {
        "handling": now,
        "priority": PRIORITIES.get(now.priority, now.priority) if now else "",
        "stage": stages(found).get(now.stage, "") if now else "",
        "notes": notes[:MOST_NOTES],
        "form": HandlingForm(None if is_note else said, found=found, now=now) if may else None,
        "note_form": NoteForm(said if is_note else None) if may else None,
        "tell_href": _telling(found, now) if now else "",
    }


def _telling(found: Detail, now: Handling) -> str:
    """Where the stage is told the other side; empty where that is not open. No word of ours goes with it."""
    if not now.stage or REPORTED not in {row.act for row in found.ours}:
        return ""
    address = reverse("assistance:act", args=[found.channel, found.ref, REPORTED])
    return f"{address}?{urlencode({'stage': now.stage})}"


def _shown(value: object) -> str:
    return "" if value is None else str(value)
