"""The neutral witness, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WitnessConfig(AppConfig):
    """Cosigns checkpoints of other parties' logs without seeing an entry; asks others to cosign ours."""

    name = "comity_node.witness"
    label = "witness"
