"""``comity serve``: run the node, its pages, its side of the wire and its courier, until told to stop."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from comity.errors import OurFault
from comity_cli.exits import Exit
from comity_cli.verb import FILE, Answer, takes_shares, verb
from comity_node import home as homes

if TYPE_CHECKING:
    from granian.server.common import AbstractServer

# Calls wait for the disk and for one another, so there are more of them than cores.
_THREADS: Final = 32
_STOP_SECONDS: Final = 5
_PASSPHRASE: Final = "COMITY_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret


@click.command("serve")
@click.option(
    "--home", envvar=homes.VARIABLE, metavar="DIR", help="Home directory of the node [COMITY_HOME]."
)
@click.option("--migrate", is_flag=True, help="Bring the database up to date first.")
@click.option("--threads", default=_THREADS, show_default=True, help="Calls answered at once.")
@click.option(
    "--passphrase-file", type=FILE, metavar="FILE", help="Opens a keyring that is sealed under a passphrase."
)
@takes_shares
@verb
def serve(
    home: str | None,
    migrate: bool,
    threads: int,
    passphrase_file: Path | None,
    share_files: tuple[Path, ...],
    ask_shares: bool,
) -> Answer:
    """Run the node until Ctrl-C or SIGTERM.

    Keeps this process small: the node itself is loaded in the worker it starts.
    """
    if home is not None:
        os.environ[homes.VARIABLE] = str(Path(home).absolute())
    node = homes.find()
    if passphrase_file is not None:
        os.environ[_PASSPHRASE] = passphrase_file.read_text(encoding="utf-8").partition("\n")[0]
    if share_files or ask_shares:
        from comity.keys.shares import join
        from comity_cli.custodians import gather

        os.environ[_PASSPHRASE] = join(gather(share_files, ask=ask_shares))
    _must_be_free(node)
    if migrate:
        _migrate(node.path)
    click.echo(
        f"{node.name} ({node.party}) listens on http://{node.listen_host}:{node.listen_port}", err=True
    )
    click.echo(f"officials and counterparts reach it at {node.address}", err=True)
    try:
        server(node, threads=threads).serve()
    except SystemExit as ended:  # its worker ended by itself, and has said why
        return Answer({"party": node.party}, code=Exit.BROKEN if ended.code else Exit.DONE)
    return Answer({"party": node.party})


class AddressTaken(OurFault):
    """Another program listens where this node should."""

    code = "address-taken"
    default_hint = "stop the other program, or change `listen` in node.toml"


def _must_be_free(node: homes.NodeHome) -> None:
    """The server shares its port with whoever asks to share it, so two nodes could answer on one address."""
    import socket

    family = socket.AF_INET6 if ":" in node.listen_host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((node.listen_host, node.listen_port))
        except OSError as error:
            where = f"{node.listen_host}:{node.listen_port}"
            raise AddressTaken(f"the node was not started: {where}: {error.strerror}") from error


def server(
    node: homes.NodeHome, *, threads: int = _THREADS, target: str = "comity_cli.serving:application"
) -> AbstractServer[Any]:
    """The server of a node, not yet started.

    Args:
        node: Its home.
        threads: How many calls are answered at once, beside the pages that wait for news.
        target: What its worker loads.
    """
    from granian.constants import HTTPModes, Interfaces
    from granian.server import Server

    # A page that waits for news holds a thread of its own: were it one of these, a few readers' open pages
    # would leave none for counterparts. Threads nobody needs are not started.
    live = node.limits.live_pages
    return Server(
        target,
        address=node.listen_host,
        port=node.listen_port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,  # the proxy in front of a node speaks HTTP/2 to browsers
        websockets=False,
        workers=1,
        blocking_threads=threads + live,
        runtime_threads=1,
        backpressure=4 * threads + live,
        workers_kill_timeout=_STOP_SECONDS,
        log_enabled=bool(os.environ.get("COMITY_DEBUG")),
    )


def _migrate(path: Path) -> None:
    """Migrate in a process of its own, so that this one stays small."""
    import subprocess

    command = [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity", "0"]
    settings = {homes.VARIABLE: str(path), "DJANGO_SETTINGS_MODULE": "comity_node.settings.production"}
    subprocess.run(command, env={**os.environ, **settings}, check=True)  # noqa: S603 - our own interpreter
