"""File names a counterpart chose: shown so that nobody is misled, saved so that nothing is harmed.

A name is never used as a path on this node; exhibits are stored under the digest of their seal. It is shown
to officials and offered to their browser, and both can be attacked by it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_SHOWN: Final = 120
_UNREADABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NOT_IN_A_FILE_NAME: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ufffd]+')
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE | re.ASCII)
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,10}$", re.ASCII)


def name_to_show(name: str) -> str:
    """The name as one line that reads as it is stored: marks that hide or reorder letters become U+FFFD."""
    plain = unicodedata.normalize("NFC", name[: 4 * LONGEST_SHOWN])
    shown = "".join("\ufffd" if unicodedata.category(letter) in _UNREADABLE else letter for letter in plain)
    shown = shown.strip() or "\ufffd"
    return shown if len(shown) <= LONGEST_SHOWN else _shortened(shown)


def name_to_save(name: str, otherwise: str) -> str:
    """The name to offer for saving: no path, no device, nothing hidden; ``otherwise`` if little is left."""
    last = re.split(r"[/\\]", name)[-1]
    kept = _NOT_IN_A_FILE_NAME.sub("_", name_to_show(last)).strip(" ._")
    return f"_{kept}" if _DEVICES.match(kept) else kept or otherwise


def _shortened(name: str) -> str:
    """The beginning and the ending, since the ending says what kind of file it is."""
    found = _ENDING.search(name)
    ending = found[0] if found else ""
    return f"{name[: LONGEST_SHOWN - len(ending) - 1]}…{ending}"
