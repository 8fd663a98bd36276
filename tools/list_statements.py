"""Write docs/spec/statements.md from the words of the core; with --check, only compare."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from comity.channel.statements import ENGLISH, REFUSALS

PAGE: Final = Path(__file__).parents[1] / "docs" / "spec" / "statements.md"
HEADING: Final = """# What a verification says

A verifier answers in statements: what is proven, and what is not. Each has a permanent code, values and
words in the reader's language. Programs read codes and values ([exports](export.md), Answer). A code
is never given a second meaning. Times are by the clock of whoever signed; a time that is not stated is null.
This page is written by `make docs`.

| code | values | in English |
|---|---|---|
"""
REFUSED: Final = """
## Refusals

Where something does not hold, the code is that of the error ([errors](errors.md)); people are told what it
means before they are told what exactly is wrong. Every code that is not here is said as `malformed`.

| code | in English |
|---|---|
"""


def page() -> str:
    """Return the page."""
    statements = (
        f"| `{code}` | {', '.join(f'`{name}`' for name in _values(text))} | {_shown(text)} |\n"
        for code, text in ENGLISH.items()
    )
    refusals = (f"| `{code}` | {text} |\n" for code, text in REFUSALS.items())
    return HEADING + "".join(statements) + REFUSED + "".join(refusals)


def _values(text: str) -> list[str]:
    return sorted(set(re.findall(r"%\((\w+)\)s", text)))


def _shown(text: str) -> str:
    return re.sub(r"%\((\w+)\)s", r"*\1*", text)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is stale."""
    fresh = page()
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == fresh:
            return 0
        print("docs/spec/statements.md is stale: run `make docs`", file=sys.stderr)
        return 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
