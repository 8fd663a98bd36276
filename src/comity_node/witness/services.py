"""Be a neutral witness, and ask one.

A witness sees checkpoints, never entries. Its cosignature says: at this time the log had this size and root,
and has never been anything that contradicts it.

Follows: C2SP tlog-witness; docs/spec/wire.md, The witness.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from comity import skew
from comity.errors import ComityError
from comity.mirror import stated_at
from comity.names import Origin
from comity.tlog import witness as protocol
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import MAX_NOTE, Signature, parse_note
from comity.tlog.signer import Cosigner
from comity.tlog.vkey import VerifierKey
from comity.tlog.witness import (
    AddCheckpoint,
    Answer,
    parse_cosignatures,
    parse_size,
)
from comity_node.counterparts import clocks
from comity_node.counterparts import queries as passports
from comity_node.counterparts.queries import trusted
from comity_node.register import marks, queries
from comity_node.register.keyring import keyring
from comity_node.register.tree import StoredTree
from comity_node.witness.errors import WitnessRefused
from comity_node.witness.models import WitnessedLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    import httpx

    from comity.tlog.note import Note
    from comity_node.home import WitnessAt
    from comity_node.register.models import Log

_ROUNDS = 3


# --- being a witness --------------------------------------------------------------------------------


def serves() -> bool:
    """Whether this node's own passport names it a witness."""
    own = passports.own()
    return own is not None and bool(passports.read(own).keys.get("witness"))


def add_checkpoint(
    body: bytes, *, considered: Callable[[], None] = lambda: None
) -> tuple[Answer, int, tuple[Signature, ...]]:
    """Answer a request to cosign, as :func:`comity.tlog.witness.add_checkpoint` decides."""
    return protocol.add_checkpoint(body, _Remembered(), _cosigners, considered=considered)


class _Remembered:
    """What this node remembers as a witness."""

    def keys(self, origin: str) -> list[VerifierKey]:
        """The keys of a party whose passport an officer here has confirmed."""
        return _log_keys(origin)

    def latest(self, origin: str) -> bytes:
        """The last note cosigned for a log."""
        notes = WitnessedLog.objects.filter(origin=origin).values_list("note", flat=True)
        return bytes(notes.first() or b"")

    def advance(self, origin: str, latest: bytes, note: bytes) -> bool:
        """Move on to a note, only if we still are where we judged from."""
        return _advance(origin, latest, note)


def _log_keys(origin: str) -> list[VerifierKey]:
    """A log is known if it belongs to a party whose passport an officer here has confirmed."""
    try:
        party = Origin.parse(origin).party
    except ComityError:
        return []
    other = trusted(party)
    return [key.renamed(origin) for log, _ in other.pairs for key in log] if other else []


def _advance(origin: str, latest: bytes, note: bytes) -> bool:
    now, size = timezone.now(), Checkpoint.parse(parse_note(note).text).size
    said = {"size": size, "note": note, "cosigned_at": now}
    if not latest:
        _, created = WitnessedLog.objects.get_or_create(origin=origin, defaults=said)
        return created
    return WitnessedLog.objects.filter(origin=origin, note=latest).update(**said) == 1


def _cosigners() -> tuple[Cosigner, Cosigner]:
    ring, now = keyring(), int(timezone.now().timestamp())
    name = f"{ring.party}.comity/witness"
    return Cosigner(name, ring.witness.ed25519, now), Cosigner(name, ring.witness.mldsa44, now)


# --- asking one -------------------------------------------------------------------------------------


def ask_all(http: httpx.Client) -> int:
    """Have every configured witness cosign our newest checkpoints; give back how many marks came.

    What time a witness says it is, is noted: it is one more clock to hold ours against.

    Raises:
        WitnessRefused: One of them did not; the others were asked all the same.
    """
    kept, refused = 0, None
    for witness in settings.NODE.witnesses:
        for log in queries.own_logs():
            try:
                kept += _ask(http, witness, log)
            except ComityError as error:
                refused = error
    if refused is not None:
        raise WitnessRefused(str(refused))
    return kept


def furthest(log: Log) -> tuple[int, str]:
    """The largest size of a log of ours that a witness says it has cosigned, and its name.

    A witness that does not answer says nothing.
    """
    most, name = 0, ""
    with asking() as http:
        for witness in settings.NODE.witnesses:
            size = _known_to(http, witness, log)
            if size > most:
                most, name = size, VerifierKey.parse(witness.vkey).name
    return most, name


def _known_to(http: httpx.Client, witness: WitnessAt, log: Log) -> int:
    """Offer what we hold as no growth at all: whoever knows another size answers with it."""
    request = AddCheckpoint(log.size, (), parse_note(bytes(log.checkpoint)))
    try:
        status, answer = _post(http, witness.address + "/witness/add-checkpoint", request.encode())
        return parse_size(answer) if status == Answer.OTHER_SIZE else 0
    except ComityError:
        return 0


def _ask(http: httpx.Client, witness: WitnessAt, log: Log) -> int:
    key = VerifierKey.parse(witness.vkey)
    size, note = log.size, parse_note(bytes(log.checkpoint))
    old = marks.marked(log, key.name)
    tree = StoredTree(log)
    for _ in range(_ROUNDS):
        if old >= size:
            return 0
        request = AddCheckpoint(old, tree.prove_growth(old, size), note)
        asked_at, began = timezone.now(), time.monotonic()
        status, answer = _post(http, witness.address + "/witness/add-checkpoint", request.encode())
        if status == Answer.COSIGN:
            answered_at = asked_at + timedelta(seconds=time.monotonic() - began)
            marked = note.with_signatures(parse_cosignatures(answer))
            kept = marks.keep(log, key, marked, size)
            _read_clock(key, marked, asked_at, answered_at)
            return int(kept)
        if status != Answer.OTHER_SIZE:
            raise WitnessRefused(f"{key.name} answered {status} for {log.origin}")
        old = parse_size(answer)
    raise WitnessRefused(f"{key.name} could not be brought to the present size of {log.origin}")


def _read_clock(key: VerifierKey, marked: Note, asked_at: datetime, answered_at: datetime) -> None:
    """A mark bears the second in which it was made."""
    at = stated_at(marked.cosigned_at(key) or 0)
    if at is not None:
        reading = skew.read(at, asked_at=asked_at, answered_at=answered_at, resolution=1.0)
        clocks.note(key.name, reading)


@contextmanager
def asking() -> Iterator[httpx.Client]:
    """What witnesses are asked with. It takes eight megabytes, which a node without a witness is spared."""
    import httpx  # noqa: PLC0415 - as said

    with httpx.Client(timeout=10.0, trust_env=False) as http:
        yield http


def _post(http: httpx.Client, url: str, body: bytes) -> tuple[int, bytes]:
    """Status and body of the answer; never more of it than a witness has to say."""
    from httpx import HTTPError  # noqa: PLC0415 - whoever hands in a client has it already

    answer = bytearray()
    try:
        with http.stream("POST", url, content=body) as response:
            for part in response.iter_raw():
                answer += part
                if len(answer) > MAX_NOTE:
                    raise WitnessRefused(f"{url} answered with more than {MAX_NOTE:,} bytes")
            return response.status_code, bytes(answer)
    except HTTPError as error:
        raise WitnessRefused(f"{url} did not answer: {type(error).__name__}") from error
