"""Everything that is looked for in a request, in one pass, the gravest first.

Follows: docs/spec/drafting.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.drafting import network, substance, timing, translation
from comity.drafting.catalogue import Severity
from comity.drafting.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from comity.drafting.reading import Finding, Request

_CHECKS: Final[tuple[Callable[[Reading], Iterable[Finding]], ...]] = (
    substance.left_open,
    substance.link,
    substance.law,
    substance.dual_criminality,
    substance.authority,
    substance.search,
    substance.identifier,
    network.found,
    network.hashes,
    timing.breadth,
    timing.urgency,
    timing.preservation,
    translation.found,
    substance.title,
)
_ORDER: Final = tuple(Severity)


def defects(request: Request) -> list[Finding]:
    """What would send the request back, or weaken it, by practice. Nothing here forbids sending it."""
    reading = Reading(request)
    return by_severity([one for check in _CHECKS for one in check(reading)])


def by_severity(found: Iterable[Finding]) -> list[Finding]:
    """The gravest first, otherwise in the order given."""
    return sorted(found, key=lambda one: _ORDER.index(one.severity))
