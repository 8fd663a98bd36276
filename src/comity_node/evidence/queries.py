"""Reading exhibits: the list, one with its chain, and the number the next will have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.utils import timezone

from comity_node.evidence.models import Arrival, CustodyStep, Exhibit, Intake

if TYPE_CHECKING:
    from django.db.models import QuerySet


def exhibits() -> QuerySet[Exhibit]:
    """Every exhibit of the record, newest first."""
    return Exhibit.objects.all()


def exhibit(channel: str, ref: str) -> Exhibit:
    """One exhibit; 404 if the record knows none of that reference in that channel."""
    found = Exhibit.objects.filter(channel=channel, ref=ref).first()
    if found is None:
        raise Http404
    return found


def chain(exhibit: Exhibit) -> QuerySet[CustodyStep]:
    """Every act of an exhibit's custody, in the order both sides read them."""
    return CustodyStep.objects.filter(channel=exhibit.channel, ref=exhibit.ref)


def arrival(exhibit: Exhibit) -> Arrival | None:
    """How far the fetching of an exhibit has come; None if it has not begun."""
    return Arrival.objects.filter(channel=exhibit.channel, ref=exhibit.ref).first()


def taken_in() -> QuerySet[Intake]:
    """Files sealed here that nobody has announced yet."""
    return Intake.objects.filter(entry="").select_related("official").order_by("sealed_at")


def next_number() -> str:
    """The reference the next exhibit of ours would have, as ``aa-2026-x0001``."""
    beginning = f"{settings.NODE.party}-{timezone.now().year}-x"
    used = [
        *Intake.objects.filter(ref__startswith=beginning).values_list("ref", flat=True),
        *Exhibit.objects.filter(ref__startswith=beginning).values_list("ref", flat=True),
    ]
    numbers = [int(found[1]) for ref in used if (found := re.fullmatch(rf"{beginning}([0-9]{{4,9}})", ref))]
    return f"{beginning}{max(numbers, default=0) + 1:04d}"
