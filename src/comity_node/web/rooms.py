"""The rooms in the order of the navigation: the page's url name and its label."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

ROOMS: Final = (
    ("web:desk", _("Desk")),
    ("web:search", _("Search")),
    ("channels:list", _("Channels")),
    ("assistance:list", _("Requests")),
    ("evidence:list", _("Evidence")),
    ("counterparts:list", _("Counterparts")),
    ("web:instruments", _("Instruments")),
    ("web:logs", _("Logs")),
    ("web:verify", _("Verify")),
    ("officials:approvals", _("Approvals")),
)
