"""The key and certificate under formal letters: what readers of signed PDF understand, beside the keyring.

Nothing in the protocol rests on it. Readers of PDF know neither Ed25519 nor ML-DSA, so a letter is signed
with ECDSA on P-256, under a certificate the party issues to itself. Whose it is, nobody but the party can
say: a counterpart compares its fingerprint over another path, as it does with a passport.

Follows: docs/spec/letters.md; RFC 5280.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, Self

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from comity.errors import BadLetterKey, BadName
from comity.forms import learnt
from comity.keys import at_rest
from comity.names import party_code

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LETTER_KEY_SIZE: Final = 64 * 1024
LASTS: Final = timedelta(days=3652)
SHA256: Final = "sha256"

_CURVE: Final = ec.SECP256R1()
_SCALAR: Final = 32
_LONGEST_NAME: Final = 64  # RFC 5280, ub-organization-name
_GROUP: Final = 4


@learnt
class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file: the private number and the certificate, in hexadecimal."""

    v: Literal[1] = 1
    party: str
    key: str
    certificate: str


@dataclass(frozen=True, slots=True)
class LetterKey:
    """What a party signs its letters with, and the certificate that goes with every signature."""

    party: str
    secret: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def generate(cls, party: str, name: str, *, now: datetime) -> Self:
        """Draw a key and have it issue a certificate to itself.

        Args:
            party: Whose letters it signs.
            name: The party's name, as a reader of PDF shows it.
            now: From when it is good.

        Raises:
            BadName: ``party`` is not a party code.
        """
        secret = ec.generate_private_key(_CURVE)
        return cls(party, secret, _issued(party_code(party), name, secret, now.astimezone(UTC)))

    @property
    def der(self) -> bytes:
        """The certificate as readers of PDF take it."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in groups as it is read aloud."""
        return fingerprint(self.der)

    @property
    def ends(self) -> datetime:
        """Until when it is good."""
        return self.certificate.not_valid_after_utc

    def sign(self, data: bytes) -> bytes:
        """Sign with ECDSA over SHA-256; the signature is in the form X9.62 gives."""
        return self.secret.sign(data, ec.ECDSA(hashes.SHA256()))

    def to_bytes(self, passphrase: str | None) -> bytes:
        """Write both, sealed under ``passphrase`` unless that is None.

        Raises:
            WrongPassphrase: It is empty, which would protect nothing.
        """
        number = self.secret.private_numbers().private_value
        kept = _Kept(party=self.party, key=number.to_bytes(_SCALAR).hex(), certificate=self.der.hex())
        text = msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n"
        return at_rest.lock(text, passphrase, what="key for letters")

    @classmethod
    def from_bytes(cls, data: bytes, passphrase: str | None) -> Self:
        """Read both back.

        Raises:
            WrongPassphrase: The file is sealed and the passphrase is missing or another.
            BadLetterKey: It is not such a file, or its certificate is of another key.
        """
        if len(data) > MAX_LETTER_KEY_SIZE:
            raise BadLetterKey(
                f"the key for letters was not read: it has more than {MAX_LETTER_KEY_SIZE} bytes"
            )
        try:
            kept = msgspec.json.decode(at_rest.unlock(data, passphrase, what="key for letters"), type=_Kept)
            secret = ec.derive_private_key(int.from_bytes(bytes.fromhex(kept.key)), _CURVE)
            certificate = x509.load_der_x509_certificate(bytes.fromhex(kept.certificate))
            party = party_code(kept.party)
        except (msgspec.MsgspecError, ValueError, RecursionError, BadName):
            raise BadLetterKey("the key for letters was not read: it does not have the form of one") from None
        if certificate.public_key() != secret.public_key():
            raise BadLetterKey("the key for letters was not read: its certificate is of another key")
        return cls(party, secret, certificate)


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate: sixteen groups of four hexadecimal digits."""
    digits = hashlib.sha256(der).hexdigest().upper()
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def _issued(party: str, name: str, secret: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    subject = x509.Name(list(_subject(party, name)))
    public = secret.public_key()
    usage = dict.fromkeys(_USES, False) | {"digital_signature": True, "content_commitment": True}
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.replace(microsecond=0))
        .not_valid_after(now.replace(microsecond=0) + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(secret, hashes.SHA256())
    )


_USES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _subject(party: str, name: str) -> Iterator[x509.NameAttribute[str]]:
    """Country where the code is one, name, and the name of the key as the protocol's other keys are named."""
    if len(party) == 2:
        yield x509.NameAttribute(NameOID.COUNTRY_NAME, party.upper())
    if name.strip():
        yield x509.NameAttribute(NameOID.ORGANIZATION_NAME, name.strip()[:_LONGEST_NAME])
    yield x509.NameAttribute(NameOID.COMMON_NAME, f"{party}.comity/letters")
