"""``comity demo``: two nodes and a witness on this machine, and the opening of the model case played."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from comity_cli.verb import Answer, verb

_FOLDER: Final = click.Path(path_type=Path, file_okay=False)
_GIVEN: Final = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command("demo")
@click.option("--headless", is_flag=True, help="Play, check, report, and leave nothing running.")
@click.option("--keep", type=_FOLDER, metavar="DIR",
              help="Leave homes and exports in DIR [./demo; nothing with --headless].")  # fmt: skip
@click.option("--input", "given", type=_GIVEN, metavar="DIR",
              help="Every file in DIR and below becomes an exhibit of the ru side.")  # fmt: skip
@verb
def demo(headless: bool, keep: Path | None, given: Path | None) -> Answer:
    """Run two nodes and a witness, and play the opening of the model case between them.

    Everything is done as people do it: at the pages of the nodes, with confirmations and second signatures.
    """
    from comity_cli.demo.running import run

    return run(headless=headless, keep=keep, given=given)
