"""How Django finds the shell."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Layout, components and static files of the node's pages."""

    name = "comity_node.web"
    label = "web"
