"""``comity verify``: check an export, a delivery or a proof, and say what it proves. No node, no network."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from comity.channel.bundle import Limits
from comity.channel.verification import Report, verify_export
from comity.channel.verified_parts import verify_bundle, verify_proof
from comity.entries.entry import MAX_ENTRY_BYTES
from comity.errors import ComityError
from comity.tlog.policy import MAX_POLICY, Policy
from comity.tlog.proof import HEADER, MAX_PROOF_FILE
from comity_cli.days import end_of
from comity_cli.directory import Directory
from comity_cli.exits import Exit
from comity_cli.faults import say_fault
from comity_cli.progress import counting
from comity_cli.verb import FILE, Answer, verb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_LIMITS: Final = Limits(bundle=2**30, entries=10**6, payload=2**28)
_MOST_STANDINGS: Final = 20


@click.command("verify")
@click.argument("what", metavar="DIR|BUNDLE|PROOF", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--policy",
    "policy_file",
    type=FILE,
    metavar="FILE",
    help="The policy you trust, got from elsewhere: preferred to the one in the export.",
)
@click.option(
    "--entry", type=FILE, metavar="FILE", help="The entry of a proof, if the proof does not carry it."
)
@click.option(
    "--figures",
    metavar="DAY",
    default="",
    help="Count the figures of reciprocity too, as of the end of this day.",
)
@click.option("--tree", "tree_only", is_flag=True, help="Only hashes and signatures, not what entries mean.")
@verb
def verify(what: Path, policy_file: Path | None, entry: Path | None, figures: str, tree_only: bool) -> Answer:
    """Verify an export, a delivery or the proof of one entry, and say what is proven and what is not.

    Exit 1 at the first thing that does not hold, which is named.
    """
    try:
        report = _verified(what, policy_file, entry, tree_only=tree_only, as_of=end_of(figures))
    except ComityError as error:
        say_fault(f"not verified: {error}", hint=error.hint)
        document = {"ok": False, "code": error.code, "error": str(error), "hint": error.hint}
        return Answer(document, code=Exit.NOT_SO)
    document = {"policy": str(policy_file) if policy_file else "of the export", **asdict(report)}
    return Answer(document, list(_lines(report, policy_file)))


def _verified(
    what: Path, policy_file: Path | None, entry: Path | None, *, tree_only: bool, as_of: datetime | None
) -> Report:
    policy = Policy.parse(_read(policy_file, MAX_POLICY)) if policy_file else None
    if what.is_dir():
        with counting("entries") as progress:
            return verify_export(Directory(what), policy, tree_only=tree_only, as_of=as_of, progress=progress)
    data = _read(what, _LIMITS.bundle)
    if not data.startswith(HEADER.encode()):
        return verify_bundle(data, policy, _LIMITS)
    if policy is None:
        raise click.UsageError("a proof is verified by a policy: give --policy FILE")
    return verify_proof(data[: MAX_PROOF_FILE + 1], policy, _read(entry, MAX_ENTRY_BYTES) if entry else None)


def _read(path: Path, most: int) -> bytes:
    """Read a file, and one byte more than it may have: the reader of its form refuses what is longer."""
    with path.open("rb") as file:
        return file.read(most + 1)


def _lines(report: Report, policy_file: Path | None) -> Iterator[str]:
    yield f"verified by the policy in {policy_file or 'this very export'}"
    yield from ("", "What is proven:", *(f"  - {said}" for said in report.proven))
    for one in report.standings[:_MOST_STANDINGS]:
        irregular = f", {one['irregular']} irregular" if one["irregular"] else ""
        lodged = f", {one['lodged']} lodged in a suspension and not confirmed" if one["lodged"] else ""
        yield f"      {one['ref']}: {one['standing']} ({one['acts']} acts{irregular}{lodged})"
    if len(report.standings) > _MOST_STANDINGS:
        yield f"      and {len(report.standings) - _MOST_STANDINGS:,} more: --json lists all"
    yield from ("", "What is not proven:", *(f"  - {said}" for said in report.not_proven))
    yield from ("", f"{report.entries:,} entries, {report.signatures:,} signatures")
