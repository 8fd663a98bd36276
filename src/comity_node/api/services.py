"""Tokens: issued by an administrator, drawn by the official they act for, revoked by either.

Whoever issues a token never sees its secret: an administrator, who reads no case, could otherwise read every
one through a token issued to a colleague. What is drawn is shown once and kept as a hash only.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity_node.api.errors import NoSuchToken, NoToken, UnfitToken
from comity_node.api.models import Token
from comity_node.officials import people
from comity_node.officials.access import holds, require
from comity_node.officials.models import Journal
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from comity_node.officials.models import Official

ISSUE: Final = "token.issue"
READ: Final = "record.read"
SCOPES: Final = ("read", "results", "draft")
LONGEST_LABEL: Final = 120
_PREFIX: Final = "comity"
_NAME_BYTES, _SECRET_BYTES = 6, 32
_NONE: Final = sha256(b"").hexdigest()
_NOTED_EVERY: Final = timedelta(minutes=1)


def issue(
    *,
    official: str,
    label: str,
    scopes: Sequence[str],
    expires_at: datetime,
    channels: Iterable[str] = (),
    by: Official | None = None,
) -> Token:
    """Let a case system act for an official; it counts for nothing until they have drawn its secret.

    Args:
        official: Log-in name of whom it acts for.
        label: Which system it is for.
        scopes: ``read``, ``results``, ``draft``.
        expires_at: When it ends; no later than this node allows.
        channels: The only channels it sees; all of them if none is named.
        by: The administrator; None for the operator at the console.

    Raises:
        NotEmpowered: The official may not issue tokens.
        NoSuchOfficial: There is nobody of that log-in name.
        UnfitToken: No scope, an unknown scope or channel, no label, or no date within what is allowed.
    """
    if by is not None:
        require(by, ISSUE)
    found, chosen = people.find(official), [one for one in SCOPES if one in scopes]
    only = list(dict.fromkeys(channels))
    flaw = _flaw(label, scopes, only, expires_at)
    if flaw:
        raise UnfitToken(f"no token was issued: {flaw}")
    with transaction.atomic():
        token = Token.objects.create(
            name=secrets.token_hex(_NAME_BYTES),
            label=label.strip(),
            official=found,
            scopes=chosen,
            channels=only,
            issued_by=by,
            expires_at=expires_at,
        )
        note(by, "token.issued", token, f"{found.login}: {', '.join(chosen)}; {label.strip()}")
    return token


def _flaw(label: str, scopes: Sequence[str], channels: Sequence[str], expires_at: datetime) -> str:
    unknown = sorted({*scopes} - {*SCOPES})
    foreign = sorted({*channels} - {log.channel for log in register.all_logs() if log.ours})
    longest = settings.NODE.limits.token_days
    now = timezone.now()
    flaws = {
        "it needs a label that says which system it is for": not 0 < len(label.strip()) <= LONGEST_LABEL,
        f"scopes are {', '.join(SCOPES)}": bool(unknown) or not scopes,
        f"this node has no channel {', '.join(foreign)[:80]}": bool(foreign),
        f"it ends within {longest} days, and not in the past": not (
            now < expires_at <= now + timedelta(days=longest, minutes=1)
        ),
    }
    return next((text for text, is_so in flaws.items() if is_so), "")


def draw(name: str, *, by: Official) -> str:
    """Draw the secret of a token issued for oneself: shown this once, and kept nowhere.

    Raises:
        NoSuchToken: None of that name waits for this official, or it has ended.
        NotEmpowered: The official may not read the record: there is nothing a token could do for them.
    """
    require(by, READ)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    whole = f"{_PREFIX}_{name}_{secret}"
    with transaction.atomic():
        waiting = _live().filter(name=name, official=by, digest="")
        if not waiting.update(digest=sha256(whole.encode()).hexdigest(), drawn_at=timezone.now()):
            raise NoSuchToken(f"nothing was drawn: no token {name[:16]} waits for {by.login}")
        note(by, "token.drawn", Token.objects.get(name=name))
    return whole


def revoke(name: str, *, by: Official | None = None) -> None:
    """End a token, from the next call on: an administrator any, an official their own.

    Raises:
        NoSuchToken: There is none of that name that has not ended and may be revoked by this official.
    """
    with transaction.atomic():
        mine = Token.objects.filter(revoked_at=None, name=name)
        if by is not None and not holds(by, ISSUE):
            mine = mine.filter(official=by)
        if not mine.update(revoked_at=timezone.now(), revoked_by=by.login if by else "console"):
            raise NoSuchToken(f"nothing was revoked: there is no live token {name[:16]}")
        note(by, "token.revoked", Token.objects.get(name=name))


def bearer(authorization: str) -> Token:
    """The token of a call.

    An unknown name is compared like a known one, and a secret in a time that does not depend on where it
    differs.

    Raises:
        NoToken: It is none that counts now.
    """
    scheme, _, whole = authorization.partition(" ")
    parts = whole.strip().split("_", 2)
    name = parts[1] if len(parts) == 3 and parts[0] == _PREFIX else ""
    found = Token.objects.select_related("official__office").filter(name=name[:16]).first()
    given = sha256(whole.strip().encode(errors="replace")).hexdigest()
    is_right = compare_digest(given, (found.digest if found else "") or _NONE)
    if scheme.lower() != "bearer" or found is None or not found.digest or not is_right:
        raise NoToken("the call was not answered: it carries no token of this node")
    if found.revoked_at or found.expires_at <= timezone.now():
        _note_use(found, "refused_at")
        raise NoToken("the call was not answered: the token has ended")
    return found


def seen(token: Token) -> None:
    """Note that a token is in use."""
    _note_use(token, "used_at")


def _note_use(token: Token, column: str) -> None:
    """Once a minute at most, or the database would write for every call, whoever sends it."""
    last, now = getattr(token, column), timezone.now()
    if last is None or last < now - _NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(**{column: now})


def note(by: Official | None, did: str, token: Token, about: str = "", entry: str = "") -> None:
    """Write in the journal what was done with a token or through it."""
    said = f"{token.name}: {about}" if about else token.name
    Journal.objects.create(official=by, did=did, about=said[: people.LONGEST_ABOUT], entry=entry)


def _live() -> QuerySet[Token]:
    return Token.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
