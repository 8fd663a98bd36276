"""Forms filled in without a page: what a command was told goes through the checks of the form on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.forms.widgets import ChoiceWidget
from django.http import QueryDict

from comity_node.assistance import calling, certificates, handling, marking, services, writing
from comity_node.assistance.choices import answered, choices
from comity_node.assistance.detail import detail
from comity_node.assistance.errors import NoSuchRequest, NotFilledIn
from comity_node.assistance.fields import exhibit_lines
from comity_node.assistance.forms import filled_in
from comity_node.assistance.on_record import named
from comity_node.officials.models import Official

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django import forms

    from comity_node.assistance.models import Draft, Handling, Request
    from comity_node.register.acts import Act

Said = dict[str, list[str]]


def act(channel: str, ref: str, act_name: str, said: Said, *, by: Official) -> Act:
    """The act that a filled-in form would sign now.

    Args:
        channel: Channel id.
        ref: The request.
        act_name: The act, as the table names it: ``executed``.
        said: Values by the names of the form's fields: codes the table demands, ``text``, ``exhibits``.
        by: The official who filled it in; their language is taken where none is said.

    Raises:
        NoSuchRequest: Nothing is on record under this reference.
        NotInInstrument: The procedure knows no such act.
        NotFilledIn: The form is not complete, or it has no such field.
    """
    found = detail(channel, ref)
    if found is None:
        raise NoSuchRequest(f"nothing was recorded: there is no request {ref[:60]} in channel {channel[:40]}")
    name = found.procedure.act(act_name).id
    row = next(row for row in found.procedure.rows if row.act == name)
    form = certificates.act_form(
        _query({"language": [by.language], **_as_lists(marking.filled_in(marking.usual())), **said}),
        row=row,
        table=found.folded.table,
        channel=channel,
        language=by.language,
        choices=choices(found, row),
    )
    if name == calling.CALLED_BACK:
        form.ask_for_words(calling.words(found))
    _check(form, said)
    asked = answered(found, row)
    return services.proposed(
        channel=channel,
        ref=ref,
        kind=found.procedure.kind(name),
        stated=form.stated(),
        payload=form.payload(),
        answers=asked.asked if asked else None,
    )


def handle(row: Request, said: Mapping[str, str], *, note: str, by: Official) -> Handling:
    """Keep how a request is handled here, as a filled-in form would, and a note beside it.

    Raises:
        NotFilledIn: A value is not one of those to choose from.
        NotEmpowered: The official may not handle requests.
    """
    found = detail(row.channel, row.ref, row.kinds)
    if found is None:
        raise NoSuchRequest(f"nothing was kept: there is no request {row.ref}")
    officer = Official.objects.filter(login=said["officer"], is_active=True).first()
    if said["officer"] and officer is None:
        raise NotFilledIn(f"nothing was kept: there is no official {said['officer'][:60]} in office")
    filled = {**said, "officer": str(officer.pk) if officer else ""}
    form = handling.HandlingForm(_query(_as_lists(filled)), found=found, now=None)
    _check(form, said)
    kept = handling.assign(row, by=by, said=form.cleaned_data)
    if note:
        handling.add_note(row, note, by=by)
    return kept


def write(draft: Draft, said: Said, *, by: Official) -> Draft:
    """Keep what was said in a draft; what is not said stays as it was.

    Raises:
        NotFilledIn: A value is not one of those to choose from, or the draft has no such field.
        OurFault: As ``save_draft``.
    """
    form = writing.draft_form(draft, _query({**_as_lists(filled_in(draft)), **said}))
    _check(form, said)
    return services.save_draft(draft, by=by, **form.written())


def exhibits(channel: str, said: Sequence[str]) -> list[str]:
    """Exhibits as a form takes them, from references, entries or digests; nothing where none is said.

    Raises:
        ExhibitNotOnRecord: A reference or entry adds no exhibit in this channel.
    """
    return [exhibit_lines(named(channel, one) for one in said)] if said else []


def _check(form: forms.Form, said: Iterable[str]) -> None:
    unknown = [name for name in said if name not in form.fields]
    if unknown:
        raise NotFilledIn(
            f"nothing was recorded: there is no {', '.join(unknown)} to be said here",
            hint=f"what can be said: {', '.join(form.fields)}",
        )
    if form.errors:
        wrong = [
            f"{_label(form, name)}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
        ]
        choices = [_choices(name, form.fields[name]) for name in form.errors if name in form.fields]
        raise NotFilledIn(f"nothing was recorded: {'; '.join(wrong)}", hint="; ".join(filter(None, choices)))


def _label(form: forms.Form, name: str) -> str:
    return str(form.fields[name].label) if name in form.fields else name


def _choices(name: str, field: forms.Field) -> str:
    widget = field.widget
    offered = [str(value) for value, _label in widget.choices] if isinstance(widget, ChoiceWidget) else []
    return f"{name} takes {', '.join(filter(None, offered))}" if offered else ""


def _as_lists(values: Mapping[str, object]) -> Said:
    """What was filled in as a browser sends it: where nothing is chosen, nothing."""
    return {
        name: value if isinstance(value, list) else [str(value)]
        for name, value in values.items()
        if value != ""
    }


def _query(said: Said) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in said.items():
        query.setlist(name, values)
    return query
