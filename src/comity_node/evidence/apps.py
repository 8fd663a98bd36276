"""The room of evidence, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Exhibits of any size, sealed, delivered, and every hand they pass through."""

    name = "comity_node.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Announce the room to the register."""
        from comity_node.evidence.room import ROOM  # noqa: PLC0415 - models load only once apps are ready
        from comity_node.register.rooms import announce  # noqa: PLC0415 - as above

        announce(ROOM)
