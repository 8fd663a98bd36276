"""Write docs/manual/commands.md from the command's own help; with --check, only compare."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import comity_cli.main

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[1] / "docs" / "manual" / "commands.md"
HEADING = """# Commands

Every verb with its options, as `--help` says it. This page is written by `make docs`.
"""


def whole_command() -> click.Group:
    """Return the ``comity`` command, or one without verbs where there is none."""
    groups = (thing for thing in vars(comity_cli.main).values() if isinstance(thing, click.Group))
    return next(groups, click.Group("comity"))


def verbs(command: click.Command, parent: click.Context | None, name: str) -> Iterator[click.Context]:
    """Return a context for every verb below a command, in the order of the alphabet."""
    context = click.Context(command, parent=parent, info_name=name, terminal_width=100)
    if not isinstance(command, click.Group):
        yield context
        return
    for verb in sorted(command.list_commands(context)):
        below = command.get_command(context, verb)
        if below and not below.hidden:
            yield from verbs(below, context, verb)


def page() -> str:
    """Return the page."""
    sections = (
        f"\n## {context.command_path}\n\n```text\n{context.get_help().rstrip()}\n```\n"
        for context in verbs(whole_command(), None, "comity")
    )
    return HEADING + "".join(sections)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is stale."""
    fresh = page()
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == fresh:
            return 0
        print("docs/manual/commands.md is stale: run `make docs`", file=sys.stderr)
        return 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
