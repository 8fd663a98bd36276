"""Contact points and checks as the command shows them: for programs, and as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from types import SimpleNamespace

    from comity_node.contact_point.models import ContactCheck
    from comity_node.contact_point.queries import Listed


def point(one: Listed) -> dict[str, object]:
    """A point with who is there now, for programs."""
    from comity.contacts import document

    return {
        "party": one.row.party,
        "ref": one.row.ref,
        "kind": one.row.kind,
        "channels": list(one.channels),
        "entry": one.row.entry,
        **document(one.point),
        "open": one.opening.is_open if one.opening.is_known else None,
        "there": one.opening.local.isoformat(timespec="minutes") if one.opening.is_known else None,
        "changes_at": when(one.opening.changes_at),
        "sure_at": when(one.row.sure_at),
        "stale": one.is_stale,
        "doubted_by": one.row.doubted_by,
        "ways_changed_at": when(one.row.ways_changed_at),
        "ways_seconded": one.row.ways_seconded,
        "unreadable": one.row.unreadable,
    }


def lines(found: Sequence[Listed]) -> list[str]:
    """Points as a table."""
    from comity_cli.tables import stacked, table
    from comity_node.contact_point import wording

    rows = [
        (
            one.row.party,
            one.row.kind,
            stacked(one.point.authority, one.point.role),
            stacked(*map(wording.telephone, one.point.telephones), *one.point.emails, *one.point.other),
            stacked(_now(one), wording.hours(one.point)),
            "not confirmed" if one.is_stale else "",
            one.row.ref,
        )
        for one in found
    ]
    headings = ("party", "kind", "who", "how", "now", "mark", "reference")
    return table(headings, rows, whole=("reference",)) if rows else ["none"]


def line(one: SimpleNamespace) -> dict[str, object]:
    """The line to a party, for programs."""
    return {
        "party": one.party,
        "name": one.name,
        "heard_at": when(one.heard_at),
        "because": one.because,
        "receipt_at": when(one.receipt_at),
        "clock": one.clock,
        "clock_is_off": one.clock_is_off,
        "without_receipt": {"ours": one.backlog_ours, "theirs": one.backlog_theirs},
        "channels": [{"channel": each.channel, "standing": each.standing} for each in one.channels],
    }


def network(found: Sequence[SimpleNamespace]) -> list[str]:
    """The lines to all parties as a table."""
    from comity_cli.tables import stacked, table

    rows = [
        (
            one.party,
            f"{one.heard_at:%Y-%m-%d %H:%M}" if one.heard_at else "never",
            f"{one.receipt_at:%Y-%m-%d %H:%M}" if one.receipt_at else "never",
            f"{one.clock}{', too far off' if one.clock_is_off else ''}",
            f"{one.backlog_ours} ours, {one.backlog_theirs} theirs",
            stacked(*(f"{each.channel} {each.standing}" for each in one.channels)),
        )
        for one in found
    ]
    return table(("party", "last heard", "last receipt", "clock", "without receipt", "channels"), rows) or [
        "none"
    ]


def _now(one: Listed) -> str:
    if not one.opening.is_known:
        return "unknown time zone"
    return f"{one.opening.local:%H:%M} there, {'open' if one.opening.is_open else 'closed'}"


def check(one: ContactCheck) -> dict[str, object]:
    """A check as it went with one party, for programs."""
    return {
        "channel": one.channel,
        "ref": one.ref,
        "asker": one.asker,
        "party": one.party,
        "sort": one.sort,
        "kind": one.at_kind,
        "announced": one.announced,
        "state": one.state,
        "asked_at": when(one.asked_at),
        "receipted_at": when(one.receipted_at),
        "due_at": when(one.due_at),
        "answered_at": when(one.answered_at),
        "by_node": one.by_node,
        "round_trip_seconds": one.seconds,
        "missed_at": when(one.missed_at),
        "cause": one.cause,
        "entries": [
            entry
            for entry in (one.asked_entry, one.answered_entry, one.missed_entry, one.explained_entry)
            if entry
        ],
    }


def check_line(one: ContactCheck) -> str:
    """A check in a line."""
    took = f", round trip {one.seconds} s" if one.seconds is not None else ""
    missed = ", missed" if one.missed_at and one.state != "missed" else ""
    return (
        f"{one.asked_at:%Y-%m-%d %H:%M} {one.ref} {one.asker} to {one.party}, {one.sort}, "
        f"{one.at_kind}: {one.state}{missed}{took}"
    )


def when(at: datetime | None) -> str | None:
    """An instant as programs read it; none where there is none."""
    return at.isoformat() if at is not None else None
