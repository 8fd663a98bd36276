"""Only our own errors come out of what reads a counterpart's bytes or an official's typing."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from comity.errors import BadFingerprint, ComityError
from comity.keys.fingerprint import LANGUAGES, Fingerprint
from comity.keys.keyring import Keyring
from comity.keys.sealing import (
    HybridIdentity,
    check_hybrid_public,
    check_x25519_public,
    open_sealed,
    parse_identity,
    parse_recipient,
    remove_armor,
    seal,
    stanza_count,
)
from comity.keys.sealing.bech32 import decode, encode
from comity.keys.sealing.canonical import decode_base64, encode_base64
from comity.keys.signing import check_ed25519_public, verify_ed25519, verify_mldsa44

OURS = HybridIdentity(bytes(32))
SEALED = seal(b"content", [OURS.recipient()])
ARMORED = b"-----BEGIN AGE ENCRYPTED FILE-----\n"
header_lines = st.lists(
    st.sampled_from(
        [b"age-encryption.org/v1", b"-> X25519 ", b"-> mlkem768x25519 ", b"---", b"--- ", b"A" * 43]
    )
    | st.binary(max_size=70),
    max_size=8,
).map(b"\n".join)
files = st.binary(max_size=300) | header_lines | st.binary(max_size=99).map(lambda end: SEALED[:2000] + end)
texts = st.text(max_size=80) | st.sampled_from(["age1", "age1pq1", "AGE-SECRET-KEY-1"]).flatmap(
    lambda start: st.text(max_size=80).map(lambda rest: start + rest)
)


@given(files)
def test_only_our_errors_come_out_of_a_sealed_file(file: bytes) -> None:
    """A foreign exception would take the node's page down with it."""
    for read in (lambda: open_sealed(file, [OURS]), lambda: stanza_count(file)):
        with suppress(ComityError):
            read()


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda rest: ARMORED + rest))
def test_only_our_errors_come_out_of_armor(text: bytes) -> None:
    """Anything may be pasted."""
    with suppress(ComityError):
        remove_armor(text)


@given(texts)
def test_only_our_errors_come_out_of_written_keys(text: str) -> None:
    """Recipients come from passports, identities from backups; either may be damaged."""
    for parse in (parse_recipient, parse_identity, Fingerprint.parse):
        with suppress(ComityError):
            parse(text)


@given(st.binary(max_size=80) | st.binary(min_size=32, max_size=32) | st.binary(min_size=1216, max_size=1216))
def test_only_our_errors_come_out_of_public_keys(public: bytes) -> None:
    """A passport may carry anything where a key should be."""
    for check in (check_ed25519_public, check_x25519_public, check_hybrid_public):
        with suppress(ComityError):
            check(public)
    assert not verify_ed25519(public, public * 2, b"message") or public == public[:32]
    assert not verify_mldsa44(public, public, b"message")


@given(
    st.binary(max_size=300)
    | st.recursive(st.none() | st.text(), st.lists).map(lambda value: repr(value).encode())
)
def test_only_our_errors_come_out_of_a_keyring(data: bytes) -> None:
    """The file may have been damaged, or be another file."""
    with suppress(ComityError):
        Keyring.from_bytes(data, "passphrase")


@given(st.binary(max_size=200))
def test_base64_and_bech32_have_one_spelling(value: bytes) -> None:
    """Every value is written in one way, and read back from that way alone."""
    assert value == decode_base64(encode_base64(value))
    assert ("age", value) == decode(encode("age", value))


@given(st.binary(max_size=60))
def test_a_spelling_that_is_read_is_the_one_that_is_written(spelled: bytes) -> None:
    """Two spellings of one value would make a header malleable."""
    value = decode_base64(spelled)

    assert value is None or encode_base64(value) == spelled


@given(st.binary(max_size=40), st.sampled_from(LANGUAGES))
def test_every_fingerprint_is_read_back(data: bytes, language: str) -> None:
    """Whatever the passport, what one official reads aloud the other can type."""
    mark = Fingerprint.of(data)

    assert mark.matches(mark.digits)
    assert mark.matches(mark.words(language))


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["abandon", "zoo", "абзац"]), min_size=18, max_size=18).map(" ".join)
)
def test_a_fingerprint_is_read_or_refused(typed: str) -> None:
    """What is read prints back to what was meant."""
    try:
        mark = Fingerprint.parse(typed)
    except BadFingerprint:
        return
    assert mark.matches(mark.digits)
