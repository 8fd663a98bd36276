"""A party's passport: its signed description of itself, exchanged as a file.

A passport proves only that whoever holds the keys in it wrote it. *Whose* keys they are is for two officers
to establish, by comparing fingerprints over another path; nothing here can do it for them.

Follows: docs/spec/passport.md; C2SP signed-note.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.channel.description import Description, Keys, check, decode
from comity.errors import (
    BadPassportSignature,
    BadSignature,
    ComityError,
    MalformedNote,
    MalformedPassport,
    NotASuccessor,
)
from comity.keys.fingerprint import Fingerprint
from comity.keys.keyring import KeyPair
from comity.tlog.note import Note, parse_note, sign_note
from comity.tlog.signer import NoteSigner
from comity.tlog.vkey import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    NOTE_ED25519,
    NOTE_MLDSA44,
    VerifierKey,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.keys.keyring import Keyring
    from comity.keys.signing import Ed25519Key, MLDSA44Key
    from comity.tlog.note import Signer

FORM: Final = "comity/passport/v1"
MAX_PASSPORT_BYTES: Final = 128 * 1024

_COSIGNER: Final = (COSIGNATURE_ED25519, COSIGNATURE_MLDSA44)
# What follows the party's name in a key's name, and the kinds of its keys, by use.
_USES: Final = {
    "identity": (".comity", (NOTE_ED25519, NOTE_MLDSA44)),
    "log": (".comity/log", (NOTE_ED25519, COSIGNATURE_MLDSA44)),
    "mirror": (".comity/mirror", _COSIGNER),
    "wire": (".comity/wire", (NOTE_ED25519,)),
    "witness": (".comity/witness", _COSIGNER),
}


@dataclass(frozen=True, slots=True)
class Passport:
    """A passport whose own identity keys, both of them, have been seen to have signed it."""

    note: bytes
    about: Description
    keys: Mapping[str, tuple[VerifierKey, ...]]

    @classmethod
    def parse(cls, data: bytes) -> Passport:
        """Read a passport and verify that its own identity pair signed it.

        Raises:
            MalformedPassport: It has another form, or a key nobody should trust.
            BadPassportSignature: One of the two signatures is missing or does not verify.
        """
        note = _note(data)
        form, _, text = note.text.partition("\n")
        if form != FORM:
            raise MalformedPassport("the file is not a passport of a form known here")
        about = decode(text.removesuffix("\n"))
        keys = _keys(about)
        _must_be_signed(note, keys["identity"])
        return cls(data, about, keys)

    @property
    def fingerprint(self) -> Fingerprint:
        """What officers compare: it is of the identity keys, which outlast versions and addresses."""
        return Fingerprint.of("".join(f"{key}\n" for key in self.keys["identity"]).encode())

    def log_keys(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys that sign this party's log in one channel."""
        return tuple(key.renamed(origin) for key in self.keys["log"])


def public_keys(ring: Keyring, *, witness: bool) -> Keys:
    """What a passport says of the keys of a ring; the witness pair only of a node that serves as one."""
    texts = {
        use: [
            str(VerifierKey(ring.party + ending, kind, half.public))
            for kind, half in zip(kinds, _halves(getattr(ring, use)), strict=True)
        ]
        for use, (ending, kinds) in _USES.items()
    }
    return Keys(**{**texts, "witness": texts["witness"] if witness else []})


def identity_signers(ring: Keyring) -> tuple[NoteSigner, ...]:
    """Who signs a passport: the identity pair, and the pair it replaced, which vouches for it."""
    pairs = (ring.identity, *ring.retired.identity[:1])
    return tuple(
        NoteSigner(f"{ring.party}.comity", key) for pair in pairs for key in (pair.ed25519, pair.mldsa44)
    )


def issue(about: Description, *signers: Signer) -> Passport:
    """Sign a description.

    Args:
        about: What the party says of itself.
        signers: Both identity keys; after a change of identity also both old ones, so that the
            counterparts' officers need not meet again.

    Raises:
        MalformedPassport: A field is not in its form.
        BadPassportSignature: The signers are not the identity keys the description names.
    """
    check(about)
    return Passport.parse(sign_note(f"{FORM}\n{about.encode()}\n", *signers).encode())


def verify_successor(old: Passport, new: Passport) -> None:
    """Accept a new version without a new ceremony, or say why one is needed.

    Raises:
        NotASuccessor: Another party, not the next version, dated back, or not signed by the old identity
            pair. The passport may be genuine all the same: only a ceremony can tell.
    """
    if new.about.party != old.about.party:
        raise NotASuccessor(f"a passport of {new.about.party} does not follow one of {old.about.party}")
    if new.about.version != old.about.version + 1:
        raise NotASuccessor(f"version {new.about.version} does not follow version {old.about.version}")
    if new.about.issued < old.about.issued:
        raise NotASuccessor(f"version {new.about.version} is dated before the version it should follow")
    try:
        _must_be_signed(_note(new.note), old.keys["identity"])
    except BadPassportSignature as fault:
        raise NotASuccessor("the new version is not signed by both identity keys we confirmed") from fault


def _halves(key: KeyPair | Ed25519Key) -> tuple[Ed25519Key | MLDSA44Key, ...]:
    return (key.ed25519, key.mldsa44) if isinstance(key, KeyPair) else (key,)


def _note(data: bytes) -> Note:
    if len(data) > MAX_PASSPORT_BYTES:
        raise MalformedPassport(f"a passport has at most {MAX_PASSPORT_BYTES} bytes, not {len(data)}")
    try:
        return parse_note(data)
    except MalformedNote as fault:
        raise MalformedPassport(f"the file is not a passport: {fault}") from fault


def _keys(about: Description) -> dict[str, tuple[VerifierKey, ...]]:
    """Register every key of the description: its kind, its name, and that it serves one use only."""
    keys = {use: tuple(map(_key, getattr(about.keys, use))) for use in _USES}
    for use, (ending, kinds) in _USES.items():
        expected = [(about.party + ending, kind) for kind in kinds]
        if [(key.name, key.kind) for key in keys[use]] != expected and (keys[use] or use != "witness"):
            raise MalformedPassport(
                f"the passport was refused: its {use} keys do not have that use's names and kinds"
            )
    publics = [key.public for pair in keys.values() for key in pair]
    if len(set(publics)) != len(publics):
        raise MalformedPassport("the passport was refused: one key serves two uses")
    return keys


def _key(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except ComityError as fault:
        raise MalformedPassport(f"the passport was refused: {fault}") from fault


def _must_be_signed(note: Note, pair: tuple[VerifierKey, ...]) -> None:
    try:
        found = note.signed_by(pair)
    except BadSignature as fault:
        raise BadPassportSignature(f"the passport was refused: {fault}") from fault
    if found != pair:
        raise BadPassportSignature("the passport was refused: it is not signed by both identity keys")
