"""``comity witness``: run a neutral witness by itself, for logs of any party or project.

A witness sees the size and root of a log, never an entry. Its word is: at this time the log was so long, and
it has never been shown to be anything that contradicts it. It needs no node, no database server, no passport.

Follows: C2SP tlog-witness; docs/manual/witness.md.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from comity.errors import OurFault
from comity_cli.verb import FILE, Answer, verb

if TYPE_CHECKING:
    from comity.channel.passport import Passport
    from comity.tlog.vkey import VerifierKey

_DIR: Final = click.Path(path_type=Path, file_okay=False)
_THREADS: Final = 16
_STOP_SECONDS: Final = 5
_PASSPHRASE_FILE: Final = click.option(
    "--passphrase-file", type=FILE, metavar="FILE", help="Seals or opens the keys under a passphrase."
)


class NotCompared(OurFault):
    """The fingerprint given is not that of the passport."""

    code = "not-compared"
    default_hint = "have the party's officers read it to you again: over another path than the file came by"


@click.group("witness")
def witness() -> None:
    """A neutral witness by itself: no node, no entries, only the sizes and roots of logs."""


@witness.command("init")
@click.argument("directory", metavar="DIR", type=_DIR)
@click.option(
    "--name", required=True, help="The name of its keys, which nobody else has: witness.example/w1."
)
@click.option("--listen", default="127.0.0.1:8450", show_default=True, help="Host and port of its server.")
@_PASSPHRASE_FILE
@verb
def init(directory: Path, name: str, listen: str, passphrase_file: Path | None) -> Answer:
    """Make a witness in DIR, with keys of its own."""
    from comity_cli.witnessing import home

    made = home.make(directory.absolute(), name, listen, _first_line(passphrase_file))
    lines = [
        f"the witness {made.name} stands in {made.path}",
        "its keys, to be given to logs and verifiers:",
        *made.vkeys,
        f"next: comity witness add-log {directory} --passport FILE, then comity witness serve {directory}",
    ]
    return Answer({"directory": str(made.path), "name": made.name, "vkeys": made.vkeys}, lines)


@witness.command("add-log")
@click.argument("directory", metavar="DIR", type=_DIR)
@click.argument("vkeys", metavar="[VKEY]...", nargs=-1)
@click.option("--origin", default="", help="The log's origin, where it is not the name of its key.")
@click.option("--passport", type=FILE, metavar="FILE", help="Every log of this party, in whatever channel.")
@click.option("--fingerprint", metavar="TEXT", help="That of the passport, as its officers read it to you.")
@_PASSPHRASE_FILE
@verb
def add_log(
    directory: Path,
    vkeys: tuple[str, ...],
    origin: str,
    passport: Path | None,
    fingerprint: str | None,
    passphrase_file: Path | None,
) -> Answer:
    """Serve a log by its verifier keys, or every log of a party by its passport; for good.

    Keys of a log may be added; none is taken away, nor is a log: forgetting one would let its past be signed
    twice.
    """
    from comity_cli.witnessing import home
    from comity_cli.witnessing.store import Store

    store = Store(home.read(directory.absolute(), _first_line(passphrase_file)).store)
    if passport is not None and not vkeys:
        read = _compared(passport, fingerprint)
        name, keys = f"{read.about.party}.comity", [*read.keys["log"], *read.coming.get("log", ())]
        new = store.trust(name, keys, every_channel=True)
    elif vkeys and passport is None:
        keys = _log_keys(vkeys)
        name = origin or keys[0].name
        new = store.trust(name, [key.renamed(name) for key in keys], every_channel=False)
    else:
        raise click.UsageError("give the verifier keys of one log, or --passport FILE")
    served = f"every log of {name}" if passport else f"the log {name}"
    return Answer({"origin": name, "new_keys": new}, [f"{served} is served: {new} new keys"])


@witness.command("show")
@click.argument("directory", metavar="DIR", type=_DIR)
@_PASSPHRASE_FILE
@verb
def show(directory: Path, passphrase_file: Path | None) -> Answer:
    """Show the witness's keys, the logs it serves, and how far it cosigned each."""
    from comity_cli.witnessing import home
    from comity_cli.witnessing.store import Store

    found = home.read(directory.absolute(), _first_line(passphrase_file))
    logs = Store(found.store).logs()
    lines = [found.name, *found.vkeys, *map(_line, logs)]
    return Answer({"name": found.name, "vkeys": found.vkeys, "logs": logs}, lines)


@witness.command("serve")
@click.argument("directory", metavar="DIR", type=_DIR)
@click.option("--threads", default=_THREADS, show_default=True, help="Calls answered at once.")
@_PASSPHRASE_FILE
@verb
def serve(directory: Path, threads: int, passphrase_file: Path | None) -> Answer:
    """Run the witness until Ctrl-C or SIGTERM; put a proxy with TLS before it."""
    from granian.constants import HTTPModes, Interfaces
    from granian.server import Server

    from comity_cli.witnessing import home

    passphrase = _first_line(passphrase_file)
    found = home.read(directory.absolute(), passphrase)
    os.environ[home.VARIABLE] = str(found.path)
    if passphrase is not None:
        os.environ[home.PASSPHRASE] = passphrase
    click.echo(f"{found.name} listens on http://{found.host}:{found.port}", err=True)
    Server(
        "comity_cli.witnessing.app:load",
        factory=True,
        address=found.host,
        port=found.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        blocking_threads=threads,
        runtime_threads=1,
        backpressure=4 * threads,
        workers_kill_timeout=_STOP_SECONDS,
        log_enabled=bool(os.environ.get("COMITY_DEBUG")),
    ).serve()
    return Answer({"name": found.name})


def _line(one: dict[str, object]) -> str:
    if "size" not in one:
        return f"{one['origin']}{' (every channel)' if one['every_channel'] else ''}: {one['keys']} keys"
    at = datetime.fromtimestamp(int(str(one["cosigned_at"])), UTC)
    return f"{one['origin']}: cosigned at size {one['size']}, {at:%Y-%m-%d %H:%M:%S} UTC"


def _compared(file: Path, heard: str | None) -> Passport:
    from comity.channel.passport import Passport

    read = Passport.parse(file.read_bytes())
    typed = heard or click.prompt(f"fingerprint of {read.about.party} as it was read to you", err=True)
    if not read.fingerprint.matches(typed):
        raise NotCompared("nothing was added: that is not the fingerprint of this passport")
    return read


def _log_keys(texts: tuple[str, ...]) -> list[VerifierKey]:
    from comity.tlog.vkey import VerifierKey

    keys = [VerifierKey.parse(text) for text in texts]
    if len({key.name for key in keys}) != 1:
        raise click.UsageError("the keys of one log have one name")
    return keys


def _first_line(file: Path | None) -> str | None:
    return None if file is None else file.read_text(encoding="utf-8").partition("\n")[0]
