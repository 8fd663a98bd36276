"""Errors as pages: what did not happen, why, and what to do now; never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.utils.translation import gettext as _

from comity.errors import ComityError, CounterpartBreach
from comity_node.officials.errors import NotEmpowered

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

_STATUS: Final[dict[type[ComityError], int]] = {NotEmpowered: 403, CounterpartBreach: 422}
_OTHERWISE: Final = 409


class Refusals:
    """Middleware that shows an error no view has shown itself."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self._answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show a named error as a page; anything else is not ours to explain."""
        if not isinstance(error, ComityError):
            return None
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), _OTHERWISE)
        context = {
            "code": status,
            "what": _("Not done") if status != _STATUS[NotEmpowered] else _("Not within your powers"),
            "why": str(error),
            "todo": error.hint or _("Go back, or ask an administrator of this node."),
            "reference": error.code,
        }
        return render(request, "web/problem.html", context, status=status)
