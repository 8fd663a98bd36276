"""The directory of a witness: ``witness.toml`` and ``keys``, and what it remembers in ``witness.sqlite3``.

The witness's keys are its own: not those of any node, and never keys under which receipts are given.
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import tomli

from comity.errors import BadKeyring, BadSecretKey, OurFault
from comity.forms import learnt
from comity.keys import at_rest
from comity.keys.keyring import KeyPair
from comity.keys.signing import SEED_SIZE, Ed25519Key, MLDSA44Key
from comity.tlog.signer import Cosigner
from comity.tlog.vkey import is_key_name

VARIABLE: Final = "COMITY_WITNESS"
PASSPHRASE: Final = "COMITY_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret
_SETTINGS: Final = "witness.toml"
_KEYS: Final = "keys"
_STORE: Final = "witness.sqlite3"
_MOST: Final = 64 * 1024
_WHAT: Final = "keys of the witness"


class BadWitness(OurFault):
    """The directory of the witness cannot be used as it stands."""

    code = "bad-witness"
    default_hint = "make one: comity witness init DIR --name NAME"


@learnt
class _Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the two seeds are written, in hexadecimal."""

    v: int
    ed25519: str
    mldsa44: str


@dataclass(frozen=True, slots=True)
class WitnessHome:
    """A witness's directory, read.

    Attributes:
        path: Where it is.
        name: The name of its keys, as logs and verifiers know it.
        host: Where its server listens.
        port: On which port.
        keys: The pair it cosigns with.
    """

    path: Path
    name: str
    host: str
    port: int
    keys: KeyPair

    @property
    def store(self) -> Path:
        """Where it remembers what it cosigned."""
        return self.path / _STORE

    def cosigners(self, at: int) -> tuple[Cosigner, Cosigner]:
        """Who cosigns, at ``at`` (POSIX seconds)."""
        return Cosigner(self.name, self.keys.ed25519, at), Cosigner(self.name, self.keys.mldsa44, at)

    @property
    def vkeys(self) -> tuple[str, ...]:
        """The verifier keys to give to logs and verifiers, Ed25519 first."""
        return tuple(str(one.vkey) for one in self.cosigners(1))


def make(path: Path, name: str, listen: str, passphrase: str | None) -> WitnessHome:
    """Make the directory of a new witness, with keys of its own.

    Raises:
        BadWitness: There is something already, or the name or address cannot be used.
    """
    if not is_key_name(name):
        raise BadWitness(
            f"no witness was made: {name[:80]!r} is not the name of a key: it has a space or a plus",
            hint="use a name nobody else has, such as witness.example/w1",
        )
    host, port = _listen(listen)
    if path.exists():
        raise BadWitness(f"no witness was made: {path} exists", hint="choose another directory")
    keys = _Keys(1, secrets.token_bytes(SEED_SIZE).hex(), secrets.token_bytes(SEED_SIZE).hex())
    sealed = at_rest.lock(msgspec.json.encode(keys), passphrase, what=_WHAT)
    path.mkdir(mode=0o700, parents=True)
    for file, content in (
        (_KEYS, sealed),
        (_SETTINGS, f"name = {_text(name)}\nlisten = {_text(f'{host}:{port}')}\n".encode()),
    ):
        with os.fdopen(os.open(path / file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
    return read(path, passphrase)


def read(path: Path, passphrase: str | None = None) -> WitnessHome:
    """Read a witness's directory; the passphrase may come from ``COMITY_PASSPHRASE``.

    Raises:
        BadWitness: It is not one, or others can read its keys.
        WrongPassphrase: The keys are sealed under another.
    """
    try:
        said = tomli.loads(_bytes(path / _SETTINGS).decode())
        name, listen = said.pop("name"), said.pop("listen")
    except (tomli.TOMLDecodeError, UnicodeDecodeError, KeyError) as fault:
        raise BadWitness(f"{path / _SETTINGS} does not say `name` and `listen`: {fault}") from fault
    if said or not isinstance(name, str) or not isinstance(listen, str) or not is_key_name(name):
        raise BadWitness(f"{path / _SETTINGS} says something else than `name` and `listen`")
    if stat.S_IMODE((path / _KEYS).stat().st_mode) & 0o077:
        raise BadWitness(f"others can read {path / _KEYS}", hint=f"chmod 600 {path / _KEYS}")
    data = at_rest.unlock(_bytes(path / _KEYS), passphrase or os.environ.get(PASSPHRASE), what=_WHAT)
    try:
        keys = msgspec.json.decode(data, type=_Keys)
        pair = KeyPair(
            Ed25519Key.from_seed(bytes.fromhex(keys.ed25519)),
            MLDSA44Key.from_seed(bytes.fromhex(keys.mldsa44)),
        )
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, BadSecretKey) as fault:
        raise BadKeyring(f"{path / _KEYS} does not hold the keys of a witness") from fault
    return WitnessHome(path, name, *_listen(listen), pair)


def find() -> WitnessHome:
    """Read the directory that ``COMITY_WITNESS`` names.

    Raises:
        BadWitness: The variable is not set, or the directory cannot be used.
    """
    where = os.environ.get(VARIABLE, "")
    if not where:
        raise BadWitness(f"no witness was started: {VARIABLE} is not set")
    return read(Path(where))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        raise BadWitness(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > _MOST:
        raise BadWitness(f"{path} has more than {_MOST} bytes")
    return data


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdecimal() or not 0 < int(port[:6]) < 2**16:
        raise BadWitness(f"{text[:80]!r} is not host:port", hint="for example 127.0.0.1:8450")
    return host, int(port)


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
