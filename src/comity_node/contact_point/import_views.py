"""The page on which a table of our points is taken: read whole, shown line by line, then signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comity.errors import ComityError
from comity_node.contact_point import access, importing, signing
from comity_node.contact_point.forms import TableForm
from comity_node.officials.telling import tell

if TYPE_CHECKING:
    from django.http import HttpResponse

    from comity_node.contact_point.importing import Problem
    from comity_node.officials.request import OfficialRequest


@require_http_methods(["GET", "POST"])
def import_table(request: OfficialRequest) -> HttpResponse:
    """Take a table of our points: nothing is recorded unless every line is good and its text was read."""
    access.may(request.user, access.LIST)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or "change" in request.POST:
        return _page(request, form, [])
    if not form.is_valid():
        return _page(request, form, [], status=422)
    rows, problems = importing.read(form.cleaned_data["content"])
    if problems:
        return _page(request, form, problems, status=422)
    try:
        acts = importing.acts(rows)
        if "shown" in request.POST:
            signing.sign(request, acts)
            return redirect("web:contacts")
        context = signing.to_be_read(
            request, acts, title=_("List what the table says"), back=reverse("contact_point:import")
        )
    except ComityError as refused:
        tell(request, refused)
        return _page(request, form, [], status=409)
    kept = [(name, value) for name, value in context["hidden"] if name not in ("text", "file")]
    text = form.cleaned_data["content"].decode("utf-8-sig")
    return render(request, "contact_point/confirm.html", {**context, "hidden": [*kept, ("text", text)]})


def _page(
    request: OfficialRequest, form: TableForm, problems: list[Problem], *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "problems": [importing.problem_words(one) for one in problems],
        "columns": importing.COLUMNS,
        "needed": importing.NEEDED,
        "most": importing.MOST_BYTES,
        "back_href": reverse("web:contacts"),
    }
    return render(request, "contact_point/import.html", context, status=status)
