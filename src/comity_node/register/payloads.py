"""What payloads say, opened with our own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from comity.errors import OurFault
from comity.keys.sealing import open_sealed
from comity_node.register import models
from comity_node.register.keyring import keyring

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from comity_node.register.queries import Received


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
    text = open_sealed(sealed, keyring().opening)
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise UnreadablePayload("a payload does not hold a JSON object") from error


def sealed_payload(sha256: str) -> bytes | None:
    """The sealed bytes under a digest; None if erased or never held."""
    sealed = models.Payload.objects.filter(sha256=sha256).values_list("sealed", flat=True).first()
    return None if sealed is None else bytes(sealed)


def erased_at(sha256: str) -> datetime | None:
    """When a payload's content was erased; None if it was not."""
    return models.Payload.objects.filter(sha256=sha256).values_list("erased_at", flat=True).first()


def readable_document(document: Mapping[str, Any]) -> str:
    """A payload's document, laid out to be read."""
    return msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=1).decode()
