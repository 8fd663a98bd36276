"""Boris's node as ours sees it: a passport our officers confirmed, a wire key, and whatever he posts."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from django.utils import timezone

from comity.channel.bundle import Bundle, read_bundle
from comity.channel.description import Authority, Description
from comity.channel.passport import identity_signers, issue, public_keys
from comity.mirror import give_receipt
from comity_node import signatures
from comity_node.counterparts import queries as counterparts
from comity_node.counterparts import services as trust
from comity_node.register import queries

PATH = "/wire/bundle"


def passport(keys, *, address: str = "http://bb.test") -> bytes:
    """A party's first passport."""
    office = Authority(code="office", names={"en": "Central Office"}, role="central", powers=["request"])
    said = Description(
        party=keys.party,
        version=1,
        issued="2026-01-01",
        names={"en": keys.party.upper()},
        languages=["en"],
        address=address,
        keys=public_keys(keys, witness=False),
        sealing=[str(keys.recipient)],
        authorities=[office],
        contacts=[],
    )
    return issue(said, *identity_signers(keys)).note


def confirm(keys, by) -> None:
    """Import a passport and hold the ceremony."""
    row = trust.import_passport(passport(keys))
    digits = counterparts.read(row).fingerprint.digits
    trust.hold_ceremony(row, by=by, fingerprint=digits, path="telephone", with_whom="Boris")


def bundle(boris, start: int = 0, **changed) -> Bundle:
    """What Boris would deliver: his log from ``start``, and his receipt for all of ours."""
    own = queries.own_log(boris.channel)
    said = {
        "channel": boris.channel,
        "sender": boris.party,
        "receiver": settings.NODE.party,
        "start": start,
        "checkpoint": boris.checkpoint(),
        "entries": tuple(boris.leaves[start:]),
        "payloads": tuple(one for one in boris.payloads[start:] if one is not None),
        "cosignatures": receipts(boris) if own and own.size else (),
    }
    return Bundle(**(said | changed))


def receipts(boris) -> tuple[bytes, ...]:
    """Boris's receipt for the whole of our log."""
    own = queries.own_log(boris.channel)
    return (give_receipt(bytes(own.checkpoint), boris.mirror_signers(int(timezone.now().timestamp()))),)


def post(body: bytes, keys, *, method: str = "POST", at=None, party: str = "", target: str = PATH, **headers):
    """Send a request signed by these keys."""
    signed = signatures.sign(
        method,
        settings.NODE.address + target,
        body,
        party=party or keys.party,
        key=keys.wire,
        at=at or timezone.now(),
    )
    return send(body, signed | headers)


def send(body: bytes, headers: dict[str, str]):
    """Send a request with these headers."""
    return Client().post(PATH, body, content_type="application/octet-stream", headers=headers)


def answer(response) -> Bundle:
    """The delivery that came back."""
    assert 200 == response.status_code, response.content
    return read_bundle(response.content)
