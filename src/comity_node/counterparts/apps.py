"""The room of the other parties, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class CounterpartsConfig(AppConfig):
    """Passports received, the ceremony that confirms them, and our own passport."""

    name = "comity_node.counterparts"
    label = "counterparts"
