"""``comity passport``: what we say of ourselves, signed, as a file to give away."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from comity import skew
from comity.errors import OurFault
from comity_cli.verb import NEW_FILE, Answer, node_verb, official_verb

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from comity.channel.passport import Passport
    from comity_node.channels.rotating import Changed
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


@passport.command("rotate")
@click.option(
    "--from",
    "begins",
    metavar="DAY",
    default="",
    help="The day from which the new keys sign; today without it.",
)
@click.option("--token", "in_token", is_flag=True, help="Draw them in the token of node.toml, to stay there.")
@official_verb
def rotate(begins: str, in_token: bool, by: Official) -> Answer:
    """Draw new keys for our logs and mirror, and announce them in our passport and in every channel.

    From the day on the new keys sign; the old ones are accepted too until `comity passport revoke`. Said
    again, it goes on where it was broken off. Take a backup of the keyring afterwards.
    """
    from comity_node.channels import rotating

    done = rotating.rotate(begins=_day(begins) if begins else None, by=by, in_token=in_token)
    lines = [f"version {done.version} of our passport announces new keys, which sign from {done.begins}"]
    return _changed(done, [*lines, *_said(done, "announced")])


@passport.command("revoke")
@click.option(
    "--reason",
    type=click.Choice(["scheduled", "stolen", "lost"]),
    default="scheduled",
    show_default=True,
    help="Why; both sides keep it.",
)
@click.option(
    "--since",
    metavar="MOMENT",
    default="",
    help="Since when they must be taken to be in other hands: 2026-01-31T09:30:00Z.",
)
@official_verb
def revoke(reason: str, since: str, by: Official) -> Answer:
    """Retire the keys of our logs and mirror that were replaced: nothing more they sign is accepted."""
    from comity_node.channels import rotating

    done = rotating.revoke(reason=reason, compromised=_moment(since) if since else None, by=by)
    lines = _said(done, "retired")
    if since:
        lines.append("what they signed, before and after: comity channel keys CHANNEL")
    return _changed(done, lines)


def _said(done: Changed, what: str) -> list[str]:
    lines = [f"{what} in {len(done.done)} channels: {', '.join(done.done) or 'none'}"]
    lines += [f"not yet in {channel}: {why}" for channel, why in done.left.items()]
    return [*lines, "say it again once that is over"] if done.left else lines


def _changed(done: Changed, lines: list[str]) -> Answer:
    document = {"version": done.version, "begins": done.begins, "done": done.done, "left": done.left}
    return Answer(document, lines)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text[:40]!r} is not a day as 2026-01-31") from None


def _moment(text: str) -> datetime:
    found = skew.told(text)
    if found is None:
        raise click.BadParameter(f"{text[:40]!r} is not a moment as 2026-01-31T09:30:00Z")
    return found


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
