"""``comity init``: make the home of a node, whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import tomli

from comity.errors import OurFault
from comity.keys.keyring import Keyring
from comity_cli.verb import Answer, verb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PASSPHRASE: Final = "COMITY_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret
_OFFICE: Final = "central-authority"


class HomeExists(OurFault):
    """There is something where the new home should be made."""

    code = "home-exists"
    default_hint = "choose another directory; a node's keys are never overwritten"


@click.command("init")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--party", required=True, metavar="CODE", help="Our party code: us, or x- and a name.")
@click.option("--name", required=True, help="Our name, in the language of --language.")
@click.option("--address", required=True, metavar="URL", help="Where officials and counterparts reach us.")
@click.option("--listen", required=True, metavar="HOST:PORT", help="Where the process listens.")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="First language (BCP 47).")
@click.option("--office", default="Central authority", show_default=True, help="Name of the first office.")
@click.option("--admin", default="admin", show_default=True, metavar="LOGIN", help="The first administrator.")
@click.option(
    "--password-file",
    envvar="COMITY_PASSWORD_FILE",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The administrator's password; without it one is drawn and printed once.",
)
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Seal the keyring under the passphrase in FILE.",
)
@click.option(
    "--witness",
    "witnesses",
    nargs=2,
    multiple=True,
    metavar="VKEY URL",
    help="A neutral witness we ask to cosign; may be repeated.",
)
@click.option(
    "--check-days",
    type=click.IntRange(min=0),
    default=7,
    show_default=True,
    metavar="DAYS",
    help="Ask communication checks by itself, every so many days; 0: never.",
)
@click.option("--serves-as-witness", is_flag=True, help="Offer this node to others as a neutral witness.")
@verb
def init(directory: Path, **asked: object) -> Answer:
    """Make the home directory of a node: settings, keys, database, first passport, first administrator."""
    return _make(directory.absolute(), asked)


def _make(home: Path, asked: Mapping[str, object]) -> Answer:
    if home.exists():
        raise HomeExists(f"no node was made: {home} exists")
    home.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{home.name}.", dir=home.parent))
    try:
        password, is_drawn = _password(asked.get("password_file"))
        _write_files(draft, asked)
        fingerprint = _furnish(draft, asked, password)
        draft.rename(home)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return _answer(home, asked, password if is_drawn else "", fingerprint)


def _write_files(draft: Path, asked: Mapping[str, object]) -> None:
    ring = Keyring.generate(str(asked["party"]))
    passphrase = _first_line(asked.get("passphrase_file"))
    if passphrase:
        os.environ[_PASSPHRASE] = passphrase
    draft.chmod(0o700)
    for folder in ("keys", "exhibits"):
        (draft / folder).mkdir(mode=0o700)
    _keep(draft / "keys" / "keyring", ring.to_bytes(passphrase))
    _keep(draft / "secret_key", secrets.token_urlsafe(64).encode())
    _keep(draft / "node.toml", _node_toml(asked).encode())
    _keep(draft / "passport.toml", _passport_toml(asked).encode())


def _keep(path: Path, content: bytes) -> None:
    """Write a file only its owner can read, and have it on disk before the next step."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _node_toml(asked: Mapping[str, object]) -> str:
    lines = [
        "# Who this node is, and what it accepts. docs/manual/running-a-node.md explains every key.",
        f"party = {_text(asked['party'])}",
        f"address = {_text(asked['address'])}",
        f"listen = {_text(asked['listen'])}",
        f"check_days = {asked['check_days']}",
        "",
        "[names]",
        f"{_text(asked['language'])} = {_text(asked['name'])}",
    ]
    for vkey, address in _witnesses(asked):
        lines += ["", "[[witnesses]]", f"vkey = {_text(vkey)}", f"address = {_text(address)}"]
    return "\n".join(lines) + "\n"


def _passport_toml(asked: Mapping[str, object]) -> str:
    return f"""# What our passport says besides names, address and keys. After a change: comity passport issue
languages = [{_text(asked["language"])}]
witness = {str(bool(asked["serves_as_witness"])).lower()}

[[authorities]]
code = "{_OFFICE}"
role = "central"
powers = ["request", "execute"]
names = {{ {_text(asked["language"])} = {_text(asked["office"])} }}
"""


def _witnesses(asked: Mapping[str, object]) -> Sequence[tuple[str, str]]:
    found = asked["witnesses"]
    assert isinstance(found, tuple)
    return found


def _text(value: object) -> str:
    """A TOML text that reads back as what was typed.

    Raises:
        click.BadParameter: No TOML text can hold it.
    """
    typed = str(value)
    quoted = '"' + typed.replace("\\", "\\\\").replace('"', '\\"') + '"'
    try:
        if tomli.loads(f"x = {quoted}")["x"] == typed:
            return quoted
    except tomli.TOMLDecodeError:
        pass
    raise click.BadParameter(f"{typed[:80]!r} has characters a settings file cannot hold")


def _furnish(draft: Path, asked: Mapping[str, object], password: str) -> str:
    """Make the database, the first office and administrator, and the first passport."""
    from comity_cli.node import enter

    enter(draft)
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", interactive=False, verbosity=0)
    from comity_node.counterparts.own import issue_passport
    from comity_node.counterparts.queries import read
    from comity_node.officials import people
    from comity_node.register.letter_key import letter_key

    people.add_office(_OFFICE, names={str(asked["language"]): str(asked["office"])})
    people.add_official(
        str(asked["admin"]),
        display_name=str(asked["admin"]),
        office=_OFFICE,
        roles=["administrator"],
        password=password,
    )
    letter_key()
    fingerprint = read(issue_passport()).fingerprint
    connections.close_all()
    for made in draft.glob("comity.sqlite3*"):
        made.chmod(0o600)
    return fingerprint.words(str(asked["language"]))


def _password(file: object) -> tuple[str, bool]:
    """The administrator's first password, and whether it was drawn here and so must be shown."""
    given = _first_line(file)
    return (given, False) if given else (secrets.token_urlsafe(18), True)


def _first_line(file: object) -> str | None:
    if not isinstance(file, Path):
        return None
    return file.read_text(encoding="utf-8").partition("\n")[0]


def _answer(home: Path, asked: Mapping[str, object], password: str, fingerprint: str) -> Answer:
    document = {
        "home": str(home),
        "party": asked["party"],
        "address": asked["address"],
        "fingerprint": fingerprint,
    }
    document |= {"administrator": asked["admin"]} | ({"password": password} if password else {})
    lines = [
        f"the node of {asked['party']} stands in {home}",
        f"fingerprint of our passport: {fingerprint}",
        f"administrator: {asked['admin']}" + (f", password {password} (shown once)" if password else ""),
        f"start it: comity serve --home {home}",
    ]
    return Answer(document, lines)
