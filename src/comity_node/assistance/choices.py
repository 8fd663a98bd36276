"""What an act can be about as things stand: clocks that run, a later day asked for, entries to be named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.instruments.procedure import MARKS, OWN
from comity.lifecycle.stated import values
from comity.lifecycle.suspensions import CONFIRMED, KINDS, TAKEN_BACK
from comity_node.assistance.suspending import waiting
from comity_node.register import payloads
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity.instruments import Procedure, Row
    from comity.lifecycle import LaterDay
    from comity_node.assistance.detail import Detail
    from comity_node.register.queries import Received

    Choices = Mapping[str, Sequence[tuple[str, str]]]

_MOST: Final = 200
_ANSWERS: Final = ("agrees", "declines")


def answered(found: Detail, row: Row) -> LaterDay | None:
    """The later day that this act of ours would answer; None where it answers none."""
    theirs = (one for one in reversed(found.standing.later_days) if one.party != settings.NODE.party)
    return next(theirs, None) if row.extends in _ANSWERS else None


def answered_words(found: Detail, row: Row) -> str:
    """The same in words, with when the clock is due now; empty where it answers none."""
    asked = answered(found, row)
    if asked is None:
        return ""
    said = {
        "clock": _(found.procedure.clock_of[asked.clock].label),
        "until": date_format(asked.until),
        "entry": f"{asked.party.upper()} {asked.asked.index}",
    }
    due = next((one.due_at for one in found.standing.clocks if one.running and one.id == asked.clock), None)
    if due is None:
        words = _("%(clock)s: until the end of %(until)s, asked for by entry %(entry)s; it runs no more")
    else:
        words = _("%(clock)s: until the end of %(until)s, asked for by entry %(entry)s; now due %(due)s UTC")
        said["due"] = f"{date_format(due)}, {due:%H:%M}"
    return words % said


def choices(found: Detail, row: Row) -> Choices:
    """The values an act may state now and their labels, by statement; others are offered by the table."""
    offered: dict[str, list[tuple[str, str]]] = {}
    if row.extends == "asks":
        offered["clock"] = [
            (one.id, f"{_(one.label)}: {one.due_at:%Y-%m-%d %H:%M} UTC")
            for one in found.standing.clocks
            if one.running and one.id in found.procedure.statement_of["clock"].values
        ]
    if row.entries:
        received = found.folded.received or register.entries(
            found.channel, ref=found.ref, prefix=f"{found.kinds}.", last=_MOST
        )
        offered["entries"] = list(
            _own(found, received) if row.entries == OWN else _named(found, row, received)
        )
    if found.kinds == KINDS and row.act in (CONFIRMED, TAKEN_BACK):
        left = waiting(found.channel, found.ref)
        offered["entries"] = [
            (str(one.ref), _label_of(one, procedure)) for one, procedure in left if one.ours
        ]
    if row.terms in MARKS:
        agreed = [one for one in found.standing.terms if one.agreed]
        proposals = dict.fromkeys(str(one.proposal) for one in agreed)
        offered["proposal"] = [(name, _("Terms proposed by %s") % name) for name in proposals]
        offered["term"] = [
            (number, _("Term %s") % number) for number in dict.fromkeys(one.number for one in agreed)
        ]
    return offered


def _own(found: Detail, received: Sequence[Received]) -> Iterator[tuple[str, str]]:
    """What we sent with content that is still held."""
    digests = {one.ref: one.entry.payload.sha256 for one in received if one.ours and one.entry.payload}
    held = payloads.held(list(digests.values()))
    return ((str(one.ref), _label(found, one)) for one in received if digests.get(one.ref) in held)


def _named(found: Detail, row: Row, received: Sequence[Received]) -> Iterator[tuple[str, str]]:
    """What the other side named for this, as far as we have not done the same with it before."""
    regular = [
        one
        for judged, one in zip(found.folded.judgements[-len(received) :], received, strict=True)
        if not judged.because
    ]
    done = {name for one in regular if one.ours and one.entry.act == row.act for name in _entries(one)}
    by_name = {str(one.ref): one for one in received}
    named = (
        name for one in regular if not one.ours and one.entry.act == row.entries for name in _entries(one)
    )
    for name in dict.fromkeys(named):
        if name not in done:
            yield name, _label(found, by_name[name]) if name in by_name else name


def _entries(one: Received) -> tuple[str, ...]:
    return values(one.entry.stated, "entries")


def _label(found: Detail, one: Received) -> str:
    return _label_of(one, found.procedure)


def _label_of(one: Received, procedure: Procedure) -> str:
    rule = procedure.act_of.get(one.entry.act)
    label = _(rule.label) if rule else one.entry.act
    place = f"{one.ref.origin.party.upper()} #{one.ref.index}"
    return f"{one.entry.ref} · {label} · {one.entry.authored_at:%Y-%m-%d %H:%M} UTC · {place}"
