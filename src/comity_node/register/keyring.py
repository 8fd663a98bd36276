"""This party's keys, as the register uses them."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from comity.errors import OurFault
from comity.keys import at_rest, shares
from comity.keys.keyring import Keyring
from comity.tlog.signer import Cosigner, NoteSigner
from comity_node.register import hardware

if TYPE_CHECKING:
    from comity.keys.keyring import KeyPair
    from comity.names import Origin
    from comity.tlog.vkey import VerifierKey

PASSPHRASE: Final = "COMITY_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret
SHARE_FILES: Final = "COMITY_SHARE_FILES"


class NoKeyring(OurFault):
    """The keys of this node cannot be read."""

    code = "no-keyring"
    default_hint = "run `comity init`, or restore keys/keyring from a backup"


class KeysNotHere(OurFault):
    """The keyring does not hold the keys that must sign."""

    code = "keys-not-here"
    default_hint = "restore keys/keyring from a backup made since the keys were changed"


def keyring() -> Keyring:
    """The keyring of this node's home, read anew only when the file has changed.

    Raises:
        NoKeyring: It is missing or unreadable.
        ComityError: It is not a keyring, or the passphrase is wrong.
    """
    path = settings.NODE.keyring
    try:
        stood = path.stat()
    except OSError as error:
        raise NoKeyring(f"{path} cannot be read: {error.strerror}") from error
    return _read(path, stood.st_mtime_ns, stood.st_ino)


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int, _file: int) -> Keyring:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoKeyring(f"{path} cannot be read: {error.strerror}") from error
    return Keyring.from_bytes(data, passphrase_of(data), token=hardware.sign)


def passphrase_of(data: bytes) -> str | None:
    """What opens a file of ours: the passphrase, or the shares of enough custodians; None if nothing must.

    Raises:
        NoKeyring: A file of a share cannot be read.
        ComityError: The shares are too few, or are none.
    """
    return passphrase() if at_rest.is_locked(data) else None


def passphrase() -> str | None:
    """The passphrase this process was given, or that of which it was given the shares; None if neither."""
    files = os.environ.get(SHARE_FILES)
    if PASSPHRASE in os.environ or not files:
        return os.environ.get(PASSPHRASE)
    try:
        texts = [Path(name).read_text("utf-8", "replace") for name in files.split(os.pathsep) if name]
    except OSError as error:
        raise NoKeyring(f"a share cannot be read: {error.filename}: {error.strerror}") from error
    return shares.join(map(shares.read, texts))


def replace_keyring(ring: Keyring) -> None:
    """Put another keyring in the place of this node's, under the same passphrase; whole or not at all."""
    path = settings.NODE.keyring
    replace_files({path: ring.to_bytes(passphrase_of(path.read_bytes()))})


def replace_files(contents: dict[Path, bytes]) -> None:
    """Put files of one folder in the place of others, each whole or not at all, readable to their owner only.

    All are on disk before the first takes its place.
    """
    drafts = {path: path.with_name(f".{path.name}.new") for path in contents}
    for path, draft in drafts.items():
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(contents[path])
            file.flush()
            os.fsync(file.fileno())
    for path, draft in drafts.items():
        draft.rename(path)
    folder = os.open(next(iter(contents)).parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def today() -> str:
    """The day by which keys begin to sign."""
    return timezone.now().date().isoformat()


def log_signers(origin: Origin, at: int, pair: KeyPair | None = None) -> tuple[NoteSigner, Cosigner]:
    """Who signs a checkpoint of ours: Ed25519 as a note, ML-DSA-44 at ``at`` (POSIX seconds).

    ``pair``: the keys of that log; left out, those a log begun today has.
    """
    pair = pair or keyring().signing("log", today())
    return NoteSigner(str(origin), pair.ed25519), Cosigner(str(origin), pair.mldsa44, at)


def mirror_signers(at: int, pair: KeyPair | None = None) -> tuple[Cosigner, Cosigner]:
    """Who gives our receipts, at ``at`` (POSIX seconds); ``pair`` as for a log."""
    ring = keyring()
    name, pair = f"{ring.party}.comity/mirror", pair or ring.signing("mirror", today())
    return Cosigner(name, pair.ed25519, at), Cosigner(name, pair.mldsa44, at)


def own_log_keys(origin: Origin, pair: KeyPair | None = None) -> tuple[VerifierKey, ...]:
    """The keys that verify our checkpoints of this log; ``pair`` as for the signers."""
    return tuple(signer.vkey for signer in log_signers(origin, 1, pair))


def own_mirror_keys(pair: KeyPair | None = None) -> tuple[VerifierKey, ...]:
    """The keys that verify our receipts; ``pair`` as for the signers."""
    return tuple(signer.vkey for signer in mirror_signers(1, pair))
