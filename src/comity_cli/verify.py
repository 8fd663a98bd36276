"""``comity verify``: check an export, a delivery or a proof, and say what it proves. No node, no network."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from comity.channel.bundle import Limits
from comity.channel.published_figures import BEGINS, count_statement_again, verify_statement
from comity.channel.statements import refusal
from comity.channel.verification import Report, verify_export
from comity.channel.verified_figures import MAX_BYTES, ClaimedFigures
from comity.channel.verified_fork import is_fork_proof, verify_fork
from comity.channel.verified_parts import is_receipt, verify_bundle, verify_proof, verify_receipt
from comity.channel.verified_reveal import verify_reveal
from comity.entries.entry import MAX_ENTRY_BYTES
from comity.errors import ComityError
from comity.keys.timestamps import MAX_ROOTS
from comity.protected import is_reveal_file
from comity.reciprocity import Extent
from comity.tlog.policy import MAX_POLICY, Policy
from comity.tlog.proof import HEADER, MAX_PROOF_FILE
from comity_cli import languages
from comity_cli.days import end_of
from comity_cli.directory import Directory
from comity_cli.exits import Exit
from comity_cli.faults import say_fault
from comity_cli.progress import counting
from comity_cli.verb import FILE, Answer, verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.channel.statements import Statement
    from comity_cli.languages import Language

_LIMITS: Final = Limits(bundle=2**30, entries=10**6, payload=2**28)
_MOST_STANDINGS: Final = 20
_INSIDE: Final = {"whose-keys-inside": "of the export", "whose-keys-in-file": "of the file"}


@click.command("verify")
@click.argument(
    "what", metavar="DIR|BUNDLE|PROOF|STATEMENT|REVEAL", type=click.Path(path_type=Path, exists=True)
)
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
@click.option(
    "--claimed",
    "claimed_file",
    type=FILE,
    metavar="FILE",
    help="Figures of reciprocity somebody gave, to be counted again from the export.",
)
@click.option(
    "--export",
    "export",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Count a statement of figures again from this export of its channel.",
)
@click.option(
    "--timestamp-roots",
    type=FILE,
    metavar="FILE",
    help="Certificates (PEM) its time stamps must verify under.",
)
@click.option("--tree", "tree_only", is_flag=True, help="Only hashes and signatures, not what entries mean.")
@languages.option
@verb
def verify(what: Path, policy_file: Path | None, language: Language, **asked: Unpack[_Asked]) -> Answer:
    """Verify an export, a delivery, a receipt, figures, a revealed object, or the proof of an entry or fork.

    Exit 1 at the first thing that does not hold, which is named.
    """
    try:
        policy = Policy.parse(_read(policy_file, MAX_POLICY)) if policy_file else None
        report = _verified(what, policy, asked)
    except ComityError as error:
        return _refused(error, language)
    return Answer(_document(report, policy_file, language), list(_lines(report, policy_file, language)))


class _Asked(TypedDict):
    """How far it is to be verified, and against what."""

    entry: Path | None
    figures: str
    claimed_file: Path | None
    export: Path | None
    timestamp_roots: Path | None
    tree_only: bool


def _refused(error: ComityError, language: Language) -> Answer:
    _ = language.translate
    because = _(refusal(error.code))
    detail = str(error) if language.code == languages.SOURCE else f"{because} ({error})"
    say_fault(_("not verified: %(why)s") % {"why": detail}, hint=error.hint)
    document = {"ok": False, "code": error.code, "error": str(error), "hint": error.hint, "words": because}
    return Answer(document, code=Exit.NOT_SO)


def _verified(what: Path, policy: Policy | None, asked: _Asked) -> Report:
    if what.is_dir():
        return _export(what, policy, asked)
    data = _read(what, _LIMITS.bundle)
    return verify_reveal(data, policy) if is_reveal_file(data) else _part(data, policy, asked)


def _part(data: bytes, policy: Policy | None, asked: _Asked) -> Report:
    """A part of a record that travels alone."""
    is_fork = is_fork_proof(data)
    if data.startswith(BEGINS) and not is_fork:
        return _statement(data, policy, asked["export"])
    if not data.startswith(HEADER.encode()) and not is_receipt(data) and not is_fork:
        return verify_bundle(data, policy, _LIMITS)
    if policy is None:
        raise click.UsageError("a proof and a receipt are verified by a policy: give --policy FILE")
    if is_fork:
        return verify_fork(data, policy)
    if is_receipt(data):
        return verify_receipt(data, policy)
    entry = _read(asked["entry"], MAX_ENTRY_BYTES) if asked["entry"] else None
    return verify_proof(data[: MAX_PROOF_FILE + 1], policy, entry)


def _export(what: Path, policy: Policy | None, asked: _Asked) -> Report:
    claimed, roots = asked["claimed_file"], asked["timestamp_roots"]
    with counting("entries") as progress:
        return verify_export(
            Directory(what),
            policy,
            tree_only=asked["tree_only"],
            extent=_extent(asked["figures"]),
            claimed=ClaimedFigures.parse(_read(claimed, MAX_BYTES)) if claimed else None,
            timestamp_roots=_read(roots, MAX_ROOTS) if roots else None,
            progress=progress,
        )


def _statement(data: bytes, policy: Policy | None, export: Path | None) -> Report:
    """A statement of figures; with an export, its numbers too."""
    if export is None:
        return verify_statement(data, policy).report
    with counting("entries") as progress:
        return count_statement_again(data, Directory(export), policy, progress=progress)


def _extent(day: str) -> Extent | None:
    """The record at the end of a day; None where no figures are asked for."""
    as_of = end_of(day)
    return Extent(as_of) if as_of else None


def _read(path: Path, most: int) -> bytes:
    """Read a file, and one byte more than it may have: the reader of its form refuses what is longer."""
    with path.open("rb") as file:
        return file.read(most + 1)


def _document(report: Report, policy_file: Path | None, language: Language) -> dict[str, object]:
    def told(statements: list[Statement]) -> list[dict[str, object]]:
        return [one.document(language.translate, language.code) for one in statements]

    return {
        "policy": str(policy_file) if policy_file else _believed(report),
        **asdict(report),
        "proven": told(report.proven),
        "not_proven": told(report.not_proven),
    }


def _believed(report: Report) -> str:
    """Whose policy was believed where none was given: the report says whose keys those are, if any were."""
    return next((_INSIDE[one.code] for one in report.not_proven if one.code in _INSIDE), "none")


def _heading(report: Report, policy_file: Path | None, language: Language) -> str:
    _ = language.translate
    if policy_file is not None:
        return _("Verified by the policy in %(file)s") % {"file": policy_file}
    headings = {
        "of the export": _("Verified by the policy in this export"),
        "of the file": _("Verified by the policy in this very file"),
        "none": _("Verified without a policy: no signature was checked"),
    }
    return headings[_believed(report)]


def _lines(report: Report, policy_file: Path | None, language: Language) -> Iterator[str]:
    _ = language.translate
    yield from (_heading(report, policy_file, language), "", _("What is proven"))
    for one in report.proven:
        yield _listed(one, language)
        if one.code == "standings":
            yield from _standings(report, language)
    yield from ("", _("What is not proven"), *(_listed(one, language) for one in report.not_proven))
    yield ""
    yield _("Entries: %(entries)s. Signatures: %(signatures)s.") % {
        "entries": report.entries,
        "signatures": report.signatures,
    }


def _standings(report: Report, language: Language) -> Iterator[str]:
    _ = language.translate
    for one in report.standings[:_MOST_STANDINGS]:
        counts = {
            _("acts: %(count)s"): one["acts"],
            _("irregular: %(count)s"): one["irregular"],
            _("lodged in a suspension and not confirmed: %(count)s"): one["lodged"],
        }
        said = ", ".join(text % {"count": count} for text, count in counts.items() if count)
        yield f"      {one['ref']}: {_(str(one['standing']))} ({said})"
    if len(report.standings) > _MOST_STANDINGS:
        more = len(report.standings) - _MOST_STANDINGS
        yield "      " + _("more of them, which --json lists: %(count)s") % {"count": more}


def _listed(one: Statement, language: Language) -> str:
    return f"  - {one.words(language.translate, language.code)}"
