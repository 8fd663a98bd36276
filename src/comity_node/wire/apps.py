"""The wire between nodes, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WireConfig(AppConfig):
    """Deliveries in and out, and the courier that carries them."""

    name = "comity_node.wire"
    label = "wire"
