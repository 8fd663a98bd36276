"""The register of everything that crossed."""

from __future__ import annotations

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Our logs, mirrors of theirs, receipts and payloads."""

    name = "comity_node.register"
    label = "register"
