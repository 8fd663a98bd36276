"""Our own passport: what we say of ourselves, from the node's home directory, signed by our identity keys.

Names and address come from ``node.toml``, keys from the keyring, the rest from ``passport.toml`` beside it::

    languages = ["en", "fr"]
    witness = false

    [[authorities]]
    code = "ministry"
    role = "central"
    powers = ["request", "execute"]
    names = {en = "Ministry of Justice"}

    [[contacts]]
    authority = "ministry"
    role = "duty"
    ...
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import msgspec
from django.conf import settings
from django.db import transaction

from comity.channel import passport as core
from comity.channel.description import Authority, Contact, Description
from comity.forms import learnt
from comity_node.counterparts import queries
from comity_node.counterparts.errors import BadParticulars
from comity_node.counterparts.models import Passport
from comity_node.officials.access import require
from comity_node.officials.models import Journal
from comity_node.register.keyring import keyring, today

if TYPE_CHECKING:
    from comity.keys.keyring import Keyring
    from comity_node.officials.models import Official

MAX_PARTICULARS_BYTES: Final = 128 * 1024


@learnt
class Particulars(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``passport.toml`` says."""

    languages: list[str]
    authorities: list[Authority]
    contacts: list[Contact] = []
    witness: bool = False


@transaction.atomic
def issue_passport(*, by: Official | None = None, announcing: bool = False) -> Passport:
    """Sign our passport anew under the next version number, if it would say anything new.

    Args:
        by: The official who does.
        announcing: Announce the keys of logs and mirror even if they begin today.

    Returns:
        The passport now current: the one issued, or the last one if nothing has changed since.

    Raises:
        NotEmpowered: The official may not issue passports.
        BadParticulars: ``passport.toml`` is missing or is not in its form.
        MalformedPassport: Something we say of ourselves is not in its form.
    """
    if by is not None:
        require(by, "passport.issue")
    ring = keyring()
    last = queries.own()
    about = describe(ring, version=last.version + 1 if last else 1, announcing=announcing)
    if last is not None and _says_the_same(queries.read(last).about, about):
        return last
    announced = about.rotation is not msgspec.UNSET
    passport = core.issue(about, *core.identity_signers(ring), *(core.vouchers(ring) if announced else ()))
    row = Passport.objects.create(
        party=about.party,
        version=about.version,
        sha256=sha256(passport.note).hexdigest(),
        note=passport.note,
        ours=True,
        stored_by=by,
    )
    Journal.objects.create(official=by, did="passport.issued", about=str(row))
    return row


def take_back(note: bytes) -> None:
    """Keep a passport of ours that an old backup lacks: its number is taken, and its keys are announced.

    Raises:
        ComityError: It is no passport.
    """
    passport, last = core.Passport.parse(note), queries.own()
    if last is not None and passport.fingerprint == queries.read(last).fingerprint:
        Passport.objects.get_or_create(
            sha256=passport.digest,
            defaults={
                "party": passport.about.party,
                "version": passport.about.version,
                "note": note,
                "ours": True,
            },
        )


def describe(ring: Keyring, *, version: int, announcing: bool = False) -> Description:
    """What we say of ourselves today; keys that begin on a later day are announced beside those in force."""
    node, said, day = settings.NODE, particulars(), today()
    waits = isinstance(ring.begins, str) and (announcing or day < ring.begins)
    present = replace(ring, log=ring.retired.log[0], mirror=ring.retired.mirror[0]) if waits else ring
    return Description(
        party=node.party,
        version=version,
        issued=day,
        names=dict(node.names),
        languages=said.languages,
        address=node.address,
        keys=core.public_keys(present, witness=said.witness),
        sealing=[str(ring.recipient)],
        authorities=said.authorities,
        contacts=said.contacts,
        rotation=core.coming_keys(ring, str(ring.begins)) if waits else msgspec.UNSET,
    )


def names_what_signs(ring: Keyring, about: Description) -> bool:
    """Whether a passport of ours names the keys of the ring: those in force, or those that follow them."""
    waits = about.rotation is not msgspec.UNSET
    present = replace(ring, log=ring.retired.log[0], mirror=ring.retired.mirror[0]) if waits else ring
    named = core.public_keys(present, witness=bool(about.keys.witness)) == about.keys
    return named and (not waits or core.coming_keys(ring, str(ring.begins)) == about.rotation)


def particulars() -> Particulars:
    """Read ``passport.toml``.

    Raises:
        BadParticulars: It is missing or is not in its form.
    """
    path = settings.NODE.path / "passport.toml"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PARTICULARS_BYTES + 1)
    except OSError as missing:
        raise BadParticulars(
            f"no passport was issued: {path} cannot be read: {missing.strerror}"
        ) from missing
    if len(data) > MAX_PARTICULARS_BYTES:
        raise BadParticulars(f"no passport was issued: {path} has more than {MAX_PARTICULARS_BYTES} bytes")
    try:
        return msgspec.toml.decode(data, type=Particulars)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as fault:
        raise BadParticulars(f"no passport was issued: passport.toml: {fault}") from fault


def _says_the_same(old: Description, new: Description) -> bool:
    return msgspec.structs.replace(old, version=new.version, issued=new.issued) == new
