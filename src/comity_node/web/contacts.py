"""The directory of the whole network: how every party is reached now, and how the line to it does."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity_node.channels import queries as channels
from comity_node.contact_point import access, pages, queries, wording
from comity_node.counterparts import clocks
from comity_node.counterparts import queries as passports
from comity_node.listing import table
from comity_node.listing.export import Column, export
from comity_node.officials.access import holds, require
from comity_node.register import queries as register
from comity_node.register import receipts
from comity_node.web.clocks import said_of_clock
from comity_node.wire.queries import line_reports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.http import HttpResponse, QueryDict, StreamingHttpResponse

    from comity_node.contact_point.models import ContactCheck
    from comity_node.contact_point.queries import Listed
    from comity_node.officials.request import OfficialRequest

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_ORDERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "party": lambda one: one.party,
    "heard": lambda one: one.heard_at or _NEVER,
    "receipt": lambda one: one.receipt_at or _NEVER,
    "backlog": lambda one: -(one.backlog_ours + one.backlog_theirs),
}


class DirectoryFilters(forms.Form):
    """Whom the directory is to show, and in which order."""

    words = forms.CharField(
        label=gettext_lazy("Party, authority or reference"), required=False, max_length=100
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of contact point"),
        required=False,
        choices=[("", gettext_lazy("Any")), *wording.KINDS.items()],
    )
    only = forms.ChoiceField(
        label=gettext_lazy("Points"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("open", gettext_lazy("Open now")),
            ("doubtful", gettext_lazy("Stale, doubted or changed")),
        ],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("", gettext_lazy("By party")),
            ("heard", gettext_lazy("Not heard for longest")),
            ("receipt", gettext_lazy("Oldest last receipt")),
            ("backlog", gettext_lazy("Most entries without receipt")),
        ],
    )


def contacts(request: OfficialRequest) -> HttpResponse:
    """Every party: its points with who is there now, the line, the channels, the last checks; and ours."""
    require(request.user, "record.read")
    now = timezone.now()
    filters = _filters(request.GET)
    found = _points(filters, now)
    own = queries.listed(now, party=settings.NODE.party)
    context = {
        "filters": filters,
        "reset_href": request.path,
        "exports": table.exports(request.GET, lambda form: reverse("web:contacts-export", args=[form])),
        "parties": _parties(filters, found, now),
        "own": [pages.shown(one) for one in own],
        "now": now,
        "may_list": holds(request.user, access.LIST),
        "empty": _empty(filters),
    }
    return render(request, "web/pages/contacts.html", context)


def contacts_export(request: OfficialRequest, form: str) -> StreamingHttpResponse:
    """The points as filtered, ours among them, as a file."""
    require(request.user, "record.read")
    return export(_points(_filters(request.GET), timezone.now()), _EXPORTED, form=form, name="contacts")


def _filters(said: QueryDict) -> DirectoryFilters:
    filters = DirectoryFilters(said)
    filters.is_valid()  # a filter that makes no sense is as good as none
    return filters


def _points(filters: DirectoryFilters, now: datetime) -> list[Listed]:
    said = filters.cleaned_data
    words = said.get("words", "").casefold()
    return [
        one
        for one in queries.listed(now)
        if (not said.get("kind") or one.row.kind == said["kind"])
        and (said.get("only") != "open" or one.opening.is_open)
        and (said.get("only") != "doubtful" or pages.marks(one))
        and words in f"{one.row.party} {one.point.authority} {one.point.role} {one.row.ref}".casefold()
    ]


def _parties(filters: DirectoryFilters, found: Iterable[Listed], now: datetime) -> list[SimpleNamespace]:
    """The other parties, each with everything the page says of it; filtered, only those with such points."""
    by_party: dict[str, list[Listed]] = {}
    for one in found:
        by_party.setdefault(one.row.party, []).append(one)
    wanted = any(filters.cleaned_data.get(name) for name in ("words", "kind", "only"))
    rows = network(by_party, now, all_parties=not wanted)
    return sorted(rows, key=_ORDERS[filters.cleaned_data.get("sort") or "party"])


def network(
    points: Mapping[str, list[Listed]], now: datetime, *, all_parties: bool = True
) -> list[SimpleNamespace]:
    """What is known of every other party and the line to it, by code; the command asks for the same.

    Args:
        points: The contact points to be shown, by party.
        now: When it is asked.
        all_parties: Whether parties without such a point are shown too.
    """
    known = _Network()
    return [
        known.row(party, points.get(party, []), now)
        for party in sorted(known.parties | set(points))
        if party != settings.NODE.party and (party in points or all_parties)
    ]


class _Network:
    """What this node knows of every line and channel, read once for all parties."""

    def __init__(self) -> None:
        self._channels = channels.channels()
        self._lines = {one.channel: one for one in channels.lines(self._channels)}
        self._logs = register.summaries(self._lines)
        self._reports = {one.party: one for one in line_reports()}
        self._clocks = {one.name: one for one in clocks.clocks()}
        self._receipts = receipts.last_of_parties()
        self._checks = queries.last_of_all()
        self._trusted = {one.party: one for one in passports.all_trusted()}

    @property
    def parties(self) -> set[str]:
        """Every party we trust or share a channel with."""
        return {*self._trusted, *(party for one in self._channels for party in one.others)}

    def row(self, party: str, points: list[Listed], now: datetime) -> SimpleNamespace:
        """Everything the page says of one party."""
        mine = [one.channel for one in self._channels if party in one.others]
        report, clock = self._reports.get(party), self._clocks.get(party)
        return SimpleNamespace(
            party=party,
            name=channels.party_name(party),
            points=[pages.shown(one) for one in points],
            answers=_who_answers(points),
            passport=self._from_passport(party) if not points else [],
            heard_at=report.heard_at if report else None,
            because=report.because if report else "",
            receipt_at=self._receipts.get(party),
            clock=said_of_clock(clock.typical) if clock else "",
            clock_is_off=clock is not None and clock.is_off,
            backlog_ours=sum(self._without_receipt(one, settings.NODE.party) for one in mine),
            backlog_theirs=sum(self._without_receipt(one, party) for one in mine),
            channels=[self._lines[one] for one in mine],
            checks=[self._check(party, sort, now) for sort in queries.EVERY] if mine else [],
        )

    def _without_receipt(self, channel: str, party: str) -> int:
        return sum(one.size - one.receipted for one in self._logs[channel] if one.party == party)

    def _check(self, party: str, sort: str, now: datetime) -> tuple[str, SimpleNamespace | None, bool]:
        last: ContactCheck | None = self._checks.get((party, sort))
        shown = pages.check_row(last) if last is not None else None
        return str(wording.SORTS[sort]), shown, queries.is_due(last, sort, now)

    def _from_passport(self, party: str) -> list[tuple[str, str]]:
        """What a passport says of how a party is reached, where it has listed nothing."""
        row = passports.counterpart(party)
        said = passports.read(row.passport).about.contacts if row else []
        return [(one.telephone, f"{one.authority}, {one.hours} ({one.time_zone})") for one in said]


def _who_answers(points: Iterable[Listed]) -> str:
    """Who is to be called where the point that is meant is outside its hours."""
    some = list(points)
    closed = [one for one in some if one.opening.is_known and not one.opening.is_open]
    always = next((one for one in some if one.opening.always), None)
    if not closed:
        return ""
    if always is None:
        return _("No point is listed that answers at all hours.")
    return _("Outside the hours of others, this one answers: %s.") % always.point.role


def _empty(filters: DirectoryFilters) -> dict[str, str]:
    if filters.changed_data:
        return {"what": _("No party is listed"), "why": _("None has such a point.")}
    return {
        "what": _("No counterpart"),
        "why": _("A party is listed here once its fingerprint has been compared."),
        "href": reverse("counterparts:list"),
        "label": _("Counterparts"),
    }


_EXPORTED: Final[tuple[Column[Listed], ...]] = (
    Column("party", lambda one: one.row.party),
    Column("reference", lambda one: one.row.ref),
    Column("kind", lambda one: one.row.kind),
    Column("authority", lambda one: one.point.authority),
    Column("role", lambda one: one.point.role),
    Column("languages", lambda one: "|".join(one.point.languages)),
    Column("hours", lambda one: one.point.hours),
    Column("zone", lambda one: one.point.zone),
    Column("telephones", lambda one: "|".join(one.point.telephones)),
    Column("emails", lambda one: "|".join(one.point.emails)),
    Column("other", lambda one: "|".join(one.point.other)),
    Column("verified_by", lambda one: one.point.verified_by),
    Column("channels", lambda one: "|".join(one.channels)),
    Column("open_now", lambda one: "yes" if one.opening.is_open else "no" if one.opening.is_known else ""),
    Column("last_said_at", lambda one: one.row.sure_at),
    Column("confirm_by", lambda one: one.row.confirm_by),
    Column("stale", lambda one: "yes" if one.is_stale else ""),
    Column("doubted_by", lambda one: one.row.doubted_by),
    Column("ways_changed_at", lambda one: one.row.ways_changed_at),
    Column("ways_seconded", lambda one: "yes" if one.row.ways_seconded else "no"),
    Column("entry", lambda one: one.row.entry),
)
