"""Who is calling: the signature covers method, target and body, and nothing else answers."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from http_message_signatures import HTTPMessageSigner
from hypothesis import given
from hypothesis import strategies as st

from comity.keys.keyring import Keyring
from comity_node import signatures
from comity_node.register import models
from tests.node.wire.posting import PATH, bundle, post, send

KEYS = Keyring.generate("bb")
KNOWN = {"bb": KEYS.wire.public}
URL = "http://aa.test/wire/bundle"
SIGNED_AT = timezone.now()
SIGNED = signatures.sign("POST", URL, b"body", party="bb", key=KEYS.wire, at=SIGNED_AT)


def caller(method="POST", url=URL, headers=SIGNED, body=b"body"):
    """Whom these say they come from."""
    return signatures.caller(method, url, headers, lambda _: body, keys=KNOWN)


def test_a_signed_request_names_its_sender_and_its_time() -> None:
    """Whose answer may be given, and how far the clocks are apart."""
    said = caller()

    assert ("bb", b"body") == (said.party, said.body)
    assert SIGNED_AT.replace(microsecond=0) == said.at


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "PUT"},
        {"url": "http://aa.test/wire/other"},
        {"url": "http://cc.test/wire/bundle"},
        {"url": URL + "?more"},
        {"body": b"other"},
        {"body": b""},
    ],
    ids=str,
)
def test_a_request_changed_on_the_way_is_nobodys(changed) -> None:
    """Method, target and body are under the signature."""
    with pytest.raises(signatures.NotAuthenticated):
        caller(**changed)


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in SIGNED.items() if key.lower() != name}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        _without("signature"),
        _without("signature-input"),
        _without("content-digest"),
        SIGNED | {"Signature-Input": SIGNED["Signature-Input"].replace("bb", "cc")},
        SIGNED | {"Signature-Input": SIGNED["Signature-Input"].replace("comity-wire", "other")},
        SIGNED | {"Signature-Input": re.sub(r'"content-digest"', "", SIGNED["Signature-Input"])},
        SIGNED | {"Signature-Input": re.sub(r"created=\d+", "created=1", SIGNED["Signature-Input"])},
        SIGNED | {"Signature-Input": re.sub(r"created=\d+;", "", SIGNED["Signature-Input"])},
        SIGNED
        | {"Signature-Input": re.sub(r"created=\d+", "created=999999999999999", SIGNED["Signature-Input"])},
        SIGNED | {"Signature": "comity=:AAAA:"},
        SIGNED | {"Signature": "\ud800"},
    ],
)
def test_a_request_without_the_whole_signature_is_nobodys(headers) -> None:
    """What is not covered could be anything."""
    with pytest.raises(signatures.NotAuthenticated):
        caller(headers=headers)


def test_a_signature_by_another_key_is_nobodys() -> None:
    """The name of a party is known to all; its key is not."""
    forged = signatures.sign(
        "POST", URL, b"body", party="bb", key=Keyring.generate("bb").wire, at=timezone.now()
    )

    with pytest.raises(signatures.NotAuthenticated):
        caller(headers=forged)


@pytest.mark.parametrize("days", [-2, -1, 1, 2])
def test_a_clock_days_off_still_speaks(days) -> None:
    """Ahead and behind alike: a wrong clock is reported, not punished."""
    at = timezone.now() + timedelta(days=days)
    headers = signatures.sign("POST", URL, b"body", party="bb", key=KEYS.wire, at=at)

    assert at.replace(microsecond=0) == caller(headers=headers)[1]


@pytest.mark.parametrize("days", [-30, 30])
def test_a_request_of_another_month_is_refused(days) -> None:
    """What was recorded long ago is not to be played again for ever."""
    at = timezone.now() + timedelta(days=days)
    headers = signatures.sign("POST", URL, b"body", party="bb", key=KEYS.wire, at=at)

    with pytest.raises(signatures.NotAuthenticated):
        caller(headers=headers)


@given(
    name=st.sampled_from(["Signature", "Signature-Input", "Content-Digest"]),
    start=st.integers(0, 300),
    length=st.integers(0, 40),
    piece=st.text(max_size=30)
    | st.sampled_from(["9" * 5000, "-1", "(" * 900, ";;", "\r\n", "comity=()", ":"]),
)
def test_only_comity_errors_escape_the_reader_of_signatures(name, start, length, piece) -> None:
    """Headers are chosen by strangers."""
    value = SIGNED[name]
    changed = value[:start] + piece + value[start + length :]

    for headers in (SIGNED | {name: changed}, SIGNED | {name: piece}):
        with suppress(signatures.NotAuthenticated):
            assert "bb" == caller(headers=headers)[0]


def test_a_body_nobody_signed_for_is_not_read() -> None:
    """Sixty-four MiB from each of so many strangers would be the memory of the node."""
    read = []
    forged = signatures.sign(
        "POST", URL, b"body", party="bb", key=Keyring.generate("bb").wire, at=timezone.now()
    )

    for headers in ({}, forged):
        with pytest.raises(signatures.NotAuthenticated):
            signatures.caller("POST", URL, headers, lambda _: read.append(1) or b"body", keys=KNOWN)

    assert [] == read


@pytest.mark.django_db
def test_an_unsigned_request_learns_nothing(boris) -> None:
    """A stranger sees the same for a channel that exists and one that does not."""
    there = send(bundle(boris).encode(), {})
    not_there = send(bundle(boris, channel="ponmlkjihgfedcba").encode(), {})

    assert 401 == there.status_code == not_there.status_code
    assert there.content == not_there.content
    assert not models.Delivery.objects.exists()


@pytest.mark.django_db
def test_a_request_signed_for_another_target_or_node_is_refused(boris) -> None:
    """A delivery to one node is no delivery to another."""
    body = bundle(boris).encode()
    for url in (settings.NODE.address + "/wire/other", "http://cc.test" + PATH):
        headers = signatures.sign("POST", url, body, party="bb", key=boris.keys.wire, at=timezone.now())
        assert 401 == send(body, headers).status_code
    assert 401 == post(body, boris.keys, method="PUT").status_code
    assert 401 == post(body, Keyring.generate("bb")).status_code
    assert 401 == post(body, Keyring.generate("cc")).status_code


def test_what_we_sign_is_what_the_library_would_write() -> None:
    """The lines are written out for speed; they are those of RFC 9421 to the letter."""
    message = signatures.Message("POST", URL, {})
    signer = HTTPMessageSigner(
        signature_algorithm=signatures.Ed25519, key_resolver=signatures._Keys({"bb": KEYS.wire})
    )
    signer.sign(
        message,
        key_id="bb",
        created=SIGNED_AT,
        tag=signatures.TAG,
        label=signatures.LABEL,
        covered_component_ids=signatures.COMPONENTS,
        body=b"body",
    )

    assert dict(message.headers) == SIGNED
