"""The keys of a party: one pair or key for each thing it does, and those it has retired.

Retired keys stay. What was sealed to them must still open, and a new passport is signed by the identity it
replaces. At rest the ring is JSON, in an age passphrase file where one is wanted (docs/spec/sealing.md,
"Keyring"): our own disk is the only place where passphrases are used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, Self

import msgspec

from comity.errors import BadKeyring, BadName, BadSecretKey
from comity.keys import at_rest
from comity.keys.sealing import HybridIdentity, HybridRecipient, parse_identity
from comity.keys.signing import Ed25519Key, KeyInToken, MLDSA44Key
from comity.names import party_code

if TYPE_CHECKING:
    from collections.abc import Callable

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
    def generate(cls, ed25519: Ed25519Key | None = None) -> Self:
        """Draw a new pair; its first half may have been drawn elsewhere, as in a token."""
        return cls(ed25519 or Ed25519Key.generate(), MLDSA44Key.generate())


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
    """Everything a party signs and opens with.

    ``begins`` is the day from which the present keys of logs and mirror sign, as 2026-01-31, where they have
    replaced others: until then those sign that were retired last.
    """

    party: str
    identity: KeyPair
    log: KeyPair
    mirror: KeyPair
    witness: KeyPair
    wire: Ed25519Key
    sealing: HybridIdentity
    retired: Retired = Retired()
    v: Literal[1] = 1
    begins: str | msgspec.UnsetType = msgspec.UNSET

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

    @property
    def in_tokens(self) -> tuple[tuple[str, KeyInToken], ...]:
        """The present keys whose secret halves are in a token, with their use."""
        uses: tuple[Role, ...] = ("identity", "log", "mirror", "witness", "wire")
        halves = ((use, getattr(getattr(self, use), "ed25519", getattr(self, use))) for use in uses)
        return tuple((use, half) for use, half in halves if isinstance(half, KeyInToken))

    def scheduled(
        self, begins: str, *, log: Ed25519Key | None = None, mirror: Ed25519Key | None = None
    ) -> Self:
        """New keys for logs and mirror, which sign from a day on; until then the present ones go on.

        ``log`` and ``mirror`` are their first halves, where those were drawn elsewhere.
        """
        return replace(self.rotate("log", log).rotate("mirror", mirror), begins=begins)

    def signing(self, role: Literal["log", "mirror"], day: str) -> KeyPair:
        """The pair that signs on a day, as 2026-01-31."""
        waits = isinstance(self.begins, str) and day < self.begins
        pair: KeyPair = getattr(self.retired, role)[0] if waits else getattr(self, role)
        return pair

    def holding(self, role: Literal["log", "mirror"], public: bytes) -> KeyPair | None:
        """The pair whose Ed25519 key this is, present or retired; None if it is not ours."""
        pairs: tuple[KeyPair, ...] = (getattr(self, role), *getattr(self.retired, role))
        return next((pair for pair in pairs if pair.ed25519.public == public), None)

    def rotate(self, role: Role, drawn: Ed25519Key | None = None) -> Self:
        """Replace the key of one role by a new one; the old one is retired, not forgotten.

        ``drawn`` is the Ed25519 half of the new one, where it was drawn elsewhere.
        """
        old = getattr(self, role)
        retired = replace(self.retired, **{role: (old, *getattr(self.retired, role))})
        changed: dict[str, Any] = {role: _new(role, drawn), "retired": retired}
        return replace(self, **changed)

    def to_bytes(self, passphrase: str | None) -> bytes:
        """Write the ring, sealed under ``passphrase`` unless that is None.

        Raises:
            WrongPassphrase: It is empty, which would protect nothing.
        """
        return at_rest.lock(_write(self), passphrase)

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        passphrase: str | None,
        *,
        token: Callable[[str, bytes], bytes] | None = None,
    ) -> Self:
        """Read a ring back; a passphrase given for a ring without one is not needed and not used.

        Args:
            data: What was written.
            passphrase: What opens it.
            token: Has a token sign with a key that is in it, given its address and a message. Without it
                such keys are known, and sign nothing.

        Raises:
            WrongPassphrase: The ring is sealed and the passphrase is missing or another.
            BadKeyring: It is not a keyring.
        """
        if len(data) > MAX_KEYRING_SIZE:
            raise BadKeyring(f"the keyring was not read: it has more than {MAX_KEYRING_SIZE} bytes")
        data = at_rest.unlock(data, passphrase)
        try:
            ring = msgspec.json.decode(data, type=cls, dec_hook=partial(_read_key, token))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise BadKeyring("the keyring was not read: it does not have the form of one") from None
        except (BadName, BadSecretKey) as error:
            raise BadKeyring(f"the keyring was not read: {error}") from None
        if _write(ring) != data:
            raise BadKeyring("the keyring was not read: something in it was added or written differently")
        return ring


def _write(ring: Keyring) -> bytes:
    return msgspec.json.format(msgspec.json.encode(ring, enc_hook=_write_key), indent=2) + b"\n"


def _new(role: Role, drawn: Ed25519Key | None) -> KeyPair | Ed25519Key | HybridIdentity:
    if role == "sealing":
        return HybridIdentity.generate()
    return (drawn or Ed25519Key.generate()) if role == "wire" else KeyPair.generate(drawn)


def _write_key(key: object) -> str:
    if isinstance(key, Ed25519Key | MLDSA44Key) and not isinstance(key, KeyInToken):
        return key.seed.hex()
    return str(key)


def _read_key(token: Callable[[str, bytes], bytes] | None, kind: type, text: object) -> object:
    if not isinstance(text, str):
        raise BadSecretKey("a key is not written as text")
    if kind is HybridIdentity:
        return parse_identity(text)
    if kind is Ed25519Key and text.startswith("pkcs11:"):
        return KeyInToken.parse(text, token)
    try:
        seed = bytes.fromhex(text)
    except ValueError:
        raise BadSecretKey("a seed is not hexadecimal") from None
    return _SIGNING_KEYS[kind].from_seed(seed)
