"""``comity bench``: what Comity does in a second on this machine, by the measurements of the checkout."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from comity.errors import OurFault
from comity_cli.exits import Exit
from comity_cli.faults import exit_code, say_fault


class NoMeasurements(OurFault):
    """Comity was installed without its measurements."""

    code = "no-measurements"
    default_hint = "run it from a checkout of the source, where `make setup` has built the environment"


@click.command("bench", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure this machine and Comity on it. Exit 1 if a bar is missed; --help lists what is measured."""
    checkout = Path(__file__).parents[2]
    if not (checkout / "bench" / "__main__.py").is_file():
        fault = NoMeasurements("nothing was measured: the measurements are not installed with Comity")
        say_fault(str(fault), hint=fault.hint)
        sys.exit(exit_code(fault))
    sys.path.insert(0, str(checkout))
    sys.exit(Exit.NOT_SO if import_module("bench").main(list(arguments)) else Exit.DONE)
