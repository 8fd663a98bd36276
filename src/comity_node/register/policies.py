"""The policy of a channel: whose signatures make its record, from the very keys this node verifies with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.channel.charter import Charter, PartyKeys, policy_of
from comity.errors import ComityError
from comity.tlog.vkey import VerifierKey
from comity_node.register import payloads, queries, standings
from comity_node.register.rotations import vkeys

if TYPE_CHECKING:
    from comity.tlog.policy import Policy


def policy(channel: str) -> Policy:
    """The policy as the charter makes one, with the neutral witnesses the charter names."""
    logs = queries.channel_logs(channel)
    parties = [PartyKeys(log.party, vkeys(log.log_keys), vkeys(log.mirror_keys)) for log in logs]
    return policy_of(channel, parties, _witnesses(channel))


def _witnesses(channel: str) -> list[VerifierKey]:
    opening = next((one.act for one in standings.channel_standing(channel).judged if one.regular), None)
    if opening is None:
        return []
    try:
        charter = Charter.read(payloads.payload(queries.entry(opening.ref)) or {})
        return [VerifierKey.parse(witness.vkey) for witness in charter.witnesses]
    except ComityError:
        return []
