"""What the doctor looks at, one function a subject. Imported only once the node is loaded."""

from __future__ import annotations

import shutil
import stat
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import httpx
from django.conf import settings
from django.db import connection
from django.utils import timezone

from comity_cli.calling_ways import duty
from comity_cli.findings import Finding
from comity_cli.node import must_be_migrated
from comity_node.counterparts import clocks, introductions, safekeeping
from comity_node.counterparts import own as own_passport
from comity_node.counterparts import queries as counterparts
from comity_node.evidence import queries as evidence
from comity_node.parties import queries as known_parties
from comity_node.register import dating, hardware, letter_key, proofs
from comity_node.register import queries as register
from comity_node.register.keyring import keyring
from comity_node.wire.models import LineReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_LEAST_FREE: Final = 1024**3
_SILENT: Final = timedelta(hours=1)
_TIMEOUT: Final = httpx.Timeout(5.0)


def home() -> Iterator[Finding]:
    """Only its owner may enter the home and read the keys."""
    node = settings.NODE
    letters = [letter_key.where()] if letter_key.where().exists() else []
    for path in (node.keyring, *letters, node.path / "secret_key"):
        yield _closed(path, 0o600)
    yield _closed(node.path, 0o700)


def _closed(path: Path, most: int) -> Finding:
    if not path.exists():
        return Finding(f"home {path.name}", "wrong", f"{path} is missing", "restore it from a backup")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~most:
        return Finding(
            f"home {path.name}", "wrong", f"{path} is open to others ({mode:o})", f"chmod {most:o} {path}"
        )
    return Finding(f"home {path.name}", "ok", f"only its owner reaches it ({mode:o})")


def disk() -> Iterator[Finding]:
    """A full disk stops receipts."""
    free = shutil.disk_usage(settings.NODE.path).free
    if free < _LEAST_FREE:
        yield Finding(
            "disk", "wrong", f"{free / 1024**2:,.0f} MiB are free", "make room: nothing can be received"
        )
    else:
        yield Finding("disk", "ok", f"{free / 1024**3:,.0f} GiB are free")


def database() -> Iterator[Finding]:
    """What is confirmed must survive a power failure."""
    must_be_migrated()
    yield Finding("database", "ok", "every table is as this version expects")
    if connection.vendor == "sqlite":
        wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
        with connection.cursor() as cursor:
            found = {name: str(cursor.execute(f"PRAGMA {name}").fetchone()[0]) for name in wanted}
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        other = ", ".join(f"{name}={value}" for name, value in found.items() if value != wanted[name])
        if other:
            yield Finding(
                "database durability", "wrong", f"SQLite runs with {other}", "remove what overrides it"
            )
        else:
            yield Finding("database durability", "ok", "write-ahead log, synchronised in full, writable")


def keys() -> Iterator[Finding]:
    """The passport must name the keys this node signs with."""
    ring = keyring()
    own = counterparts.own()
    if own is None:
        yield Finding("passport", "wrong", "none was issued", "comity passport issue")
        return
    read = counterparts.read(own)
    about, today = read.about, timezone.now().date().isoformat()
    if read.coming and read.begins <= today:
        yield Finding(
            "keys", "note", f"new keys sign since {read.begins}", "comity passport revoke, once all go on"
        )
    if not own_passport.names_what_signs(ring, about):
        yield Finding(
            "passport", "wrong", "it names other keys than the keyring holds", "comity passport issue"
        )
    elif about.address != settings.NODE.address:
        yield Finding("passport", "note", f"it gives the address {about.address}", "comity passport issue")
    else:
        yield Finding("passport", "ok", f"version {about.version} names the keys this node signs with")


def custody() -> Iterator[Finding]:
    """Keys that one person opens, or that nobody could bring back, are worth knowing of."""
    lies, copied = safekeeping.lies(), safekeeping.copied()
    yield Finding("custody", "ok" if safekeeping.custodians() else "note", f"the keyring lies {lies}")
    if copied is not None and copied.keys != safekeeping.keys_of(keyring()):
        yield Finding(
            "copy of the keys",
            "note",
            f"keys were changed since it was put away at {copied.at}",
            "comity keys copy DIR --custodians K N",
        )
    if settings.NODE.token is not None:
        yield Finding("token", "ok", f"it answers: {hardware.answers()}")


def lines() -> Iterator[Finding]:
    """Every counterpart answers, and its clock agrees with ours."""
    trusted, introduced = counterparts.all_trusted(), introductions.introduced()
    if not trusted:
        yield Finding("counterparts", "note", "none is confirmed", "comity counterpart import FILE")
    for other in trusted:
        if other.party in introduced:
            says = f"nobody here has compared it; {', '.join(introduced[other.party])} vouched for it"
            remedy = f"compare: comity counterpart confirm {other.party}"
            yield Finding(f"counterpart {other.party}", "note", says, remedy)
        yield _reached(other.party, other.address)
        yield from _clock(other.party)


def _reached(party: str, address: str) -> Finding:
    subject = f"counterpart {party}"
    try:
        httpx.get(f"{address}/wire/hello", timeout=_TIMEOUT, trust_env=False).raise_for_status()
    except httpx.HTTPError as error:
        remedy = "nothing is lost; if it lasts, telephone them, or carry a bundle: comity bundle export"
        return Finding(subject, "wrong", f"{address} does not answer: {type(error).__name__}", remedy)
    return Finding(subject, "ok", f"{address} answers")


def _clock(party: str) -> Iterator[Finding]:
    seen = clocks.clock(party)
    if seen is not None:
        yield _differs(f"clock with {party}", seen)
    report = LineReport.objects.filter(party=party).first()
    if report is None:
        return
    if report.because:
        remedy = "comity sync shows what happens now"
        yield Finding(f"line to {party}", "note", f"last refused or failed: {report.because}", remedy)
    elif report.heard_at and timezone.now() - report.heard_at > _SILENT:
        yield Finding(
            f"line to {party}", "note", f"last heard {report.heard_at:%Y-%m-%d %H:%M} UTC", "comity sync"
        )


def _differs(subject: str, seen: clocks.Clock) -> Finding:
    says = (
        f"their clock is {seen.typical:+.1f} seconds ahead of ours as a rule,"
        f" {seen.ahead:+.1f} within {seen.within:.1f} when last read, {seen.read_at:%Y-%m-%d %H:%M} UTC"
    )
    if seen.is_off:
        return Finding(subject, "wrong", says, "compare both with a time service")
    return Finding(subject, "ok", says)


def clock() -> Iterator[Finding]:
    """Our own clock, held against all the others: what we sign bears its time for good."""
    seen = clocks.clocks()
    behind = clocks.ours_is_behind(seen)
    if behind is not None:
        says = f"our clock is {abs(behind):,.0f} seconds {'behind' if behind > 0 else 'ahead of'} all others"
        remedy = "set it by a time service before anything more is signed; see clock_seconds in node.toml"
        yield Finding("clock", "wrong", says, remedy)
    elif seen:
        agree = sum(not one.is_off for one in seen)
        yield Finding("clock", "ok", f"{agree} of {len(seen)} other clocks agree with ours")


def record() -> Iterator[Finding]:
    """Nobody holds more of our record than we do, and nobody has signed two histories."""
    behind = [log for log in register.own_logs() if log.held_elsewhere > log.size]
    for log in register.own_logs():
        if log.held_elsewhere < 0:
            says = f"{log.origin} is closed: since the restore, nobody gave back what the backup may lack"
            remedy = f"comity sync, or: comity recover {log.channel} --from EXPORT"
            yield Finding("record after restore", "wrong", says, remedy)
    for party, count in dating.counted().items():
        says = f"{count:,} receipts of {party} are dated more than a day after they came"
        remedy = "compare both clocks; their deadlines run from those dates until they act"
        yield Finding("receipts dated ahead", "note", says, remedy)
    for log in behind:
        says = f"a counterpart holds {log.held_elsewhere} entries of {log.origin}, we hold {log.size}"
        remedy = f"comity sync fetches them back, or: comity recover {log.channel} --from EXPORT"
        yield Finding("record set back", "wrong", says, remedy)
    for proof in proofs.misconduct():
        says = f"{proof.log.origin}: its author signed two histories, proven {proof.found_at:%Y-%m-%d}"
        yield Finding("misconduct", "note", says, "export the channel: the proof is in it for third parties")
    if not behind:
        yield Finding("record", "ok", f"{len(register.own_logs())} logs of ours, none set back")


def exhibits() -> Iterator[Finding]:
    """The sealed file of every exhibit that should be on this node is there."""
    missing = evidence.missing_files()
    for exhibit in missing:
        says = f"{exhibit.ref} of channel {exhibit.channel} is on record, and its sealed file is not here"
        remedy = "comity evidence fetch"
        if exhibit.provider == settings.NODE.party:
            place = f"{exhibit.channel}/{exhibit.provider}/{exhibit.object}"
            remedy = f"copy exhibits/{place} from a later backup, or from the counterpart's node"
        yield Finding(f"exhibit {exhibit.ref}", "note", says, remedy)
    if not missing:
        yield Finding("exhibits", "ok", "the sealed file of every exhibit here is in its place")


def parties() -> Iterator[Finding]:
    """What is known of the Parties decides what is begun; it must not be of long ago."""
    today = timezone.now().date()
    in_use = known_parties.in_use().items()
    old = {name: one for name, one in in_use if one.is_known and one.is_old(today)}
    for name, one in old.items():
        says = f"who is bound by {name} was looked up on {one.parties.as_of}"
        remedy = f"look it up again: comity instruments update-parties {name} FILE --as LOGIN"
        yield Finding(f"parties to {name}", "note", says, remedy)
    if not old:
        yield Finding("parties", "ok", f"looked up within {settings.NODE.parties_days} days")


def witnesses() -> Iterator[Finding]:
    """Every witness we ask answers."""
    for witness in settings.NODE.witnesses:
        subject = f"witness {witness.vkey.partition('+')[0]}"
        try:
            httpx.get(witness.address, timeout=_TIMEOUT, trust_env=False)
        except httpx.HTTPError as error:
            remedy = "the record stands without it; ask its operator"
            yield Finding(
                subject, "note", f"{witness.address} does not answer: {type(error).__name__}", remedy
            )
        else:
            yield Finding(subject, "ok", f"{witness.address} answers")
        seen = clocks.clock(witness.vkey.partition("+")[0])
        if seen is not None:
            yield _differs(f"clock with {seen.name}", seen)


ALL: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (
    home,
    disk,
    database,
    keys,
    custody,
    lines,
    clock,
    record,
    exhibits,
    parties,
    witnesses,
    duty,
)
