"""Where procedures stand, read from the record by the tables the channel rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from comity import lifecycle
from comity.errors import OurFault
from comity.instruments import Instrument, editions, library
from comity.lifecycle import Standing, Suspensions, Table, fold, governing
from comity_node.register.queries import by_ref, entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from comity.instruments import Procedure
    from comity_node.register.queries import Received


CHARTER: Final = "charter"
OPENING: Final = "channel"  # what the kinds of a channel's own opening begin with
ACCEPTED: Final = "accepted"


class NoSuchTable(OurFault):
    """The channel rests on an edition of its instrument that this node does not have."""

    code = "no-such-table"
    default_hint = "install the Comity release that carries this edition; both sides must apply the same text"


def texts_of(channel: str) -> list[Instrument]:
    """The instruments a channel rests on, its charter last, in the very editions its opening entry names.

    Only the proposal that opened the channel counts: an irregular one may sort before it, and would let its
    author alone choose the law. A text this node does not have is left out.
    """
    return texts_by(channel_standing(channel))


def texts_by(standing: Standing) -> list[Instrument]:
    """The same, where the standing of the channel's opening is at hand."""
    opening = next((one.act.stated for one in standing.judged if one.regular), {})
    rests_on = zip(_listed(opening.get("instruments")), _listed(opening.get("tables")), strict=False)
    found = [(name, editions().get(digest)) for name, digest in rests_on]
    named = [text for name, text in found if text is not None and text.id == name]
    return sorted(named, key=lambda text: text.id == CHARTER)


def is_exercise(standing: Standing) -> bool:
    """Whether the channel whose opening this is was proposed as an exercise."""
    opening = next((one.act.stated for one in standing.judged if one.regular), {})
    return opening.get("exercise") == "yes"


def exercised(channel: str) -> bool:
    """Whether what is done in a channel is not meant: every page on it says so."""
    return is_exercise(channel_standing(channel))


def instrument_of(channel: str, name: str) -> Instrument:
    """One of the instruments a channel rests on.

    Raises:
        NoSuchTable: The channel does not rest on it, or this node does not have that text.
    """
    found = next((text for text in texts_of(channel) if text.id == name), None)
    if found is None:
        raise NoSuchTable(f"channel {channel} does not rest on a text of {name[:60]} that this node has")
    return found


def table_of(texts: Iterable[Instrument], kinds: str, received: Sequence[Received]) -> Table | None:
    """The table that entries of one procedure are judged by; None where this node has none."""
    return governing(texts, kinds, lifecycle_acts(received))


def _listed(value: str | Sequence[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def lifecycle_acts(received: Iterable[Received]) -> list[lifecycle.Act]:
    """Entries of one procedure as the lifecycle reads them."""
    return [lifecycle.Act.of(one.ref, one.entry, one.receipted_at, depth=one.depth) for one in received]


def until(received: Iterable[Received], as_of: datetime) -> list[Received]:
    """The entries their authors date no later, with the receipts dated no later."""
    return [
        one if one.receipted_at is None or one.receipted_at <= as_of else replace(one, receipted_at=None)
        for one in received
        if one.entry.authored_at <= as_of
    ]


def suspending() -> list[str]:
    """The kinds of entries by which a channel is suspended and resumed."""
    procedure = suspension_table()
    return [procedure.kind(rule.id) for rule in procedure.acts]


def suspension_table() -> Procedure:
    """The table of suspensions is the charter's, whatever else a channel rests on."""
    return library()[CHARTER].procedure("suspension")


def suspensions(channel: str) -> Suspensions:
    """The suspensions of a channel, and how they bear on its procedures."""
    return Suspensions.of(suspension_standings(channel))


def suspension_standings(channel: str, as_of: datetime | None = None) -> dict[str, Standing]:
    """Where each suspension of a channel stands, by its reference; at an instant, by default now."""
    procedure = suspension_table()
    received = entries(channel, kinds=suspending())
    known = received if as_of is None else until(received, as_of)
    return {ref: fold(procedure, lifecycle_acts(one)) for ref, one in by_ref(known).items()}


def channel_standing(channel: str) -> Standing:
    """Where the channel's own opening stands under the charter's table."""
    return opening_standing(entries(channel, ref=channel, prefix="channel."))


def opening_standing(opening: Iterable[Received]) -> Standing:
    """The same, where the entries of the opening are at hand."""
    return fold(library()[CHARTER].procedure("channel"), lifecycle_acts(opening))


def is_open(channel: str) -> bool:
    """Whether the channel was accepted by the party it was proposed to."""
    return channel_standing(channel).state == ACCEPTED
