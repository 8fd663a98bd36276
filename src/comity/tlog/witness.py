"""The witness protocol: what is asked of a witness, what it answers, and how it decides.

Nothing here sends, and what is remembered is the caller's to store. A witness considers a request; if it is
to cosign, it stores the new checkpoint *only if the old one is still the one it considered*, and only then
signs and answers.

Follows: C2SP tlog-witness, add-checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Protocol

from comity.errors import (
    BadSignature,
    MalformedCheckpoint,
    MalformedNote,
    MalformedProof,
    MalformedSubmission,
    NotConsistent,
    NotSigned,
)
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.encoding import base64_text, decimal
from comity.tlog.merkle import EMPTY_ROOT, verify_consistency
from comity.tlog.note import MAX_NOTE, MAX_SIGNATURES, Note, Signature, parse_note, sign_note
from comity.tlog.proof import ascii_lines, hash_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from comity.tlog.note import Signer
    from comity.tlog.vkey import VerifierKey

MAX_BODY: Final = MAX_NOTE + 4_096
SIZE_CONTENT_TYPE: Final = "text/x.tlog.size"


class Answer(IntEnum):
    """How a witness answers, by the status codes of the protocol."""

    COSIGN = 200
    MALFORMED = 400
    NOT_SIGNED = 403
    UNKNOWN_LOG = 404
    OTHER_SIZE = 409
    NOT_CONSISTENT = 422


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign: the size last cosigned, the proof from there, and the signed checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    note: Note

    @classmethod
    def parse(cls, body: bytes) -> AddCheckpoint:
        """Read a request body; nothing is verified yet.

        Raises:
            MalformedSubmission: The body has another form: answer 400.
        """
        if len(body) > MAX_BODY:
            raise MalformedSubmission(f"a request to a witness has at most {MAX_BODY} bytes, not {len(body)}")
        head, mark, note = body.partition(b"\n\n")
        try:
            first, *rest = ascii_lines(head)
            old_size = decimal(first.removeprefix("old ")) if first.startswith("old ") else None
            if not mark or old_size is None:
                raise MalformedSubmission("a request to a witness begins with the size it last cosigned")
            return cls(old_size, hash_lines(rest), parse_note(note))
        except (MalformedProof, MalformedNote) as fault:
            raise MalformedSubmission(f"the request to a witness cannot be read: {fault}") from fault

    def encode(self) -> bytes:
        """The request body."""
        lines = [f"old {self.old_size}", *map(base64_text, self.proof)]
        return "\n".join(lines).encode() + b"\n\n" + self.note.encode()


def consider(request: AddCheckpoint, latest: Checkpoint | None, log_keys: Sequence[VerifierKey]) -> Answer:
    """Decide how to answer a request to cosign.

    Args:
        request: What was asked.
        latest: The last checkpoint cosigned for this origin; None if there was none.
        log_keys: The keys trusted for this origin; none if the origin is not known.

    Returns:
        ``COSIGN``, or the status to refuse with.
    """
    try:
        offered = Checkpoint.parse(request.note.text)
    except MalformedCheckpoint:
        return Answer.MALFORMED
    try:
        request.note.must_be_signed_by(log_keys)
    except (BadSignature, NotSigned):
        return Answer.NOT_SIGNED if log_keys else Answer.UNKNOWN_LOG
    if request.old_size > offered.size:
        return Answer.MALFORMED
    old_size, old_root = (latest.size, latest.root) if latest else (0, EMPTY_ROOT)
    if request.old_size != old_size:
        return Answer.OTHER_SIZE
    try:
        verify_consistency(old_size, old_root, offered.size, offered.root, request.proof)
    except (MalformedProof, NotConsistent):
        return Answer.NOT_CONSISTENT
    return Answer.COSIGN


class Store(Protocol):
    """What a witness remembers. Forgetting a log would let it sign that log's past twice."""

    def keys(self, origin: str) -> Sequence[VerifierKey]:
        """The keys trusted for a log; none where it is not known."""
        ...

    def latest(self, origin: str) -> bytes:
        """The last note cosigned for a log, or nothing."""
        ...

    def advance(self, origin: str, latest: bytes, note: bytes) -> bool:
        """Store a note durably, only if ``latest`` is still the last: compare and set, in one statement."""
        ...


def add_checkpoint(
    body: bytes,
    store: Store,
    cosigners: Callable[[], Sequence[Signer]],
    *,
    considered: Callable[[], None] = lambda: None,
) -> tuple[Answer, int, tuple[Signature, ...]]:
    """Answer a request to cosign: judge, store, and only then sign.

    Args:
        body: As posted.
        store: What the witness remembers.
        cosigners: Gives the witness's keys at the present time.
        considered: Called between the decision and the storing; tests hold a request there.

    Returns:
        The answer, the size last cosigned, and the cosignatures where the answer is to cosign.
    """
    try:
        request = AddCheckpoint.parse(body)
        offered = Checkpoint.parse(request.note.text)
    except (MalformedSubmission, MalformedCheckpoint):
        return Answer.MALFORMED, 0, ()
    note = store.latest(offered.origin)
    latest = Checkpoint.parse(parse_note(note).text) if note else None
    answer = consider(request, latest, store.keys(offered.origin))
    known = latest.size if latest else 0
    considered()
    if answer is not Answer.COSIGN:
        return answer, known, ()
    # The time is taken before the size moves: at any later one, a larger tree may have been seen already.
    signers = cosigners()
    if not store.advance(offered.origin, note, request.note.encode()):
        return add_checkpoint(body, store, cosigners)
    return answer, offered.size, sign_note(request.note.text, *signers).signatures


def encode_cosignatures(cosignatures: Iterable[Signature]) -> bytes:
    """The body of a 200 answer: one signature line for each cosignature."""
    return "".join(f"{line}\n" for line in cosignatures).encode()


def parse_cosignatures(body: bytes) -> tuple[Signature, ...]:
    """Read the body of a 200 answer. Add the lines to the note, then ask it who cosigned.

    Raises:
        MalformedSubmission: The body is anything but 1 to 64 signature lines.
    """
    if len(body) > MAX_NOTE or not body.endswith(b"\n") or body.count(b"\n") > MAX_SIGNATURES:
        raise MalformedSubmission("a witness answers with 1 to 64 signature lines, each ended by a newline")
    try:
        return tuple(Signature.parse(line) for line in body[:-1].decode("utf-8").split("\n"))
    except (UnicodeDecodeError, MalformedNote) as fault:
        raise MalformedSubmission("a line of the witness's answer is not a signature line") from fault


def encode_size(size: int) -> bytes:
    """The body of a 409 answer: the size last cosigned. Its content type is ``SIZE_CONTENT_TYPE``."""
    return f"{size}\n".encode()


def parse_size(body: bytes) -> int:
    """Read the body of a 409 answer.

    Raises:
        MalformedSubmission: The body is not a decimal size and a newline.
    """
    text = body[:32].decode("latin-1")
    size = decimal(text.removesuffix("\n"))
    if size is None or not text.endswith("\n"):
        raise MalformedSubmission("a witness that has another size answers with that size and a newline")
    return size
