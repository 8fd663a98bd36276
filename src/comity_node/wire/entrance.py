"""The way in for counterparts' nodes: straight to the wire, past what is there for browsers.

Sessions, cookies, languages, log-ins and forms concern officials. A counterpart proves who it is with each
request (:mod:`comity_node.wire.signatures`), and nothing a browser could carry counts here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import Resolver404, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

_WIRE: Final = "/wire/"


class Entrance:
    """Middleware that answers the wire before any other; what the wire does not know goes on as a page."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a counterpart, or pass the request on."""
        if not request.path_info.startswith(_WIRE):
            return self._answer(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return self._answer(request)
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return response
