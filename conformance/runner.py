"""Every check, in the order in which a node is tried: later ones need the channel that earlier ones open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import ending, lying, opening
from conformance.trial import BY_PART, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.trial import Result

CHECKS = [one for part in (opening, lying, ending) for one in BY_PART[part.__name__]]

__all__ = ["CHECKS", "Trial", "run"]


def run(trial: Trial) -> Iterator[Result]:
    """Try a node by every check."""
    return (one.on(trial) for one in CHECKS)
