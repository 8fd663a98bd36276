"""The rooms in the order of the navigation: the page's url name and its label."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

# Rooms that are shown only to those who hold a power.
ONLY_FOR: Final = {"protected_objects:lists": "objects.read"}
ROOMS: Final = (
    ("web:desk", _("Desk")),
    ("alerts:list", _("Alerts")),
    ("duty:roster", _("Duty")),
    ("web:search", _("Search")),
    ("channels:list", _("Channels")),
    ("assistance:list", _("Requests")),
    ("talk:list", _("Talks")),
    ("evidence:list", _("Evidence")),
    ("web:contacts", _("Contacts")),
    ("protected_objects:lists", _("Protected objects")),
    ("counterparts:list", _("Counterparts")),
    ("web:instruments", _("Instruments")),
    ("web:logs", _("Logs")),
    ("web:verify", _("Verify")),
    ("officials:approvals", _("Approvals")),
)
