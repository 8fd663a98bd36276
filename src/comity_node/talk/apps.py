"""The room of talks, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class TalkConfig(AppConfig):
    """Hotlines, and talks about alerts, requests and operations: every message an entry."""

    name = "comity_node.talk"
    label = "talk"

    def ready(self) -> None:
        """Announce the room to the register."""
        from comity_node.register.rooms import announce  # noqa: PLC0415 - models load only once apps are ready
        from comity_node.talk.room import ROOM  # noqa: PLC0415 - as above

        announce(ROOM)
