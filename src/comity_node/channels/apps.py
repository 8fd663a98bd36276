"""The room of channels: what two parties agreed to before anything else crosses."""

from __future__ import annotations

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Propose, accept, decline a channel; where each stands."""

    name = "comity_node.channels"
    label = "channels"

    def ready(self) -> None:
        """Announce the room to the register."""
        from comity_node.channels.key_changes import ROOM as KEYS  # noqa: PLC0415 - as below
        from comity_node.channels.projecting import ROOM  # noqa: PLC0415 - models load only once apps are ready
        from comity_node.register.rooms import announce  # noqa: PLC0415 - as above

        announce(ROOM)
        announce(KEYS)
