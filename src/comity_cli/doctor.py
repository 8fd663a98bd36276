"""``comity doctor``: what is wrong with this node, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from comity_cli.exits import Exit
from comity_cli.findings import Finding
from comity_cli.verb import Answer, node_verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@click.command("doctor")
@node_verb
def doctor() -> Answer:
    """Examine this node: home, keys, database, clock, counterparts, record. Exit 1 if something is wrong."""
    from comity_cli import examinations

    findings = [finding for examine in examinations.ALL for finding in _attempt(examine)]
    wrong = [finding for finding in findings if finding.state == "wrong"]
    lines = [line for finding in findings for line in _lines(finding)]
    lines.append(f"{len(findings)} things examined, {len(wrong)} wrong")
    document = {"findings": [asdict(finding) for finding in findings], "wrong": len(wrong)}
    return Answer(document, lines, Exit.NOT_SO if wrong else Exit.DONE)


def _attempt(examine: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """An examination that itself fails is a finding: the others still say what they can."""
    try:
        return list(examine())
    except Exception as error:  # noqa: BLE001 - whatever is broken, the doctor goes on
        subject = examine.__name__.replace("_", " ").strip()
        return [Finding(subject, "wrong", f"{type(error).__name__}: {error}", getattr(error, "hint", ""))]


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.state:5} {finding.subject}: {finding.says}"
    if finding.remedy:
        yield f"      {finding.remedy}"
