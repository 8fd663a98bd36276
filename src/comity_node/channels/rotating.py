"""Change the keys of our logs and mirror: announce new ones, let both sign for a while, retire the old.

Each step can be repeated: what was done is found done, and what a broken-off step left out is done then.

Follows: docs/spec/passport.md, Rotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comity.channel.rotation import ANNOUNCED, REASONS, RETIRED
from comity.entries import instant
from comity.errors import OurFault
from comity_node.counterparts import own
from comity_node.counterparts import queries as passports
from comity_node.counterparts.models import Passport
from comity_node.officials.access import require
from comity_node.officials.models import Journal
from comity_node.register import hardware, queries, rotations, services
from comity_node.register.acts import Act
from comity_node.register.keyring import keyring, replace_keyring, today

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.entries import Capacity
    from comity.keys.keyring import Keyring
    from comity_node.officials.models import Official
    from comity_node.register.models import Log


class RotationUnderWay(OurFault):
    """New keys were announced and the old ones may still sign: nothing is announced on top of that."""

    code = "rotation-under-way"
    default_hint = "retire the old keys first: comity passport revoke --as LOGIN"


class NothingToRetire(OurFault):
    """No keys of ours wait to be retired."""

    code = "nothing-to-retire"
    default_hint = "announce new ones first: comity passport rotate --as LOGIN"


class BadDay(OurFault):
    """Keys cannot begin, or have been lost, on that day."""

    code = "bad-day"
    default_hint = "give a day from today on for new keys, and a moment that is past for lost ones"


@dataclass(frozen=True, slots=True)
class Changed:
    """What a step did.

    Attributes:
        version: The version of our passport that announces the keys.
        begins: The day from which they sign.
        done: The channels in which an entry was put on our log now.
        left: The channels in which it could not be yet, and why.
    """

    version: int
    begins: str
    done: tuple[str, ...]
    left: dict[str, str]


def rotate(*, begins: date | None, by: Official, in_token: bool = False) -> Changed:
    """Draw new keys for our logs and mirror, and announce them in our passport and in every channel.

    Args:
        begins: The day from which they sign; left out where a broken-off announcement is gone on with.
        by: The official who does.
        in_token: Have the token draw their Ed25519 halves, to stay in it.

    Raises:
        NotEmpowered: The official may not issue passports.
        NoToken: There is none, or it refuses.
        RotationUnderWay: The keys before have not been retired yet.
        BadDay: The day is past.
    """
    capacity = require(by, "passport.issue")
    if (row := _announcing()) is None:
        day = begins or timezone.now().date()
        if day.isoformat() < today():
            raise BadDay(f"nothing was changed: new keys cannot begin on {day}, which is past")
        if any(_waits(log) for log in _own_logs()):
            raise RotationUnderWay("nothing was changed: the keys before the present ones were not retired")
        # The ring first: an announcement without the keys to it could never be kept. Where it broke off after
        # that, the keys it drew are announced: others on top of them would follow some that no log has.
        ring = keyring()
        if not _is_drawn(ring):
            log, mirror = (hardware.draw(ring.party, use) if in_token else None for use in ("log", "mirror"))
            replace_keyring(ring.scheduled(day.isoformat(), log=log, mirror=mirror))
        row = own.issue_passport(by=by, announcing=True)
    return _changed(row, _announce(row, capacity, by))


def revoke(*, reason: str, compromised: datetime | None, by: Official) -> Changed:
    """Retire the old keys of our logs and mirror, and say why; from then on nothing they sign is accepted.

    Args:
        reason: ``scheduled``, ``stolen`` or ``lost``.
        compromised: Since when they must be taken to be in other hands.
        by: The official who does.

    Raises:
        NotEmpowered: The official may not issue passports.
        NothingToRetire: No new keys sign yet, or the old ones are retired everywhere.
        BadDay: The moment has not come yet.
    """
    capacity = require(by, "passport.issue")
    row = _announcing()
    if row is None or passports.read(row).begins > today() or reason not in REASONS:
        raise NothingToRetire("nothing was retired: no new keys of ours sign yet")
    if compromised is not None and compromised > timezone.now():
        raise BadDay("nothing was retired: keys cannot have been lost in times to come")
    _announce(row, capacity, by)  # channels opened or reopened since
    done = _retire(row, capacity, by, reason, compromised)
    if not done[0] and not done[1]:
        raise NothingToRetire("nothing was retired: the old keys are retired in every channel")
    if not done[1]:
        own.issue_passport(by=by)
    return _changed(row, done)


def _is_drawn(ring: Keyring) -> bool:
    """Whether a ring has new keys that no passport of ours has announced yet."""
    rows = map(passports.read, Passport.objects.filter(ours=True))
    announced = [read.coming["log"][0].public for read in rows if read.coming]
    return isinstance(ring.begins, str) and ring.log.ed25519.public not in announced


def _announcing() -> Passport | None:
    """The passport of ours that announced the keys our ring has now, if one did."""
    ring = keyring()
    if not isinstance(ring.begins, str):
        return None
    for row in Passport.objects.filter(ours=True).order_by("-version"):
        read = passports.read(row)
        if read.coming and read.coming["log"][0].public == ring.log.ed25519.public:
            return row if _is_open(row) else None
    return None


def _is_open(row: Passport) -> bool:
    """Whether the change this passport announces is not over in every channel."""
    return passports.read(row).begins > today() or any(
        _waits(log) or not _has(log, row) for log in _own_logs() if _began_before(log, row)
    )


def _began_before(log: Log, row: Passport) -> bool:
    """Whether a log was begun under other keys than those this passport announces."""
    coming = passports.read(row).coming["log"]
    return rotations.first_keys(log)[0][0].public != coming[0].public


def _has(log: Log, row: Passport) -> bool:
    coming = passports.read(row).coming["log"]
    return any(logs[0].public == coming[0].public for logs, _, _ in rotations.pairs(log))


def _waits(log: Log) -> bool:
    """Whether two pairs may sign a log."""
    return sum(told["until"] is None for _, _, told in rotations.pairs(log)) > 1


def _own_logs() -> list[Log]:
    return queries.own_logs()


def _announce(row: Passport, capacity: Capacity, by: Official) -> tuple[tuple[str, ...], dict[str, str]]:
    read = passports.read(row)
    stated = {"passport": read.digest, "version": str(row.version), "begins": read.begins}
    payload = {"passport": read.note.decode()}
    wanted = [log for log in _own_logs() if _began_before(log, row) and not _has(log, row)]
    acts = ((log, Act(channel=log.channel, kind=ANNOUNCED, ref=_ref(row), stated=stated,
                      payload=payload)) for log in wanted)  # fmt: skip
    return _put(acts, capacity, by)


def _retire(
    row: Passport, capacity: Capacity, by: Official, reason: str, compromised: datetime | None
) -> tuple[tuple[str, ...], dict[str, str]]:
    stated = {"passport": passports.read(row).digest, "version": str(row.version), "reason": reason}
    if compromised is not None:
        stated["compromised"] = instant(compromised.astimezone(UTC))
    ready, unknown = [], {}
    for log in filter(_waits, _own_logs()):
        if log.receipted > rotations.announcements(log)[-1]:
            ready.append(log)
        else:
            unknown[log.channel] = "not every party that must has signed for the announcement yet"
    acts = ((log, Act(channel=log.channel, kind=RETIRED, ref=_ref(row), stated=stated))
            for log in ready)  # fmt: skip
    done, left = _put(acts, capacity, by)
    return done, {**unknown, **left}


def _put(
    acts: Iterator[tuple[Log, Act]], capacity: Capacity, by: Official
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Put an act on each log; one that is closed does not keep the others from theirs."""
    done, left = [], {}
    for log, act in acts:
        try:
            with transaction.atomic():
                services.append(act, by=capacity)
                Journal.objects.create(official=by, did=act.kind, about=log.origin)
        except OurFault as refused:
            left[log.channel] = str(refused)
        else:
            done.append(log.channel)
    return tuple(done), left


def _ref(row: Passport) -> str:
    return f"{row.party}-keys-{row.version}"


def _changed(row: Passport, did: tuple[tuple[str, ...], dict[str, str]]) -> Changed:
    return Changed(row.version, passports.read(row).begins, *did)
