"""What marks mean in words: verification marks, clock kinds, tones of standing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Mark:
    """How far a rule has been compared with the authentic text."""

    code: str
    word: StrOrPromise
    meaning: StrOrPromise


VERIFICATION: Final = {
    mark.code: mark
    for mark in (
        Mark("V", _("Verified"), _("The provision itself was read, whole, in a published copy.")),
        Mark("S", _("Secondary source"), _("Confirmed by a named partial or secondary source only.")),
        Mark(
            "P",
            _("Pattern"),
            _("Confirmed in a sister treaty of the same family; this instrument's own wording was not read."),
        ),
        Mark(
            "R",
            pgettext_lazy("mark", "Recalled"),
            _("Recalled from general knowledge of the instrument and not read again."),
        ),
        Mark("?", _("Not known"), _("Nobody has yet established what the instrument says here.")),
    )
}


def of(verified: str) -> Mark:
    """The mark of a code; one nobody knows says that nothing is known."""
    return VERIFICATION.get(verified, VERIFICATION["?"])


# How a basis begins that is not an article. docs/spec/procedures.md
PRACTICE: Final = "practice:"
PRACTICE_MARK: Final = Mark("?", _("Practice"), _("Practice of the parties; no article says it."))

CLOCK_KINDS: Final = {
    "treaty": _("Deadline set by the instrument"),
    "target": _("Agreed target, not a treaty deadline"),
    "internal": _("Our own reminder; the counterpart does not see it"),
}

# A tone is drawn as a shape beside the word, so that no state is told by colour alone.
TONES: Final = frozenset({"open", "ours", "theirs", "done", "ended", "frozen", "irregular"})
