"""Judge acts on requests before they are signed: by the table of the instrument each was made under.

A request is any procedure one party opens and the other answers: for assistance, for preservation, to be
consulted. What sets them apart stands in their tables (docs/adr/0015-one-room-for-requests.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from comity import lifecycle, protected
from comity.channel import accession
from comity.instruments import library, may_rest_on, stands, steps_back
from comity.lifecycle.life import BEARING
from comity.lifecycle.stated import values
from comity_node.assistance import chartering, counting
from comity_node.assistance.errors import (
    ChannelNotOpen,
    ContentTooLong,
    NoCompulsion,
    NoLegalBasis,
    NotAllowedNow,
    NotOurReference,
    ReferenceTaken,
    WrongAddress,
)
from comity_node.parties import queries as parties
from comity_node.register import standings
from comity_node.register.citing import row_address
from comity_node.register.ground import Ground
from comity_node.register.rooms import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.errors import OurFault
    from comity.instruments import Instrument, Procedure, Row
    from comity.lifecycle import Life, Table
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received

# What rooms of their own judge, project and show.
ELSEWHERE: Final = frozenset(
    {standings.OPENING, standings.TALK, "contact.point", "contact.check", protected.KINDS}
)
_AGREED_BY_ALL: Final = frozenset({*BEARING, accession.KINDS, counting.KINDS})
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


def table_of(act: Act) -> Table:
    """The table an act is judged by, for whoever puts it in words.

    Raises:
        OurFault: No text of the channel provides for it, or this node lacks that text.
    """
    ground = Ground([act])
    return _table(act, ground, ground.acts(act.ref, parted(act.kind)[0]))


def _verdict(act: Act, row: Row) -> Verdict:
    return Verdict(
        basis=row.basis,
        verified=row.verified.value,
        second_needed=row.needs_second(act.stated),
        sentence=row.sentence,
        href=row_address(row),
    )


def _row_for(act: Act, party: str, ground: Ground) -> Row:
    """The row of the table that allows the act now."""
    _check_length(act)
    candidate = ground.candidate(act, party)
    before = ground.acts(act.ref, parted(act.kind)[0])
    chartering.check(act, party, ground)
    table = _table(act, ground, before)
    procedure = table.procedure
    if candidate.act in procedure.openings:
        _check_opening(act, party, ground)
        _check_footing(act, table.instrument, party, ground)
        _check_precedence(act, table, ground)
    elif _is_asked_whether_in_lieu(act, before, procedure):
        raise NotAllowedNow(
            "nothing was recorded: the request was lodged under this instrument in lieu of another, and "
            "this act does not say that we agree",
            hint="state in_lieu: agreed, or return or refuse the request",
        )
    return _allowed(procedure, before, candidate, ground)


def _allowed(
    procedure: Procedure, before: Sequence[lifecycle.Act], candidate: lifecycle.Act, ground: Ground
) -> Row:
    """The row that allows an act; of what all agree to together, in a course that is as far as all of it is.

    Where each of several answers for itself, as to an alert, one that is silent holds up nobody.
    """
    bearing = ground.bearing(procedure.kinds)
    found = lifecycle.judged(procedure, before, candidate, bearing)
    rows = {party: one for party, one in found.items() if not isinstance(one, lifecycle.Refusal)}
    if not rows:
        refused = next(one for one in found.values() if isinstance(one, lifecycle.Refusal))
        raise NotAllowedNow(f"nothing was recorded: {refused.reason}", hint=_instead(refused.may, procedure))
    if procedure.kinds not in _AGREED_BY_ALL:
        return next(iter(rows.values()))
    courses = lifecycle.standings(procedure, before, bearing)
    state = lifecycle.joint_state(procedure, courses)
    joint = [row for party, row in rows.items() if party not in courses or courses[party].state == state]
    if not joint:
        waiting = ", ".join(sorted(party for party, one in courses.items() if one.state == state))
        raise NotAllowedNow(
            f"nothing was recorded: it stands at “{procedure.state_of[state].label}” until {waiting} answers"
        )
    return joint[0]


def _table(act: Act, ground: Ground, before: Sequence[lifecycle.Act]) -> Table:
    """The table of the request's own instrument; of the one the act names, where it opens the request."""
    kinds, _ = parted(act.kind)
    if before:
        found = ground.table(kinds, before)
    else:
        named = (one for one in lifecycle.tables(ground.life.texts, kinds) if _names(act, one))
        found = next(named, None)  # whether it is still in force the fold says, and since when it is not
    if found is None:
        raise _no_basis(act, ground)
    return found


def _names(act: Act, table: Table) -> bool:
    text, procedure = table
    opens = parted(act.kind)[1] in procedure.openings
    return not opens or (act.stated.get("instrument"), act.stated.get("table")) == (text.id, text.digest)


def _no_basis(act: Act, ground: Ground) -> OurFault:
    """Why no text of the channel provides for this act."""
    named = library().get(str(act.stated.get("instrument", "")))
    if named is not None and named.kind == "arrangement":
        return NoCompulsion(
            f"nothing was recorded: {named.short} is an arrangement and no law; what is done against "
            "somebody's will cannot rest on it"
        )
    texts = ", ".join(text.short for text in ground.texts) or "no instrument"
    return NoLegalBasis(
        f"nothing was recorded: the channel rests on {texts}, in editions that do not provide for this"
    )


def casework() -> list[Table]:
    """Every table of every instrument by which one party asks something of the other."""
    return [
        lifecycle.Table(text, procedure)
        for text in library().values()
        for procedure in text.procedures
        if procedure.kinds not in ELSEWHERE
    ]


def parted(kind: str) -> tuple[str, str]:
    """A kind as its procedure and the act: ``assistance.request`` and ``lodged``."""
    kinds, _, name = kind.rpartition(".")
    return kinds, name


def standing(procedure: Procedure, received: Iterable[Received], life: Life) -> lifecycle.Standing:
    """Where a request stands after these entries, as the life of its channel's charter bears on it."""
    acts = standings.lifecycle_acts(received)
    return lifecycle.joint(procedure, acts, life.on(procedure.kinds), us=settings.NODE.party)


def _check_length(act: Act) -> None:
    """A payload the other node does not take would hold up the whole log behind it."""
    most = settings.NODE.limits.payload_bytes - _SEAL
    size = len(act.document()) if act.payload is not None else 0
    if size > most:
        raise ContentTooLong(
            f"nothing was recorded: the content has {size:,} bytes, and at most {most:,} pass"
        )


def _check_opening(act: Act, party: str, ground: Ground) -> None:
    """What the table cannot know: numbering, and the other party of the channel."""
    if not act.ref.startswith(f"{party}-"):
        raise NotOurReference(f"nothing was recorded: {act.ref} does not begin with {party}-")
    if ground.entries(act.ref):
        raise ReferenceTaken(f"nothing was recorded: {act.ref} is in use in this channel")
    addressed = values(act.stated, "requested")
    if not addressed or not ground.others.issuperset(addressed):
        raise WrongAddress(
            f"nothing was recorded: in this channel can be asked: {', '.join(sorted(ground.others))}"
        )


def _check_footing(act: Act, text: Instrument, party: str, ground: Ground) -> None:
    """What is asked in earnest rests on what binds both today, as far as this node knows."""
    if standings.is_exercise(ground.opening):
        return
    known = parties.known()
    for other in sorted(ground.others & set(values(act.stated, "requested"))):
        found = stands(text, known, party, other, on=timezone.now().date())
        if not may_rest_on(found):
            raise NoLegalBasis(
                f"nothing was recorded: {text.short} does not bind {party} and {other} today: {found.because}"
            )


def _check_precedence(act: Act, table: Table, ground: Ground) -> None:
    """What steps back before another text of the channel is applied by word of both only: this is ours."""
    before = [text.id for text in steps_back(table.instrument, ground.texts, table.procedure.id)]
    named = act.stated.get("in_lieu_of", "")
    if before and named not in before:
        raise NotAllowedNow(
            f"nothing was recorded: {table.instrument.short} steps back before {', '.join(before)} here",
            hint=f"lodge it under {before[0]}, or state in_lieu_of: {before[0]}; both sides must agree",
        )
    if named and named not in before:
        short = table.instrument.short
        raise NotAllowedNow(f"nothing was recorded: {short} does not step back before that here")


def _is_asked_whether_in_lieu(act: Act, before: Sequence[lifecycle.Act], procedure: Procedure) -> bool:
    """Whether the act takes on a request that was lodged in lieu, and does not say that this is agreed."""
    takes_on = parted(act.kind)[1] == "accepted" and "in_lieu" in procedure.statement_of
    opened = next((one.stated for one in before if one.act in procedure.openings), {})
    return takes_on and bool(opened.get("in_lieu_of")) and act.stated.get("in_lieu") != "agreed"


def _instead(rows: tuple[Row, ...], procedure: Procedure) -> str:
    """What the party may do now, each with its article."""
    named = dict.fromkeys(f"{row.label} ({row.basis})" for row in rows)
    if not named:
        return f"nothing on this {procedure.title.lower()} is open to us now"
    return "what may be done now: " + "; ".join(named)
