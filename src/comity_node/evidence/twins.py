"""One sealed file, one exhibit: a second announcement of a file is shown, and has no file.

The name of a sealed file is drawn anew with each sealing. Who announces one twice has copied it, and could
have the first damaged by fetching the second, or kept when the first is destroyed. The first stands: the one
that comes earlier in its provider's own log, which both Parties read in one order.

Follows: docs/spec/evidence.md, Sealed file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.names import EntryRef
from comity_node.evidence.models import Exhibit

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAYS: Final = "it announces the sealed file of %s, which was announced before"


def part(channel: str, exhibits: Iterable[Exhibit]) -> None:
    """Mark every later announcement of a file that one of these exhibits has; the first stays as it is."""
    files: dict[tuple[str, str], list[Exhibit]] = {}
    names = {one.object for one in exhibits if one.object}
    for one in Exhibit.objects.filter(channel=channel, object__in=names):
        files.setdefault((one.provider, one.object), []).append(one)
    for alike in files.values():
        first, *later = sorted(alike, key=lambda one: EntryRef.parse(one.entry).index)
        if later:
            again = Exhibit.objects.filter(pk__in=[one.pk for one in later])
            again.update(malformed=_SAYS % first.ref)
