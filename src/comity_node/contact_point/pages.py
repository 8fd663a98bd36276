"""What the pages of this room show, from the projections."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.contacts import read_point
from comity_node.contact_point import access, checking, queries, wording
from comity_node.contact_point.forms import CheckFilters
from comity_node.listing import table
from comity_node.listing.export import Column, export
from comity_node.officials.access import holds
from comity_node.register import queries as register
from comity_node.register.citing import entry_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import QueryDict, StreamingHttpResponse

    from comity_node.contact_point.models import ContactCheck, ContactPoint, PointVersion
    from comity_node.contact_point.queries import Listed
    from comity_node.officials.models import Official
    from comity_node.officials.request import OfficialRequest

PAGE: Final = 50
ACTS: Final = {
    "answered": gettext_lazy("Answer the communication check"),
    "explained": gettext_lazy("Explain why the check was not answered"),
    "closed": gettext_lazy("Close the check without an answer"),
}
_EXPORTED: Final[tuple[Column[ContactCheck], ...]] = (
    Column("channel", lambda one: one.channel),
    Column("reference", lambda one: one.ref),
    Column("asked_by", lambda one: one.asker),
    Column("asked_of", lambda one: one.party),
    Column("sort", lambda one: one.sort),
    Column("kind_of_point", lambda one: one.at_kind),
    Column("announced", lambda one: "yes" if one.announced else "no"),
    Column("state", lambda one: one.state),
    Column("asked_at", lambda one: one.asked_at),
    Column("receipted_at", lambda one: one.receipted_at),
    Column("due_at", lambda one: one.due_at),
    Column("answered_at", lambda one: one.answered_at),
    Column("answered_by_node", lambda one: "yes" if one.by_node else ""),
    Column("round_trip_seconds", lambda one: one.seconds),
    Column("missed_at", lambda one: one.missed_at),
    Column("cause", lambda one: one.cause),
    Column("entry", lambda one: one.asked_entry),
)


def channels(names: Iterable[str]) -> list[tuple[str, str]]:
    """Channels as a form offers them: with whom each is."""
    return [
        (name, f"{', '.join(party.upper() for party in register.others(name))} · {name}") for name in names
    ]


def shown(one: Listed) -> SimpleNamespace:
    """One point as lists and pages show it."""
    row, opening = one.row, one.opening
    return SimpleNamespace(
        ref=row.ref,
        href=reverse("contact_point:point", args=[row.channel, row.ref]),
        party=row.party,
        ours=row.ours,
        kind=wording.code(row.kind),
        authority=one.point.authority,
        role=one.point.role,
        telephones=[(number, wording.telephone(number)) for number in one.point.telephones],
        emails=one.point.emails,
        other=one.point.other,
        languages=", ".join(map(wording.language, one.point.languages)),
        hours=wording.hours(one.point),
        zone=one.point.zone,
        is_known=opening.is_known,
        is_open=opening.is_open,
        always=opening.always,
        there=f"{opening.local:%H:%M}",
        there_on=opening.local.date() if opening.local.date() != timezone.now().date() else None,
        changes_at=opening.changes_at,
        marks=marks(one),
        sure_at=row.sure_at,
        confirm_by=row.confirm_by,
        version=row.version,
        channels=one.channels,
        said=wording.rows(one.point),
    )


def marks(one: Listed) -> list[str]:
    """What a reader should know before using a point."""
    row = one.row
    said: list[tuple[bool, str]] = [
        (one.is_stale, _("Nobody has confirmed it for half a year, or by the day named.")),
        (row.doubted_at is not None, _("%s found that it does not answer.") % row.doubted_by.upper()),
        (
            not one.row.ways_seconded,
            _("One officer alone signed for how it is reached: ring back over a way known before."),
        ),
        (bool(row.unreadable), _("A later version cannot be read; this one counts on.")),
        (not one.is_alike, _("Something else is said of it in another channel.")),
        (
            row.ways_changed_at is not None and timezone.now() - row.ways_changed_at < timedelta(days=30),
            _("How it is reached was changed within the last thirty days."),
        ),
    ]
    return [text for holds_, text in said if holds_]


def point(row: ContactPoint, reader: Official) -> dict[str, Any]:
    """One point: who is there now, its versions, and the checks of it."""
    now = timezone.now()
    same = [one for one in queries.listed(now, party=row.party) if one.row.ref == row.ref]
    between = queries.checks(party=row.party).filter(at_kind=row.kind)
    of_it = between.filter(party=row.party)
    may_list = row.ours and row.state == "listed" and holds(reader, access.LIST)
    others = sorted(set(register.others(row.channel)) - {*row.told})
    return {
        "row": row,
        "point": shown(same[0]) if same else None,
        "title": read_point(row.said).authority,
        "kind": wording.code(row.kind),
        "now": now,
        "versions": [_version(one) for one in queries.versions(row.channel, row.ref)],
        "checks": [check_row(one) for one in of_it[: queries.HISTORY]],
        "may_change": may_list,
        "may_doubt": not row.ours and row.state == "listed" and holds(reader, access.CHECK),
        "untold": [party.upper() for party in others] if row.ours else [],
    }


def _version(one: PointVersion) -> SimpleNamespace:
    return SimpleNamespace(
        entry=one.entry,
        href=entry_address(one.entry),
        label=_(one.label),
        ours=one.party == settings.NODE.party,
        party=one.party,
        by=one.by,
        seconded_by=one.seconded_by,
        at=one.at,
        receipted_at=one.receipted_at,
        changed=", ".join(map(wording.code, one.changed)),
        irregular=one.irregular,
        unreadable=one.unreadable,
        said=wording.rows(read_point(one.said)) if one.act in ("listed", "amended") and one.said else [],
        text=one.said.get("text", "") if one.act == "doubted" else "",
    )


# --- checks -----------------------------------------------------------------------------------------------


def check_row(one: ContactCheck) -> SimpleNamespace:
    """One check as a list shows it, with how long the answer took."""
    within = (one.due_at - one.asked_at).total_seconds() if one.due_at else 0
    return SimpleNamespace(
        ref=one.ref,
        channel=one.channel,
        href=reverse("contact_point:check", args=[one.channel, one.ref]),
        asker=one.asker,
        ours=one.asker == settings.NODE.party,
        party=one.party,
        of_us=one.party == settings.NODE.party,
        sort=str(wording.SORTS.get(one.sort, one.sort)),
        kind=wording.code(one.at_kind),
        announced=one.announced,
        state=str(wording.STATES.get(one.state, one.state)),
        tone={"answered": "done", "missed": "irregular", "asked": "open"}.get(one.state, "ended"),
        asked_at=one.asked_at,
        receipted_at=one.receipted_at,
        due_at=one.due_at,
        answered_at=one.answered_at,
        by_node=one.by_node,
        by=one.answered_by,
        took=timedelta(seconds=one.seconds) if one.seconds is not None else None,
        seconds=one.seconds,
        took_words=wording.seconds(one.seconds) if one.seconds is not None else "",
        within=int(within),
        missed_at=one.missed_at,
        cause=wording.code(one.cause) if one.cause else "",
        entries=[
            (label, entry, entry_address(entry))
            for label, entry in (
                (_("Asked"), one.asked_entry),
                (_("Not answered in time"), one.missed_entry),
                (_("Answered"), one.answered_entry),
                (_("Explained"), one.explained_entry),
            )
            if entry
        ],
    )


def check(found: Sequence[ContactCheck], reader: Official) -> dict[str, Any]:
    """One check: how it went with each party, and what may be done now."""
    own, first = settings.NODE.party, found[0]
    mine = next((one for one in found if one.party == own), None)
    open_now = []
    if holds(reader, access.CHECK):
        if mine is not None and not mine.final:
            open_now += ["answered"] if mine.sort != "automatic" or mine.state == "missed" else []
            open_now += ["explained"] if mine.state == "missed" else []
        if first.asker == own and any(one.state == "missed" for one in found):
            open_now.append("closed")
    return {
        "check": check_row(first),
        "rows": [check_row(one) for one in found],
        "now": timezone.now(),
        "acts": [
            (ACTS[act], reverse("contact_point:act-on-check", args=[first.channel, first.ref, act]))
            for act in open_now
        ],
    }


def checks(request: OfficialRequest) -> dict[str, Any]:
    """The history of checks, with its filters and pages."""
    filters = _filters(request.GET)
    part, place = table.page_of(request.GET, _wanted(filters), size=PAGE)
    return {
        "filters": filters,
        "reset_href": request.path,
        "exports": table.exports(
            request.GET, lambda form: reverse("contact_point:export-checks", args=[form])
        ),
        "rows": [check_row(one) for one in part],
        "pages": place,
        "waiting": checking.left(timezone.now()),
        "most": settings.NODE.limits.contact_checks,
        "ask": channels(queries.open_channels()) if holds(request.user, access.CHECK) else [],
        "empty": {
            "what": _("No check is listed"),
            "why": _("Either none was asked yet, or none fits the filter."),
        },
    }


def exported_checks(request: OfficialRequest, form: str) -> StreamingHttpResponse:
    """The history as filtered, as a file."""
    found = _wanted(_filters(request.GET))
    return export(found.iterator(1000), _EXPORTED, form=form, name="communication-checks")


def _filters(said: QueryDict) -> CheckFilters:
    return CheckFilters(said, parties=queries.others(queries.open_channels()))


def _wanted(filters: CheckFilters) -> QuerySet[ContactCheck]:
    """The checks wanted; a filter that makes no sense is as good as none."""
    filters.is_valid()
    return queries.checks(**filters.cleaned_data)


# --- the desk ---------------------------------------------------------------------------------------------


def desk(now: datetime, reader: Official) -> list[SimpleNamespace]:
    """What an official should see to: checks of our points, points of ours, and checks to be asked.

    None of it is an incident.
    """
    waiting = [_task_of_check(one, now) for one in queries.of_us(now=now)]
    care = [
        SimpleNamespace(
            title=_("Contact point: %(role)s") % {"role": one.point.role},
            href=reverse("contact_point:point", args=[one.row.channel, one.row.ref]),
            ref=one.row.ref,
            why=" ".join(marks(one)) or _("It is to be confirmed soon."),
            due_at=one.row.confirm_by,
            late=one.is_stale,
        )
        for one in queries.needing_care(now)
    ]
    asking = [_task_of_asking(*one) for one in queries.to_ask(now)] if holds(reader, access.CHECK) else []
    return [*waiting, *care, *asking]


def _task_of_asking(channel: str, party: str, sort: str, last: ContactCheck | None) -> SimpleNamespace:
    """A check that is due to be asked of a party, and where it is asked."""
    said = {"sort": str(wording.SORTS[sort]), "party": party.upper()}
    never, long_ago = _("None of this sort was asked yet."), _("The last of this sort is long ago.")
    return SimpleNamespace(
        title=_("Ask a communication check of %(party)s (%(sort)s)") % said,
        href=f"{reverse('contact_point:ask', args=[channel])}?sort={sort}&party={party}",
        ref=last.ref if last is not None else "",
        why=never if last is None else long_ago,
        due_at=last.asked_at + queries.EVERY[sort] if last is not None else None,
        late=False,
    )


def _task_of_check(one: ContactCheck, now: datetime) -> SimpleNamespace:
    """A check of our point: first a matter of that point, and a day after its time of the others too."""
    kind, asker = wording.code(one.at_kind), one.asker.upper()
    late = one.state == "missed" or (one.due_at is not None and one.due_at < now)
    if not late:
        title = _("Communication check of our point (%(kind)s), asked by %(party)s")
        why = _("It is no incident. An official at that point answers it.")
    else:
        title = _("The check of our point (%(kind)s) was not answered to %(party)s")
        why = _("See to the point, then answer or explain.")
        if one.due_at is not None and now - one.due_at > timedelta(days=1):
            why += " " + _others(one)
    return SimpleNamespace(
        title=title % {"kind": kind, "party": asker},
        href=reverse("contact_point:check", args=[one.channel, one.ref]),
        ref=one.ref,
        why=why,
        due_at=one.due_at,
        late=late,
    )


def _others(one: ContactCheck) -> str:
    """Who sees to a check that its own point has left."""
    own = queries.listed(timezone.now(), party=settings.NODE.party)
    kinds = dict.fromkeys(wording.code(other.row.kind) for other in own if other.row.kind != one.at_kind)
    if not kinds:
        return _("No other point of ours is listed that could: a coordinator sees to it.")
    return _("It is now a matter of our other points too: %s.") % ", ".join(kinds)
