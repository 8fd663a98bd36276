"""Write docs/spec/openapi.json from the API's own table and forms; with --check, only compare."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

PAGE = Path(__file__).parents[1] / "docs" / "spec" / "openapi.json"


def main(arguments: list[str]) -> int:
    """Write the description, or say whether it is stale."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity_node.settings.test")
    django.setup()
    from comity_node.api.openapi import document  # noqa: PLC0415 - only now is Django set up

    fresh = document()
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_bytes() == fresh:
            return 0
        print("docs/spec/openapi.json is stale: run `make docs`", file=sys.stderr)
        return 1
    PAGE.write_bytes(fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
