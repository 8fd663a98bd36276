"""``comity export``: the record of a channel as a directory that anybody can verify."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from comity.errors import OurFault
from comity_cli.progress import counting
from comity_cli.verb import Answer, node_verb


class ExportExists(OurFault):
    """There is something where the export should be written."""

    code = "export-exists"
    default_hint = "choose another directory: an export is never mixed with what was there"


@click.command("export")
@click.argument("channel")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--payloads", is_flag=True, help="With the sealed payloads.")
@node_verb
def export(channel: str, directory: Path, payloads: bool) -> Answer:
    """Write the record of CHANNEL to DIR, whole or not at all."""
    from comity_cli.channel import found
    from comity_cli.exporting import write

    found(channel)
    target = directory.absolute()
    if target.exists():
        raise ExportExists(f"nothing was exported: {target} exists")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        with counting("entries") as progress:
            counts = write(channel, draft, with_payloads=payloads, progress=progress)
        draft.chmod(0o755)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    lines = [
        f"wrote {counts['entries']:,} entries of channel {channel} to {target}",
        f"check it: comity verify {target}",
    ]
    return Answer({"directory": str(target), "channel": channel, **counts}, lines)
