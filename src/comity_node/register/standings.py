"""Where procedures stand, read from the record by the tables the channel rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity import lifecycle
from comity.errors import OurFault
from comity.instruments import Instrument, editions, library
from comity.lifecycle import Standing, fold
from comity_node.register.queries import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity_node.register.queries import Received


CHARTER: Final = "charter"
ACCEPTED: Final = "accepted"


class NoSuchTable(OurFault):
    """The channel rests on an edition of its instrument that this node does not have."""

    code = "no-such-table"
    default_hint = "install the Comity release that carries this edition; both sides must apply the same text"


def instrument_of(channel: str, name: str | None = None) -> Instrument:
    """An instrument a channel rests on, in the very edition its opening entry names by digest.

    Only the proposal that opened the channel counts: an irregular one may sort before it, and would let its
    author alone choose the law.

    Args:
        channel: Channel id.
        name: Id of the instrument; without it, the first that is not the charter: it governs requests.

    Raises:
        NoSuchTable: The channel does not rest on it, or this node does not have that text.
    """
    return instrument_by(channel_standing(channel), channel, name)


def instrument_by(standing: Standing, channel: str, name: str | None = None) -> Instrument:
    """The same, where the standing of the channel's opening is at hand."""
    opening = next((one.act.stated for one in standing.judged if one.regular), {})
    rests_on = dict(zip(_listed(opening.get("instruments")), _listed(opening.get("tables")), strict=False))
    wanted = name or next((one for one in rests_on if one != CHARTER), CHARTER)
    found = editions().get(rests_on.get(wanted, ""))
    if found is None or found.id != wanted:
        raise NoSuchTable(f"channel {channel} does not rest on a text of {wanted} that this node has")
    return found


def _listed(value: str | Sequence[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def lifecycle_acts(received: Iterable[Received]) -> list[lifecycle.Act]:
    """Entries of one procedure as the lifecycle reads them."""
    return [lifecycle.Act.of(one.ref, one.entry, one.receipted_at) for one in received]


def channel_standing(channel: str) -> Standing:
    """Where the channel's own opening stands under the charter's table."""
    return opening_standing(entries(channel, ref=channel, prefix="channel."))


def opening_standing(opening: Iterable[Received]) -> Standing:
    """The same, where the entries of the opening are at hand."""
    return fold(library()[CHARTER].procedure("channel"), lifecycle_acts(opening))


def is_open(channel: str) -> bool:
    """Whether the channel was accepted by the party it was proposed to."""
    return channel_standing(channel).state == ACCEPTED
