"""Be a neutral witness, and ask one.

A witness sees checkpoints, never entries. Its cosignature says: at this time the log had this size and root,
and has never been anything that contradicts it.

Follows: C2SP tlog-witness; docs/spec/wire.md, The witness.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from comity.errors import ComityError
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import MAX_NOTE, Signature, parse_note, sign_note
from comity.tlog.signer import Cosigner
from comity.tlog.vkey import VerifierKey
from comity.tlog.witness import (
    AddCheckpoint,
    Answer,
    consider,
    parse_cosignatures,
    parse_size,
)
from comity_node.counterparts import queries as passports
from comity_node.counterparts.queries import trusted
from comity_node.register import marks, queries
from comity_node.register.keyring import keyring
from comity_node.register.tree import StoredTree
from comity_node.witness.errors import WitnessRefused
from comity_node.witness.models import WitnessedLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

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
    """Answer a request to cosign.

    Args:
        body: As posted.
        considered: Called between the decision and the storing; tests hold a request there.

    Returns:
        The answer, the size we last cosigned, and our cosignatures where the answer is to cosign.
    """
    try:
        request = AddCheckpoint.parse(body)
        offered = Checkpoint.parse(request.note.text)
    except ComityError:
        return Answer.MALFORMED, 0, ()
    log = WitnessedLog.objects.filter(origin=offered.origin).first()
    latest = Checkpoint.parse(parse_note(bytes(log.note)).text) if log and log.note else None
    answer = consider(request, latest, _log_keys(offered.origin))
    known = latest.size if latest else 0
    considered()
    if answer is not Answer.COSIGN:
        return answer, known, ()
    # The time is taken before the size moves: at any later one, a larger tree may have been seen already.
    cosigners = _cosigners()
    if not _advance(log, offered, request.note.encode()):
        return add_checkpoint(body)
    return answer, offered.size, sign_note(request.note.text, *cosigners).signatures


def _log_keys(origin: str) -> list[VerifierKey]:
    """A log is known if it belongs to a party whose passport an officer here has confirmed."""
    try:
        party = Origin.parse(origin).party
    except ComityError:
        return []
    other = trusted(party)
    return [key.renamed(origin) for key in other.log_keys] if other else []


def _advance(log: WitnessedLog | None, offered: Checkpoint, note: bytes) -> bool:
    """Move on to the offered checkpoint, only if we still are where we judged from."""
    now = timezone.now()
    if log is None:
        _, created = WitnessedLog.objects.get_or_create(
            origin=offered.origin, defaults={"size": offered.size, "note": note, "cosigned_at": now}
        )
        return created
    unmoved = WitnessedLog.objects.filter(pk=log.pk, size=log.size)
    return unmoved.update(size=offered.size, note=note, cosigned_at=now) == 1


def _cosigners() -> tuple[Cosigner, Cosigner]:
    ring, now = keyring(), int(timezone.now().timestamp())
    name = f"{ring.party}.comity/witness"
    return Cosigner(name, ring.witness.ed25519, now), Cosigner(name, ring.witness.mldsa44, now)


# --- asking one -------------------------------------------------------------------------------------


def ask_all(http: httpx.Client) -> int:
    """Have every configured witness cosign our newest checkpoints; give back how many marks came.

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
        status, answer = _post(http, witness.address + "/witness/add-checkpoint", request.encode())
        if status == Answer.COSIGN:
            return int(marks.keep(log, key, note.with_signatures(parse_cosignatures(answer)), size))
        if status != Answer.OTHER_SIZE:
            raise WitnessRefused(f"{key.name} answered {status} for {log.origin}")
        old = parse_size(answer)
    raise WitnessRefused(f"{key.name} could not be brought to the present size of {log.origin}")


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
