"""Project lists, undertakings and objects from the record; erase what our own acts say we no longer hold.

Everything follows from the entries and what their payloads say, so both nodes derive the same, and
``comity rebuild`` derives it again to the byte. A hostile payload must not stop it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity import lifecycle, protected
from comity.lifecycle.stated import day, values
from comity.names import EntryRef
from comity_node.protected_objects.judging import VERSIONS
from comity_node.protected_objects.models import ListedObject, ListedValue, ProtectedList
from comity_node.protected_objects.showing import of_list, rows_of
from comity_node.protected_objects.undertaking import undertakings
from comity_node.register import due, erasing, payloads, queries, standings
from comity_node.register.projections import keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.lifecycle import Judged, Life, Standing
    from comity_node.protected_objects.showing import Shown
    from comity_node.register.queries import Received

_ORDER: Final = ("declared", "declined", "undertaken_in_part", "undertaken", "ended", "closed")
_BY_OBJECT: Final = ("channel", "ref", "source", "place")


def project(channel: str, refs: set[str]) -> None:
    """Compute anew the lists of these references, what was undertaken for them, and what is shown of them."""
    life = standings.life(channel)
    for by_ref in queries.in_batches(channel, refs, protected.KINDS):
        for ref, received in by_ref.items():
            _project(channel, ref, received, life)


def _project(channel: str, ref: str, received: Sequence[Received], life: Life) -> None:
    acts = standings.lifecycle_acts(received)
    table = life.governing(protected.KINDS, acts)
    found = lifecycle.standings(table.procedure, acts, life.on(protected.KINDS)) if table else {}
    courses = {party: one for party, one in found.items() if one.state}
    if table is None or not courses:
        _forget(channel, ref)
        return
    _dispose(courses.values())
    judged = lifecycle.together(table.procedure, acts, found)
    shown = _shown(received, judged)
    row = _list(received, courses, judged, shown)
    row.exercise = standings.is_exercise(life.opening)
    keep([row], by=["channel", "ref"])
    keep(undertakings(channel, ref, courses), by=["channel", "ref", "party"])
    _keep_objects(channel, ref, shown)


def _forget(channel: str, ref: str) -> None:
    """Nothing regular has opened it: whatever was projected before goes."""
    for table in (ProtectedList, ListedObject, ListedValue):
        table._default_manager.filter(channel=channel, ref=ref).delete()
    undertakings(channel, ref, {})


def _shown(received: Sequence[Received], judged: Mapping[EntryRef, Judged]) -> list[Shown]:
    """What the regular acts of a list show, in the order they are on record."""
    regular = {ref for ref, one in judged.items() if one.regular}
    showing = [
        one for one in received if one.ref in regular and one.entry.act in (*VERSIONS, "revealed", "answered")
    ]
    return [rows_of(one, sealed, showing, ours=one.ours) for one, sealed in payloads.sealed_payloads(showing)]


def _list(
    received: Sequence[Received],
    courses: Mapping[str, Standing],
    judged: Mapping[EntryRef, Judged],
    shown: Sequence[Shown],
) -> ProtectedList:
    ours = _concerning_us(courses)
    standing = min(ours.values(), key=lambda one: _ORDER.index(one.state))
    regular = [one for one in received if one.ref in judged and judged[one.ref].regular]
    versions = [one for one in regular if one.entry.act in VERSIONS]
    first, last = versions[0], versions[-1]
    stated = last.entry.stated
    commitment = protected.read_stated(stated)
    told = next(one for one in shown if one.source == str(last.ref))
    return ProtectedList(
        channel=first.ref.origin.channel,
        ref=first.entry.ref,
        entry=str(first.ref),
        declarer=first.party,
        ours=first.party == settings.NODE.party,
        declared_at=first.entry.authored_at,
        last_at=received[-1].entry.authored_at,
        version=str(last.ref),
        number=len(versions),
        sort=str(stated.get("sort", "")),
        root=commitment.root.hex() if commitment else "",
        leaves=commitment.size if commitment else 0,
        valid_from=_day(stated, "valid_from"),
        valid_until=_day(stated, "valid_until"),
        sought=list(values(stated, "sought")),
        title=told.title,
        purpose=told.purpose,
        content=told.content,
        doubt=told.doubt,
        objects_shown=len(told.objects),
        state=standing.state,
        label=standing.label,
        final=standing.final,
        irregular=sum(not one.regular and one.lodged_under is None for one in judged.values()),
        **due.columns(clock for one in ours.values() for clock in one.clocks),
    )


def _concerning_us(courses: Mapping[str, Standing]) -> Mapping[str, Standing]:
    own = courses.get(settings.NODE.party)
    return courses if own is None else {settings.NODE.party: own}


def _day(stated: Mapping[str, str | Sequence[str]], name: str) -> str:
    found = next(map(day, values(stated, name)), None)
    return found.isoformat() if found else ""


def _dispose(courses: Iterable[Standing]) -> None:
    """Erase what our own regular acts say we returned or destroyed; nothing else erases anything here."""
    for standing in courses:
        for one in standing.judged:
            if one.row is not None and one.row.erases and one.act.party == settings.NODE.party:
                named = [EntryRef.parse(name) for name in values(one.act.stated, "entries")]
                erasing.erase(named, by=one.act.ref)


def _keep_objects(channel: str, ref: str, shown: Sequence[Shown]) -> None:
    """Write what is shown where it is not written yet; take away what is erased, or shown no more."""
    of_this = ListedObject.objects.filter(channel=channel, ref=ref)
    have = {
        (source, place, leaf, doubt)
        for source, place, leaf, doubt in of_this.values_list("source", "place", "leaf", "doubt")
    }
    wanted = [one for told in shown for one in told.objects]
    want = {(one.source, one.place, one.leaf, one.doubt) for one in wanted}
    if have == want:
        return
    gone = {(source, place) for source, place, *_rest in have - want}
    if gone:
        ListedValue.objects.filter(channel=channel, ref=ref, source__in={one for one, _ in gone}).delete()
        of_this.filter(source__in={one for one, _ in gone}).delete()
    keep(wanted, by=_BY_OBJECT)
    keep(
        [row for one in wanted for row in of_list(one)],
        by=(*_BY_OBJECT, "sort", "value"),
    )
