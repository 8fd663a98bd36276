"""Reading exhibits: the list, one with its chain, and the number the next will have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Length
from django.http import Http404
from django.utils import timezone

from comity_node.evidence import store
from comity_node.evidence.models import Arrival, CustodyStep, Exhibit, Holding, Intake
from comity_node.register import queries as register
from comity_node.register import standings

if TYPE_CHECKING:
    from pathlib import Path

    from django.db.models import QuerySet

ON_THE_DESK: Final = 20
_SORTS: Final = {"added": "added_at", "name": "name", "size": "size", "-size": "-size"}


def exhibits() -> QuerySet[Exhibit]:
    """Every exhibit of the record, newest first."""
    return Exhibit.objects.all()


def wanted(
    *, words: str = "", state: str = "", channel: str = "", request: str = "", sort: str = ""
) -> QuerySet[Exhibit]:
    """The exhibits of a list: by part of a name or reference or the beginning of a hash, and in an order."""
    found = exhibits()
    if words:
        named = Q(name__icontains=words) | Q(ref__icontains=words) | Q(sha256__startswith=words.lower())
        found = found.filter(named)
    equal = {"state": state, "channel": channel, "request": request}
    found = found.filter(**{name: value for name, value in equal.items() if value})
    return found.order_by(_SORTS[sort], "channel", "ref") if sort in _SORTS else found


def channels() -> list[str]:
    """The channels in which exhibits are on record."""
    return sorted(Exhibit.objects.values_list("channel", flat=True).distinct().order_by())


def exhibit(channel: str, ref: str) -> Exhibit:
    """One exhibit; 404 if the record knows none of that reference in that channel."""
    found = Exhibit.objects.filter(channel=channel, ref=ref).first()
    if found is None:
        raise Http404
    return found


def due(side: str) -> QuerySet[Exhibit]:
    """Exhibits on which a clock runs for a side, ours or theirs: those that end soonest."""
    return Exhibit.objects.filter(due_side=side, due_at__isnull=False).order_by("due_at")[:ON_THE_DESK]


def missing_files() -> list[Exhibit]:
    """Exhibits whose sealed file should be on this node and is not: an old backup, or a failed disk."""
    own = settings.NODE.party
    ours = Q(provider=own) & ~Q(state="erased")
    held = Exhibit.objects.filter(malformed="").filter(ours | Q(receiver=own, state__in=("received", "kept")))
    return [one for one in held.order_by("channel", "ref") if not file_of(one).is_file()]


def file_of(exhibit: Exhibit) -> Path:
    """Where its sealed file stands on this node, and, below ``exhibits``, on the other party's."""
    return store.place(exhibit.channel, exhibit.provider, exhibit.object)


def chain(exhibit: Exhibit) -> QuerySet[CustodyStep]:
    """Every act of an exhibit's custody, in the order both sides read them."""
    return CustodyStep.objects.filter(channel=exhibit.channel, ref=exhibit.ref)


def holdings(exhibit: Exhibit) -> list[Holding]:
    """Where its custody stands with each party that receives it, by code."""
    return list(Holding.objects.filter(channel=exhibit.channel, ref=exhibit.ref).order_by("party"))


def last_hand_over(exhibit: Exhibit, party: str) -> CustodyStep | None:
    """The last act by which a party's copy passed into other hands, as far as it can be read."""
    passed = chain(exhibit).filter(party=party, act="handed_over", irregular="", unreadable="")
    return passed.order_by("-place").first()


def arrival(exhibit: Exhibit) -> Arrival | None:
    """How far the fetching of an exhibit has come; None if it has not begun."""
    return Arrival.objects.filter(channel=exhibit.channel, ref=exhibit.ref).first()


def taken_in() -> QuerySet[Intake]:
    """Files sealed here that nobody has announced yet."""
    return Intake.objects.filter(entry="").select_related("official").order_by("sealed_at")


def one_taken_in(ref: str) -> Intake:
    """One file taken in and not yet announced; 404 if there is none of that reference."""
    found = taken_in().filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def announced(ref: str) -> Exhibit | None:
    """The exhibit that a file taken in here has become; None while nobody has announced it."""
    return Exhibit.objects.filter(ref=ref, provider=settings.NODE.party).first()


def channel(channel: str) -> list[str]:
    """The other parties that are in an open channel; 404 if it is not open, or we are not in it."""
    others = register.others(channel)
    if not others or not standings.is_open(channel):
        raise Http404
    return others


def open_channels() -> list[tuple[str, str]]:
    """Every open channel with the others in it: where an exhibit can be added."""
    channels = [log.channel for log in register.own_logs() if standings.is_open(log.channel)]
    return [(one, ", ".join(others)) for one in channels if (others := register.others(one))]


def next_number() -> str:
    """The reference the next exhibit of ours would have, as ``aa-2026-x0001``."""
    beginning = f"{settings.NODE.party}-{timezone.now().year}-x"
    longest_first = Intake.objects.filter(ref__startswith=beginning).order_by(Length("ref").desc(), "-ref")
    last = longest_first.values_list("ref", flat=True).first()
    number = int(last.removeprefix(beginning)) + 1 if last else 1
    while Exhibit.objects.filter(ref=f"{beginning}{number:04d}").exists():  # a counterpart may have used it
        number += 1
    return f"{beginning}{number:04d}"
