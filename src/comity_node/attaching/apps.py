"""Attaching, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AttachingConfig(AppConfig):
    """A file given in a talk: sealed, announced and named in a message, read and signed as one."""

    name = "comity_node.attaching"
    label = "attaching"
