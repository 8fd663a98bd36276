"""``comity counterpart``: passports received, and the ceremony that makes them trusted."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from comity.errors import OurFault
from comity_cli.passport import described, fingerprints
from comity_cli.verb import FILE, NEW_FILE, Answer, node_verb, official_verb, verb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from comity_node.counterparts.models import Counterpart, Passport
    from comity_node.officials.models import Official


class NoContradiction(OurFault):
    """Nothing a party said of others contradicts itself."""

    code = "no-contradiction"


class NothingOffered(OurFault):
    """No passport of that party waits here, and none is in force."""

    code = "nothing-offered"
    default_hint = "import its passport first: comity counterpart import FILE --as LOGIN"


@click.group("counterpart")
def counterpart() -> None:
    """The other parties: their passports, and whom we trust."""


@counterpart.command("import")
@click.argument("file", type=FILE)
@official_verb
def import_(file: Path, by: Official) -> Answer:
    """Read in a passport, or an introduction. Nobody is trusted before the fingerprints were compared."""
    from comity_node.counterparts import introductions, queries

    row = introductions.import_file(file.read_bytes(), by=by)
    said = described(queries.read(row))
    standing = queries.counterpart(row.party)
    in_force = standing is not None and standing.passport.pk == row.pk
    vouching = sorted(introductions.who_vouches(row))
    said = replace(
        said,
        document={**said.document, "introduced_by": vouching},
        lines=[*said.lines, *(f"{one} vouches for these keys" for one in vouching)],
    )
    step = (
        "it is in force"
        if in_force
        else f"compare fingerprints, then: comity counterpart confirm {row.party}"
    )
    return replace(said, document={**said.document, "in_force": in_force}, lines=[*said.lines, step])


@counterpart.command("list")
@node_verb
def list_() -> Answer:
    """List every party we trust or have a passport of."""
    from comity_node.counterparts import queries

    rows = [
        {
            "party": one.party,
            "version": one.passport.version,
            "state": _state(one),
        }
        for one in queries.counterparts()
    ]
    rows += [
        {"party": one.party, "version": one.version, "state": "to be confirmed"} for one in queries.offered()
    ]
    lines = [f"{row['party']:10} version {row['version']:<4} {row['state']}" for row in rows]
    return Answer({"counterparts": rows}, lines or ["none"])


def _state(standing: Counterpart) -> str:
    if standing.is_stopped:
        return "stopped"
    if standing.is_introduced:
        return f"never compared, introduced by {standing.ceremony.with_whom}"
    return "trusted"


@counterpart.command("show")
@click.argument("party")
@node_verb
def show(party: str) -> Answer:
    """Show the passport of PARTY that waits for confirmation, or else the one in force."""
    from comity_node.counterparts import clocks, queries

    said, seen = described(queries.read(_latest(party))), clocks.clock(party)
    if seen is None:
        return said
    line = (
        f"clock {seen.typical:+.1f} s against ours as a rule, {seen.ahead:+.1f} s within {seen.within:.1f}"
        f" when last read, {seen.read_at:%Y-%m-%d %H:%M} UTC{' (off)' if seen.is_off else ''}"
    )
    return replace(said, document={**said.document, "clock": asdict(seen)}, lines=[*said.lines, line])


@counterpart.command("fingerprint")
@click.argument("party")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of the words.")
@node_verb
def fingerprint(party: str, language: str) -> Answer:
    """Show the fingerprint of PARTY's passport, to be compared over another path."""
    from comity_node.counterparts import queries

    return fingerprints(queries.read(_latest(party)), language)


@counterpart.command("confirm")
@click.argument("party")
@click.option(
    "--fingerprint", "heard", metavar="TEXT", help="As read to us: words or digits; asked for without it."
)
@click.option(
    "--how",
    "path",
    required=True,
    type=click.Choice(["in person", "telephone", "video"]),
    help="How the two officers were connected.",
)
@click.option(
    "--with", "with_whom", required=True, metavar="NAME", help="The other officer; stays on this node."
)
@official_verb
def confirm(party: str, heard: str | None, path: str, with_whom: str, by: Official) -> Answer:
    """Record that the fingerprint of PARTY was compared and agreed: from now on it is trusted."""
    from comity_node.counterparts import services

    row = _latest(party)
    typed = heard or click.prompt(f"fingerprint of {party} as it was read to you", err=True)
    services.hold_ceremony(row, by=by, fingerprint=typed, path=path, with_whom=with_whom)
    return Answer({"party": party, "version": row.version}, [f"{party} is trusted, version {row.version}"])


@counterpart.command("stop")
@click.argument("party")
@official_verb
def stop(party: str, by: Official) -> Answer:
    """Deal with PARTY no more, at once."""
    from comity_node.counterparts import services

    services.stop(party, by=by)
    return Answer({"party": party, "stopped": True}, [f"nothing of {party} is accepted from now on"])


@counterpart.command("restore")
@click.argument("party")
@official_verb
def restore(party: str, by: Official) -> Answer:
    """Deal with PARTY again, under the passport in force."""
    from comity_node.counterparts import services

    services.restore(party, by=by)
    return Answer({"party": party, "stopped": False}, [f"{party} is dealt with again"])


@counterpart.command("introduce")
@click.argument("party")
@click.argument("file", type=NEW_FILE)
@click.option("--to", required=True, metavar="PARTY", help="To whom; also a party that was compared here.")
@official_verb
def introduce(party: str, file: Path, to: str, by: Official) -> Answer:
    """Introduce PARTY to another: sign which keys of it were compared here, when and how, and write FILE."""
    from comity_node.counterparts import introductions

    row = introductions.introduce(party, to=to, by=by)
    file.write_bytes(bytes(row.note))
    return Answer(
        {"party": party, "to": to, "file": str(file)},
        [f"wrote the introduction of {party} to {file}: send it to {to}, by any path"],
    )


@counterpart.command("accept")
@click.argument("party")
@official_verb
def accept(party: str, by: Official) -> Answer:
    """Deal with PARTY on the word of others, where `introductions_needed` of node.toml lets it suffice."""
    from comity_node.counterparts import introductions

    standing = introductions.accept(_latest(party), by=by)
    vouching = standing.ceremony.with_whom
    lines = [
        f"{party} is dealt with on the word of {vouching}; nobody here has compared its fingerprint",
        f"compare when you can: comity counterpart confirm {party}",
    ]
    return Answer({"party": party, "introduced_by": vouching.split(", ")}, lines)


@counterpart.command("introductions")
@click.argument("party")
@node_verb
def introductions_(party: str) -> Answer:
    """Show who introduced PARTY to us, and what that is worth here."""
    from comity_node.counterparts import introductions

    rows = [
        {
            "introducer": word.row.introducer,
            "compared": word.read.said.compared,
            "how": word.read.said.how,
            "version": word.read.passport.about.version,
            "fingerprint": word.read.passport.fingerprint.digits,
            "counts": word.counts,
            "same_keys_as_compared_here": word.fits,
            "contradicts_itself": bool(word.against),
        }
        for word in introductions.words(party)
    ]
    lines = [
        f"{row['introducer']}: compared {row['compared']}, {row['how']}; version {row['version']},"
        f" {row['fingerprint']}{_worth(row)}"
        for row in rows
    ]
    return Answer({"introductions": rows}, lines or ["nobody has introduced it"])


def _worth(row: Mapping[str, object]) -> str:
    if row["contradicts_itself"]:
        return (
            "\n  its author vouches for other keys too: comity counterpart contradiction"
            f" {row['introducer']} FILE"
        )
    if row["same_keys_as_compared_here"] is False:
        return "\n  officers here compared, and the keys are others"
    return "" if row["counts"] else "\n  its author is not dealt with, or was never compared here"


@counterpart.command("contradiction")
@click.argument("introducer")
@click.argument("file", type=NEW_FILE)
@node_verb
def contradiction(introducer: str, file: Path) -> Answer:
    """Write the proof that INTRODUCER vouched for two identities of one party: a file anyone can check."""
    from comity_node.counterparts import introductions

    proofs = introductions.contradictions(introducer)
    if not proofs:
        raise NoContradiction(f"nothing that {introducer} said to us contradicts itself")
    file.write_bytes(proofs[0].encode())
    return Answer(
        {"file": str(file), "about": proofs[0].first.about},
        [f"wrote the proof to {file}; anyone checks it: comity counterpart check {file}"],
    )


@counterpart.command("check")
@click.argument("file", type=FILE)
@verb
def check(file: Path) -> Answer:
    """Check such a proof; needs no node. Compare the introducer's fingerprint over another path."""
    from comity.channel.introduction import Contradiction

    proof = Contradiction.parse(file.read_bytes())
    author, about = proof.introducer.about.party, proof.first.about
    prints = [one.passport.fingerprint.digits for one in (proof.first, proof.second)]
    words = proof.introducer.fingerprint.words()
    lines = [
        f"{author} vouched for two identities of {about} under one version of its passport:",
        *(
            f"  to {one.said.to}, on {one.said.issued}: {digits}"
            for one, digits in zip((proof.first, proof.second), prints, strict=True)
        ),
        f"both are signed by the identity of {author} with the fingerprint {words}",
    ]
    return Answer({"introducer": author, "about": about, "fingerprint": words, "vouched_for": prints}, lines)


def _latest(party: str) -> Passport:
    from comity_node.counterparts import queries

    offered = next((row for row in queries.offered() if row.party == party), None)
    standing = queries.counterpart(party)
    if offered is None and standing is None:
        raise NothingOffered(f"no passport of {party} is here")
    return offered or standing.passport  # type: ignore[union-attr]  # one of the two is there
