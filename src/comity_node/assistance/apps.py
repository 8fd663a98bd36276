"""The room of legal assistance, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    """Requests for legal assistance between central authorities."""

    name = "comity_node.assistance"
    label = "assistance"

    def ready(self) -> None:
        """Announce the room to the register."""
        from comity_node.assistance.room import rooms  # noqa: PLC0415 - models load only once apps are ready
        from comity_node.register.rooms import announce  # noqa: PLC0415 - as above

        for room in rooms():
            announce(room)
