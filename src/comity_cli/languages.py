"""The language of an answer: ``--lang``, or what the terminal is set to.

The words are those of the node's catalogues, read as files: a stranger who verifies has no node.
"""

from __future__ import annotations

import gettext
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE: Final = "en"
_DOMAIN: Final = "django"
# Where POSIX says which language a person reads, the first that is set.
_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True, slots=True)
class Language:
    """One a reader can be answered in.

    Attributes:
        code: Its code, as in BCP 47.
        translate: Gives its words for an English text; the English where it has none.
    """

    code: str
    translate: Callable[[str], str]


def option(command: Callable[..., object]) -> Callable[..., object]:
    """Have a verb take ``--lang``, as ``language``."""
    return click.option(
        "--lang",
        "language",
        callback=lambda _context, _option, chosen: language(chosen),
        type=click.Choice(available()),
        help="The language of the answer [LANG].",
    )(command)


def available() -> list[str]:
    """The languages there are words in."""
    found = {path.parts[-3] for path in _locale().glob(f"*/LC_MESSAGES/{_DOMAIN}.mo")}
    return sorted({SOURCE, *found})


def language(chosen: str | None = None) -> Language:
    """The language chosen, or the terminal's, or else English."""
    code = chosen or next((code for code in _of_the_terminal() if code in available()), SOURCE)
    words = gettext.translation(_DOMAIN, _locale(), languages=[code], fallback=True)
    return Language(code, words.gettext)


def _of_the_terminal() -> list[str]:
    said = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    return [one.partition(".")[0].partition("_")[0].lower() for one in said.split(":")]


def _locale() -> Path:
    spec = find_spec("comity_node")
    places = spec.submodule_search_locations if spec is not None else None
    return Path(places[0]) / "locale" if places else Path("locale")
