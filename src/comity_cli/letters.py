"""Formal letters by command: made of a request or a draft, and read back from a file by anybody."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from comity.errors import OurFault
from comity_cli.exits import Exit
from comity_cli.verb import FILE, NEW_FILE, Answer, official_verb, verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity_node.assistance.models import Draft, Request
    from comity_node.letters.reading import Found, Signed
    from comity_node.officials.models import Official


class LetterExists(OurFault):
    """There is something where the letter, or what is taken out of one, should be written."""

    code = "letter-exists"
    default_hint = "choose another name: a signed letter is never overwritten"


class NoSuchLanguage(OurFault):
    """No page of this node is in that language, so no letter is."""

    code = "no-such-language"
    default_hint = "write one of ar, zh, en, fr, ru, es, vi"


@click.command("letter")
@click.argument("channel")
@click.argument("ref")
@click.argument("file", type=NEW_FILE)
@click.option("--language", default="", metavar="CODE", help="Language of the labels; your own if left out.")
@click.option("--act", default="", metavar="PARTY-NUMBER", help="Of one act, by its entry, as aa-12.")
@click.option("--draft", is_flag=True, help="Of a draft of your office: marked on every page, not signed.")
@official_verb
def letter(channel: str, ref: str, file: Path, language: str, act: str, draft: bool, by: Official) -> Answer:
    """Write the formal letter of request REF to FILE: PDF with the data inside, signed as one."""
    from comity_node.assistance import letters
    from comity_node.officials.access import require

    chosen = letters.language_of(language or by.language, "" if language else "en")
    if not chosen:
        raise NoSuchLanguage(f"no letter was written: no page of this node is in {language[:40]!r}")
    if draft:
        require(by, "assistance.draft")
        made = letters.of_draft(_draft(channel, ref, by), chosen)
    else:
        require(by, "record.read")
        made = letters.of_request(request_of(channel, ref), chosen, act=act)
    keep_file(file, made)
    said = "draft, not signed" if draft else "signed"
    return Answer(
        {"file": str(file), "bytes": len(made), "language": chosen, "signed": not draft},
        [f"wrote {file}: {said}", f"read it back: comity request read-letter {file}"],
    )


@click.command("read-letter")
@click.argument("file", type=FILE)
@click.option("--certificate", default="", metavar="FINGERPRINT", help="What the authority told you it is.")
@click.option(
    "--take-out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write what is attached (act, entry, proof) to a new directory.",
)
@verb
def read_letter(file: Path, certificate: str, take_out: Path | None) -> Answer:
    """Read the data of a letter out of FILE, and say what can be said for them. No node, no network.

    Exit 1 if the signature does not hold, or is by another certificate than the one given.
    """
    from comity_node.letters.reading import MAX_LETTER_BYTES, read

    with file.open("rb") as opened:
        found = read(opened.read(MAX_LETTER_BYTES + 1))
    faults = list(_faults(found, certificate))
    if take_out is not None:
        _take_out(found, take_out)
    is_known = bool(certificate) and not faults
    document = {
        "ok": not faults,
        "faults": faults,
        "certificate_compared": is_known,
        "signed": _told(found.signed),
        "act": json.loads(found.data.encode()),
        "attached": [name for name, content in _contents(found) if content],
    }
    # Every word may be a stranger's: nothing in it moves the cursor or turns a line round.
    lines = [
        _one_line(one) for one in (*_said(found), "", *_verdict(found.signed, faults, is_known=is_known))
    ]
    return Answer(document, lines, Exit.NOT_SO if faults else Exit.DONE)


def _faults(found: Found, certificate: str) -> Iterator[str]:
    """What keeps anybody from relying on the file."""
    from comity_node.letters.reading import disagreements

    signed = found.signed
    if signed is None:
        yield "it is a draft and not signed" if found.data.draft else "it is not signed"
    else:
        if not signed.holds:
            yield f"the signature does not hold: {signed.because}"
        if not signed.in_time:
            yield "the certificate was not good when it signed"
        if certificate and _digits(certificate) != _digits(signed.fingerprint):
            yield "it is signed with another certificate than the one given"
    yield from disagreements(found)


def _said(found: Found) -> Iterator[str]:
    data = found.data
    yield "What the file says, which is a claim until the rest is compared:"
    parties = f"by {data.author.upper()} to {data.addressee.upper()}"
    yield f"  {data.kind} {data.ref}, {parties}, {data.at or 'draft'}"
    yield f"  under {data.instrument}, edition {data.edition}; layout {data.layout}"
    if data.exercise:
        yield "  EXERCISE: nothing real is asked"
    if data.copy_by:
        yield f"  a copy made by {data.copy_by.upper()}"
    if data.entry:
        yield f"  entry {data.entry}"
        yield f"  leaf hash {data.leaf_hash}"
    payload = {name: msgspec.json.decode(value) for name, value in data.payload.items()}
    if isinstance(title := payload.get("title"), str):
        yield f"  title {title[:200]}"
    fields = payload.get("fields")
    names = ", ".join(fields) if isinstance(fields, dict) else ""
    yield f"  fields: {names or 'none'}; whole with --json or --take-out"


def _verdict(signed: Signed | None, faults: list[str], *, is_known: bool) -> Iterator[str]:
    if signed is not None:
        when = f"{signed.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if signed.at else "at a time it does not say"
        yield f"signed {when}, by its own clock, by who calls itself {signed.name!r}"
        yield f"certificate {signed.fingerprint}"
    if faults:
        yield from (f"NOT SO: {fault}" for fault in faults)
    elif is_known:
        yield "The signature holds over the whole file, by the certificate you gave."
    else:
        yield "The signature holds over the whole file. Whose it is, is not known:"
        yield "compare the certificate with what the authority told you over another path (--certificate)."


def _told(signed: Signed | None) -> dict[str, object] | None:
    if signed is None:
        return None
    return {**asdict(signed), "at": signed.at.isoformat() if signed.at else None}


def _contents(found: Found) -> list[tuple[str, bytes]]:
    from comity_node.letters.letter import DATA, ENTRY, PROOF

    return [(DATA, found.data.encode()), (ENTRY, found.entry), (PROOF, found.proof)]


def _take_out(found: Found, folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise LetterExists(f"nothing was taken out: {folder} exists") from None
    for name, content in _contents(found):
        if content:
            (folder / name).write_bytes(content)


def _one_line(text: str) -> str:
    from comity_node.letters.wording import seen

    return " ".join(seen(text).split("\n"))


def _digits(fingerprint: str) -> str:
    return "".join(fingerprint.split()).replace(":", "").upper()


def _draft(channel: str, ref: str, by: Official) -> Draft:
    from comity_cli.drafting import UnknownDraft
    from comity_node.assistance import queries

    found = queries.drafts(by).filter(channel=channel, ref=ref).first()
    if found is None:
        raise UnknownDraft(f"there is no draft {ref[:60]} of your office in channel {channel[:40]}")
    return found


def request_of(channel: str, ref: str) -> Request:
    """The request under a reference.

    Raises:
        NoSuchRequest: Nothing is on record under it.
    """
    from comity_node.assistance import queries
    from comity_node.assistance.errors import NoSuchRequest

    found = queries.request(channel, ref)
    if found is None:
        raise NoSuchRequest(f"there is no request {ref[:60]} in channel {channel[:40]}")
    return found


def keep_file(file: Path, made: bytes) -> None:
    """Write a file that was not there, whole."""
    try:
        with file.open("xb") as opened:
            opened.write(made)
    except FileExistsError:
        raise LetterExists(f"no letter was written: {file} exists") from None
