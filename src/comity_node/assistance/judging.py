"""Judge an act on a request before it is signed: by the table of the instrument the channel rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from comity import lifecycle
from comity_node.assistance.errors import (
    ChannelNotOpen,
    ContentTooLong,
    NotAllowedNow,
    NotOurReference,
    ReferenceTaken,
    WrongAddress,
)
from comity_node.register import queries, standings
from comity_node.register.rooms import Verdict

if TYPE_CHECKING:
    from comity.instruments import Instrument, Procedure, Row
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received

PREFIX: Final = "assistance.request"
PROCEDURE: Final = "assistance"
OPENING: Final = "lodged"
_SEAL: Final = 16 * 1024  # more than sealing adds, for as many recipients as a channel has


def judge(act: Act, party: str) -> Verdict:
    """Whether ``party`` may put this act on record now.

    Raises:
        OurFault: It may not. The message names the provision, the hint what may be done instead.
    """
    row = row_for(act, party)
    return Verdict(
        basis=row.basis,
        verified=row.verified.value,
        second_needed=row.needs_second(act.stated),
        sentence=row.sentence,
    )


def row_for(act: Act, party: str) -> Row:
    """The row of the table that allows the act now.

    Raises:
        OurFault: None does.
    """
    if not standings.is_open(act.channel):
        raise ChannelNotOpen(f"nothing was recorded: the channel {act.channel} is not open")
    _check_length(act)
    instrument = standings.instrument_of(act.channel)
    procedure = instrument.procedure(PROCEDURE)
    name = act.kind.rpartition(".")[2]
    if name == OPENING:
        _check_opening(act, party, instrument)
    received = queries.entries(act.channel, ref=act.ref, prefix=f"{PREFIX}.")
    found = lifecycle.judge(procedure, standings.lifecycle_acts(received), _candidate(act, party, name))
    if isinstance(found, lifecycle.Refusal):
        raise NotAllowedNow(f"nothing was recorded: {found.reason}", hint=_instead(found.may, procedure))
    return found


def standing(procedure: Procedure, received: list[Received]) -> lifecycle.Standing:
    """Where a request stands after these entries."""
    return lifecycle.fold(procedure, standings.lifecycle_acts(received))


def _check_length(act: Act) -> None:
    """A payload the other node does not take would hold up the whole log behind it."""
    most = settings.NODE.limits.payload_bytes - _SEAL
    size = len(act.document()) if act.payload is not None else 0
    if size > most:
        raise ContentTooLong(
            f"nothing was recorded: the content has {size:,} bytes, and at most {most:,} pass"
        )


def _check_opening(act: Act, party: str, instrument: Instrument) -> None:
    """What the table cannot know: numbering, the other party of the channel, the text that both apply."""
    if not act.ref.startswith(f"{party}-"):
        raise NotOurReference(f"nothing was recorded: {act.ref} does not begin with {party}-")
    if queries.entries(act.channel, ref=act.ref, last=1):
        raise ReferenceTaken(f"nothing was recorded: {act.ref} is in use in this channel")
    others = {log.party for log in queries.their_logs(act.channel)}
    if act.stated.get("requested") not in others:
        raise WrongAddress(
            f"nothing was recorded: the other party of this channel is {', '.join(sorted(others))}"
        )
    if act.stated.get("table") != instrument.digest:
        raise WrongAddress(f"nothing was recorded: the channel rests on another text of {instrument.short}")


def _candidate(act: Act, party: str, name: str) -> lifecycle.Act:
    return lifecycle.Act(
        ref=queries.next_ref(act.channel),
        party=party,
        act=name,
        at=timezone.now(),
        stated=act.stated,
        answers=act.answers,
        seen={log.party: log.size for log in queries.their_logs(act.channel)},
    )


def _instead(rows: tuple[Row, ...], procedure: Procedure) -> str:
    """What the party may do now, each with its article."""
    named = dict.fromkeys(f"{row.label} ({row.basis})" for row in rows)
    if not named:
        return f"nothing on this {procedure.title.lower()} is open to us now"
    return "what may be done now: " + "; ".join(named)
