"""Keys whose secret halves are in a token: named in the keyring, never in it, and verified when they sign."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.channel.passport import identity_signers, issue, public_keys
from comity.errors import BadKeyring, BadSecretKey
from comity.keys.keyring import Keyring
from comity.keys.signing import Ed25519Key, KeyInToken, TokenSilent, verify_ed25519
from tests.core.channel.test_passport import about

ADDRESS = "pkcs11:token=comity;id=%01%02;type=private"
INSIDE = Ed25519Key.generate()


def token(uri: str, message: bytes) -> bytes:
    """A token that has one key."""
    assert uri == ADDRESS
    return INSIDE.sign(message)


def in_token(signs=token) -> KeyInToken:
    """The key of that token, as a keyring names it."""
    return KeyInToken(ADDRESS, INSIDE.public, signs)


def test_what_is_in_a_token_is_not_in_the_keyring() -> None:
    """Whoever takes the disk and the passphrase must still lack a signature."""
    ring = Keyring.generate("aa").rotate("log", in_token())

    written = ring.to_bytes(None)

    assert INSIDE.seed.hex().encode() not in written
    assert ADDRESS.encode() in written
    assert ring == Keyring.from_bytes(written, None, token=token)
    assert [("log", ADDRESS)] == [(use, key.uri) for use, key in ring.in_tokens]


def test_a_ring_is_read_without_the_token_and_signs_nothing_with_it() -> None:
    """A backup is examined on another machine."""
    written = Keyring.generate("aa").rotate("wire", in_token()).to_bytes(None)

    ring = Keyring.from_bytes(written, None)

    assert ring.wire.public == INSIDE.public
    with pytest.raises(TokenSilent):
        ring.wire.sign(b"words")


def test_a_token_signs_as_any_key_does() -> None:
    """Whoever verifies must not have to know where a key lies."""
    ring = Keyring.generate("aa").rotate("identity", in_token())

    passport = issue(about(keys=public_keys(ring, witness=True)), *identity_signers(ring))

    assert passport.keys["identity"][0].public == INSIDE.public
    assert str(passport.keys["identity"][0]) == public_keys(ring, witness=False).identity[0]
    assert verify_ed25519(INSIDE.public, ring.identity.ed25519.sign(b"words"), b"words")


@pytest.mark.parametrize(
    "answer",
    [b"", bytes(64), Ed25519Key.generate().sign(b"words"), INSIDE.sign(b"other")],
    ids=["nothing", "zeroes", "another key's", "of other words"],
)
def test_what_a_token_gives_is_verified_before_it_is_used(answer: bytes) -> None:
    """A token that was exchanged, or is broken, must not make a log nobody can verify."""
    with pytest.raises(TokenSilent):
        in_token(lambda _uri, _message: answer).sign(b"words")


def test_no_key_in_a_token_is_drawn_outside_of_one() -> None:
    """What is renewed without a token is an ordinary key, and says so."""
    ring = Keyring.generate("aa").rotate("wire", in_token())

    renewed = ring.rotate("wire")

    assert not isinstance(renewed.wire, KeyInToken)
    assert renewed.retired.wire[0] == in_token()
    for draw in (KeyInToken.generate, lambda: KeyInToken.from_seed(bytes(32))):
        with pytest.raises(BadSecretKey):
            draw()


@pytest.mark.parametrize(
    "text",
    [
        "pkcs11:",
        f"pkcs11:?comity-public={'0' * 64}",
        f"{ADDRESS}?comity-public={'00' * 32}",  # a point of small order
        f"{ADDRESS}?comity-public={INSIDE.public.hex().upper()}",
        f"{ADDRESS} x?comity-public={INSIDE.public.hex()}",
        f"{ADDRESS}?comity-public={INSIDE.public.hex()}\n",
    ],
)
def test_an_address_that_is_none_is_no_key(text: str) -> None:
    """A keyring may have been edited."""
    document = json.loads(Keyring.generate("aa").to_bytes(None))
    document["wire"] = text

    with pytest.raises(BadKeyring):
        Keyring.from_bytes(json.dumps(document, indent=2).encode() + b"\n", None)


def test_only_ed25519_may_be_in_a_token() -> None:
    """An ML-DSA key that is said to be in one is a keyring somebody tampered with."""
    document = json.loads(Keyring.generate("aa").to_bytes(None))
    document["log"]["mldsa44"] = str(in_token())

    with pytest.raises(BadKeyring):
        Keyring.from_bytes(json.dumps(document, indent=2).encode() + b"\n", None)


@given(st.text(max_size=200))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    """It must not get past as something else."""
    with pytest.raises(BadSecretKey):
        KeyInToken.parse(text, None)
