"""The page on the keys of a channel: each pair of each party, and what it signed before and after a loss."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from comity_node.channels import access
from comity_node.channels.key_changes import REASONS
from comity_node.counterparts import introductions
from comity_node.listing.export import Column, export
from comity_node.register import queries as register
from comity_node.register import rotations
from comity_node.register.signed import Signed, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse, StreamingHttpResponse

    from comity_node.officials.request import OfficialRequest
    from comity_node.register.models import Log

_SHOWN: Final = 50
_COLUMNS: Final[tuple[Column[tuple[str, Signed]], ...]] = (
    Column("party", lambda row: row[0]),
    Column("pair", lambda row: row[1].pair),
    Column("what", lambda row: row[1].what),
    Column("log", lambda row: row[1].origin),
    Column("size", lambda row: row[1].size),
    Column("signed", lambda row: row[1].at),
    Column("stored", lambda row: row[1].stored_at),
    Column("after_stated_compromise", lambda row: "yes" if row[1].after else ""),
)


@require_GET
def keys(request: OfficialRequest, channel: str) -> HttpResponse:
    """Each party's pairs, what each may sign, and the newest that it signed."""
    found = access.readable(request.user, channel)
    context = {
        "channel": {"id": found.channel, "name": found.name, "exercise": found.exercise},
        "sides": [_side(log) for log in sorted(register.channel_logs(channel), key=lambda one: not one.ours)],
        "exports": [
            (form.upper(), reverse("channels:signed", args=[channel, form])) for form in ("csv", "json")
        ],
        "shown": _SHOWN,
    }
    return render(request, "channels/keys.html", context)


@require_GET
def signed_file(request: OfficialRequest, channel: str, form: str) -> StreamingHttpResponse:
    """Everything all parties' keys signed in the channel, as a file."""
    access.readable(request.user, channel)
    logs = register.channel_logs(channel)
    if not logs:
        raise Http404
    return export(_all(logs), _COLUMNS, form=form, name=f"signed-{channel}")


def _all(logs: list[Log]) -> Iterator[tuple[str, Signed]]:
    for log in logs:
        for one in signed(log):
            yield log.party, one


def _side(log: Log) -> dict[str, Any]:
    newest = list(signed(log, most=_SHOWN))
    return {
        "party": log.party,
        "ours": log.ours,
        "introduced_by": [] if log.ours else introductions.introduced().get(log.party, []),
        "pairs": [_pair(log, place, pair) for place, pair in enumerate(rotations.pairs(log), 1)],
        "signed": sorted(newest, key=lambda one: one.stored_at, reverse=True)[:_SHOWN],
    }


def _pair(log: Log, place: int, pair: rotations.Pair) -> dict[str, Any]:
    logs, mirrors, told = pair
    until = told["until"]
    lost = told["compromised"]
    return {
        "number": place,
        "keys": [key.public[:16].hex() for key in (*logs, *mirrors)[::2]],
        "since": _entry(log, told.get("announced")),
        "until": _entry(log, until),
        "begins": told["begins"],
        "reason": REASONS.get(told["reason"], ""),
        "lost_at": datetime.fromisoformat(lost) if lost else None,
        "in_force": until is None,
    }


def _entry(log: Log, index: int | None) -> dict[str, Any] | None:
    if index is None:
        return None
    return {"index": index, "href": reverse("web:entry", args=[log.party, log.channel, index])}
