"""Inside a node that was just made: its offices and officials, and the passport that names them.

Run as a process of that node; reads JSON on its input, gives the passport as JSON on its output.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from comity_cli.node import enter


def main() -> None:
    """Furnish the node in ``COMITY_HOME``."""
    said: dict[str, Any] = json.load(sys.stdin)
    enter(None)
    from django.conf import settings

    from comity_node.counterparts.own import issue_passport
    from comity_node.officials import people

    Path(settings.NODE.path / "passport.toml").write_text(said["passport"], encoding="utf-8")
    for office in said["offices"]:
        people.add_office(office["code"], names=office["names"])
    for person in said["officials"]:
        people.add_official(
            person["login"],
            display_name=person["name"],
            office=person["office"],
            roles=person["roles"],
            password=person["password"],
        )
    passport = issue_passport()
    print(json.dumps({"passport": bytes(passport.note).decode()}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
