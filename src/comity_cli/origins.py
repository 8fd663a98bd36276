"""What is known of the Parties to each instrument here, and where that comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from comity.instruments import NOBODY, library, parties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.instruments import Parties
    from comity_node.parties.queries import InUse

SHIPPED: Final = "as shipped"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the Parties to one instrument.

    Attributes:
        origin: Where it comes from, in words.
        node: What the node knows besides; None away from a node.
    """

    parties: Parties
    origin: str
    node: InUse | None = None

    @property
    def is_known(self) -> bool:
        """Anything was looked up at all."""
        return self.parties is not NOBODY

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        if not self.is_known:
            return {"as_of": None, "origin": None}
        said: dict[str, Any] = {"as_of": str(self.parties.as_of), "origin": "shipped"}
        if self.node and (row := self.node.taken):
            said |= {"origin": "taken", "by": row.by.login, "at": row.at, "source": row.source}
            said["sha256"] = row.sha256
        if self.node and self.node.outdone:
            said["outdone"] = str(self.node.outdone.as_of)
        return said


def known_here(*, at_home: bool) -> Mapping[str, Known]:
    """What is known by id of the instrument: what the node has in use, or what ships."""
    if not at_home:
        return {name: Known(parties().get(name, NOBODY), SHIPPED) for name in library()}
    from comity_node.parties import queries

    return {name: Known(one.parties, _origin(one), one) for name, one in queries.in_use().items()}


def _origin(one: InUse) -> str:
    if one.taken:
        return f"taken by {one.taken.by.login} on {one.taken.at:%Y-%m-%d}, from {one.taken.source}"
    if one.outdone:
        return f"{SHIPPED}, looked up later than what was taken here, of {one.outdone.as_of}"
    return SHIPPED
