"""The ``comity`` command: every verb by name; the code of a verb is read when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from importlib.util import find_spec
from typing import Final

import click

from comity_cli.exits import Exit
from comity_cli.faults import say_fault

_VERBS: Final = {
    "alert": "alert",
    "approve": "approve",
    "backup": "keeping",
    "bench": "bench",
    "bundle": "carrying",
    "channel": "channel",
    "contact": "contact",
    "counterpart": "counterpart",
    "demo": "demo",
    "doctor": "doctor",
    "duty": "duty",
    "evidence": "evidence",
    "exercise": "exercise",
    "export": "export",
    "fsck": "record",
    "init": "init",
    "instruments": "instruments",
    "intelligence": "intelligence",
    "keys": "keys",
    "objects": "objects",
    "official": "official",
    "passport": "passport",
    "profile": "profiles",
    "rebuild": "record",
    "receipt": "receipts",
    "reciprocity": "reciprocity",
    "recover": "recover",
    "renew": "renew",
    "request": "request",
    "restore": "keeping",
    "search": "search",
    "serve": "serve",
    "sync": "carrying",
    "talk": "talk",
    "token": "tokens",
    "verifier": "verifier",
    "verify": "verify",
    "webhook": "webhook",
    "witness": "witness",
}


class Verbs(MutableMapping[str, click.Command]):
    """The verbs by name, each imported when it is asked for.

    So ``comity verify`` starts without whatever the other verbs need.
    """

    def __init__(self, modules: dict[str, str]) -> None:
        names = {verb: f"comity_cli.{module}" for verb, module in modules.items()}
        self._modules = {verb: name for verb, name in names.items() if _exists(name)}
        self._added: dict[str, click.Command] = {}

    def __getitem__(self, verb: str) -> click.Command:
        if verb not in self._added:
            self._added[verb] = getattr(import_module(self._modules[verb]), verb)
        return self._added[verb]

    def __setitem__(self, verb: str, command: click.Command) -> None:
        self._added[verb] = command

    def __delitem__(self, verb: str) -> None:
        self._modules.pop(verb, None)
        del self._added[verb]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._modules, *self._added}))

    def __len__(self) -> int:
        return len({*self._modules, *self._added})


def _exists(module: str) -> bool:
    """Whether a verb's module is installed: a distribution may leave demo and bench out."""
    spec = find_spec(module)
    return spec is not None and spec.origin is not None


@click.group(name="comity", commands=Verbs(_VERBS))
@click.version_option(package_name="comity")
def comity() -> None:
    """Two authorities, one record, signed by both.

    Exit codes: 0 done; 1 what was asked is not so; 2 wrong usage; 3 refused by a rule; 4 the counterpart
    did not answer, or broke the protocol; 5 this node is broken.
    """


def main() -> int:
    """Run the command line."""
    try:
        code = comity.main(standalone_mode=False)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "comity"
        say_fault(error.format_message(), hint=f"{where} --help")
        code = Exit.USAGE
    except click.ClickException as error:
        say_fault(error.format_message())
        code = Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        say_fault("stopped")
        code = Exit.STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.STOPPED
    return code if isinstance(code, int) else Exit.DONE


if __name__ == "__main__":
    sys.exit(main())
