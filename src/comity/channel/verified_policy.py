"""The policy that travels with what it is to verify.

Follows: docs/spec/export.md, Verifying.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.channel.charter import PartyKeys, policy_of
from comity.errors import ExportDoesNotHold
from comity.names import Origin
from comity.tlog.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

_MIRROR: Final = ".comity/mirror"


def policy_inside(data: bytes) -> Policy:
    """A policy that came with what it is to verify: it must be the one its keys make by the charter's rule.

    Raises:
        ComityError: It is in no form, or another than a charter makes.
    """
    policy = Policy.parse(data)
    if _as_chartered(policy).encode() != data:
        raise ExportDoesNotHold("the policy inside is not as a charter makes one")
    return policy


def _as_chartered(policy: Policy) -> Policy:
    origins = [Origin.parse(one.vkey.name) for one in policy.logs]
    if len({origin.channel for origin in origins}) != 1:
        raise ExportDoesNotHold("the policy in the export speaks of several channels")
    parties: Mapping[str, None] = dict.fromkeys(origin.party for origin in origins)
    return policy_of(
        origins[0].channel,
        [
            PartyKeys(
                party,
                [one.vkey for one in policy.logs if one.vkey.name == str(Origin(party, origins[0].channel))],
                [one.vkey for one in policy.witnesses if one.vkey.name == party + _MIRROR],
            )
            for party in parties
        ],
        [one.vkey for one in policy.witnesses if not one.vkey.name.endswith(_MIRROR)],
    )
