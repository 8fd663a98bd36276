"""The home directory of a node: one place that holds all a node is.

Layout::

    node.toml         who we are, where we are reached, and what we accept (this file reads it)
    secret_key        signs sessions and forms; readable by its owner only
    keys/keyring      the party's private keys; readable by its owner only
    keys/letters      the key and certificate under formal letters, protected likewise
    keys/push         the key by which push services know this node; readable by its owner only
    comity.sqlite3    the record, unless ``database`` names a PostgreSQL server
    exhibits/         sealed exhibits

``COMITY_HOME`` says where it is. There is no default: a node never starts as somebody it was not told to be.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import tomli

from comity.errors import ComityError, OurFault
from comity.names import party_code
from comity.tlog.vkey import VerifierKey
from comity_node.home import calling
from comity_node.home.calling import Duty
from comity_node.home.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE: Final = "COMITY_HOME"
MAX_NODE_TOML_BYTES: Final = 64 * 1024
SHORTEST_SECRET: Final = 50


class BadHome(OurFault):
    """The node's home directory cannot be used as it stands."""

    code = "bad-home"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most this node accepts; whatever is larger is refused by the name of its limit."""

    bundle_bytes: int = 64 * 1024 * 1024
    bundle_entries: int = 10_000
    payload_bytes: int = 1024 * 1024
    exhibit_bytes: int = 64 * 1024 * 1024 * 1024
    live_pages: int = 200
    unopened_channels: int = 100
    api_bytes: int = 2 * 1024 * 1024
    api_calls: int = 600
    token_days: int = 366
    hook_notices: int = 10_000
    contact_points: int = 200
    contact_checks: int = 24
    list_objects: int = 10_000
    message_characters: int = 10_000
    minutes_characters: int = 200_000
    recovered_receipts: int = 50_000


@dataclass(frozen=True, slots=True)
class WitnessAt:
    """A neutral witness we ask to cosign our checkpoints."""

    vkey: str
    address: str


@dataclass(frozen=True, slots=True)
class TokenAt:
    """The PKCS#11 token in which keys of ours are: the library that speaks to it, its label, and its PIN.

    ``pin_file`` is empty where the PIN is given to each process by itself (``COMITY_TOKEN_PIN``).
    """

    module: str
    label: str
    pin_file: str


@dataclass(frozen=True, slots=True)
class NodeHome:
    """What ``node.toml`` says, checked; with the paths of everything else in the home directory."""

    path: Path
    party: str
    names: Mapping[str, str]
    address: str
    listen_host: str
    listen_port: int
    database: str = field(repr=False)  # a PostgreSQL address may hold a password
    exhibits: Path
    limits: Limits = field(default_factory=Limits)
    witnesses: tuple[WitnessAt, ...] = ()
    hook_addresses: tuple[str, ...] = ()
    courier_seconds: int = 5
    relay_seconds: int = 60
    parties_days: int = 366
    clock_seconds: int = 60
    timestamp_address: str = ""
    timestamp_roots: str = ""
    token: TokenAt | None = None
    introductions_needed: int = 0
    check_days: int = 0
    duty: Duty = field(default_factory=Duty)

    @property
    def keyring(self) -> Path:
        """Where the party's private keys are."""
        return self.path / "keys" / "keyring"

    @property
    def name(self) -> str:
        """The party's name for the head of a page: in English, or in the first language it gives."""
        return self.names.get("en") or next(iter(self.names.values()))

    @property
    def is_https(self) -> bool:
        """Whether officials and counterparts reach this node over TLS."""
        return urlsplit(self.address).scheme == "https"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The only host names this node answers to: its address, and where it listens."""
        public = urlsplit(self.address).hostname or ""
        return tuple(dict.fromkeys((public, self.listen_host)))

    def secret_key(self) -> str:
        """Read the key that signs sessions.

        Raises:
            BadHome: It is missing, too short, or others than its owner may read it.
        """
        return secret(self.path / "secret_key")


def find() -> NodeHome:
    """Read the home directory that ``COMITY_HOME`` names.

    Raises:
        BadHome: The variable is not set, or the directory cannot be used.
    """
    where = os.environ.get(VARIABLE, "")
    if not where:
        raise BadHome(
            f"no node was started: {VARIABLE} is not set", hint="set it to the directory `comity init` made"
        )
    return read(Path(where))


def read(path: Path) -> NodeHome:
    """Read one home directory.

    Raises:
        BadHome: ``node.toml`` is missing, is not TOML, or says something we do not know.
    """
    path = path.absolute()
    text = _text(path / "node.toml", at_most=MAX_NODE_TOML_BYTES)
    try:
        document = tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError) as unreadable:
        raise BadHome(
            f"node.toml is not TOML: {unreadable}", hint="correct the line it names"
        ) from unreadable
    return _home(path, Table("node.toml", document, BadHome))


def secret(path: Path) -> str:
    """Read a secret that only its owner may read.

    Raises:
        BadHome: It is missing, too short, or others may read it.
    """
    text = secret_text(path)
    if len(text) < SHORTEST_SECRET:
        raise BadHome(
            f"{path} is shorter than {SHORTEST_SECRET} characters",
            hint="renew it with `comity init --renew-secret`",
        )
    return text


def secret_text(path: Path | str) -> str:
    """Read the one line of a file that only its owner may read, however short it is.

    Raises:
        BadHome: It is missing, or others may read it.
    """
    path = Path(path)
    text = _text(path, at_most=4096).strip()
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadHome(
            f"others can read {path}: it is no longer secret", hint=f"chmod 600 {path}, then renew it"
        )
    return text


def _text(path: Path, *, at_most: int) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(at_most + 1)
        text = content.decode()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadHome(
            f"{path} cannot be read: {unreadable}", hint="run `comity init`, or restore it from a backup"
        ) from unreadable
    if len(content) > at_most:
        raise BadHome(f"{path} is larger than {at_most} bytes", hint="restore it from a backup")
    return text


def _home(path: Path, table: Table) -> NodeHome:
    listen_host, listen_port = _listen(table.text("listen", default="127.0.0.1:8440"))
    home = NodeHome(
        path=path,
        party=_party(table.text("party")),
        names=table.texts("names"),
        address=_address(table.text("address")),
        listen_host=listen_host,
        listen_port=listen_port,
        database=_database(table.text("database", default=""), path),
        exhibits=path / table.text("exhibits", default="exhibits"),
        limits=_limits(table.table("limits")),
        witnesses=tuple(_witness(row) for row in table.tables("witnesses")),
        hook_addresses=tuple(_hook_address(row) for row in table.tables("hook_addresses")),
        courier_seconds=table.number("courier_seconds", default=5),
        relay_seconds=table.number("relay_seconds", default=60),
        parties_days=table.number("parties_days", default=366),
        clock_seconds=table.number("clock_seconds", default=60),
        timestamp_address=table.text("timestamp_address", default=""),
        timestamp_roots=table.text("timestamp_roots", default=""),
        token=_token(table.table("token"), path),
        introductions_needed=table.number("introductions_needed", default=0, least=0),
        check_days=table.number("check_days", default=0, least=0),
        duty=calling.duty(table, path, BadHome),
    )
    table.finish()
    return home


def _party(text: str) -> str:
    try:
        return party_code(text)
    except ComityError as bad:
        raise BadHome(f"node.toml: party: {bad}", hint=bad.hint) from bad


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = (
            parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username or parts.path not in ("", "/"):
        raise BadHome(
            f"node.toml: address: {text!r} is not a base URL", hint='write address = "https://comity.example"'
        )
    return text.rstrip("/")


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdecimal() or int(port[:6]) > 65535:
        raise BadHome(f"node.toml: listen: {text!r} is not host:port", hint='write listen = "127.0.0.1:8440"')
    return host, int(port)


def _database(text: str, path: Path) -> str:
    if not text:
        return f"sqlite:///{path / 'comity.sqlite3'}"
    if not text.startswith(("postgresql://", "sqlite:///")):
        raise BadHome(
            "node.toml: database is neither sqlite:/// nor postgresql://",
            hint="leave the line out to use SQLite",
        )
    return text


def _limits(table: Table) -> Limits:
    default = Limits()
    limits = Limits(**{name: table.number(name, default=getattr(default, name)) for name in Limits.__slots__})
    table.finish()
    return limits


def _token(table: Table, path: Path) -> TokenAt | None:
    module, label = table.text("module", default=""), table.text("label", default="")
    pin_file = table.text("pin_file", default="")
    table.finish()
    if not module and not label and not pin_file:
        return None
    if not module or not label:
        raise BadHome(
            "node.toml: token: module and label are both needed",
            hint='write module = "/usr/lib/softhsm/libsofthsm2.so" and label = "comity", as it is yours',
        )
    return TokenAt(module, label, str(path / pin_file) if pin_file else "")


def _hook_address(table: Table) -> str:
    """A base URL that hooks may call although it is not public, or not over TLS."""
    text = _address(table.text("address"))
    table.finish()
    return text


def _witness(table: Table) -> WitnessAt:
    witness = WitnessAt(vkey=_cosigner(table.text("vkey")), address=_address(table.text("address")))
    table.finish()
    return witness


def _cosigner(text: str) -> str:
    """A key that is to prove dates for us is held against the rules before it is believed once."""
    try:
        key = VerifierKey.parse(text)
    except ComityError as bad:
        raise BadHome(f"node.toml: witnesses: vkey: {bad}", hint="ask the witness for its key") from bad
    if not key.is_cosigner:
        raise BadHome(
            f"node.toml: witnesses: vkey: {key.name[:80]} signs notes and does not cosign checkpoints",
            hint="a witness's key is of kind 04 or 06: ask the witness for it",
        )
    return text
