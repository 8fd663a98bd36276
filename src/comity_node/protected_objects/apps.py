"""The room of protected objects, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ProtectedObjectsConfig(AppConfig):
    """Lists of critical infrastructure that Parties declare to each other."""

    name = "comity_node.protected_objects"
    label = "protected_objects"

    def ready(self) -> None:
        """Announce the room to the register."""
        from comity_node.protected_objects.room import ROOM  # noqa: PLC0415 - models load once apps are ready
        from comity_node.register.rooms import announce  # noqa: PLC0415 - as above

        announce(ROOM)
