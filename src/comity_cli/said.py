"""What the options of a request's verbs say, by the names of the fields of its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

STATED: Final = click.option(
    "--state", "stated", multiple=True, metavar="CODE=VALUE", help="What is stated in the open."
)
EXHIBITS: Final = click.option(
    "--exhibit",
    "exhibits",
    multiple=True,
    metavar="EXHIBIT",
    help="An exhibit it names: its reference, its entry, or its SHA-256. May be repeated.",
)


def codes(stated: Sequence[str]) -> dict[str, list[str]]:
    """Each code with its values, in the order they were said."""
    found: dict[str, list[str]] = {}
    for code, value in pairs(stated):
        found.setdefault(code, []).append(value)
    return found


def what_was_said(values: dict[str, list[str]]) -> dict[str, list[str]]:
    """Only what was said: an option left out leaves its field alone."""
    return {name: value for name, value in values.items() if value}


def pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Names with their texts.

    Raises:
        click.BadParameter: One is not NAME=TEXT.
    """
    found = [text.partition("=") for text in texts]
    for name, mark, _ in found:
        if not name or not mark:
            raise click.BadParameter(f"{name[:40]!r} is not NAME=TEXT")
    return [(name, text) for name, _, text in found]
