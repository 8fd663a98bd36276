"""A party's passport: its signed description of itself, exchanged as a file.

A passport proves only that whoever holds the keys in it wrote it. *Whose* keys they are is for two officers
to establish, by comparing fingerprints over another path; nothing here can do it for them.

Follows: docs/spec/passport.md; C2SP signed-note.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import msgspec

from comity.channel.description import Description, Keys, Rotation, check, decode
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
_ROTATED: Final = ("log", "mirror")


@dataclass(frozen=True, slots=True)
class Passport:
    """A passport whose own identity keys, both of them, have been seen to have signed it.

    Attributes:
        note: The file.
        about: What it says.
        keys: The keys in force, by use.
        coming: The keys of log and mirror that follow them, where it announces any. It is then signed by the
            present and by the coming keys as well.
    """

    note: bytes
    about: Description
    keys: Mapping[str, tuple[VerifierKey, ...]]
    coming: Mapping[str, tuple[VerifierKey, ...]]

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
        keys, coming = _keys(about)
        _must_be_signed(note, keys["identity"])
        for pairs in (keys, coming) if coming else ():
            for use in _ROTATED:
                _must_vouch(note, pairs[use], use)
        return cls(data, about, keys, coming)

    @property
    def fingerprint(self) -> Fingerprint:
        """What officers compare: it is of the identity keys, which outlast versions and addresses."""
        return Fingerprint.of("".join(f"{key}\n" for key in self.keys["identity"]).encode())

    @property
    def digest(self) -> str:
        """SHA-256 of the file, as entries that announce its keys state it."""
        return sha256(self.note).hexdigest()

    @property
    def begins(self) -> str:
        """The day from which the coming keys sign; empty where none are announced."""
        return "" if self.about.rotation is msgspec.UNSET else self.about.rotation.begins

    def at(self, day: str, use: str) -> tuple[VerifierKey, ...]:
        """The keys of log or mirror that a party signs with on a day, as 2026-01-31."""
        return self.coming[use] if self.coming and self.begins <= day else self.keys[use]

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


def coming_keys(ring: Keyring, begins: str) -> Rotation:
    """What a passport says of keys of a ring that follow the present ones from a day on."""
    texts = {
        use: [
            str(VerifierKey(ring.party + _USES[use][0], kind, half.public))
            for kind, half in zip(_USES[use][1], _halves(getattr(ring, use)), strict=True)
        ]
        for use in _ROTATED
    }
    return Rotation(begins, **texts)


def vouchers(ring: Keyring) -> tuple[NoteSigner, ...]:
    """Who signs a passport that announces new keys, besides the identity: the old pairs and the new ones."""
    pairs = [(use, pair) for use in _ROTATED for pair in (getattr(ring.retired, use)[0], getattr(ring, use))]
    return tuple(NoteSigner(ring.party + _USES[use][0], key) for use, pair in pairs for key in _halves(pair))


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


_Keys = dict[str, tuple[VerifierKey, ...]]


def _keys(about: Description) -> tuple[_Keys, _Keys]:
    """Register every key of the description: its kind, its name, and that it serves one use only.

    Gives back the keys in force, and those that follow them, if any do.
    """
    keys = {use: _pair(about.party, use, getattr(about.keys, use)) for use in _USES}
    coming: _Keys = {}
    if about.rotation is not msgspec.UNSET:
        coming = {use: _pair(about.party, use, getattr(about.rotation, use)) for use in _ROTATED}
    publics = [key.public for pair in (*keys.values(), *coming.values()) for key in pair]
    if len(set(publics)) != len(publics):
        raise MalformedPassport("the passport was refused: one key serves two uses")
    return keys, coming


def _pair(party: str, use: str, texts: list[str]) -> tuple[VerifierKey, ...]:
    ending, kinds = _USES[use]
    keys = tuple(map(_key, texts))
    expected = [(party + ending, kind) for kind in kinds]
    if [(key.name, key.kind) for key in keys] != expected and (keys or use != "witness"):
        raise MalformedPassport(
            f"the passport was refused: its {use} keys do not have that use's names and kinds"
        )
    return keys


def _key(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except ComityError as fault:
        raise MalformedPassport(f"the passport was refused: {fault}") from fault


def _must_vouch(note: Note, pair: tuple[VerifierKey, ...], use: str) -> None:
    """Nobody brings in keys they do not hold, nor without the keys that are replaced.

    Keys of logs and mirrors sign checkpoints; under a passport they sign its text, as notes are signed.
    """
    kinds = (NOTE_ED25519, NOTE_MLDSA44)
    as_notes = tuple(VerifierKey(key.name, kind, key.public) for key, kind in zip(pair, kinds, strict=True))
    try:
        found = note.signed_by(as_notes)
    except BadSignature as fault:
        raise BadPassportSignature(f"the passport was refused: {fault}") from fault
    if found != as_notes:
        raise BadPassportSignature(
            f"the passport was refused: it announces new keys, and the old and new {use} keys have not signed"
        )


def _must_be_signed(note: Note, pair: tuple[VerifierKey, ...]) -> None:
    try:
        found = note.signed_by(pair)
    except BadSignature as fault:
        raise BadPassportSignature(f"the passport was refused: {fault}") from fault
    if found != pair:
        raise BadPassportSignature("the passport was refused: it is not signed by both identity keys")
