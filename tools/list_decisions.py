"""Write docs/adr/README.md from the records beside it; with --check, only compare."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "adr"
PAGE = FOLDER / "README.md"
HEADING = """# Decisions

What was decided once, for everybody, and why: one page each, numbered, never rewritten. A decision that
changes gets a new record, and the old one says by which it was superseded. To add one, copy
[the template](template.md), take the next number, and run `make docs`.

| number | decision | status |
|---|---|---|
"""
TITLE = re.compile(r"\A# (?P<number>\d{4})\. (?P<title>\S.*)\n")
STATUS = re.compile(r"^[-*\s]*Status:\**\s*(?P<status>\S.*?)\s*$", re.MULTILINE)


def row(record: Path) -> str:
    """Return a record's line in the index.

    Raises:
        SystemExit: The record does not begin as the template does.
    """
    text = record.read_text(encoding="utf-8")
    title, status = TITLE.match(text), STATUS.search(text)
    if not title or not status or title["number"] != record.name[:4]:
        sys.exit(f"{record.name} does not begin as template.md does: numbered title, date, status")
    return f"| {title['number']} | [{title['title']}]({record.name}) | {status['status']} |\n"


def main(arguments: list[str]) -> int:
    """Write the index, or say whether it is stale."""
    fresh = HEADING + "".join(row(record) for record in sorted(FOLDER.glob("[0-9]*.md")))
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == fresh:
            return 0
        print("docs/adr/README.md is stale: run `make docs`", file=sys.stderr)
        return 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
