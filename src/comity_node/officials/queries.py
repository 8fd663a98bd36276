"""What officials may see of their own house: approvals, colleagues, sign-ins, the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.http import Http404
from django.utils import timezone

from comity_node.officials import powers
from comity_node.officials.models import Journal, Official, PreparedAct, SignIn

if TYPE_CHECKING:
    from django.db.models import QuerySet


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


def journal(reader: Official) -> QuerySet[Journal]:
    """What was done on this node, newest first; 404 for those who may not read it."""
    if not reader.has_perm("journal.read"):
        raise Http404
    return Journal.objects.select_related("official")
