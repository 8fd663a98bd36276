"""What the measurements of alerts have a node do, in its own process, as its pages would."""

from __future__ import annotations

import time

from bench.talking import receipted
from comity.names import EntryRef
from comity_node.alerts import raising
from comity_node.officials import people

_SAID = {
    "severity": ["5"],
    "what_happens": [
        "Control rooms of four operators encrypted since 02:50 UTC; dispatch is done by telephone."
    ],
    "what_is_affected": ["Distribution in the northern district, some 400,000 households."],
    "indicators": ["192.0.2.7, 198.51.100.23, grid-update[.]example, hxxps://cdn.example/u.bin"],
    "what_is_asked": ["Whether your operators see the same."],
}


def warned(channel: str, first: int, count: int) -> list[list[float]]:
    """Raise so many alerts, each once the one before is receipted: seconds to signature and to receipt."""
    by, found = people.find("admin"), []
    for number in range(first, first + count):
        begun = time.perf_counter()
        said = {**_SAID, "channels": [channel], "title": [f"Dispatch of the northern grid, {number}"]}
        drafts = raising.filled(said, by=by)
        shown = {one.pk: digest for one, _text, digest in raising.texts(drafts)}
        (entry,) = raising.sign(drafts, shown, by=by).values()
        assert isinstance(entry, EntryRef), "an alert takes one officer"
        signed = time.perf_counter() - begun
        receipted(channel, entry)
        found.append([signed, time.perf_counter() - begun])
    return found
