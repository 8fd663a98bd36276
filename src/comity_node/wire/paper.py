"""Our receipt as a sheet of paper: codes for a scanner, and the same lines to be typed.

The codes hold the very lines that are printed, eight each, so a scanner that types like a keyboard fills in
the form that a person would.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

import segno
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comity.mirror import stated_at
from comity.mirror.paper import BETWEEN
from comity_node.letters.setting import set_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.mirror import PaperReceipt

LINES_A_CODE: Final = 8


def to_pdf(receipt: PaperReceipt) -> bytes:
    """The sheet as PDF.

    Raises:
        LetterNotSet: The typesetter could not set it.
    """
    lines = receipt.lines()
    at = stated_at(receipt.at)
    mark = f"{receipt.origin} · {receipt.size:,} · {receipt.giver}"
    shown = {
        "lang": translation.get_language() or "en",
        "title": _("Receipt of %(giver)s") % {"giver": receipt.giver.upper()},
        "mark": mark,
        "facts": [
            [_("For the log"), str(receipt.origin)],
            [_("Entries held"), f"{receipt.size:,}"],
            [_("Signed at"), f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else ""],
        ],
        "about": _(
            "Enter it on the node of the party whose log it is for: scan the codes, in any order, or type the"
            " lines overleaf. It is verified there as any other receipt; this sheet proves nothing by itself."
        ),
        "alt": _("Code"),
        "picture": [_code(lines[at : at + LINES_A_CODE]) for at in range(0, len(lines), LINES_A_CODE)],
        "lines": lines,
    }
    return set_pages(shown, "receipt.typ", now=timezone.now())


def _code(lines: Sequence[str]) -> str:
    """Some lines as a QR code of letters and digits: a drawing made of squares, with no text in it."""
    drawn = BytesIO()
    text = BETWEEN.join(line.replace(" ", "") for line in lines)
    made = segno.make(text, error="m", mode="alphanumeric", micro=False)
    made.save(drawn, kind="svg", xmldecl=False, nl=False, border=4)
    return drawn.getvalue().decode()
