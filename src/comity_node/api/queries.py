"""Reading what officials see of case systems: tokens, what waits for their signature, hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count, Min, Q
from django.http import Http404
from django.utils import timezone

from comity_node.api import handing
from comity_node.api.models import HandedOver, Hook, Token
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
    found = HandedOver.objects.select_related("token__official").filter(returned="", office=official.office)
    still = found.filter(Q(draft=None) | Q(draft__entry="", draft__prepared=None))
    return [one for one in still[:MOST] if handing.may_decide(one, official)]


def handed_over(official: Official, pk: int) -> HandedOver:
    """One of them; 404 otherwise, so that its existence is not told."""
    waits = HandedOver.objects.select_related("token__official", "draft").filter(pk=pk, returned="")
    found = waits.first()
    if found is None or not handing.may_decide(found, official):
        raise Http404
    return found


def hooks() -> QuerySet[Hook]:
    """Every hook, with how much waits for it and since when."""
    return Hook.objects.select_related("added_by").annotate(
        waiting=Count("notices"), waiting_since=Min("notices__at")
    )
