"""Reading what officials see of case systems: tokens, what waits for their signature, hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count, Min
from django.http import Http404
from django.utils import timezone

from comity_node.api import handing
from comity_node.api.models import HandedOver, Hook, Token
from comity_node.assistance.models import Draft
from comity_node.officials.access import holds

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from comity_node.officials.models import Official

MOST: Final = 200


def tokens(reader: Official | None) -> QuerySet[Token]:
    """Every token for who issues them or the operator; for others those that act for them."""
    found = Token.objects.select_related("official", "issued_by")
    return found if reader is None or holds(reader, "token.issue") else found.filter(official=reader)


def state(token: Token) -> str:
    """Where a token stands."""
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= timezone.now():
        return "expired"
    return "live" if token.digest else "not drawn"


def waiting(official: Official) -> list[HandedOver]:
    """What case systems handed over that this official may read and sign, the oldest first."""
    found = HandedOver.objects.select_related("token__official__office").filter(
        returned="", token__official__office=official.office
    )
    listed = [one for one in found[:MOST] if handing.may_decide(one, official)]
    named = [one.draft for one in listed if not one.act]
    still = Draft.objects.filter(pk__in=named, entry="", prepared=None) if named else Draft.objects.none()
    drafts = set(still.values_list("pk", flat=True))
    return [one for one in listed if one.act or one.draft in drafts]


def handed_over(official: Official, pk: int) -> HandedOver:
    """One of them; 404 otherwise, so that its existence is not told."""
    found = HandedOver.objects.select_related("token__official__office").filter(pk=pk).first()
    if found is None or not handing.may_decide(found, official):
        raise Http404
    return found


def draft_of(found: HandedOver) -> Draft:
    """The draft that was handed over; 404 once it is gone."""
    draft = Draft.objects.filter(pk=found.draft).first()
    if draft is None:
        raise Http404
    return draft


def hooks() -> QuerySet[Hook]:
    """Every hook, with how much waits for it and since when."""
    return Hook.objects.select_related("added_by").annotate(
        waiting=Count("notices"), waiting_since=Min("notices__at")
    )
