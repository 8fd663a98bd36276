"""``comity duty``: who is on duty, and what they leave one another to know. Nothing of it leaves the node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity_cli.verb import Answer, console_verb, node_verb, official_verb

if TYPE_CHECKING:
    from datetime import datetime

    from comity_node.duty.models import Shift
    from comity_node.officials.models import Official

_ORDER = click.IntRange(1, 3)
_WHEN = "YYYY-MM-DDTHH:MM"


@click.group("duty")
def duty() -> None:
    """The roster of this node: who is called first, second and third, and when nobody is.

    Hours are those of the time zone in node.toml; with --json they are UTC.
    """


@duty.command("now")
@node_verb
def now() -> Answer:
    """Say who is on duty now, and when nobody will be within a week."""
    from django.utils import timezone

    from comity_node.duty import queries

    at = timezone.now()
    shifts = queries.on_duty(at)
    gaps = queries.open_gaps(at, at + queries.AHEAD)
    lines = [f"{one.order}. {one.official} ({one.official.login}) until {_local(one.ends)}" for one in shifts]
    lines = lines or ["nobody is on duty: everybody who may answer is called"]
    lines += [f"nobody is on duty from {_local(one.begins)} until {_local(one.ends)}" for one in gaps]
    document = {
        "on_duty": [_shift(one) for one in shifts],
        "gaps": [{"begins": one.begins, "ends": one.ends} for one in gaps],
    }
    return Answer(document, lines)


@duty.command("list")
@node_verb
def list_() -> Answer:
    """List every shift that is not over."""
    from django.utils import timezone

    from comity_node.duty import queries

    rows = list(queries.from_now(timezone.now()))
    lines = [
        f"{one.pk:5}  {_local(one.begins)} - {_local(one.ends)}  {one.order}. {one.official.login}"
        for one in rows
    ]
    return Answer({"shifts": [_shift(one) for one in rows]}, lines or ["none"])


@duty.command("add")
@click.argument("login")
@click.option("--from", "begins", required=True, metavar=_WHEN, help="From when.")
@click.option("--until", "ends", required=True, metavar=_WHEN, help="Until when.")
@click.option("--order", type=_ORDER, default=1, show_default=True, help="Called first, second or third.")
@console_verb
def add(login: str, begins: str, ends: str, order: int, by: Official | None) -> Answer:
    """Put the official LOGIN on duty."""
    from comity_node.duty import services
    from comity_node.officials import people

    shift = services.add(people.find(login), begins=_instant(begins), ends=_instant(ends), order=order, by=by)
    return Answer({"shift": _shift(shift)}, [f"{login} is on duty, shift {shift.pk}"])


@duty.command("take-over")
@click.option("--order", type=_ORDER, default=1, show_default=True, help="Whose place: first, second, third.")
@official_verb
def take_over(order: int, by: Official) -> Answer:
    """Be on duty from now on, in the place of whoever is."""
    from comity_node.duty import services

    shift = services.take_over(by=by, order=order)
    return Answer({"shift": _shift(shift)}, [f"{by.login} is on duty until {_local(shift.ends)}"])


@duty.command("hand-over")
@click.argument("text")
@click.option("--to", "incoming", metavar="LOGIN", help="Who is to read it; left out: whoever comes next.")
@official_verb
def hand_over(text: str, incoming: str | None, by: Official) -> Answer:
    """Leave the incoming officer TEXT to know. It cannot be changed afterwards."""
    from comity_node.duty import services
    from comity_node.officials import people

    note = services.hand_over(text, by=by, to=people.find(incoming) if incoming else None)
    return Answer(
        {"note": note.pk, "to": incoming or ""}, [f"handed over to {incoming or 'whoever comes next'}"]
    )


def _shift(one: Shift) -> dict[str, Any]:
    return {
        "shift": one.pk,
        "official": one.official.login,
        "order": one.order,
        "begins": one.begins,
        "ends": one.ends,
    }


def _local(at: datetime) -> str:
    from django.conf import settings

    return f"{at.astimezone(settings.NODE.duty.zone):%Y-%m-%d %H:%M}"


def _instant(text: str) -> datetime:
    """A time of the node's zone, as a wall clock shows it; or of the zone it names itself."""
    from datetime import datetime

    from django.conf import settings

    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time: write {_WHEN}") from None
    return said if said.tzinfo else said.replace(tzinfo=settings.NODE.duty.zone)
