"""The keys of a party: one pair or key for each thing it does, and those it has retired.

Retired keys stay. What was sealed to them must still open, and a new passport is signed by the identity it
replaces. At rest the ring is JSON, in an age passphrase file where one is wanted (docs/spec/sealing.md,
"Keyring"): our own disk is the only place where passphrases are used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, Self

import msgspec

from comity.errors import BadKeyring, BadName, BadSecretKey
from comity.keys import at_rest
from comity.keys.sealing import HybridIdentity, HybridRecipient, parse_identity
from comity.keys.signing import Ed25519Key, MLDSA44Key
from comity.names import party_code

MAX_KEYRING_SIZE: Final = 1024 * 1024

_SIGNING_KEYS: Final[dict[type, type[Ed25519Key | MLDSA44Key]]] = {
    kind: kind for kind in (Ed25519Key, MLDSA44Key)
}

Role = Literal["identity", "log", "mirror", "witness", "wire", "sealing"]


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Two keys that sign together, so that a signature stands while either algorithm does."""

    ed25519: Ed25519Key
    mldsa44: MLDSA44Key

    @classmethod
    def generate(cls) -> Self:
        """Draw a new pair."""
        return cls(Ed25519Key.generate(), MLDSA44Key.generate())


@dataclass(frozen=True, slots=True)
class Retired:
    """The keys that were replaced, the latest first."""

    identity: tuple[KeyPair, ...] = ()
    log: tuple[KeyPair, ...] = ()
    mirror: tuple[KeyPair, ...] = ()
    witness: tuple[KeyPair, ...] = ()
    wire: tuple[Ed25519Key, ...] = ()
    sealing: tuple[HybridIdentity, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyring:
    """Everything a party signs and opens with."""

    party: str
    identity: KeyPair
    log: KeyPair
    mirror: KeyPair
    witness: KeyPair
    wire: Ed25519Key
    sealing: HybridIdentity
    retired: Retired = Retired()
    v: Literal[1] = 1

    def __post_init__(self) -> None:
        party_code(self.party)

    @classmethod
    def generate(cls, party: str) -> Self:
        """Draw all keys of a new party.

        Raises:
            BadName: ``party`` is not a party code.
        """
        return cls(
            party,
            identity=KeyPair.generate(),
            log=KeyPair.generate(),
            mirror=KeyPair.generate(),
            witness=KeyPair.generate(),
            wire=Ed25519Key.generate(),
            sealing=HybridIdentity.generate(),
        )

    @property
    def recipient(self) -> HybridRecipient:
        """To whom others seal for us, from now on."""
        return self.sealing.recipient()

    @property
    def opening(self) -> tuple[HybridIdentity, ...]:
        """Everything that opens what was ever sealed to us, the present identity first."""
        return (self.sealing, *self.retired.sealing)

    def rotate(self, role: Role) -> Self:
        """Replace the key of one role by a new one; the old one is retired, not forgotten."""
        old = getattr(self, role)
        retired = replace(self.retired, **{role: (old, *getattr(self.retired, role))})
        return replace(self, **{role: type(old).generate(), "retired": retired})

    def to_bytes(self, passphrase: str | None) -> bytes:
        """Write the ring, sealed under ``passphrase`` unless that is None.

        Raises:
            WrongPassphrase: It is empty, which would protect nothing.
        """
        return at_rest.lock(_write(self), passphrase)

    @classmethod
    def from_bytes(cls, data: bytes, passphrase: str | None) -> Self:
        """Read a ring back; a passphrase given for a ring without one is not needed and not used.

        Raises:
            WrongPassphrase: The ring is sealed and the passphrase is missing or another.
            BadKeyring: It is not a keyring.
        """
        if len(data) > MAX_KEYRING_SIZE:
            raise BadKeyring(f"the keyring was not read: it has more than {MAX_KEYRING_SIZE} bytes")
        data = at_rest.unlock(data, passphrase)
        try:
            ring = msgspec.json.decode(data, type=cls, dec_hook=_read_key)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise BadKeyring("the keyring was not read: it does not have the form of one") from None
        except (BadName, BadSecretKey) as error:
            raise BadKeyring(f"the keyring was not read: {error}") from None
        if _write(ring) != data:
            raise BadKeyring("the keyring was not read: something in it was added or written differently")
        return ring


def _write(ring: Keyring) -> bytes:
    return msgspec.json.format(msgspec.json.encode(ring, enc_hook=_write_key), indent=2) + b"\n"


def _write_key(key: object) -> str:
    return key.seed.hex() if isinstance(key, Ed25519Key | MLDSA44Key) else str(key)


def _read_key(kind: type, text: object) -> object:
    if not isinstance(text, str):
        raise BadSecretKey("a key is not written as text")
    if kind is HybridIdentity:
        return parse_identity(text)
    try:
        seed = bytes.fromhex(text)
    except ValueError:
        raise BadSecretKey("a seed is not hexadecimal") from None
    return _SIGNING_KEYS[kind].from_seed(seed)
