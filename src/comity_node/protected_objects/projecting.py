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
from comity_node.protected_objects.judging import VERSIONS, stated_in
from comity_node.protected_objects.models import ListedObject, ListedValue, ProtectedList
from comity_node.protected_objects.showing import UNKNOWN_VERSION, Shown, of_list, rows_of
from comity_node.protected_objects.undertaking import undertakings
from comity_node.register import due, erasing, payloads, queries, standings
from comity_node.register.projections import keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.lifecycle import Judged, Life, Standing
    from comity_node.register.queries import Received

_ORDER: Final = ("declared", "declined", "undertaken_in_part", "undertaken", "ended", "closed")
_AT_ONCE: Final = 500
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
    regular = [one for one in received if one.ref in judged and judged[one.ref].regular]
    showing = _showing(regular)
    known = _known(channel, ref, showing, stated_in(regular))
    shown = _shown([one for one in showing if str(one.ref) not in known], regular)
    row = _list(received, courses, judged, regular, shown)
    row.exercise = standings.is_exercise(life.opening)
    keep([row], by=["channel", "ref"])
    keep(undertakings(channel, ref, courses), by=["channel", "ref", "party"])
    _keep_objects(channel, ref, shown, known)


def _forget(channel: str, ref: str) -> None:
    """Nothing regular has opened it: whatever was projected before goes."""
    for table in (ProtectedList, ListedObject, ListedValue):
        table._default_manager.filter(channel=channel, ref=ref).delete()
    undertakings(channel, ref, {})


def _showing(regular: Sequence[Received]) -> list[Received]:
    """The regular acts of a list that show something, in the order they are on record.

    Of its versions the one in force alone: nothing is listed or found by an earlier one.
    """
    last = [one for one in regular if one.entry.act in VERSIONS][-1]
    return [one for one in regular if one is last or one.entry.act in ("revealed", "answered")]


def _known(
    channel: str, ref: str, showing: Sequence[Received], stated: Mapping[str, protected.Commitment]
) -> set[str]:
    """Which of these acts were read before, and show what they did then: they are not opened again.

    What one shows follows from its content and the version it names. Whatever was erased is read anew, and
    what is revealed of a version that has come to count, or counts no more.
    """
    doubts: dict[str, set[str]] = {}
    rows = ListedObject.objects.filter(channel=channel, ref=ref, revealed=True)
    for source, doubt in rows.values_list("source", "doubt"):
        doubts.setdefault(source, set()).add(doubt)
    read = ProtectedList.objects.filter(channel=channel, ref=ref, content="held", doubt="")
    version = read.values_list("version", flat=True).first()
    held = payloads.held([one.entry.payload.sha256 for one in showing if one.entry.payload])
    return {
        str(one.ref)
        for one in showing
        if one.entry.payload is not None and one.entry.payload.sha256 in held
        if str(one.ref) == version
        or (
            (said := doubts.get(str(one.ref)))
            and (UNKNOWN_VERSION in said) != (str(one.entry.stated.get("version", "")) in stated)
        )
    }


def _shown(unread: Sequence[Received], regular: Sequence[Received]) -> list[Shown]:
    """What those acts show that were not read before, held against the versions declared."""
    return [rows_of(one, sealed, regular, ours=one.ours) for one, sealed in payloads.sealed_payloads(unread)]


def _list(
    received: Sequence[Received],
    courses: Mapping[str, Standing],
    judged: Mapping[EntryRef, Judged],
    regular: Sequence[Received],
    shown: Sequence[Shown],
) -> ProtectedList:
    ours = _concerning_us(courses)
    standing = min(ours.values(), key=lambda one: _ORDER.index(one.state))
    versions = [one for one in regular if one.entry.act in VERSIONS]
    first, last = versions[0], versions[-1]
    stated = last.entry.stated
    commitment = protected.read_stated(stated)
    told = next((one for one in shown if one.source == str(last.ref)), None) or _as_told(first, last)
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
        objects_shown=told.count,
        state=standing.state,
        label=standing.label,
        final=standing.final,
        irregular=sum(not one.regular and one.lodged_under is None for one in judged.values()),
        **due.columns(clock for one in ours.values() for clock in one.clocks),
    )


def _as_told(first: Received, last: Received) -> Shown:
    """What the version in force was found to say when it was read."""
    row = ProtectedList.objects.get(channel=first.ref.origin.channel, ref=first.entry.ref)
    return Shown(str(last.ref), row.content, row.doubt, row.title, row.purpose, count=row.objects_shown)


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


def _keep_objects(channel: str, ref: str, shown: Sequence[Shown], known: set[str]) -> None:
    """Write what is shown where it is not written yet; take away what is erased, or shown no more.

    Only what was read now is compared: what an entry showed before is not written again for another one.
    """
    of_this = ListedObject.objects.filter(channel=channel, ref=ref)
    have: dict[str, set[tuple[int, str, str]]] = {}
    for source, place, leaf, doubt in of_this.values_list("source", "place", "leaf", "doubt"):
        if source not in known:
            have.setdefault(source, set()).add((place, leaf, doubt))
    wanted = {one.source: one.objects for one in shown if one.objects}
    want = {
        source: {(one.place, one.leaf, one.doubt) for one in objects} for source, objects in wanted.items()
    }
    gone = [source for source in have if have[source] != want.get(source)]
    for part in (gone[at : at + _AT_ONCE] for at in range(0, len(gone), _AT_ONCE)):
        ListedValue.objects.filter(channel=channel, ref=ref, source__in=part).delete()
        of_this.filter(source__in=part).delete()
    new = [one for source, objects in wanted.items() if have.get(source) != want[source] for one in objects]
    keep(new, by=_BY_OBJECT)
    keep([row for one in new for row in of_list(one)], by=(*_BY_OBJECT, "sort", "value"))
