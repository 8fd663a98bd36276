"""The dry run of a resumption, as a page, a file and a command show it: what moves, and what stays owed.

Follows: docs/spec/suspension.md, Dry run of resumption.
"""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from comity.lifecycle.suspensions import KINDS as SUSPENSIONS
from comity_node.channels import duties, queries
from comity_node.register import standings
from comity_node.register.resuming import dry_run

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from comity.lifecycle import Resumed, RunsOn, Suspension
    from comity.lifecycle.standing import Act
    from comity_node.register.resuming import DryRun
    from comity_node.register.rooms import Room

MOST: Final = 300


def document(channel: str, *, at: datetime, refs: Collection[str] = ()) -> dict[str, Any]:
    """All of it as plain data, equal on both nodes for the same instant and the same record."""
    run = dry_run(channel, at=at, refs=refs)
    procedures = sorted(
        (_document(one) for _room, one in run.procedures), key=lambda row: (row["kinds"], row["ref"])
    )
    return {
        "channel": channel,
        "at": at.isoformat(),
        "ending": [_suspension(one) for one in run.ending],
        "lasting": [_suspension(one) for one in run.lasting],
        "terms": _terms(channel, run),
        "procedures": procedures,
    }


def page(channel: str, *, at: datetime, refs: Collection[str] = ()) -> dict[str, Any]:
    """The same as a page sets it, as much as one can bear."""
    run = dry_run(channel, at=at, refs=refs)
    rows = [_row(channel, room, one) for room, one in islice(run.procedures, MOST + 1)]
    return {
        "at": at,
        "ending": [_shown(one) for one in run.ending],
        "lasting": [_shown(one) for one in run.lasting],
        "terms": [_term(one) for one in _terms(channel, run)],
        "clocks": [clock for row in rows[:MOST] for clock in row["clocks"]],
        "waiting": [act for row in rows[:MOST] for act in row["waiting"]],
        "going_on": [row for row in rows[:MOST] if row["goes_on"]],
        "owed": [one for row in rows[:MOST] for one in row["owed"]],
        "more": len(rows) > MOST,
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The same for a terminal."""
    if not found["ending"]:
        yield "nothing of this channel is suspended"
        return
    yield f"if {', '.join(one['ref'] for one in found['ending'])} ended at {found['at'][:16]}Z:"
    for one in found["lasting"]:
        yield f"  {one['ref']} of {one['party']} would go on"
    for one in found["terms"]:
        yield f"  term {one['number']}, proposed by {one['by']}: {one['performer']} by {one['due']}"
    for row in found["procedures"]:
        yield f"  {row['ref']:18} {row['standing']}{'' if row['goes_on'] else ', at its end'}"
        for clock in row["clocks"]:
            due = f"due {clock['due_at'][:16]}Z" if clock["due_at"] else "goes on standing still"
            yield f"    clock of {clock['party']}: {clock['what']}, {due}"
        for act in row["waiting"]:
            yield f"    waits for the word of {act['party']}: {act['kind']} {act['entry']}"
        for one in row["obligations"]:
            due = f", by {one['due_at'][:16]}Z" if one["due_at"] else ""
            yield f"    {one['party']} owes: {one['what']} ({one['basis']}{due})"


def _document(one: Resumed) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "kinds": one.kinds,
        "procedure": one.procedure,
        "state": one.state,
        "standing": one.label,
        "goes_on": one.goes_on,
        "clocks": [_clock(clock) for clock in one.clocks],
        "waiting": [_waiting(one, act) for act in one.waiting],
        "obligations": duties.in_order(duties.plain(owed) for owed in one.owed),
    }


def _clock(clock: RunsOn) -> dict[str, Any]:
    return {
        "what": clock.label,
        "party": clock.party,
        "basis": clock.basis,
        "verified": clock.verified.value,
        "still_since": clock.still_since.isoformat(),
        "left_seconds": int(clock.left.total_seconds()),
        "due_at": clock.due_at.isoformat() if clock.due_at else None,
    }


def _waiting(one: Resumed, act: Act) -> dict[str, Any]:
    return {"entry": str(act.ref), "party": act.party, "kind": f"{one.kinds}.{act.act}"}


def _suspension(one: Suspension) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "party": one.began.party,
        "since": one.span.since.isoformat(),
        "topics": sorted(one.topics),
    }


def _terms(channel: str, run: DryRun) -> list[dict[str, Any]]:
    """The terms on the table: what would be owed besides, if the other side accepted them."""
    ending = {one.ref for one in run.ending}
    return [
        {
            "suspension": ref,
            "by": one.proposal.origin.party,
            "proposal": str(one.proposal),
            "number": one.number,
            "performer": one.performer,
            "due": one.due.isoformat(),
        }
        for ref, standing in sorted(standings.life(channel).standings_of(SUSPENSIONS).items())
        if ref in ending
        for one in standing.terms
        if not one.agreed
    ]


def _term(said: dict[str, Any]) -> dict[str, Any]:
    due = date.fromisoformat(said["due"])
    return {**said, "due": due, "ours": said["performer"] == settings.NODE.party}


def _shown(one: Suspension) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "ours": one.began.party == settings.NODE.party,
        "by": queries.party_name(one.began.party),
        "since": one.span.since,
        "scope": queries.scope(one.topics),
    }


def _row(channel: str, room: Room, one: Resumed) -> dict[str, Any]:
    head = {"ref": one.ref, "href": room.page(channel, one.ref), "standing": _(one.label)}
    own = settings.NODE.party
    return {
        **head,
        "goes_on": one.goes_on,
        "clocks": [
            {
                **head,
                "what": _(clock.label),
                "party": clock.party,
                "ours": clock.party == own,
                "left": clock.left,
                "due_at": clock.due_at,
                "basis": clock.basis,
                "verified": clock.verified.value,
            }
            for clock in one.clocks
        ],
        "waiting": [
            {
                **head,
                "entry": act.ref,
                "entry_href": duties.entry_address(act.ref),
                "party": act.party,
                "ours": act.party == own,
                "at": act.at,
            }
            for act in one.waiting
        ],
        "owed": [
            {**duties.row(channel, room, owed), "party": owed.party, "ours": owed.party == own}
            for owed in one.owed
        ],
    }
