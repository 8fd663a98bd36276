"""Alerts, as Django knows them."""

from __future__ import annotations

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """What one authority warns others of, and the page an officer woken at three reads."""

    name = "comity_node.alerts"
    label = "alerts"
