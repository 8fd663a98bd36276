"""What payloads say, opened with our own keys."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import msgspec

from comity.errors import OurFault
from comity.keys.sealing import open_sealed
from comity_node.register import models
from comity_node.register.keyring import keyring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from comity_node.register.queries import Received

_MOST_BYTES: Final = 16 * 2**20


def payload(received: Received) -> dict[str, Any] | None:
    """What an entry's payload says, opened with our own key; None where there is none or it was erased.

    Raises:
        ComityError: It cannot be opened with any key of ours, or is not a document.
    """
    digest = received.entry.payload
    sealed = sealed_payload(digest.sha256) if digest else None
    if sealed is None:
        return None
    return document(sealed)


class UnreadablePayload(OurFault):
    """A payload was opened but is not a document."""

    code = "unreadable-payload"
    default_hint = "ask the counterpart what it meant to send; the entry stands as sent"


def document(sealed: bytes) -> dict[str, Any]:
    """Open a sealed payload and read the document in it.

    Raises:
        ComityError: It cannot be opened, or is not a JSON object.
    """
    text = opened(sealed)
    try:
        said = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise UnreadablePayload("a payload does not hold a JSON object") from error
    if (kept := _KEPT.get()) is not None and len(sealed) <= _MOST_BYTES - sum(map(len, kept)):
        kept[sealed] = said
    return said


_KEPT: ContextVar[dict[bytes, dict[str, Any]] | None] = ContextVar("kept", default=None)


@contextmanager
def opened_once() -> Iterator[Callable[[bytes], dict[str, Any]]]:
    """Within it, what was opened is at hand for whoever reads it next; as much as memory bears.

    Gives:
        As ``document``, of payloads that may have been opened within.
    """
    around = _KEPT.get()
    kept: dict[bytes, dict[str, Any]] = {} if around is None else around
    before = _KEPT.set(kept)
    try:
        yield lambda sealed: kept.get(sealed) or document(sealed)
    finally:
        _KEPT.reset(before)


_GOING: ContextVar[frozenset[str]] = ContextVar("going", default=frozenset())


@contextmanager
def erasing(digests: Iterable[str]) -> Iterator[None]:
    """Within it, rooms are told which contents are being erased, and forget what these said."""
    before = _GOING.set(frozenset(digests))
    try:
        yield
    finally:
        _GOING.reset(before)


def being_erased() -> frozenset[str]:
    """The contents being erased just now."""
    return _GOING.get()


def opened(sealed: bytes) -> bytes:
    """Open a sealed payload.

    Raises:
        ComityError: It cannot be opened.
    """
    return open_sealed(sealed, keyring().opening)


def sealed_payload(sha256: str) -> bytes | None:
    """The sealed bytes under a digest; None if erased or never held."""
    sealed = models.Payload.objects.filter(sha256=sha256).values_list("sealed", flat=True).first()
    return None if sealed is None else bytes(sealed)


def sealed_payloads(received: Iterable[Received]) -> Iterator[tuple[Received, bytes | None]]:
    """Each entry with its sealed payload, None where there is none; many are read at once, within memory."""
    portion: list[Received] = []
    size = 0
    for one in received:
        portion.append(one)
        size += one.entry.payload.size if one.entry.payload else 0
        if size > _MOST_BYTES:
            yield from _with_payloads(portion)
            portion, size = [], 0
    yield from _with_payloads(portion)


def _with_payloads(portion: Sequence[Received]) -> Iterator[tuple[Received, bytes | None]]:
    digests = [one.entry.payload.sha256 if one.entry.payload else "" for one in portion]
    wanted = [digest for digest in digests if digest]
    rows = models.Payload.objects.filter(sha256__in=wanted, sealed__isnull=False) if wanted else None
    found = dict(rows.values_list("sha256", "sealed")) if rows is not None else {}
    for one, digest in zip(portion, digests, strict=True):
        sealed = found.get(digest)
        yield one, None if sealed is None else bytes(sealed)


def held(digests: Sequence[str]) -> set[str]:
    """Which of these payloads are held and not erased."""
    rows = models.Payload.objects.filter(sha256__in=digests, sealed__isnull=False) if digests else None
    return set(rows.values_list("sha256", flat=True)) if rows is not None else set()


def erased_at(sha256: str) -> datetime | None:
    """When a payload's content was erased; None if it was not."""
    return models.Payload.objects.filter(sha256=sha256).values_list("erased_at", flat=True).first()


def readable_document(document: Mapping[str, Any]) -> str:
    """A payload's document, laid out to be read."""
    return msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=1).decode()
