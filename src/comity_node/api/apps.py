"""The room of case systems, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, what case systems hand over, and hooks that tell them what happened."""

    name = "comity_node.api"
    label = "api"
