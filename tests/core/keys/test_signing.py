"""Signing and verifying, and which public keys may be registered."""

from __future__ import annotations

import pytest

from comity.errors import BadPublicKey, BadSecretKey
from comity.keys.signing import (
    Ed25519Key,
    MLDSA44Key,
    check_ed25519_public,
    check_mldsa44_public,
    verify_ed25519,
    verify_mldsa44,
)
from tests.core.keys.vectors import ed25519

KINDS = [(Ed25519Key, verify_ed25519), (MLDSA44Key, verify_mldsa44)]
both_kinds = pytest.mark.parametrize(("kind", "verify"), KINDS, ids=["ed25519", "mldsa44"])


@both_kinds
def test_a_seed_is_the_whole_key(kind, verify) -> None:
    """A backup holds seeds only; a key restored from one must be the key that signed."""
    key = kind.generate()

    restored = kind.from_seed(key.seed)

    assert key == restored
    assert hash(key) == hash(restored)
    assert verify(key.public, restored.sign(b"message"), b"message")


@both_kinds
def test_a_signature_binds_message_and_key(kind, verify) -> None:
    """Whoever changes either must not keep the signature."""
    key, other = kind.from_seed(bytes(32)), kind.from_seed(bytes([1]) * 32)

    signature = key.sign(b"message")

    assert verify(key.public, signature, b"message")
    assert not verify(key.public, signature, b"massage")
    assert not verify(other.public, signature, b"message")
    assert key != other


@both_kinds
@pytest.mark.parametrize("size", [0, 1, 31, 32, 64, 1312, 2420])
def test_what_is_not_a_signature_or_key_is_simply_not_valid(kind, verify, size: int) -> None:
    """A hostile note must end in a refusal, never in an error nobody foresaw."""
    key = kind.from_seed(bytes(32))

    assert not verify(key.public, bytes(size), b"message")
    assert not verify(bytes(size), key.sign(b"message"), b"message")


@both_kinds
@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_seed_of_another_length_is_refused(kind, verify, size: int) -> None:
    """A seed cut short by a bad copy would otherwise quietly become another key."""
    with pytest.raises(BadSecretKey):
        kind.from_seed(bytes(size))


@both_kinds
def test_a_seed_is_never_shown(kind, verify) -> None:
    """Logs and error pages print objects; a seed printed once is a key lost."""
    key = kind.generate()

    assert key.seed.hex() not in repr(key)
    assert repr(key.seed) not in repr(key)


def test_keys_of_two_kinds_are_never_equal() -> None:
    """One seed may serve two algorithms; the keys remain different keys."""
    assert Ed25519Key.from_seed(bytes(32)) != MLDSA44Key.from_seed(bytes(32))


def test_published_unusual_points_verify_as_openssl_does() -> None:
    """A change of library must not change which old signatures stand."""
    for vector in ed25519():
        flags = set(vector["flags"] or ())
        key, signature = bytes.fromhex(vector["key"]), bytes.fromhex(vector["sig"])

        valid = verify_ed25519(key, signature, vector["msg"].encode())

        assert valid is not bool(flags & {"low_order_residue", "non_canonical_R"}), vector


def test_every_published_small_order_or_misspelled_key_is_refused() -> None:
    """Under such a key one signature fits many messages: it must never get into a passport."""
    refused = {v["key"] for v in ed25519() if {"low_order_A", "non_canonical_A"} & set(v["flags"] or ())}

    assert 14 == len(refused)
    for key in refused:
        with pytest.raises(BadPublicKey):
            check_ed25519_public(bytes.fromhex(key))


def test_every_other_published_key_may_be_registered() -> None:
    """The check must not turn away keys that bind their holder."""
    for vector in ed25519():
        if not {"low_order_A", "non_canonical_A"} & set(vector["flags"] or ()):
            check_ed25519_public(bytes.fromhex(vector["key"]))


def test_a_public_key_of_another_length_is_refused() -> None:
    """Length is the first thing wrong with a damaged passport."""
    check_mldsa44_public(MLDSA44Key.generate().public)
    with pytest.raises(BadPublicKey):
        check_mldsa44_public(bytes(1311))
    with pytest.raises(BadPublicKey):
        check_ed25519_public(bytes(33))
