"""``comity alert``: raise an alert in one command, see who has it, answer for one."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import click

from comity.errors import OurFault
from comity_cli.recorded import recorded
from comity_cli.signing import YES, read, sign
from comity_cli.verb import Answer, official_verb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity_node.alerts.page import HasIt
    from comity_node.alerts.queries import AlertRow
    from comity_node.assistance.models import Request
    from comity_node.officials.models import Official

_OBJECT = (
    "A protected object it affects, by part of its name or a value: one for each channel. May be repeated."
)
_CHANNELS = click.argument("channels", nargs=-1, required=True)


class NoSuchObject(OurFault):
    """Words that are to name a protected object name none, or several."""

    code = "no-such-object-named"
    default_hint = "give three letters or more, and as much of its name as tells it from others"


@click.group("alert")
def alert() -> None:
    """Alerts: what others are warned of, and what they warn of."""


@alert.command("raise")
@_CHANNELS
@click.option("--severity", required=True, help="0 to 5.")
@click.option("--title", required=True, help="In one line.")
@click.option("--what", "what_happens", required=True, help="What is seen, since when, how sure.")
@click.option("--affected", "what_is_affected", help="What is affected, and where.")
@click.option("--asked", "what_is_asked", help="What is asked.")
@click.option(
    "--indicators", type=click.File(encoding="utf-8"), help="A file with indicators; - reads stdin."
)
@click.option(
    "--reply-within", metavar="MINUTES", help="An answer is of use within: 15, 60, 240, 720 or 1440."
)
@click.option("--class", multiple=True, help="A sort of incident, as malicious_code; may be repeated.")
@click.option("--seeks", multiple=True, help="What is sought, as information; may be repeated.")
@click.option("--sector", multiple=True, help="A sector, as energy; may be repeated.")
@click.option("--tlp", help="AMBER+STRICT if left out.")
@click.option("--pap", help="RED: nobody may be tipped off.")
@click.option("--object", "objects", multiple=True, metavar="WORDS", help=_OBJECT)
@click.option("--exercise", is_flag=True, help="Nothing of it is meant.")
@YES
@official_verb
def raise_(
    channels: tuple[str, ...],
    indicators: IO[str] | None,
    objects: tuple[str, ...],
    exercise: bool,
    yes: bool,
    by: Official,
    **said: str | tuple[str, ...] | None,
) -> Answer:
    """Raise an alert in every one of CHANNELS, or in none."""
    from comity_node.alerts import raising
    from comity_node.assistance import services

    given = _given(said)
    given["channels"] = list(channels)
    if indicators is not None:
        given["indicators"] = [indicators.read(_MOST_READ)]
    given["objects"] = [one for words in objects for one in _objects(words, channels, by=by)]
    if exercise:
        given["exercise"] = ["on"]
    drafts = raising.filled(given, by=by)
    shown = {one.pk: read(services.opening(one), by=by, yes=yes) for one in drafts}
    done = raising.sign(drafts, shown, by=by)
    found = raising.recognised(drafts[0].fields.get("indicators", ""))
    rows = [{"channel": one.channel, "ref": one.ref, "entry": str(done[one.ref])} for one in drafts]
    lines = [f"raised as {row['ref']} in {row['channel']}: {row['entry']}" for row in rows]
    lines += [f"recognised: {sort} {harmless}" for sort, _value, harmless in found["observables"]]
    return Answer(
        {"alerts": rows, "recognised": [{"sort": one[0], "value": one[1]} for one in found["observables"]]},
        lines + [f"not recognised: {line}" for line in found["unknown"]],
    )


@alert.command("list")
@click.option("--ended", is_flag=True, help="Those that have ended.")
@official_verb
def list_(ended: bool, by: Official) -> Answer:
    """List the alerts that go on, the gravest first."""
    from comity_node.alerts import queries
    from comity_node.officials.access import require

    require(by, "record.read")
    rows = [_row(one) for one in queries.listed(ended=ended, number=1).rows]
    lines = [f"{row['severity']:1}  {row['ref']:16} {row['standing']:20} {row['title']}" for row in rows]
    return Answer({"alerts": rows}, lines or ["none"])


@alert.command("show")
@click.argument("channel")
@click.argument("ref")
@official_verb
def show(channel: str, ref: str, by: Official) -> Answer:
    """Show what an alert says, who has it, and what is to be done."""
    from comity_node.alerts import page
    from comity_node.officials.access import require

    require(by, "record.read")
    row = _found(channel, ref)
    found = page.one_alert(row, official=by)
    head = found["alert"]
    has = [_has(one) for one in found["has_it"]]
    lines = [f"{head['severity']} {head['graded']}: {head['title']}", head["standing_means"]]
    lines += [f"{label}: {text}" for label, text in found["texts"]]
    lines += [f"{one['party']}: {_how_far(one)}" for one in has]
    lines += [f"led to {one.ref} of {one.party}: {one.title}" for one in found["led_to"]]
    if found["first"]:
        lines.append(f"next: {found['first'].label}")
    document = {
        **{name: head[name] for name in ("channel", "ref", "title", "severity", "standing", "exercise")},
        "state": row.state,
        "ours": head["ours"],
        "party": head["party"],
        "texts": dict(found["texts"]),
        "recognised": [
            {"sort": sort, "value": value}
            for sort, value, _harmless in (found["indicators"] or {"observables": ()})["observables"]
        ],
        "affected": [
            {"list": one.version, "object": one.leaf, "name": one.name} for one in found["affected"] or ()
        ],
        "affected_count": found["affected_count"],
        "has_it": has,
        "led_to": [{"ref": one.ref, "party": one.party, "standing": one.standing} for one in found["led_to"]],
        "next": found["first"].act if found["first"] else None,
    }
    return Answer(document, lines)


@alert.command("acknowledge")
@click.argument("channel")
@click.argument("ref")
@click.option("--severity-here", help="How grave it is here, 0 to 5.")
@click.option("--text", help="In words; sealed to the parties.")
@YES
@official_verb
def acknowledge(
    channel: str, ref: str, severity_here: str | None, text: str | None, yes: bool, by: Official
) -> Answer:
    """Answer for an alert from now on."""
    said = _given({"severity_here": severity_here, "text": text})
    return _acted(channel, ref, "acknowledged", said, by=by, yes=yes)


@alert.command("update")
@click.argument("channel")
@click.argument("ref")
@click.option("--text", required=True, help="What is added or corrected; sealed to the parties.")
@click.option("--class", multiple=True, help="The sorts of incident from now on, as malicious_code.")
@click.option("--sector", multiple=True, help="The sectors from now on, as energy.")
@YES
@official_verb
def update(channel: str, ref: str, text: str, yes: bool, by: Official, **said: tuple[str, ...]) -> Answer:
    """Add to an alert of ours, or correct it."""
    return _acted(channel, ref, "updated", {"text": [text], **_given(said)}, by=by, yes=yes)


@alert.command("stand-down")
@click.argument("channel")
@click.argument("ref")
@click.option("--outcome", required=True, help="How it ended: over, contained, handed_over or false_alarm.")
@click.option("--text", help="In words; sealed to the parties.")
@YES
@official_verb
def stand_down(channel: str, ref: str, outcome: str, text: str | None, yes: bool, by: Official) -> Answer:
    """End an alert of ours."""
    return _acted(channel, ref, "stood_down", _given({"outcome": outcome, "text": text}), by=by, yes=yes)


@alert.command("lead-to")
@click.argument("channel")
@click.argument("ref")
@click.argument(
    "procedure", type=click.Choice(["preservation", "assistance", "emergency", "information", "question"])
)
@official_verb
def lead_to(channel: str, ref: str, procedure: str, by: Official) -> Answer:
    """Draft what an alert leads to, from what it says; once sent, both sides find each from the other."""
    from comity_node.alerts import ripening

    begun = ripening.draft(_found(channel, ref), procedure, by=by)
    return Answer({"channel": begun.channel, "ref": begun.ref, "arose_from": begun.arose_from}, [begun.ref])


_MOST_READ = 20_001  # one more than the form takes: what is too long is said, not cut


def _objects(words: str, channels: Sequence[str], *, by: Official) -> list[str]:
    """The objects that these words name, one in each channel at most.

    Raises:
        NoSuchObject: They name none, or several in one channel.
    """
    from comity_node.alerts import affected
    from comity_node.officials.access import require
    from comity_node.protected_objects.access import READ

    require(by, READ)
    found, has_more = affected.sought(words, channels, by=by)
    if has_more or not found or len({one.channel for one in found}) < len(found):
        names = "; ".join(f"{one.name} ({one.ref})" for one in found) or "none"
        raise NoSuchObject(f"nothing was raised: {words[:60]} names no single object: {names}")
    return [affected.value(one) for one in found]


def _given(said: Mapping[str, str | tuple[str, ...] | None]) -> dict[str, list[str]]:
    """What was given, as a form takes it."""
    return {
        name: list(value) if isinstance(value, tuple) else [value] for name, value in said.items() if value
    }


def _acted(
    channel: str, ref: str, act: str, said: Mapping[str, list[str]], *, by: Official, yes: bool
) -> Answer:
    from comity_node.assistance import filling

    row = _found(channel, ref)
    return recorded(sign(filling.act(row.channel, row.ref, act, dict(said), by=by), by=by, yes=yes))


def _found(channel: str, ref: str) -> Request:
    from comity_node.alerts import queries
    from comity_node.assistance.errors import NoSuchRequest
    from comity_node.assistance.queries import request

    row = request(channel, ref)
    if row is None or row.kinds != queries.KINDS:
        raise NoSuchRequest(f"there is no alert {ref[:60]} in channel {channel[:40]}")
    return row


def _row(one: AlertRow) -> dict[str, Any]:
    names = ("channel", "ref", "title", "severity", "ours", "party", "standing", "waits", "exercise")
    return {
        **{name: getattr(one, name) for name in names},
        "raised_at": one.raised_at.isoformat(),
        "due_at": one.clock.due_at.isoformat() if one.clock else None,
    }


def _has(one: HasIt) -> dict[str, Any]:
    return {
        "party": one.party,
        **{
            name: value.isoformat() if (value := getattr(one, f"{name}_at")) else None
            for name in ("received", "opened", "acknowledged")
        },
        "severity_here": one.severity_here,
    }


def _how_far(one: dict[str, Any]) -> str:
    reached = [f"{name} {one[name][:16]}Z" for name in ("received", "opened", "acknowledged") if one[name]]
    return ", ".join(reached) or "not received yet"
