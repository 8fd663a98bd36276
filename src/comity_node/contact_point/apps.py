"""The room of contact points, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ContactPointConfig(AppConfig):
    """Contact points of every party, and communication checks."""

    name = "comity_node.contact_point"
    label = "contact_point"

    def ready(self) -> None:
        """Announce the room to the register, once for points and once for checks."""
        from comity_node.contact_point.room import ROOMS  # noqa: PLC0415 - models load only once apps are ready
        from comity_node.register.rooms import announce  # noqa: PLC0415 - as above

        for room in ROOMS:
            announce(room)
