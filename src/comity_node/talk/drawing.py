"""The lines of a talk, drawn once for all who look at them: an entry reaches two hundred pages at once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from django.template.loader import render_to_string
from django.utils.translation import get_language

from comity_node.register import touched
from comity_node.talk import access, pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity_node.officials.models import Official
    from comity_node.talk.models import Talk

_MOST_KEPT: Final = 64
_FRESH_SECONDS: Final = 30  # for so long "a minute ago" may be said of what was a minute ago
_kept: OrderedDict[tuple[object, ...], str] = OrderedDict()
_lock = threading.Lock()


def drawn(row: Talk, official: Official, said: Mapping[str, str]) -> str:
    """The lines, as the record stands now: it is looked at for each reader, and drawn for the first.

    Nothing in them is about the reader but their language and whether they may sign.
    """
    about = (
        row.channel,
        row.ref,
        get_language(),
        access.speaks(official),
        *(said.get(one, "") for one in ("before", "after", "entry")),
    )
    key = (touched.mark_of_all(row.channel), int(time.monotonic() // _FRESH_SECONDS), *about)
    with _lock:
        if (found := _kept.get(key)) is not None:
            return found
        # Within the lock: those who come at the same moment want the very same.
        made = _kept[key] = render_to_string("talk/lines.html", pages.part(row, official, said))
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made
