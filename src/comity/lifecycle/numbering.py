"""Under whose name a reference is numbered: only who numbers it opens a procedure under it.

Parties number apart, so no two ever draw the same. An act says by itself whether it keeps to that, so nobody
takes over a procedure of another by an opening that comes first in the common order.

Follows: docs/spec/procedures.md, Fold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.lifecycle.stated import values

if TYPE_CHECKING:
    from comity.entries import Entry
    from comity.names import Origin

_OF_THE_CHANNEL: Final = "channel"  # kinds of a channel's own life, which stands under the id of the channel


def of_another(author: Origin, entry: Entry) -> bool:
    """Whether an entry stands under a reference that is numbered under another party than its author.

    Of codes that begin alike the longest counts, among the parties the entry itself names: those it is
    addressed to, and those of whose logs it has seen something.

    Args:
        author: The log it stands in.
        entry: What it says.
    """
    ref, own = entry.ref, f"{author.party}-"
    if entry.kinds == _OF_THE_CHANNEL and ref == author.channel:
        return False
    if not ref.startswith(own):
        return True
    named = (*values(entry.stated, "requested"), *entry.seen)
    return any(one.startswith(own) and ref.startswith(f"{one}-") for one in named)
