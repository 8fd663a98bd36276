"""``comity backup`` and ``comity restore``: everything a node is, in one file, and back."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from comity.errors import OurFault
from comity.keys.keyring import MAX_KEYRING_SIZE, Keyring
from comity_cli.verb import FILE, Answer, node_verb, verb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DATABASE: Final = "comity.sqlite3"
_UNHEARD: Final = -1  # as the register's Log has it
_KEYRING: Final = "keys/keyring"
_LETTERS: Final = "keys/letters"  # the key and certificate under formal letters, where one was made
_CUSTODIANS: Final = "keys/custodians"  # which shares open the keyring, where some do
_SETTINGS: Final = ("node.toml", "passport.toml")
_NAMES: Final = (*_SETTINGS, _DATABASE, _KEYRING, _LETTERS, _CUSTODIANS)
_SEALED: Final = b"age-encryption.org/"
_EXHIBIT: Final = re.compile(r"exhibits(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}){1,6}", re.ASCII)
_BLOCK: Final = 1024 * 1024


class KeysUnprotected(OurFault):
    """The keyring would leave the node readable by whoever finds the file."""

    code = "keys-unprotected"
    default_hint = "give --passphrase-file to seal it in the backup, or --without-keys to leave it out"


class NotInAFile(OurFault):
    """This node keeps its record where a backup of its files does not reach."""

    code = "not-in-a-file"
    default_hint = "back the database up with its own tools, the home directory with any"


class BadBackup(OurFault):
    """The file is not a backup, or not a whole one."""

    code = "bad-backup"
    default_hint = "take an earlier backup"


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--passphrase-file",
    type=FILE,
    metavar="FILE",
    help="Seal the keyring in the backup under the passphrase in FILE.",
)
@click.option("--without-keys", is_flag=True, help="Leave the keyring out; keep it elsewhere.")
@node_verb
def backup(file: Path, passphrase_file: Path | None, without_keys: bool) -> Answer:
    """Write settings, record, exhibits and keyring to FILE while the node runs; whole or not at all."""
    target = file.absolute()
    if target.exists():
        raise BadBackup(f"nothing was backed up: {target} exists", hint="choose another name")
    keys = {} if without_keys else _keys(passphrase_file)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as draft:
        whole = Path(draft) / "backup"
        names = list(_write(whole, Path(draft) / _DATABASE, keys))
        whole.chmod(0o600)
        whole.rename(target)
    exhibits = sum(name.startswith("exhibits/") for name in names)
    document = {
        "file": str(target),
        "bytes": target.stat().st_size,
        "exhibits": exhibits,
        "keys": bool(keys),
    }
    with_keys = "with the keyring, sealed" if keys else "without the keyring"
    return Answer(
        document, [f"wrote {target}: {document['bytes']:,} bytes, {exhibits:,} exhibits, {with_keys}"]
    )


def _keys(passphrase_file: Path | None) -> dict[str, bytes]:
    """The keys as the backup may hold them: sealed."""
    from django.conf import settings

    from comity_node.register.keyring import keyring
    from comity_node.register.letter_key import letter_key, where

    held = {_KEYRING: settings.NODE.keyring} | ({_LETTERS: where()} if where().exists() else {})
    if passphrase_file is not None:
        passphrase = passphrase_file.read_text(encoding="utf-8").partition("\n")[0]
        sealed = {_KEYRING: keyring().to_bytes(passphrase)}
        return sealed | ({_LETTERS: letter_key().to_bytes(passphrase)} if _LETTERS in held else {})
    found = {name: path.read_bytes() for name, path in held.items()}
    if not all(data.startswith(_SEALED) for data in found.values()):
        raise KeysUnprotected("nothing was backed up: the keyring of this node is under no passphrase")
    named = settings.NODE.keyring.with_name("custodians")
    return found | ({_CUSTODIANS: named.read_bytes()} if named.exists() else {})


def _write(whole: Path, copy: Path, keys: Mapping[str, bytes]) -> Iterator[str]:
    from django.conf import settings

    node = settings.NODE
    if node.database != f"sqlite:///{node.path / _DATABASE}":
        raise NotInAFile("nothing was backed up: the record is not in the home directory")
    _copy_database(node.path / _DATABASE, copy)
    with tarfile.open(whole, "x:", format=tarfile.USTAR_FORMAT) as archive:
        files = [(name, node.path / name) for name in _SETTINGS] + [(_DATABASE, copy)]
        files += [
            (f"exhibits/{path.relative_to(node.exhibits)}", path)
            for path in sorted(node.exhibits.rglob("*"))
            if path.is_file() and not path.is_symlink()
        ]
        for name, path in files:
            if name in (*_SETTINGS, _DATABASE) or _EXHIBIT.fullmatch(name):
                archive.add(path, name, recursive=False)
                yield name
        for name, data in keys.items():
            (copy.parent / "key").write_bytes(data)
            archive.add(copy.parent / "key", name)
            yield name


def _copy_database(source: Path, copy: Path) -> None:
    """SQLite's own copy: one moment of the record, even while the node writes."""
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as held, sqlite3.connect(copy) as made:
        held.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")
    held.close()
    made.close()


@click.command("restore")
@click.argument("file", type=FILE)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--keyring", type=FILE, metavar="FILE", help="The keyring, where the backup was made without it."
)
@verb
def restore(file: Path, directory: Path, keyring: Path | None) -> Answer:
    """Make the home directory DIR from the backup in FILE; whole or not at all."""
    home = directory.absolute()
    if home.exists():
        raise BadBackup(f"nothing was restored: {home} exists", hint="choose another directory")
    draft = Path(tempfile.mkdtemp(prefix=f".{home.name}.", dir=home.parent))
    try:
        _unpack(file, draft)
        if keyring is not None:
            _keep(draft, _KEYRING, keyring.open("rb"))
        _must_be_whole(draft)
        _must_hear_first(draft)
        (draft / "secret_key").touch(mode=0o600)
        (draft / "secret_key").write_text(secrets.token_urlsafe(64), encoding="ascii")
        draft.rename(home)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    lines = [
        f"restored to {home}",
        "what it signed after the backup is missing: it signs nothing until each counterpart gave it back",
        f"next: comity sync --home {home}, then comity doctor --home {home}",
    ]
    return Answer({"home": str(home)}, lines)


def _unpack(file: Path, draft: Path) -> None:
    """Take out the files a backup can have, and nothing that only looks like one."""
    draft.chmod(0o700)
    try:
        with tarfile.open(file, "r:") as archive:
            for member in archive:
                known = member.name in _NAMES or _EXHIBIT.fullmatch(member.name)
                content = archive.extractfile(member) if known and member.isreg() else None
                if content is None:
                    raise BadBackup(f"nothing was restored: {member.name[:80]!r} has no place in a backup")
                _keep(draft, member.name, content)
    except (tarfile.TarError, EOFError) as error:
        raise BadBackup(f"nothing was restored: {file} is not a whole backup: {error}") from error


def _keep(draft: Path, name: str, content: IO[bytes]) -> None:
    path = draft / name
    for folder in reversed(path.relative_to(draft).parents[:-1]):
        (draft / folder).mkdir(mode=0o700, exist_ok=True)
    with content, os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, _BLOCK)


def _must_hear_first(draft: Path) -> None:
    """Let no log of ours be signed on before its counterpart was heard: it may hold what the backup lacks."""
    with closing(sqlite3.connect(draft / _DATABASE)) as record, record:
        record.execute(
            "UPDATE register_log SET held_elsewhere = ?, heard = '{}' WHERE ours AND held_elsewhere = 0",
            (_UNHEARD,),
        )


def _must_be_whole(draft: Path) -> None:
    for name in (*_SETTINGS, _DATABASE, _KEYRING):
        if not (draft / name).is_file():
            hint = "give it: --keyring FILE" if name == _KEYRING else ""
            raise BadBackup(f"nothing was restored: there is no {name} in the backup", hint=hint)
    (draft / "exhibits").mkdir(mode=0o700, exist_ok=True)
    ring = (draft / _KEYRING).read_bytes()[: MAX_KEYRING_SIZE + 1]
    if not ring.startswith(_SEALED):
        Keyring.from_bytes(ring, None)
    with sqlite3.connect(f"file:{draft / _DATABASE}?mode=ro", uri=True) as record:
        (said,) = record.execute("PRAGMA integrity_check").fetchone()
    record.close()
    if said != "ok":
        raise BadBackup(f"nothing was restored: the database in the backup is damaged: {said}")
