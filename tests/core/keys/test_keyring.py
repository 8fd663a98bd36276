"""The keyring: what it keeps, what it replaces, and that nothing of it leaks."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from comity.errors import BadKeyring, BadName, WrongPassphrase
from comity.keys.keyring import MAX_KEYRING_SIZE, Keyring, Role
from comity.keys.sealing import X25519Identity, open_sealed, seal
from comity.keys.signing import verify_mldsa44


@pytest.fixture(scope="module")
def ring() -> Keyring:
    """Return a keyring of state A with something retired in every role."""
    ring = Keyring.generate("aa")
    for role in get_args(Role):
        ring = ring.rotate(role)
    return ring


def changed(ring: Keyring, **fields: object) -> bytes:
    """Return the written ring with some of its fields replaced."""
    return json.dumps(json.loads(ring.to_bytes(None)) | fields, indent=2).encode() + b"\n"


def test_a_ring_is_read_back_whole(ring: Keyring) -> None:
    """A backup that loses one retired key loses every payload sealed to it."""
    written = ring.to_bytes(None)

    assert ring == Keyring.from_bytes(written, None)
    assert ring == Keyring.from_bytes(written, "not needed")


def test_a_ring_under_a_passphrase_opens_with_it_alone(ring: Keyring) -> None:
    """A stolen disk must not be a stolen identity."""
    written = ring.to_bytes("correct horse")

    assert ring.wire.seed.hex().encode() not in written
    assert ring == Keyring.from_bytes(written, "correct horse")
    for passphrase in ("another", "", None):
        with pytest.raises(WrongPassphrase):
            Keyring.from_bytes(written, passphrase)


def test_an_empty_passphrase_is_not_taken_for_one(ring: Keyring) -> None:
    """A variable set to nothing must not look like protection."""
    with pytest.raises(WrongPassphrase):
        ring.to_bytes("")


@pytest.mark.parametrize("role", get_args(Role))
def test_a_rotated_key_is_new_and_the_old_one_kept(role: Role) -> None:
    """Old signatures must stay attributable and old payloads readable."""
    before = Keyring.generate("aa")

    after = before.rotate(role).rotate(role)

    assert getattr(before, role) != getattr(after, role)
    assert getattr(before, role) == getattr(after.retired, role)[-1]
    assert 2 == len(getattr(after.retired, role))
    assert all(getattr(before, other) == getattr(after, other) for other in get_args(Role) if other != role)


def test_payloads_open_across_a_rotation() -> None:
    """Material of a case outlives any key."""
    before = Keyring.generate("aa")
    sealed = seal(b"statement", [before.recipient])

    after = before.rotate("sealing")

    assert b"statement" == open_sealed(sealed, after.opening)
    assert before.recipient != after.recipient


def test_a_new_passport_can_be_signed_by_the_old_identity() -> None:
    """A counterpart accepts a new identity only on the word of the one it trusts."""
    before = Keyring.generate("aa")

    old = before.rotate("identity").retired.identity[0]

    assert verify_mldsa44(before.identity.mldsa44.public, old.mldsa44.sign(b"passport"), b"passport")


def test_no_secret_is_shown(ring: Keyring) -> None:
    """Error pages and logs print objects."""
    shown = repr(ring)

    assert all(word not in shown for word in ring.to_bytes(None).decode().split('"') if len(word) >= 64)


def test_only_a_party_has_keys() -> None:
    """The party code becomes part of every key's name."""
    with pytest.raises(BadName):
        Keyring.generate("Not A Party")


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"party": "NOT"},
        {"party": None},
        {"wire": "00"},
        {"wire": "zz" * 32},
        {"wire": "AA" * 32},
        {"wire": 5},
        {"sealing": "AGE-SECRET-KEY-1"},
        {"sealing": str(X25519Identity.generate())},
        {"log": {}},
        {"retired": {"log": [{}]}},
        {"note": "added by hand"},
    ],
)
def test_a_ring_changed_by_hand_is_refused(ring: Keyring, change: dict[str, object]) -> None:
    """A damaged keyring is noticed when the node starts, not when a key is needed."""
    with pytest.raises(BadKeyring):
        Keyring.from_bytes(changed(ring, **change), None)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"null", b"\xff", b"[" * 100_000, b" " * (MAX_KEYRING_SIZE + 1)]
)
def test_what_is_not_a_ring_is_refused(data: bytes) -> None:
    """Whatever lies where the keyring should be, the node says so and stops."""
    with pytest.raises(BadKeyring):
        Keyring.from_bytes(data, None)
