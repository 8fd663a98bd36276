"""A request behind the log-in: its user is an official, and LoginRequiredMiddleware has seen to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from comity_node.officials.models import Official


class OfficialRequest(HttpRequest):
    """For type checkers: what every view that is not ``login_not_required`` receives."""

    user: Official
