"""What is pushed to a browser is sealed as browsers open it, and signed as push services check it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from comity.errors import BadPublicKey, BadSecretKey
from comity.keys import push

# RFC 8291, section 5 and appendix A.
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
RECEIVER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
RECEIVER_SECRET = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
SENDER_SECRET = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
WORD = b"When I grow up, I want to be a watermelon"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
    "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def octets(text):
    """What a text in base64 for addresses stands for."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def secret_of(text):
    """The private key whose number this is."""
    return ec.derive_private_key(int.from_bytes(octets(text), "big"), ec.SECP256R1())


def opened(sealed, secret, auth):
    """Open as a browser does: RFC 8188, written from the receiver's end."""
    salt, size, sender = sealed[:16], sealed[20], sealed[21:86]
    assert (65, 4096) == (size, int.from_bytes(sealed[16:20], "big"))
    own = secret.public_key().public_numbers()
    point = b"\x04" + own.x.to_bytes(32, "big") + own.y.to_bytes(32, "big")
    shared = secret.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))

    def derived(material, salt, info, length):
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(material)

    material = derived(shared, octets(auth), b"WebPush: info\x00" + point + sender, 32)
    key = derived(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = derived(material, salt, b"Content-Encoding: nonce\x00", 12)
    return AESGCM(key).decrypt(nonce, sealed[86:], None).removesuffix(b"\x02")


def test_the_vector_of_the_specification_is_met_to_the_byte():
    """A browser of another maker opens what we seal, or nobody is woken."""
    sealed = push.sealed_with(secret_of(SENDER_SECRET), octets(SALT), WORD, p256dh=RECEIVER, auth=AUTH)

    assert octets(SEALED) == sealed
    assert WORD == opened(sealed, secret_of(RECEIVER_SECRET), AUTH)


def test_no_two_sealings_of_a_word_are_alike():
    """One key and nonce used twice would give both words away."""
    sealed = [push.seal(WORD, p256dh=RECEIVER, auth=AUTH) for _ in range(2)]

    assert sealed[0] != sealed[1]
    assert [WORD, WORD] == [opened(one, secret_of(RECEIVER_SECRET), AUTH) for one in sealed]


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH),
        ("AAAA", AUTH),
        ("é", AUTH),
        (RECEIVER, ""),
        (RECEIVER, "AAAA"),
        ("A" * 999, AUTH),
        ("!!", AUTH),
    ],
)
def test_what_is_no_subscription_is_refused(p256dh, auth):
    """Keys come from a browser, and anybody signed in can write them by hand."""
    with pytest.raises(BadPublicKey):
        push.must_be_subscribed(p256dh, auth)


def test_a_service_can_check_who_sends():
    """The claims name the service, an end and a contact; the signature is that of the key sent along."""
    key = push.PushKey.from_text(push.PushKey.generate().to_text())
    until = datetime(2026, 3, 2, 12, tzinfo=UTC)

    said = key.authorization("https://push.example", contact="https://aa.example", until=until)

    token, public = said.removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    r, s = (int.from_bytes(octets(signature)[at : at + 32], "big") for at in (0, 32))
    held = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), octets(public))
    held.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert {"typ": "JWT", "alg": "ES256"} == json.loads(octets(head))
    assert {
        "aud": "https://push.example",
        "exp": int(until.timestamp()),
        "sub": "https://aa.example",
    } == json.loads(octets(claims))


@pytest.mark.parametrize("text", ["", "zz", "0"])
def test_what_is_no_key_is_refused(text):
    """A file that was cut off must not become another key."""
    with pytest.raises(BadSecretKey):
        push.PushKey.from_text(text)


def test_a_topic_fits_and_differs():
    """A service takes 32 characters; two words must not replace one another."""
    assert [32, 32] == [len(push.topic(one)) for one in ("a", "b")]
    assert push.topic("a") != push.topic("b")
