"""``comity passport``: what we say of ourselves, signed, as a file to give away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity.errors import OurFault
from comity_cli.verb import NEW_FILE, Answer, node_verb, official_verb

if TYPE_CHECKING:
    from pathlib import Path

    from comity.channel.passport import Passport
    from comity_node.officials.models import Official


class NoPassport(OurFault):
    """No passport of ours was issued yet."""

    code = "no-passport"
    default_hint = "issue one: comity passport issue --as LOGIN"


@click.group("passport")
def passport() -> None:
    """Our own passport."""


@passport.command("show")
@node_verb
def show() -> Answer:
    """Show what our passport says."""
    from comity_node.register.letter_key import fingerprint

    said, letters = described(_own()), fingerprint()
    lines = [f"certificate for letters {letters or 'none yet: the first letter makes it'}"]
    return Answer({**said.document, "letters": letters}, [*said.lines, *lines])


@passport.command("issue")
@official_verb
def issue(by: Official) -> Answer:
    """Sign a new version, if node.toml, passport.toml or the keys say anything new."""
    from comity_node.counterparts import own, queries

    return described(queries.read(own.issue_passport(by=by)))


@passport.command("export")
@click.argument("file", type=NEW_FILE)
@node_verb
def export(file: Path) -> Answer:
    """Write our passport to FILE, to be given to a counterpart by any path."""
    found = _own()
    file.write_bytes(found.note)
    return Answer(
        {"file": str(file), "version": found.about.version},
        [f"wrote version {found.about.version} to {file}"],
    )


@passport.command("fingerprint")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of the words.")
@node_verb
def fingerprint(language: str) -> Answer:
    """Show the fingerprint to be read aloud over another path."""
    return fingerprints(_own(), language)


def fingerprints(found: Passport, language: str) -> Answer:
    """The fingerprint of a passport as words and as digits."""
    print_ = found.fingerprint
    document = {"party": found.about.party, "words": print_.words(language), "digits": print_.digits}
    return Answer(document, [print_.words(language), print_.digits])


def described(found: Passport) -> Answer:
    """What a passport says, for people and for programs."""
    about = found.about
    document = {
        "party": about.party,
        "version": about.version,
        "issued": about.issued,
        "names": about.names,
        "address": about.address,
        "languages": about.languages,
        "authorities": {one.code: one.names for one in about.authorities},
        "keys": {use: [str(key) for key in keys] for use, keys in found.keys.items()},
        "fingerprint": found.fingerprint.words(),
    }
    lines = [
        f"{about.party}: {', '.join(f'{name} ({code})' for code, name in about.names.items())}",
        f"version {about.version} of {about.issued}",
        f"address {about.address}",
        *(f"authority {one.code}: {', '.join(one.names.values())} ({one.role})" for one in about.authorities),
        f"fingerprint {found.fingerprint.words()}",
        f"            {found.fingerprint.digits}",
    ]
    return Answer(document, lines)


def _own() -> Passport:
    from comity_node.counterparts import queries

    row = queries.own()
    if row is None:
        raise NoPassport("this node has no passport yet")
    return queries.read(row)
