"""What the frame of every page knows: whose node this is, who reads, how it should look."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from comity_node.alerts import queries as alerts
from comity_node.officials.models import Official
from comity_node.officials.queries import awaiting
from comity_node.web import live
from comity_node.web.clocks import wrong_clock
from comity_node.web.rooms import ONLY_FOR, ROOMS

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity_node.home import NodeHome

THEMES: Final = ("system", "light", "dark")
THEME_COOKIE: Final = "comity_theme"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Fill the frame. Costs two queries beyond the official who is logged in: what waits for them.

    ``clock_warning`` is asked for, and costs another, only on pages on which something is signed.
    """
    node: NodeHome = settings.NODE
    language = translation.get_language() or "en"
    theme = request.COOKIES.get(THEME_COOKIE, "system")
    return {
        "shell": {
            "party_code": node.party,
            "party_name": node.names.get(language) or node.names.get("en") or node.party.upper(),
            "node": urlsplit(node.address).netloc,
            "exercise": getattr(settings, "EXERCISE", ""),
            "rooms": _rooms(request),
            "official": _official(request),
            "theme": theme if theme in THEMES else "system",
            "theme_href": reverse("web:theme"),
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "languages": [{"code": code, "name": name} for code, name in settings.LANGUAGES],
            "language_href": reverse("web:language"),
            "live_href": live.address(request) if _live(request, "web:live") else "",
            "calls_href": _live(request, "duty:calls"),
            "utc": f"{datetime.now(UTC):%H:%M}",
            "clock_warning": wrong_clock,
        }
    }


def _rooms(request: HttpRequest) -> list[dict[str, Any]]:
    """List the rooms this node has, in the order of a day's work, with what waits in them."""
    path, waiting = request.path, _waiting(request)
    found = [
        (name, label, _address(name))
        for name, label in ROOMS
        if name not in ONLY_FOR or request.user.has_perm(ONLY_FOR[name])
    ]
    return [
        {
            "label": label,
            "href": href,
            "current": path == href or (href != "/" and path.startswith(href)),
            "count": waiting.get(name, 0),
        }
        for name, label, href in found
        if href
    ]


def _waiting(request: HttpRequest) -> dict[str, int]:
    """How many acts wait for the reader's second signature, and how many alerts for anybody's word."""
    official = _reader(request)
    if official is None:
        return {}
    return {"officials:approvals": awaiting(official).count(), "alerts:list": alerts.waiting()}


def _reader(request: HttpRequest) -> Official | None:
    official = getattr(request, "user", None)
    return official if isinstance(official, Official) else None


def _official(request: HttpRequest) -> dict[str, Any] | None:
    official = _reader(request)
    if official is None:
        return None
    doors = [("officials:list", _("Officials")), ("api:systems", _("Case systems"))]
    if official.has_perm("journal.read"):
        doors.append(("officials:journal", _("Journal")))
    return {
        "name": official.display_name,
        "office": str(official.office),
        "href": _address("officials:sign-ins"),
        "logout_href": _address("officials:logout"),
        "doors": [{"label": label, "href": _address(name)} for name, label in doors],
    }


def _live(request: HttpRequest, name: str) -> str:
    """Where the page hears of news, if its reader may read the record."""
    reader = _reader(request)
    return _address(name) if reader is not None and reader.has_perm("record.read") else ""


def _address(name: str) -> str:
    """Return the address of a page, or nothing where this node is built without its room."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
