"""The sample contexts of all pages together."""

from __future__ import annotations

from types import SimpleNamespace

from tools.preview import assistance, channels, counterparts, desk, evidence, instruments, logs, officials

FAMILIES = (desk, channels, assistance, evidence, logs, counterparts, instruments, officials)
PROBLEMS = ("400", "403", "404", "500")
TWICE = {
    "verify_failed": "verify",
    "channel_by_procedure": "channel",
    "channel_lost": "channel",
    "confirm_second": "confirm",
}


def every_page(home: str) -> dict[str, dict]:
    """Give every page its context, as the node of ``home`` shows it."""
    pages: dict[str, dict] = {}
    for family in FAMILIES:
        pages |= family.contexts(home)
    pages["channel_by_procedure"] = {**pages["channel"], "by_procedure": True}
    pages["channel_lost"] = {**pages["channel"], "lost": SimpleNamespace(held=4, elsewhere=6)}
    return pages | {code: {} for code in PROBLEMS}


def template(page: str) -> str:
    """Name the template that draws a page."""
    if page in PROBLEMS:
        return f"{page}.html"
    page = TWICE.get(page, page)
    if page == "confirm":
        return "web/confirm.html"
    is_tab = page.startswith("request_") and page != "request_list"
    return f"web/pages/{'request' if is_tab else page}.html"
