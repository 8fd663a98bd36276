"""The room of case systems, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, what case systems hand over, and hooks that tell them what happened."""

    name = "comity_node.api"
    label = "api"

    def ready(self) -> None:
        """Follow the record, so that nothing waits for a signature that has been given."""
        from comity_node.api.handing import settle  # noqa: PLC0415 - models load only once apps are ready
        from comity_node.register.rooms import follow  # noqa: PLC0415 - as above

        follow(settle)
