"""``comity fsck`` and ``comity rebuild``: recompute the record, and what is derived from it."""

from __future__ import annotations

from dataclasses import asdict

import click

from comity_cli.exits import Exit
from comity_cli.progress import counting
from comity_cli.verb import Answer, node_verb


@click.command("fsck")
@node_verb
def fsck() -> Answer:
    """Recompute every hash, root, signature, receipt and payload digest. Exit 1 if anything is wrong."""
    from comity_node.register.fsck import check

    with counting("entries") as progress:
        findings, tally = check(progress)
    counts = asdict(tally)
    lines = [f"{one.where}: {one.what}" for one in findings]
    lines.append(
        ", ".join(f"{count:,} {name}" for name, count in counts.items()) + f": {len(findings)} wrong"
    )
    document = {"findings": [asdict(one) for one in findings], **counts}
    return Answer(document, lines, Exit.NOT_SO if findings else Exit.DONE)


@click.command("rebuild")
@node_verb
def rebuild() -> Answer:
    """Drop everything derived and derive it anew. Exit 1 if that changed anything."""
    from comity_node.register.rebuilding import rebuild as derive

    before, after = derive()
    said = "equal to the byte" if before == after else "it differs from what was there"
    code = Exit.DONE if before == after else Exit.NOT_SO
    return Answer(
        {"before": before, "after": after, "equal": before == after}, [f"derived anew: {said}"], code
    )
