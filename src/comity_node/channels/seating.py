"""With which keys each party begins a channel: those its charter names, whatever the day it is read on.

A proposal may be read days after it was made, and by each party on another day. Whoever changes keys
meanwhile would be seated with other keys here than there. The policy of the charter says which were meant.
They are taken from it only as far as the passport of the party, or our keyring, has them.

Follows: docs/spec/passport.md, Rotation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from django.conf import settings

from comity.channel.charter import Charter
from comity.errors import ComityError
from comity.keys.sealing import open_sealed
from comity.names import Origin
from comity.tlog.policy import Policy
from comity_node.counterparts import queries as passports
from comity_node.register.keyring import keyring, own_log_keys, own_mirror_keys
from comity_node.register.services import Seat, open_log

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.channel.bundle import Bundle
    from comity.keys.keyring import KeyPair
    from comity_node.counterparts.queries import TrustedCounterpart

# The Ed25519 keys of log and mirror, by party: they name the pairs.
Named = dict[str, tuple[bytes, bytes]]


def named_keys(bundle: Bundle) -> Named:
    """The keys that the charter of a proposal names; none where it cannot be read."""
    sealed = bundle.payloads[0] if bundle.payloads else None
    if sealed is None:
        return {}
    try:
        document = msgspec.json.decode(open_sealed(sealed, keyring().opening), type=dict[str, object])
        return keys_in(Charter.read(document))
    except (ComityError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def keys_in(charter: Charter) -> Named:
    """The keys that a charter's policy names, by party."""
    policy = Policy.parse(charter.policy.encode())
    logs, mirrors = [one.vkey for one in policy.logs], [one.vkey for one in policy.witnesses]
    found: Named = {}
    for party in charter.parties:
        log = [key for key in logs if key.name == str(Origin(party, charter.channel))]
        mirror = [key for key in mirrors if key.name == f"{party}.comity/mirror"]
        if log and mirror:
            found[party] = (log[0].public, mirror[0].public)
    return found


def as_named(other: TrustedCounterpart, named: Named) -> TrustedCounterpart:
    """The counterpart with that pair of its keys, present or coming, which the charter names."""
    for log, mirror in other.pairs:
        if (log[0].public, mirror[0].public) == named.get(other.party):
            return replace(other, keys={**other.keys, "log": log, "mirror": mirror})
    return other


def own_pair(named: Named) -> tuple[KeyPair, KeyPair] | None:
    """Our keys that the charter names, if our passport still does; None for those of today.

    Keys that were retired since are not begun with: a charter made before must be made anew.
    """
    row = passports.own()
    if row is None:
        return None
    read, ring = passports.read(row), keyring()
    for pairs in (read.keys, read.coming):
        if pairs and (pairs["log"][0].public, pairs["mirror"][0].public) == named.get(ring.party):
            log = ring.holding("log", pairs["log"][0].public)
            mirror = ring.holding("mirror", pairs["mirror"][0].public)
            return (log, mirror) if log and mirror else None
    return None


def open_logs(
    channel: str,
    others: Iterable[TrustedCounterpart],
    pair: tuple[KeyPair, KeyPair] | None = None,
    *,
    many: bool,
    ours: bool = False,
    we_are_in: bool = True,
    seated: bool = True,
) -> None:
    """Seats of a channel: our mirrors of the others' logs and, with ``ours``, our own log.

    Args:
        channel: Channel id.
        others: The others, with the keys they begin with.
        pair: Our keys of log and mirror in it; left out, those a log begun today has.
        many: Whether it is a channel of many.
        ours: Whether ours is opened too.
        we_are_in: Whether we have a place before the record says which.
        seated: Whether they are asked or in; otherwise nothing is sealed to them yet.
    """
    if ours:
        own = Origin(settings.NODE.party, channel)
        open_log(
            Seat(
                origin=own,
                ours=True,
                log_keys=own_log_keys(own, pair[0] if pair else None),
                mirror_keys=own_mirror_keys(pair[1] if pair else None),
                recipients=[str(keyring().recipient)],
                many=many,
                seated=we_are_in,
            )
        )
    for other in others:
        theirs = Origin(other.party, channel)
        open_log(
            Seat(
                origin=theirs,
                ours=False,
                log_keys=[key.renamed(str(theirs)) for key in other.log_keys],
                mirror_keys=other.mirror_keys,
                recipients=other.recipients,
                many=many,
                seated=seated,
            )
        )
