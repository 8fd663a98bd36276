"""What officials may see of their own house: approvals, colleagues, sign-ins, the journal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from comity_node.officials import powers
from comity_node.officials.models import Journal, Office, Official, PreparedAct, SignIn

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

LATELY: Final = timedelta(days=14)


def approvals(reader: Official) -> QuerySet[PreparedAct]:
    """Acts the reader prepared, or holds the power to second; newest first."""
    held = [row.second for row in powers.rules() if reader.has_perm(row.second)]
    acts = PreparedAct.objects.select_related("prepared_by", "decided_by")
    return (acts.filter(prepared_by=reader) | acts.filter(power__in=held)).order_by("-pk")


def awaiting(reader: Official) -> QuerySet[PreparedAct]:
    """Acts that wait for the reader: prepared by somebody else, and within the reader's power."""
    acts = approvals(reader).filter(state=PreparedAct.State.AWAITING).exclude(prepared_by=reader)
    return acts.exclude(other_office=True, prepared_by__office=reader.office)


def approval(reader: Official, pk: int) -> PreparedAct:
    """Return one act the reader may see; 404 otherwise, so that its existence is not told."""
    act = approvals(reader).filter(pk=pk).first()
    if act is None:
        raise Http404
    return act


def sign_ins(official: Official) -> QuerySet[SignIn]:
    """Where the official is signed in, newest first."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return SignIn.objects.filter(official=official, session_key__in=live).order_by("-pk")


def roster() -> QuerySet[Official]:
    """Every official with their office and appointments, in the order of log-in names."""
    return Official.objects.select_related("office").prefetch_related("appointments").order_by("login")


def offices() -> QuerySet[Office]:
    """Every office, by code."""
    return Office.objects.order_by("code")


def changes() -> QuerySet[Journal]:
    """What was changed about who may act here, newest first: every official may see it."""
    about = Q(did__startswith="official.") | Q(did__startswith="office.")
    return Journal.objects.select_related("official").filter(about)


def changes_about(login: str) -> QuerySet[Journal]:
    """What was changed about one official, newest first."""
    return changes().filter(Q(about=login) | Q(about__startswith=f"{login}: "))


def lately_changed(login: str, *, now: datetime) -> QuerySet[Journal]:
    """What others changed about an official so lately that whoever seconds an act of theirs should know."""
    since = changes_about(login).filter(at__gt=now - LATELY)
    return since.exclude(did="official.password-changed")


def is_signed_by(entry: str, official: Official) -> bool:
    """Whether this official signed an entry of ours, alone or as the first."""
    return Journal.objects.filter(entry=entry, official=official).exists()


def journal(reader: Official) -> QuerySet[Journal]:
    """What was done on this node, newest first; 404 for those who may not read it."""
    if not reader.has_perm("journal.read"):
        raise Http404
    return Journal.objects.select_related("official")
