"""How the command says that something did not happen: lower case, no full stop, the remedy on a line."""

from __future__ import annotations

import os
import traceback
from typing import Final

import click

from comity.errors import ComityError, CounterpartBreach
from comity_cli.exits import Exit
from comity_cli.terminal import printable

DEBUG: Final = "COMITY_DEBUG"
# What they mean is the same for every verb: this node cannot work as it stands.
_BROKEN: Final = frozenset(
    {
        "address-taken",
        "bad-home",
        "bad-keyring",
        "bad-secret-key",
        "broken-tree",
        "no-keyring",
        "not-migrated",
    }
    | {"record-set-back", "two-histories-of-ours", "wrong-passphrase"}
)
# What was typed, not what somebody sent: a verb reads names from its own command line.
_TYPED: Final = frozenset({"bad-name", "bad-fingerprint"})


def exit_code(error: Exception) -> Exit:
    """The exit code that stands for an error."""
    if isinstance(error, ComityError) and error.code in _TYPED:
        return Exit.USAGE
    if isinstance(error, CounterpartBreach):
        return Exit.COUNTERPART
    if isinstance(error, ComityError):
        return Exit.BROKEN if error.code in _BROKEN else Exit.REFUSED
    return Exit.BROKEN


def described(error: Exception) -> tuple[str, str, str]:
    """Code, message and hint of an error, whoever raised it."""
    if isinstance(error, ComityError):
        return error.code, str(error), error.hint
    if isinstance(error, OSError):
        what = error.strerror or type(error).__name__
        return "file", f"{error.filename}: {what}" if error.filename else what, ""
    hint = f"set {DEBUG}=1 to see where; `comity doctor` says what is wrong with a node"
    return "unexpected", f"{type(error).__name__}: {error}", hint


def say_fault(message: str, *, hint: str = "") -> None:
    """Tell the person at the terminal what did not happen and what to do."""
    click.echo(printable(f"comity: {_voice(message)}"), err=True)
    if hint:
        click.echo(printable(f"comity: hint: {_voice(hint)}"), err=True)
    if os.environ.get(DEBUG):
        click.echo(traceback.format_exc(), err=True)


def _voice(text: str) -> str:
    """One sentence as the command says it; names keep their capitals."""
    text = text.strip().removesuffix(".")
    first, *_ = text.split(" ", 1)
    return text if len(first) > 1 and first[1:] != first[1:].lower() else text[:1].lower() + text[1:]
