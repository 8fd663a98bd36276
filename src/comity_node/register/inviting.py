"""What a newcomer is shown of a channel, as this node reads it; and what it was shown, where that is us.

Follows: docs/spec/charter.md, Accession.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from django.utils import timezone

from comity import lifecycle
from comity.channel.accession import INVITED, NAMES_ACCESSION, NAMES_NEWCOMER
from comity.channel.charter import ChosenInstrument, PartyKeys, policy_of
from comity.channel.invitation import PAYLOAD, Invitation
from comity.errors import ComityError
from comity.instruments import editions
from comity.lifecycle.stated import values
from comity.names import EntryRef
from comity_node.register import chartered, payloads, queries, standings
from comity_node.register.rotations import vkeys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.instruments import Stated


def shown(channel: str, newcomer: PartyKeys) -> Invitation:
    """The charter as a newcomer would be shown it today.

    Args:
        channel: Channel id.
        newcomer: The party, with the keys it begins with. One that was in before begins with those it had.
    """
    life, became = standings.life(channel), standings.opened(channel)
    charter = chartered.opened_with(life)
    now = chartered.reads_now(life, charter)
    logs = {log.party: log for log in queries.channel_logs(channel)}
    keys = {
        party: PartyKeys(party, vkeys(log.log_keys), vkeys(log.mirror_keys)) for party, log in logs.items()
    }
    named = charter.witnesses if charter else []
    return Invitation(
        channel=channel,
        newcomer=newcomer.party,
        parties=became.seats.now.everyone,
        purpose=now.purpose,
        instruments=[_chosen(name, digest) for name, digest in now.instruments.items()],
        languages=list(now.languages),
        coordinators=dict(sorted({**chartered.answers(became.received), **now.coordinators}.items())),
        policy=policy_of(channel, [*{newcomer.party: newcomer, **keys}.values()]).encode().decode(),
        witnesses=named,
        exercise=standings.is_exercise(life.opening),
    )


def proposed(channel: str, ref: str) -> lifecycle.Act | None:
    """The act that proposed an accession; None where there is none."""
    acts = standings.opened(channel).accessions.get(ref, ())
    return next((act for act in acts if act.act == "proposed"), None)


def said_by(ref: EntryRef) -> Mapping[str, object]:
    """What a proposal, or an invitation, says; nothing where its content is gone or cannot be opened."""
    try:
        return payloads.payload(queries.entry(ref)) or {}
    except ComityError:
        return {}


def agreed_text(channel: str, stated: Stated, said: Mapping[str, object]) -> Invitation | None:
    """The charter that is shown to a newcomer, if it is the very one whose digest is stated."""
    try:
        read = Invitation.read(said.get(PAYLOAD))
    except ComityError:
        return None
    is_it = values(stated, PAYLOAD) == (read.digest,) and read.channel == channel
    return read if is_it else None


def waiting(channel: str, party: str) -> list[tuple[str, str]]:
    """The accessions all have agreed to that a party may invite by now: reference and newcomer of each."""
    became = standings.opened(channel)
    found = []
    for ref, acts in became.accessions.items():
        opening = next((act for act in acts if act.act == "proposed" and act.party == party), None)
        newcomer = next(iter(values(opening.stated, NAMES_NEWCOMER)), "") if opening else ""
        if opening and became.seats.objection(invitation(channel, ref, opening)) is None:
            found.append((ref, newcomer))
    return found


def invitation(channel: str, ref: str, opening: lifecycle.Act) -> lifecycle.Act:
    """The invitation that carries out an accession, as the author of that would write it now."""
    logs = queries.channel_logs(channel)
    index = next(log.size for log in logs if log.party == opening.party)
    stated = {
        "requested": next(iter(values(opening.stated, NAMES_NEWCOMER)), ""),
        NAMES_ACCESSION: ref,
        PAYLOAD: next(iter(values(opening.stated, PAYLOAD)), ""),
    }
    return lifecycle.Act(
        ref=EntryRef(opening.ref.origin, index),
        party=opening.party,
        act=INVITED,
        at=timezone.now(),
        stated=stated,
        answers=(),
        seen={log.party: log.size for log in logs if log.party != opening.party},
        depth=sys.maxsize,
    )


def _chosen(name: str, digest: str) -> ChosenInstrument:
    text = editions().get(digest)
    return ChosenInstrument(name, text.edition if text else "?", digest)
