"""The key and certificate under letters: kept like the keyring, and never mistaken for another."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import BadLetterKey, BadName, WrongPassphrase
from comity.keys.certificate import LASTS, MAX_LETTER_KEY_SIZE, LetterKey, fingerprint

NOW = datetime(2026, 5, 3, 12, 0, 1, 500, tzinfo=UTC)


@pytest.fixture(scope="module")
def key():
    """A key of Arland's."""
    return LetterKey.generate("aa", "Arland", now=NOW)


def test_what_is_written_is_read_back(key):
    """A letter of last year must still be of the certificate a counterpart compared then."""
    again = LetterKey.from_bytes(key.to_bytes(None), None)

    assert (key.der, key.party) == (again.der, again.party)
    assert key.secret.private_numbers() == again.secret.private_numbers()


def test_under_a_passphrase_nothing_of_it_can_be_read(key):
    """It signs in the party's name: on disk it deserves what the keyring has."""
    sealed = key.to_bytes("a long passphrase")

    assert key.der.hex().encode() not in sealed
    assert key.der == LetterKey.from_bytes(sealed, "a long passphrase").der
    for other in ("another", "", None):
        with pytest.raises(WrongPassphrase):
            LetterKey.from_bytes(sealed, other)


def test_an_empty_passphrase_is_refused(key):
    """It would look sealed, and protect nothing."""
    with pytest.raises(WrongPassphrase):
        key.to_bytes("")


def test_a_signature_is_by_the_key_of_the_certificate(key):
    """Readers of PDF check the one with the other."""
    key.certificate.public_key().verify(key.sign(b"text"), b"text", ec.ECDSA(hashes.SHA256()))


def test_the_certificate_says_whose_it_is_and_for_what(key):
    """It signs letters and issues nothing; it names the party as the protocol's keys do."""
    names = {one.oid._name: one.value for one in key.certificate.subject}
    usage = key.certificate.extensions.get_extension_for_class(x509.KeyUsage).value

    assert {"countryName": "AA", "organizationName": "Arland", "commonName": "aa.comity/letters"} == names
    assert (True, True, False) == (usage.digital_signature, usage.content_commitment, usage.key_cert_sign)
    assert NOW.replace(microsecond=0) + LASTS == key.ends


@pytest.mark.parametrize("name", ["", " ", "Ёлка " * 60])
def test_any_name_of_a_party_makes_a_certificate(name):
    """A name that is too long for the form must not leave a node without letters."""
    assert LetterKey.generate("x-somewhere", name, now=NOW).der


def test_no_certificate_for_what_is_no_party():
    """The code stands in the certificate as it would in an entry."""
    with pytest.raises(BadName):
        LetterKey.generate("Arland", "Arland", now=NOW)


def test_a_certificate_of_another_key_is_refused(key):
    """Every signature made with it would be wrong, and only a counterpart would notice."""
    other = json.loads(LetterKey.generate("aa", "Arland", now=NOW).to_bytes(None))
    mixed = json.dumps({**json.loads(key.to_bytes(None)), "certificate": other["certificate"]}).encode()

    with pytest.raises(BadLetterKey):
        LetterKey.from_bytes(mixed, None)


@given(
    data=st.binary(max_size=300) | st.dictionaries(st.text(), st.text()).map(lambda d: json.dumps(d).encode())
)
def test_whatever_is_no_such_file_is_refused_by_name(data):
    """A damaged file must lead to the backup, not to a trace."""
    with pytest.raises((BadLetterKey, WrongPassphrase)):
        LetterKey.from_bytes(data, "x")


def test_a_file_larger_than_any_key_is_refused():
    """It is somebody's mistake, and not read into memory twice."""
    with pytest.raises(BadLetterKey):
        LetterKey.from_bytes(b" " * (MAX_LETTER_KEY_SIZE + 1), None)


def test_a_fingerprint_is_of_the_whole_certificate(key):
    """Groups are compared by voice; one other bit gives other groups."""
    groups = key.fingerprint.split()

    assert [4] * 16 == [len(group) for group in groups]
    assert key.fingerprint != fingerprint(key.der[:-1] + bytes([key.der[-1] ^ 1]))
