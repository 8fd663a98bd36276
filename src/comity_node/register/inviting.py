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


def shown(channel: str, newcomer: PartyKeys) -> Invitation:
    """The charter as a newcomer would be shown it today.

    It names the keys of those that were ever invited on record, as every member reads it. A log that was set
    up here for another newcomer, whom nobody has invited yet, is known to this node alone.

    Args:
        channel: Channel id.
        newcomer: The party, with the keys it begins with. One that was in before begins with those it had.
    """
    life, became = standings.life(channel), standings.opened(channel)
    charter = chartered.opened_with(life)
    now = chartered.reads_now(life, charter)
    parties = became.seats.now.everyone
    keys = {
        log.party: PartyKeys(log.party, vkeys(log.log_keys), vkeys(log.mirror_keys))
        for log in queries.channel_logs(channel)
        if log.party in parties
    }
    named = charter.witnesses if charter else []
    return Invitation(
        channel=channel,
        newcomer=newcomer.party,
        parties=parties,
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
