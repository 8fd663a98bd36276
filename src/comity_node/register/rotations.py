"""The keys of a log over the years, as its row keeps them, and with which of ours we sign now.

Follows: docs/spec/passport.md, Rotation.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from comity.mirror import Generation
from comity.tlog.vkey import VerifierKey
from comity_node.register import models
from comity_node.register.keyring import KeysNotHere, keyring, today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.channel.rotation import Held, History
    from comity.keys.keyring import KeyPair

_PAIR: Final = 2
# The log's keys, the mirror's, and what became of them.
Pair = tuple[tuple[VerifierKey, ...], tuple[VerifierKey, ...], dict[str, Any]]


@lru_cache(maxsize=256)  # every delivery of a log asks for the same few
def vkeys(text: str) -> tuple[VerifierKey, ...]:
    """The verifier keys a log row lists."""
    return tuple(VerifierKey.parse(line) for line in text.splitlines())


def first_keys(log: models.Log) -> tuple[tuple[VerifierKey, ...], tuple[VerifierKey, ...]]:
    """The pairs the channel began with: of the log and of its author's mirror."""
    if not log.rotations:
        return vkeys(log.log_keys), vkeys(log.mirror_keys)
    return vkeys(log.log_keys)[:_PAIR], vkeys(log.mirror_keys)[:_PAIR]


def log_generations(log: models.Log) -> tuple[VerifierKey, ...] | tuple[Generation, ...]:
    """What may have signed the log."""
    return _generations(vkeys(log.log_keys), log.rotations)


def mirror_generations(log: models.Log) -> tuple[VerifierKey, ...] | tuple[Generation, ...]:
    """What may have signed receipts by the log's author."""
    return _generations(vkeys(log.mirror_keys), [{**one, "since": 0} for one in log.rotations])


def pairs(log: models.Log) -> list[Pair]:
    """Each pair of the log, that of the mirror, and what became of them, oldest first."""
    logs, mirrors = vkeys(log.log_keys), vkeys(log.mirror_keys)
    told = log.rotations or [{"since": 0, "until": None, "begins": "", "reason": "", "compromised": ""}]
    if not log.rotations:
        return [(logs, mirrors, told[0])]
    return [
        (logs[_PAIR * place :][:_PAIR], mirrors[_PAIR * place :][:_PAIR], one)
        for place, one in enumerate(told)
    ]


def announcements(log: models.Log) -> list[int]:
    """The indexes of the entries that brought in new keys."""
    return [one["announced"] for one in log.rotations if one["announced"] is not None]


def unknown_to_whoever_holds(log: models.Log, size: int) -> tuple[VerifierKey, ...]:
    """The keys of a party that nobody can know who holds only so many entries of its log."""
    return tuple(
        key
        for logs, mirrors, told in pairs(log)
        if told.get("announced") is not None and told["announced"] >= size
        for key in (*logs, *mirrors)
    )


def read_on(log: models.Log, found: History) -> bool:
    """Have a row at hand say what the log's entries say of its keys; whether that is anything new to it.

    The database is not touched: what came back of a log is read by it before it is stored.
    """
    rotations = [_row(one) for one in found.held] if len(found.held) > 1 else []
    keys = "\n".join(str(key) for one in found.held for key in one.log.keys)
    mirrors = "\n".join(str(key) for one in found.held for key in one.mirror.keys)
    if (rotations, keys, mirrors) == (log.rotations, log.log_keys, log.mirror_keys):
        return False
    log.rotations, log.log_keys, log.mirror_keys = rotations, keys, mirrors
    return True


def keep(log: models.Log, found: History) -> None:
    """Keep what the log's entries say of its keys, if it is anything new."""
    if read_on(log, found):
        models.Log.objects.filter(pk=log.pk).update(
            rotations=log.rotations, log_keys=log.log_keys, mirror_keys=log.mirror_keys
        )


def signing(own: models.Log, role: Literal["log", "mirror"]) -> KeyPair:
    """The pair of ours that signs in a channel now.

    New keys sign from the day their passport gives. Receipts by them are given only once every other member
    has signed for the entry that announced them: before, it could not know them. Where the old keys are
    retired that was so, and whoever comes in later reads of the new ones first. From then on only the new
    ones sign, whatever day our clock says: what retired keys sign nobody takes, and no log takes it back.

    Raises:
        KeysNotHere: The keyring does not hold it.
    """
    day = today()
    chosen, retired = None, True
    for logs, mirrors, told in pairs(own):
        announced = told.get("announced")
        known = role == "log" or announced is None or own.receipted > announced
        if retired or (told["begins"] <= day and known):
            chosen = logs if role == "log" else mirrors
        retired = told["until"] is not None
    pair = keyring().holding(role, chosen[0].public) if chosen else None
    if pair is None:
        raise KeysNotHere(f"nothing was signed: the keyring lacks the {role} keys of {own.origin}")
    return pair


def _generations(
    keys: tuple[VerifierKey, ...], rotations: Sequence[dict[str, Any]]
) -> tuple[VerifierKey, ...] | tuple[Generation, ...]:
    if not rotations:
        return keys
    return tuple(
        Generation(keys[_PAIR * place :][:_PAIR], since=one["since"], until=one["until"])
        for place, one in enumerate(rotations)
    )


def _row(one: Held) -> dict[str, Any]:
    return {
        "announced": one.announced,
        "since": one.log.since,
        "until": one.log.until,
        "begins": one.begins,
        "reason": one.reason,
        "compromised": one.compromised,
    }
