"""What a browser may keep of this node: nothing but its style, script and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


class NotKept:
    """Middleware that has pages neither stored nor shown again once their official has gone."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Mark every answer that does not say otherwise itself."""
        response = self._answer(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
