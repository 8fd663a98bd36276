"""Judge acts on requests before they are signed: by the table of the instrument the channel rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity import lifecycle
from comity_node.assistance.errors import (
    ChannelNotOpen,
    ContentTooLong,
    NotAllowedNow,
    NotOurReference,
    ReferenceTaken,
    WrongAddress,
)
from comity_node.register import standings
from comity_node.register.ground import Ground
from comity_node.register.rooms import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.instruments import Procedure, Row
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received

PREFIX: Final = "assistance.request"
PROCEDURE: Final = "assistance"
OPENING: Final = "lodged"
_SEAL: Final = 16 * 1024  # more than sealing adds, for as many recipients as a channel has


def judge(acts: Sequence[Act], party: str) -> list[Verdict]:
    """Whether ``party`` may put these acts, each on another request of one channel, on record now.

    Raises:
        OurFault: It may not. The message names the provision, the hint what may be done instead.
    """
    ground = Ground(acts)
    if not ground.is_open:
        raise ChannelNotOpen(f"nothing was recorded: the channel {ground.channel} is not open")
    return [_verdict(act, _row_for(act, party, ground)) for act in acts]


def _verdict(act: Act, row: Row) -> Verdict:
    return Verdict(
        basis=row.basis,
        verified=row.verified.value,
        second_needed=row.needs_second(act.stated),
        sentence=row.sentence,
    )


def _row_for(act: Act, party: str, ground: Ground) -> Row:
    """The row of the table that allows the act now."""
    _check_length(act)
    candidate = ground.candidate(act, party)
    if candidate.act == OPENING:
        _check_opening(act, party, ground)
    procedure = ground.instrument.procedure(PROCEDURE)
    found = lifecycle.judge(procedure, ground.acts(act.ref, PREFIX), candidate)
    if isinstance(found, lifecycle.Refusal):
        raise NotAllowedNow(f"nothing was recorded: {found.reason}", hint=_instead(found.may, procedure))
    return found


def standing(procedure: Procedure, received: Iterable[Received]) -> lifecycle.Standing:
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


def _check_opening(act: Act, party: str, ground: Ground) -> None:
    """What the table cannot know: numbering, the other party of the channel, the text that both apply."""
    if not act.ref.startswith(f"{party}-"):
        raise NotOurReference(f"nothing was recorded: {act.ref} does not begin with {party}-")
    if ground.entries(act.ref):
        raise ReferenceTaken(f"nothing was recorded: {act.ref} is in use in this channel")
    if act.stated.get("requested") not in ground.others:
        raise WrongAddress(
            f"nothing was recorded: the other party of this channel is {', '.join(sorted(ground.others))}"
        )
    if act.stated.get("table") != ground.instrument.digest:
        raise WrongAddress(
            f"nothing was recorded: the channel rests on another text of {ground.instrument.short}"
        )


def _instead(rows: tuple[Row, ...], procedure: Procedure) -> str:
    """What the party may do now, each with its article."""
    named = dict.fromkeys(f"{row.label} ({row.basis})" for row in rows)
    if not named:
        return f"nothing on this {procedure.title.lower()} is open to us now"
    return "what may be done now: " + "; ".join(named)
