"""``comity profile``: what authorities require of requests: publish ours, read theirs, check a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity_cli.signing import YES, read
from comity_cli.verb import FILE, Answer, node_verb, official_verb, verb

if TYPE_CHECKING:
    from pathlib import Path

    from comity_node.assistance.profiles import Version
    from comity_node.officials.models import Official


@click.group("profile")
def profile() -> None:
    """Requirement profiles: what an authority needs of requests, beyond the instrument."""


@profile.command("check")
@click.argument("file", type=FILE)
@verb
def check(file: Path) -> Answer:
    """Check whether FILE, in TOML or JSON, is a profile that counterparts will be able to read."""
    from comity.drafting import profile_document, read_profile

    found = read_profile(file.read_bytes())
    return Answer(
        {"profile": profile_document(found)},
        [f"a profile of {found.authority} ({found.party}), {found.as_of}, with {len(found.needs)} needs"],
    )


@profile.command("publish")
@click.argument("file", type=FILE)
@click.option("--channel", "channels", multiple=True, help="Where; every open channel if left out.")
@YES
@official_verb
def publish(file: Path, channels: tuple[str, ...], yes: bool, by: Official) -> Answer:
    """Publish FILE as our profile, in each channel by itself; a second officer signs."""
    from django.db import transaction

    from comity.drafting import read_profile
    from comity_cli.recorded import recorded
    from comity_node.assistance import profiles
    from comity_node.assistance.errors import ChannelNotOpen
    from comity_node.officials import services as officials

    found = read_profile(file.read_bytes())
    acts = [profiles.publication(found, one) for one in channels or profiles.open_channels()]
    if not acts:
        raise ChannelNotOpen("nothing was published: no channel is open here")
    shown = [read(act, by=by, yes=yes) for act in acts]
    with transaction.atomic():
        done = [officials.sign(act, shown=text, by=by) for act, text in zip(acts, shown, strict=True)]
    said = [recorded(one) for one in done]
    rows = [
        {"channel": act.channel, "ref": act.ref, **one.document} for act, one in zip(acts, said, strict=True)
    ]
    lines = [
        line
        for act, one in zip(acts, said, strict=True)
        for line in (f"{act.ref} in {act.channel}", *one.lines)
    ]
    return Answer({"published": rows}, lines)


@profile.command("show")
@click.option("--channel", help="Only this channel.")
@click.option("--party", help="Only this party's.")
@node_verb
def show(channel: str | None, party: str | None) -> Answer:
    """Show the latest profile of each party in each open channel, and those that cannot be read."""
    from django.conf import settings

    from comity_node.assistance import profiles
    from comity_node.register import queries as register

    found = [
        one
        for place in profiles.open_channels()
        if channel in (None, place)
        for whose in (*(log.party for log in register.their_logs(place)), settings.NODE.party)
        if party in (None, whose)
        for one in _worth_showing(profiles.versions(place, whose))
    ]
    return Answer(
        {"profiles": [_row(one) for one in found]},
        [line for one in found for line in _lines(one)] or ["none"],
    )


def _worth_showing(versions: list[Version]) -> list[Version]:
    """The one that counts, and what nobody can read."""
    current = next((one for one in versions if one.profile is not None), None)
    return [one for one in versions if one is current or one.because]


def _row(one: Version) -> dict[str, object]:
    from comity.drafting import profile_document

    return {
        "channel": one.channel,
        "party": one.party,
        "ref": one.ref,
        "entry": one.entry,
        "as_of": one.on,
        "receipted_at": one.receipted_at.isoformat() if one.receipted_at else None,
        "profile": profile_document(one.profile) if one.profile else None,
        "because": one.because,
    }


def _lines(one: Version) -> list[str]:
    from comity_node.assistance import profiles

    head = f"{one.channel} {one.party}: {one.ref} of {one.on}"
    if one.profile is None:
        return [f"{head} cannot be read: {one.because}"]
    rows = [(label, value) for label, value in profiles.words(one.profile) if value]
    return [head, *(f"    {label}: {value.replace(chr(10), '; ')}" for label, value in rows)]
