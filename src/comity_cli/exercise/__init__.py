"""``comity exercise``: train officials on their live node, with counterparts played from a script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from comity_cli.verb import FILE, Answer, official_verb, verb

if TYPE_CHECKING:
    from comity.exercise import Inject, Script
    from comity_node.officials.models import Official

_PLACE: Final = click.option(
    "--in", "where", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="The exercise's own directory.",
)  # fmt: skip
_SCRIPT: Final = click.argument("script")
_FASTEST: Final = 3_600


@click.group("exercise")
def exercise() -> None:
    """Exercises: a script that is played against your node, and what became of it."""


@exercise.command("list")
@verb
def list_() -> Answer:
    """List the scripts that come with Comity."""
    from comity_cli.exercise import shelf

    found = {name: shelf.find(name) for name in shelf.shipped()}
    rows = [_head(name, one) for name, one in found.items()]
    lines = [f"{row['name']:22} {row['minutes']:>5g} min  {row['title']}" for row in rows]
    return Answer({"scripts": rows}, lines)


@exercise.command("show")
@_SCRIPT
@verb
def show(script: str) -> Answer:
    """Show what SCRIPT plays and expects, or on which line it cannot be played. Trainees look away."""
    from comity_cli.exercise import shelf

    found = shelf.find(script)
    lines = [found.title, "", found.summary.strip(), "", *(f"aim: {one}" for one in found.aims)]
    lines += [f"{one.code}: {one.name}: {one.plays}" for one in found.parties]
    lines.append("")
    lines += [line for one in found.injects for line in _inject_lines(one)]
    document = {
        **_head(script, found),
        "aims": list(found.aims),
        "parties": {one.code: one.plays for one in found.parties},
        "injects": [
            {"id": one.id, "at": one.at, "by": one.by, "expects": [each.id for each in one.expects]}
            for one in found.injects
        ],
    }
    return Answer(document, lines)


@exercise.command("prepare")
@_SCRIPT
@_PLACE
@click.option(
    "--trainee", required=True, type=FILE, metavar="FILE", help="The passport of the trainee's node."
)
@click.option(
    "--fingerprint", "heard", metavar="TEXT",
    help="Its fingerprint as the trainee read it to you: words or digits; asked for without it.",
)  # fmt: skip
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where the trainee's node reaches these."
)
@verb
def prepare(script: str, where: Path, trainee: Path, heard: str | None, host: str) -> Answer:
    """Make the nodes of the scripted parties, and compare fingerprints with the trainee."""
    from comity.channel.passport import Passport
    from comity_cli.exercise import preparing, shelf

    found, passport = shelf.find(script), Passport.parse(trainee.read_bytes())
    typed = heard or click.prompt(f"fingerprint of {passport.about.party} as it was read to you", err=True)
    made = preparing.prepare(found, where.absolute(), trainee=passport, heard=typed, host=host)
    rows, lines = {}, ["The trainee imports each passport, hears its fingerprint from you, and confirms it:"]
    for party, text in made.items():
        fingerprint = Passport.parse(text.encode()).fingerprint
        rows[party] = {"passport": str(where.absolute() / f"{party}.passport"), "digits": fingerprint.digits}
        lines += ["", f"{party}: {rows[party]['passport']}", f"    {fingerprint.digits}"]
        lines.append(f"    {fingerprint.words()}")
    lines += ["", f"then: comity exercise run {script} --in {where}"]
    return Answer({"prepared": rows}, lines)


@exercise.command("run")
@_SCRIPT
@_PLACE
@click.option(
    "--speed", default=1.0, show_default=True, type=click.FloatRange(0.1, _FASTEST),
    help="Minutes of the script that pass in one minute; stays as announced.",
)  # fmt: skip
@verb
def run(script: str, where: Path, speed: float) -> Answer:
    """Play SCRIPT against the trainee's node, or go on where the record stands. Ctrl-C stops."""
    from comity_cli.exercise import running, shelf

    done = running.run(shelf.find(script), where.absolute(), speed=speed)
    lines = [f"{name}: {standing}" for name, standing in done["expected"].items()]
    return Answer(done, [*lines, f"debrief: comity exercise debrief {done['channel']} --as LOGIN"])


@exercise.command("debrief")
@click.argument("channel")
@click.option("--exercise", "ref", default="", metavar="REF", help="Which; the latest of the channel.")
@official_verb
def debrief(channel: str, ref: str, by: Official) -> Answer:
    """Say from the record alone what became of the exercise in CHANNEL; the same on every side."""
    from comity.exercise import plain
    from comity_node.exercises import gathering
    from comity_node.officials.access import require

    require(by, "record.read")
    document = plain(gathering.gathered(channel, ref))
    lines = [f"exercise {document['exercise']} in {channel}, led by {document['leads']}"]
    acts = document["timeline"]
    lines += [f"{one['minute']:7.1f} min  {one['party']}  {one['ref']}  {one['act']}" for one in acts]
    for one in document["expectations"] or ():
        late = f" by {one['late_minutes']:g} min" if one["late_minutes"] else ""
        lines.append(f"{one['standing']}{late}: {one['says']}")
    if document["expectations"] is None:
        lines.append("what was expected is read from the script, which is put on record at the end")
    lines += [f"clock {one['clock']} of {one['ref']}: {one['standing']}" for one in document["clocks"]]
    return Answer({"debrief": document}, lines)


def _head(name: str, script: Script) -> dict[str, object]:
    return {
        "name": name,
        "title": script.title,
        "minutes": script.ends_at,
        "scripted": [one.code for one in script.parties],
        "sha256": script.digest,
    }


def _inject_lines(one: Inject) -> list[str]:
    does = f"opens {one.opens} as {one.named}" if one.opens else f"{one.act} on {one.on}"
    when = f", once {' '.join(one.when.named[0])}" if one.when else ""
    told = [f"from {one.at:5g} min{when}: {one.by} {does} ({one.id})"]
    return told + [f"        expected: {each.says}" for each in one.expects]
