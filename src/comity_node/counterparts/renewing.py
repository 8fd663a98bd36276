"""Renew our keys one use at a time, into a token where we have one.

Keys of logs and mirror change by entries of every channel (``channels.rotating``); all others by a passport.

Follows: docs/spec/passport.md, Successors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from django.db import transaction

from comity_node.counterparts import own
from comity_node.officials.access import require
from comity_node.officials.models import Journal
from comity_node.register import hardware
from comity_node.register.keyring import keyring, replace_keyring

if TYPE_CHECKING:
    from comity_node.counterparts.models import Passport
    from comity_node.officials.models import Official

Use = Literal["identity", "wire", "witness", "sealing"]
USES: Final = ("identity", "wire", "witness", "sealing")


class NeverInAToken(hardware.NoToken):
    """What was sealed to us is opened by keys no PKCS#11 token has."""

    code = "never-in-a-token"
    default_hint = "renew it without --token: it stays in the keyring"


def renew(use: Use, *, in_token: bool, by: Official) -> Passport:
    """Draw a new key or pair for one use, retire the old, and issue the passport that says so.

    The old identity signs the passport that replaces it, and old sealing keys go on opening.

    Raises:
        NotEmpowered: The official may not issue passports.
        BadParticulars: No passport could be issued.
        NoToken: There is none, or it refuses; nothing was changed.
    """
    require(by, "passport.issue")
    if in_token and use == "sealing":
        raise NeverInAToken("nothing was changed: what others seal to us is opened outside of tokens")
    own.particulars()  # what keeps a passport from being issued is said before a key is drawn
    ring = keyring()
    drawn = hardware.draw(ring.party, use) if in_token else None
    with transaction.atomic():
        Journal.objects.create(official=by, did="keys.renewed", about=use)
        # The ring first: a passport that names keys nobody holds could not be taken back.
        replace_keyring(ring.rotate(use, drawn))
        return own.issue_passport(by=by)
