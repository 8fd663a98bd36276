"""The room of the Parties to instruments, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Facts of a day about the Parties to instruments, as this node took them."""

    name = "comity_node.parties"
    label = "parties"
