"""Write down the digest of every edition shipped; ``--check`` says whether that was done.

A line of a released edition never changes: see ``tests/core/instruments/test_editions.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from comity.instruments import editions

LIST = Path(__file__).parents[1] / "tests" / "core" / "instruments" / "editions.toml"


def text() -> str:
    """The list, one edition a table."""
    rows = sorted(editions().values(), key=lambda one: (one.id, one.edition))
    return "\n".join(
        f'[[edition]]\nid      = "{one.id}"\nedition = "{one.edition}"\ndigest  = "{one.digest}"\n'
        for one in rows
    )


def main() -> int:
    """Write or compare."""
    if "--check" in sys.argv[1:]:
        return int(not LIST.exists() or LIST.read_text(encoding="utf-8") != text())
    LIST.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
