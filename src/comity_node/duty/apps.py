"""The room of the roster, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Who is on duty, what they are called for, and by which ways."""

    name = "comity_node.duty"
    label = "duty"

    def ready(self) -> None:
        """Follow the record, hear what other rooms call for, and suggest what may be put on record next."""
        from comity_node.duty import following, queries  # noqa: PLC0415 - models load only once apps are ready
        from comity_node.register import calls, rooms  # noqa: PLC0415 - as above

        rooms.follow(following.follow)
        rooms.suggest(queries.suggested)
        calls.hear(following.hear, following.ended)
