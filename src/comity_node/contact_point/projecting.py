"""Project contact points, their versions and checks: everything follows from the entries.

Rebuilding gives the same rows to the byte, so no row may depend on when or how often it was computed, nor on
what a counterpart may have put into a payload.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone

from comity import lifecycle
from comity.contacts import KINDS as POINTS
from comity.contacts import PART, changed_ways, document, read_point
from comity.contacts.errors import MalformedPoint
from comity.errors import ComityError
from comity.lifecycle.stated import values
from comity_node.contact_point.judging import CHECKS
from comity_node.contact_point.models import ContactCheck, ContactPoint, PointVersion
from comity_node.register import payloads, queries, standings
from comity_node.register.calls import Call, call
from comity_node.register.projections import keep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity.entries import By
    from comity.instruments import Stated
    from comity.lifecycle import Bearing, Judged, Life, Standing
    from comity.names import EntryRef
    from comity_node.register.queries import Received

    Said = Mapping[EntryRef, dict[str, Any] | str]

_SAYING: Final = frozenset({"listed", "amended"})
_SURE: Final = frozenset({"listed", "amended", "confirmed"})
_ANSWERS: Final = frozenset({"answered", "answered_by_node"})
_LONGEST_WORDS: Final = 2_000
_NEWS_FOR: Final = timedelta(days=1)


def project_points(channel: str, refs: set[str]) -> None:
    """Compute anew the points of these references and what was said of each."""
    life = standings.life(channel)
    for by_ref in queries.in_batches(channel, refs, POINTS):
        said = _said(channel, by_ref)
        courses = {ref: _courses(received, POINTS, life) for ref, received in by_ref.items()}
        versions = {ref: list(_versions(received, courses[ref][1], said)) for ref, received in by_ref.items()}
        keep([one for some in versions.values() for one in some], by=["channel", "ref", "place"])
        points = [
            one
            for ref, received in by_ref.items()
            for one in _point(channel, received, courses[ref][0], versions[ref])
        ]
        keep(points, by=["channel", "ref"])
        gone = by_ref.keys() - {one.ref for one in points}
        if gone:
            ContactPoint.objects.filter(channel=channel, ref__in=gone).delete()


def project_checks(channel: str, refs: set[str]) -> None:
    """Compute anew the checks of these references, one row for each party they were asked of."""
    life = standings.life(channel)
    for by_ref in queries.in_batches(channel, refs, CHECKS):
        rows = [
            row
            for received in by_ref.values()
            for party, standing in _courses(received, CHECKS, life)[0].items()
            for row in _check(channel, party, standing, {one.ref: one for one in received})
        ]
        keep(rows, by=["channel", "ref", "party"])
        for row in rows:
            _call_if_missed(row)
        gone = by_ref.keys() - {one.ref for one in rows}
        if gone:
            ContactCheck.objects.filter(channel=channel, ref__in=gone).delete()


def _call_if_missed(row: ContactCheck) -> None:
    """Have officers called for a check that was just missed: its owner is to see to it, its asker to know."""
    if row.missed_at is None or timezone.now() - row.missed_at > _NEWS_FOR:
        return
    call(
        Call(
            source="check",
            key=f"check:{row.missed_entry}:{row.party}",
            severity=3 if row.party == settings.NODE.party else 2,
            channel=row.channel,
            ref=row.ref,
            party=row.asker if row.party == settings.NODE.party else row.party,
            exercise=standings.exercised(row.channel),
        )
    )


def _courses(
    received: Sequence[Received], kinds: str, life: Life
) -> tuple[Mapping[str, Standing], Mapping[EntryRef, Judged]]:
    """Where a procedure stands with each party it is addressed to, and what its table makes of each act."""
    acts = standings.lifecycle_acts(received)
    table = life.governing(kinds, acts)
    if table is None:
        return {}, {}
    bearing: Bearing = life.on(kinds)
    found = lifecycle.standings(table.procedure, acts, bearing)
    return found, lifecycle.together(table.procedure, acts, found)


# --- points -----------------------------------------------------------------------------------------------


def _point(
    channel: str,
    received: Sequence[Received],
    found: Mapping[str, Standing],
    versions: Sequence[PointVersion],
) -> Iterator[ContactPoint]:
    """The point, if something regular listed it and can be read."""
    standing = next(iter(found.values()), None)
    regular = [
        (one, version) for one, version in zip(received, versions, strict=True) if not version.irregular
    ]
    read = [(one, version) for one, version in regular if version.act in _SAYING and not version.unreadable]
    if standing is None or not standing.state or not read:
        return
    opening, (last, said) = regular[0][0], read[-1]
    sure, sure_place = [(one, version.place) for one, version in regular if version.act in _SURE][-1]
    changed = next(((one, version) for one, version in reversed(read) if version.changed), None)
    _, said_ways = changed or read[0]
    doubted = [one for one, version in regular if version.act == "doubted" and version.place > sure_place]
    later = [one for _, one in regular if one.unreadable and one.place > said.place]
    clock = next((one for one in standing.clocks if one.running), None)
    yield ContactPoint(
        channel=channel,
        ref=opening.entry.ref,
        party=standing.requesting,
        ours=standing.requesting == settings.NODE.party,
        kind=next(iter(values(opening.entry.stated, "kind")), "")[:20],
        state=standing.state,
        told=sorted(found),
        entry=str(last.ref),
        said=said.said,
        version=sum(version.act in _SAYING for _, version in regular),
        unreadable=later[-1].unreadable if later else "",
        sure_at=sure.entry.authored_at,
        confirm_by=clock.due_at if clock else None,
        ways_changed_at=changed[0].entry.authored_at if changed else None,
        ways_entry=str(changed[0].ref) if changed else "",
        ways_seconded=bool(said_ways.seconded_by),
        doubted_at=doubted[-1].entry.authored_at if doubted else None,
        doubted_by=doubted[-1].party if doubted else "",
        doubted_entry=str(doubted[-1].ref) if doubted else "",
    )


def _versions(
    received: Sequence[Received], judged: Mapping[EntryRef, Judged], said: Said
) -> Iterator[PointVersion]:
    before = None
    for place, one in enumerate(received):
        found, told = judged.get(one.ref), said[one.ref]
        regular = found is not None and found.regular
        row = PointVersion(
            channel=one.ref.origin.channel,
            ref=one.entry.ref,
            place=place,
            entry=str(one.ref),
            act=one.entry.act,
            label=found.row.label if found and found.row else one.entry.act,
            party=one.party,
            by=f"{one.entry.by.office}, {one.entry.by.capacity}",
            seconded_by=_second(one.entry.by),
            at=one.entry.authored_at,
            receipted_at=one.receipted_at,
            irregular="" if regular else found.because if found else "no text of the channel provides for it",
            unreadable=told if isinstance(told, str) else "",
            said={} if isinstance(told, str) else told,
        )
        if regular and row.act in _SAYING and row.said:
            point = read_point(row.said)
            row.changed = changed_ways(before, point) if before is not None else []
            before = point
        yield row


def _second(by: By) -> str:
    return f"{by.second.office}, {by.second.capacity}" if by.second is not None else ""


def _said(channel: str, by_ref: Mapping[str, Sequence[Received]]) -> Said:
    """What each entry says, or why that cannot be read. No payload is opened that was read before."""
    received = [one for some in by_ref.values() for one in some]
    known = _known(channel, by_ref.keys(), received)
    unknown = [one for one in received if one.ref not in known]
    return known | {one.ref: _read(one, sealed) for one, sealed in payloads.sealed_payloads(unknown)}


def _known(channel: str, refs: Any, received: Sequence[Received]) -> dict[EntryRef, dict[str, Any] | str]:  # noqa: ANN401
    """What the projection before holds of payloads that are still held, and that said something."""
    rows = PointVersion.objects.filter(channel=channel, ref__in=list(refs), unreadable="").exclude(said={})
    said = dict(rows.values_list("entry", "said"))
    digests = {
        one.ref: one.entry.payload.sha256 for one in received if one.entry.payload and str(one.ref) in said
    }
    held = payloads.held(list(digests.values()))
    return {ref: said[str(ref)] for ref, digest in digests.items() if digest in held}


def _read(one: Received, sealed: bytes | None) -> dict[str, Any] | str:
    """A hostile payload must not stop the projection."""
    saying = one.entry.act in _SAYING
    if sealed is None:
        erased = "what it said was erased; entry and proof stand"
        return erased if one.entry.payload else "it says nothing of the point" if saying else {}
    try:
        said = payloads.document(sealed)
        return document(read_point(said.get(PART))) if saying else _words(said)
    except MalformedPoint as refused:
        return str(refused)
    except ComityError as unopened:
        return str(unopened)


def _words(said: Mapping[str, Any]) -> dict[str, Any]:
    """Words of an officer, as far as a page shows them; a database holds no NUL."""
    text = said.get("text")
    return {"text": text.replace("\x00", "")[:_LONGEST_WORDS]} if isinstance(text, str) and text else {}


# --- checks -----------------------------------------------------------------------------------------------


def _check(
    channel: str, party: str, standing: Standing, received: Mapping[EntryRef, Received]
) -> Iterator[ContactCheck]:
    """One check with one party, if something regular asked it."""
    if not standing.state:
        return
    of = {one.act.act: one.act for one in standing.regular}
    asked, missed, explained = of["asked"], of.get("missed"), of.get("explained")
    answer = next((one.act for one in standing.regular if one.act.act in _ANSWERS), None)
    back = answer.receipted_at if answer else None
    yield ContactCheck(
        channel=channel,
        ref=received[asked.ref].entry.ref,
        asker=standing.requesting,
        party=party or standing.requested,
        sort=_one(asked.stated, "sort"),
        at_kind=_one(asked.stated, "at_kind"),
        announced=_one(asked.stated, "announced") == "yes",
        state=standing.state,
        final=standing.final,
        asked_entry=str(asked.ref),
        asked_at=asked.at,
        receipted_at=asked.receipted_at,
        due_at=standing.clocks[0].due_at if standing.clocks else None,
        answered_entry=str(answer.ref) if answer else "",
        answered_at=answer.at if answer else None,
        answered_by=received[answer.ref].entry.by.office if answer else "",
        by_node=answer is not None and answer.act == "answered_by_node",
        seconds=max(0, int((back - asked.at).total_seconds())) if back else None,
        missed_entry=str(missed.ref) if missed else "",
        missed_at=missed.at if missed else None,
        cause=_one(explained.stated, "cause") if explained else "",
        explained_entry=str(explained.ref) if explained else "",
    )


def _one(stated: Stated, name: str) -> str:
    return next(iter(values(stated, name)), "")[:20]
