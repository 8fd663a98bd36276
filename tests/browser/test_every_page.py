"""Every page: sayable by a screen reader, whole on a telephone, right to left, under a strict policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import Case, House
    from tests.browser.officer import Officer

pytestmark = [pytest.mark.browser, pytest.mark.two_nodes]

# What is wrong with a page, in words; run in the page itself.
_FAULTS: Final = """() => {
  const faults = [], all = (rule) => [...document.querySelectorAll(rule)];
  const labels = (e) => [...(e.labels || [])].map(l => l.textContent).join(" ");
  const named = (e) => (e.getAttribute("aria-label") || labels(e) || e.textContent || e.title || "").trim();
  if (all("h1").length !== 1) faults.push(`${all("h1").length} h1`);
  for (const mark of ["header.masthead", "main", "footer"])
    if (all(mark).length !== 1) faults.push(`no ${mark}`);
  if (/^\\s*(·|$)/.test(document.title)) faults.push("no title");
  if (!document.documentElement.lang) faults.push("no language");
  for (const e of all("input:not([type=hidden]), select, textarea, button, a[href], summary"))
    if (!named(e) && !e.hidden) faults.push(`unnamed ${e.outerHTML.slice(0, 80)}`);
  for (const e of all("img:not([alt])")) faults.push(`image without words ${e.src}`);
  const ids = all("[id]").map(e => e.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`id twice: ${id}`);
  for (const rule of ["aria-labelledby", "aria-describedby"])
    for (const e of all(`[${rule}]`))
      for (const id of e.getAttribute(rule).split(" "))
        if (!document.getElementById(id)) faults.push(`points at nothing: ${id}`);
  const levels = all("h1, h2, h3, h4, h5").map(e => +e.tagName[1]);
  levels.slice(1).forEach((level, at) => {
    if (level > levels[at] + 1) faults.push(`h${levels[at]} then h${level}`);
  });
  for (const e of all("th")) if (!e.scope) faults.push("th without scope");
  if (all("[style], [onclick], style, script:not([src])").length) faults.push("inline style or script");
  return faults;
}"""
_SIDEWAYS: Final = """() => {
  const wide = document.documentElement;
  if (wide.scrollWidth <= wide.clientWidth) return [];
  return [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1) && !e.closest(".table-wrap, .tabs");
  }).slice(0, 3).map(e => `${e.tagName}.${e.className} ${e.textContent.slice(0, 40)}`);
}"""
_STRICT: Final = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")


def _addresses(case: Case) -> list[str]:
    """Every page an officer of the case can reach, by what it shows."""
    channel = case.channel.strip("/").split("/")[-1]
    tabs = ("", "basis/", "correspondence/", "evidence/", "deadlines/", "log/")
    return [
        *(
            "/",
            "/channels/",
            case.channel,
            f"{case.channel}?order=procedure",
            "/requests/",
            "/requests/?words=none",
        ),
        *(case.request + tab for tab in tabs),
        *(
            f"{case.channel}resumption/",
            f"{case.channel}reciprocity/",
            f"{case.channel}obligations/",
            f"{case.channel}keys/",
            f"/requests/talks/{channel}/",
            "/talks/",
            f"/talks/{channel}/open/",
            "/requests/drafts/",
            "/requests/drafts/new/",
            "/evidence/",
            case.exhibit,
            f"/evidence/{channel}/add/",
            "/contacts/",
            "/contacts/checks/",
            f"/contacts/checks/ask/{channel}/",
        ),
        *(
            "/counterparts/",
            "/counterparts/passports/3/",
            "/logs/",
            f"/logs/aa/{channel}/",
            f"/logs/aa/{channel}/0/",
        ),
        *(
            f"/logs/bb/{channel}/1/",
            "/verify/",
            "/officials/approvals/",
            "/officials/approvals/2/",
            "/officials/",
        ),
        *("/duty/", "/duty/?week=2026-W10", "/duty/ways/", "/duty/notes/"),
        *("/officials/people/1/", "/officials/offices/", "/systems/"),
        *("/instruments/", "/instruments/us-ru-1999/", "/instruments/charter/"),
        *("/instruments/us-ru-1999/assistance/", "/instruments/charter/channel/"),
        *("/officials/password/", "/officials/sign-ins/", "/nothing-here/"),
    ]


@dataclass
class Look:
    """What was found on a walk over every page at the width of a telephone."""

    unsaid: dict[str, list[str]] = field(default_factory=dict)
    sideways: dict[str, list[str]] = field(default_factory=dict)
    direction: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)


def _walk(officer: Officer, case: Case) -> Look:
    look = Look()
    officer.page.set_viewport_size({"width": 390, "height": 844})
    for path in _addresses(case):
        assert officer.open(path) in {200, 404}, path
        for kept, question in ((look.unsaid, _FAULTS), (look.sideways, _SIDEWAYS)):
            faults: Any = officer.page.evaluate(question)
            if faults:
                kept[path] = faults
        look.direction.add(officer.page.evaluate("getComputedStyle(document.body).direction"))
    look.troubles = officer.troubles
    return look


@pytest.fixture(scope="module")
def look(house: House, case: Case) -> Look:
    """Every page in English."""
    return _walk(house.seat("anna"), case)


def test_every_page_can_be_read_out(look: Look) -> None:
    """Names, headings, landmarks and titles are what a screen reader has in place of the picture."""
    assert {} == look.unsaid


def test_no_page_is_wider_than_a_telephone(look: Look) -> None:
    """At 390 pixels nobody should have to push a page sideways to read it."""
    assert {} == look.sideways


def test_no_page_makes_the_browser_complain(look: Look) -> None:
    """An error in the console, or something the policy stopped, is a fault nobody sees."""
    assert [] == look.troubles


def test_pages_read_from_right_to_left(house: House, case: Case) -> None:
    """In Arabic every page turns round, and stays whole."""
    anna = house.seat("anna")
    anna.context.add_cookies([{"name": "django_language", "value": "ar", "url": anna.address}])

    arabic = _walk(anna, case)

    assert {"rtl"} == arabic.direction
    assert {} == arabic.sideways


def test_every_page_is_under_a_strict_policy(case: Case) -> None:
    """Markup that slipped through everything else must still not run."""
    for path in _addresses(case):
        answer = case.anna.context.request.get(case.anna.address + path)
        policy = answer.headers["content-security-policy"]

        assert all(rule in policy for rule in _STRICT), path
        assert "unsafe" not in policy
        assert ("nosniff", "DENY") == (
            answer.headers["x-content-type-options"],
            answer.headers["x-frame-options"],
        )
