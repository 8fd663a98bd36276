"""What every verb shares: ``--json``, ``--home``, exit codes, and errors said in one voice.

A verb returns an :class:`Answer`. With ``--json`` its document is the one JSON object on stdout; without,
its lines are. A verb of a node runs with that node's settings loaded; nothing of Django is imported before.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from comity_cli.exits import Exit
from comity_cli.faults import described, exit_code, say_fault
from comity_cli.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)
NEW_FILE: Final = click.Path(path_type=Path, dir_okay=False)

_HOME: Final = click.option(
    "--home", "home", envvar="COMITY_HOME", metavar="DIR", help="Home directory of the node [COMITY_HOME]."
)
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")

_AS: Final = click.option("--as", "login", required=True, metavar="LOGIN", help="The official who acts.")
_PASSWORD: Final = click.option(
    "--password-file",
    envvar="COMITY_PASSWORD_FILE",
    metavar="FILE",
    help="The official's password; asked for without it [COMITY_PASSWORD_FILE].",
)
_AS_IF: Final = click.option(
    "--as", "login_of_actor", metavar="LOGIN", help="The administrator who acts; left out: the operator."
)
_OWN_PASSWORD: Final = click.option(
    "--own-password-file",
    envvar="COMITY_PASSWORD_FILE",
    metavar="FILE",
    help="The password of whoever acts; asked for without it [COMITY_PASSWORD_FILE].",
)

_SHARE_FILES: Final = click.option(
    "--share-file",
    "share_files",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="A custodian's share; repeated until there are enough.",
)
_ASK_SHARES: Final = click.option(
    "--ask-shares", is_flag=True, help="Ask custodians for their shares, without showing what they type."
)


@dataclass(frozen=True)
class Answer:
    """What a verb has to say.

    Attributes:
        document: For programs.
        lines: For people.
        code: The exit code.
    """

    document: Mapping[str, object] = field(default_factory=dict)
    lines: Sequence[str] = ()
    code: Exit = Exit.DONE


def verb(work: Callable[..., Answer]) -> Callable[..., None]:
    """Make a verb that needs no node."""

    @functools.wraps(work)
    def run(*, as_json: bool, **arguments: object) -> None:
        _finish(lambda: work(**arguments), as_json=as_json)

    return _JSON(run)


def node_verb(work: Callable[..., Answer]) -> Callable[..., None]:
    """Make a verb that works on the node in ``--home``."""

    @functools.wraps(work)
    def run(*, as_json: bool, home: str | None, **arguments: object) -> None:
        def at_home() -> Answer:
            from comity_cli.node import enter

            enter(home)
            return work(**arguments)

        _finish(at_home, as_json=as_json)

    return _HOME(_JSON(run))


def library_verb(work: Callable[..., Answer]) -> Callable[..., None]:
    """Make a verb that needs no node; with ``--home`` it says what that node knows: ``at_home``."""

    @functools.wraps(work)
    def run(*, as_json: bool, home: str | None, **arguments: object) -> None:
        def answer() -> Answer:
            if home is not None:
                from comity_cli.node import enter

                enter(home)
            return work(at_home=home is not None, **arguments)

        _finish(answer, as_json=as_json)

    return _HOME(_JSON(run))


def official_verb(work: Callable[..., Answer]) -> Callable[..., None]:
    """Make a verb that an official does, as ``by``: whoever has the shell does not have their powers."""

    @functools.wraps(work)
    def run(*, login: str, password_file: str | None, **arguments: object) -> Answer:
        from comity_cli.acting import official

        return work(by=official(login, password_file), **arguments)

    return _AS(_PASSWORD(node_verb(run)))


def console_verb(work: Callable[..., Answer]) -> Callable[..., None]:
    """Make a verb that the node's operator does, or an administrator: ``by`` is that official, or None.

    The journal names whoever it was; the operator at the console is named as such.
    """

    @functools.wraps(work)
    def run(*, login_of_actor: str | None, own_password_file: str | None, **arguments: object) -> Answer:
        from comity_cli.acting import official

        by = official(login_of_actor, own_password_file) if login_of_actor else None
        return work(by=by, **arguments)

    return _AS_IF(_OWN_PASSWORD(node_verb(run)))


def takes_shares(work: Callable[..., None]) -> Callable[..., None]:
    """Let a verb take custodians' shares, as ``share_files`` and ``ask_shares``."""
    return _SHARE_FILES(_ASK_SHARES(work))


def _finish(work: Callable[[], Answer], *, as_json: bool) -> None:
    try:
        answer = work()
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except Exception as error:  # noqa: BLE001 - the last place before the terminal; no traceback may reach it
        code, message, hint = described(error)
        answer = Answer({"ok": False, "code": code, "error": message, "hint": hint}, code=exit_code(error))
        say_fault(message, hint=hint)
    if as_json:
        document = {"ok": answer.code is Exit.DONE, **answer.document}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    else:
        for line in answer.lines:
            click.echo(printable(line))
    click.get_current_context().exit(answer.code)
