"""A channel closed by all: what becomes of what each owed, as far as whoever proposed it knew of it.

What is released was known to the Party that proposed so: what arose meanwhile stays owed. Conditions, limits
on use and undertakings are released or carried over only where they are named: they protect what was given.

Follows: docs/spec/charter.md, Closing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from comity.lifecycle.stated import values

if TYPE_CHECKING:
    from comity.lifecycle.standing import Act, Standing
    from comity.names import EntryRef

CLOSING: Final = "channel.closing"
CLOSED: Final = "accepted"
HELD: Final = ("exhibits", "lists", "materials")
Disposed = Literal["", "stay_owed", "carried_over", "released"]
_NAMED: Final[tuple[Disposed, ...]] = ("stay_owed", "carried_over", "released")
_PROTECTS: Final = ("condition", "limit", "undertaking")


class Closing(NamedTuple):
    """A closing that all it was proposed to agreed to.

    Attributes:
        ref: Reference of its procedure.
        proposed: The act that states what becomes of everything.
        agreed: The act that accepted it; of several the last in the common order.
        acceptances: All that did.
    """

    ref: str
    proposed: Act
    agreed: Act
    acceptances: tuple[Act, ...]

    def holds(self, act: Act) -> bool:
        """Whether it bars what an act would begin: its author knew of it."""
        return all(act.knew(one) for one in self.acceptances)

    def disposes(self, source: EntryRef, sort: str) -> Disposed:
        """What becomes of an obligation that comes from an entry; empty where this does not reach it."""
        if not _known(self.proposed, source):
            return ""
        for how in _NAMED:
            if str(source) in values(self.proposed.stated, how):
                return how
        if sort in _PROTECTS or sort == "disposition":
            return "stay_owed"
        return cast("Disposed", values(self.proposed.stated, "obligations")[0])


def closing(ref: str, standing: Standing) -> Closing | None:
    """The closing that a procedure came to, once it was accepted."""
    if standing.state != CLOSED:
        return None
    acceptances = tuple(one.act for one in standing.regular if one.act.act == CLOSED)
    return Closing(ref, standing.regular[0].act, acceptances[-1], acceptances)


def _known(act: Act, source: EntryRef) -> bool:
    """Whether the author of an act had made or seen an entry."""
    own = source.origin.party == act.party
    return source.index < act.ref.index if own else act.had_seen(source)
