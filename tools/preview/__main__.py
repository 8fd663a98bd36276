"""Render every page of the node with sample contexts, and photograph them.

python -m tools.preview OUT [page ...]

At 1280 and 390 px, light and dark, some right-to-left or on paper
"""

from __future__ import annotations

import functools
import http.server
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import django
from django.conf import settings
from django.template.loader import get_template
from playwright.sync_api import sync_playwright

import comity_node
from tools.preview.cast import NAMES
from tools.preview.every import PROBLEMS, every_page, template

STATIC = Path(comity_node.__file__).parent / "web" / "static" / "web"
MISSING = "⟦missing %s⟧"
RIGHT_TO_LEFT = ("channel", "channel_lost", "desk", "confirm", "procedure")
ON_PAPER = ("channel", "exhibit")
BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)


def configure() -> None:
    """Set Django up without a node."""
    settings.configure(
        INSTALLED_APPS=["comity_node.web", "django.contrib.staticfiles", "django_htmx", "django.forms"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "DIRS": sorted(Path("src/comity_node").glob("*/templates")),
                "OPTIONS": {
                    "string_if_invalid": MISSING,
                    "context_processors": ["django.template.context_processors.i18n"],
                },
            }
        ],
        ROOT_URLCONF="tools.preview.instruments",
        FORM_RENDERER="comity_node.web.rendering.PageForms",
        STATIC_URL="/static/",
        USE_TZ=True,
        TIME_ZONE="UTC",
        SECRET_KEY="preview",
    )
    django.setup()


def shell(page: str, *, home: str, theme: str, direction: str) -> dict:
    """Give the frame of a page."""
    rooms = [
        ("Desk", "desk"),
        ("Channels", "channel"),
        ("Requests", "request"),
        ("Evidence", "exhibit"),
        ("Counterparts", "passport"),
        ("Instruments", "instrument"),
        ("Logs", "log"),
        ("Verify", "verify"),
        ("Officials", "officials"),
    ]
    return {
        "party_code": home,
        "party_name": NAMES[home],
        "node": f"comity.{home}.example",
        "theme": theme,
        "theme_href": "#",
        "clock_warning": "",
        "language": "en",
        "direction": direction,
        "language_href": "#",
        "live_href": "",
        "utc": "15:20",
        "exercise": "STEADY HAND 26" if page in {"draft", "approvals"} else "",
        "rooms": [
            {
                "label": label,
                "href": f"{key}.html",
                "current": page.startswith(key),
                "count": 3 if key == "desk" else 0,
            }
            for label, key in rooms
        ],
        "official": None
        if page == "login" or page in PROBLEMS
        else {"name": "C. Whitfield", "office": "National Security Council", "logout_href": "#"},
        "languages": [
            {"code": "en", "name": "English"},
            {"code": "ru", "name": "Русский"},
            {"code": "vi", "name": "Tiếng Việt"},
            {"code": "ar", "name": "العربية"},
        ],
    }


def render(
    out: Path, page: str, context: dict, *, home: str = "us", theme: str = "light", direction: str = "ltr"
) -> Path:
    """Write one page; tell what its context lacks."""
    frame = shell(page, home=home, theme=theme, direction=direction)
    text = get_template(template(page)).render(
        {**context, "shell": frame, "request": SimpleNamespace(get_full_path="/")}
    )
    if "⟦missing" in text:
        gaps = sorted({part.split("⟧")[0] for part in text.split("⟦missing ")[1:]})
        print(f"{page}: the context lacks {', '.join(gaps)}")
    path = out / f"{page}-{theme}-{direction}.html"
    path.write_text(text)
    return path


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(out: Path) -> str:
    """Serve the pages and the static files on loopback."""
    link = out / "static"
    link.mkdir(exist_ok=True)
    if not (link / "web").exists():
        (link / "web").symlink_to(STATIC)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def photograph(out: Path, jobs: list[tuple[Path, int, bool]]) -> None:
    """Take every picture; tell of errors and of pages wider than the screen."""
    base = serve(out)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER))
        for path, width, paper in jobs:
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.on(
                "console",
                lambda said, path=path: print(path.name, said.text) if said.type == "error" else None,
            )
            page.goto(f"{base}/{path.name}")
            page.wait_for_timeout(150)
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 0:
                print(f"{path.name} at {width}: {wide} px too wide")
            if paper:
                page.pdf(
                    path=str(path.with_suffix(".pdf")), prefer_css_page_size=True, print_background=False
                )
            else:
                page.screenshot(path=str(path.with_name(f"{path.stem}-{width}.png")), full_page=True)
            page.close()
        browser.close()


def main() -> None:
    """Render and photograph what was asked for."""
    configure()

    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    pages = every_page("us")
    jobs = []
    for page in sys.argv[2:] or pages:
        light = render(out, page, pages[page])
        jobs += [
            (light, 1280, False),
            (light, 390, False),
            (render(out, page, pages[page], theme="dark"), 1280, False),
        ]
        if page in RIGHT_TO_LEFT:
            jobs.append((render(out, page, pages[page], direction="rtl"), 1280, False))
        if page in ON_PAPER:
            jobs.append((light, 1280, True))
    photograph(out, jobs)


if __name__ == "__main__":
    main()
