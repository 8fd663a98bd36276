"""The way in for programs: straight to the wire or the API, past what is there for browsers.

Sessions, cookies, languages, log-ins and forms concern officials. A counterpart proves who it is with each
request (:mod:`comity_node.signatures`), a case system with its token; what a browser carries counts nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import Resolver404, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

_FOR_PROGRAMS: Final = ("/wire/", "/api/")


class Entrance:
    """Middleware that answers programs before any other; what they cannot ask for goes on as a page."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a program, or pass the request on."""
        if not request.path_info.startswith(_FOR_PROGRAMS):
            return self._answer(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return self._answer(request)
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return response
