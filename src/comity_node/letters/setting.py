"""A letter set as PDF/A-3 by typst: no shell, no network, no file but the layout beside this module.

What people wrote goes in as data and is only ever shown. PDF/A is asked for because it refuses a letter that
no font can show, where other forms print an empty box.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from comity_node.letters.errors import LetterNotSet, LetterTooLong, NoFont
from comity_node.letters.scripts import by_script

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from comity_node.letters.letter import Letter

MOST_LETTERS: Final = 1_000_000  # some 300 pages
MOST_TEXTS: Final = 20_000
SECONDS: Final = 30
_HERE: Final = Path(__file__).parent
_PRESS: Final = _HERE / "press.py"
_LAYOUTS: Final = _HERE / "layouts"
# One after another: the first font of these that has a letter shows it. The first is typst's own.
_PREFERRED: Final = (
    "Libertinus Serif",
    "Noto Naskh Arabic",
    "Noto Serif CJK SC",
    "Noto Sans CJK SC",
    "Noto Serif",
    "Noto Sans",
    "DejaVu Serif",
    "DejaVu Sans",
)
_WHERE_FONTS_ARE: Final = ("HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


def to_pdf(letter: Letter, *, now: datetime, fonts: tuple[str, ...] = (), system: bool = True) -> bytes:
    """Set a letter.

    Args:
        letter: What it says.
        now: When the document is made.
        fonts: Folders with fonts besides those of the machine.
        system: Whether the machine's own fonts are used.

    Raises:
        NoFont: A script it is written in has no font here; the message names the package that brings one.
        LetterTooLong: It says more than a letter can.
        LetterNotSet: The typesetter refused it for another reason, or did not come to an end.
    """
    return set_pages(letter.for_template(), "letter.typ", now=now, fonts=fonts, system=system)


def set_pages(
    shown: dict[str, Any], layout: str, *, now: datetime, fonts: tuple[str, ...] = (), system: bool = True
) -> bytes:
    """Set what is shown by one of our layouts; arguments and errors as for a letter."""
    texts = list(_texts(shown))
    if len(texts) > MOST_TEXTS or sum(map(len, texts)) > MOST_LETTERS:
        raise LetterTooLong(
            f"the letter was not set: it has more than {MOST_LETTERS:,} letters, or too many lines"
        )
    scripts = by_script(texts)
    job = {
        "layout": (_LAYOUTS / layout).read_text(encoding="utf-8"),
        "root": str(_LAYOUTS),
        "data": json.dumps(shown),
        "preferred": _PREFERRED,
        "fonts": fonts,
        "system": system,
        "at": int(now.timestamp()),
        "probes": [(name, letters) for (name, _package), letters in scripts.items()],
    }
    form, _, content = _pressed(json.dumps(job).encode()).partition(b"\n")
    if form == b"pdf":
        return content
    answer = json.loads(content)
    lacking = {
        name: (package, letters) for (name, package), letters in scripts.items() if name in answer["lacking"]
    }
    if not lacking:
        raise LetterNotSet(f"the letter was not set: {answer['said']}")
    named = "; ".join(f"{name} ({letters[:8]})" for name, (_package, letters) in lacking.items())
    packages = " ".join(dict.fromkeys(package for package, _letters in lacking.values()))
    raise NoFont(
        f"the letter was not set: no font on this machine shows {named}",
        hint=f"install the fonts (Debian: {packages}), or put font files into the folder fonts of the home",
    )


def _pressed(job: bytes) -> bytes:
    """Have a process of its own do the job: it can fall, or find no end, without harm."""
    environment = {name: os.environ[name] for name in _WHERE_FONTS_ARE if name in os.environ}
    command = [sys.executable, "-I", "-X", "utf8", str(_PRESS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and file; what strangers wrote is its stdin
            command, input=job, capture_output=True, env=environment, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise LetterNotSet(f"the letter was not set: the typesetter did not end within {SECONDS} s") from None
    except OSError as error:
        raise LetterNotSet(
            f"the letter was not set: no typesetter could be started: {error.strerror}"
        ) from error
    if done.returncode:
        raise LetterNotSet(f"the letter was not set: the typesetter fell over the text ({done.returncode})")
    return done.stdout


def _texts(value: object) -> Iterator[str]:
    """Every text that is shown."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("files", "picture"):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
