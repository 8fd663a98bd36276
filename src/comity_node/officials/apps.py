"""The room of officials, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class OfficialsConfig(AppConfig):
    """Officials, offices, and what each may do."""

    name = "comity_node.officials"
    label = "officials"
