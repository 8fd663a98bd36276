"""Handing over: a case system finishes a draft or fills in an act; an official reads and signs it, or not.

A token is no signature and no second officer. What it hands over waits among the local matters of its
official's office; whoever signs does so on the ordinary confirmation page, as its author, and where the
procedure wants a second officer, that is another person again.

Follows: docs/adr/0017-case-systems.md.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from comity_node.api import drafted, services
from comity_node.api.errors import NotHandedOver
from comity_node.api.models import HandedOver
from comity_node.assistance import filling
from comity_node.officials import powers
from comity_node.officials import services as officials
from comity_node.officials.access import holds, require
from comity_node.register import browsing, payloads, rooms
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from comity.names import EntryRef
    from comity_node.api.models import Token
    from comity_node.assistance.models import Draft
    from comity_node.officials.models import Office, Official
    from comity_node.officials.models import PreparedAct as Prepared
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received


def hand_over(
    act: Act,
    *,
    token: Token,
    name: str = "",
    draft: Draft | None = None,
    said: Mapping[str, list[str]] | None = None,
    note: str = "",
) -> HandedOver:
    """Leave an act to the officials; the same handed over again takes the place of what waited.

    Args:
        act: The act as it would be signed now.
        token: Through which it came.
        name: The act on a request; empty for the opening act of a draft.
        draft: The draft.
        said: What its form was filled in with.
        note: Word to the official.

    Raises:
        NotEmpowered: The token's official could neither sign nor prepare it.
        OurFault: The procedure does not allow it now.
    """
    require(token.official, powers.rule(act.kind).sign)
    rooms.verdict(act, settings.NODE.party)
    text, own = act.text(), register.own_log(act.channel)
    key = {"channel": act.channel, "ref": act.ref, "act": name, "office": token.official.office}
    with transaction.atomic():
        waiting, _is_new = HandedOver.objects.update_or_create(
            **({"draft": draft} if draft else key),
            defaults={
                **key,
                "kind": act.kind,
                "after": own.size if own else 0,
                "said": dict(said or {}),
                "note": note,
                "returned": "",
                "text": text,
                "digest": sha256(text.encode()).hexdigest(),
                "token": token,
            },
        )
        services.note(token.official, "token.handed-over", token, f"{act.kind} {act.ref}")
    waiting.refresh_from_db()
    return waiting


def waiting_draft(draft: Draft) -> HandedOver | None:
    """What was handed over of a draft."""
    return HandedOver.objects.filter(draft=draft.pk).first()


def waiting_acts(channel: str, ref: str, office: Office) -> QuerySet[HandedOver]:
    """What was filled in as acts on a request, for an office."""
    return HandedOver.objects.filter(channel=channel, ref=ref, office=office).exclude(act="")


def take_back(found: HandedOver | None, *, token: Token) -> None:
    """Let the case system go on with what it handed over.

    Raises:
        NotHandedOver: Nothing was.
    """
    with transaction.atomic():
        gone = HandedOver.objects.filter(pk=found.pk if found else 0).delete()[0]
        if not gone or found is None:
            raise NotHandedOver("nothing was taken back: nothing of it waits for an official")
        services.note(token.official, "token.taken-back", token, f"{found.kind} {found.ref}")


def may_decide(found: HandedOver, official: Official) -> bool:
    """Whether an official may read and sign it: of the office it was handed to, and with the power."""
    return found.office_id == official.office_id and holds(official, powers.rule(found.kind).sign)


def proposed(found: HandedOver, *, by: Official) -> Act:
    """An act on a request as it would be signed now, by an official.

    Raises:
        OurFault: It cannot be filled in like that, or not any more.
    """
    return filling.act(found.channel, found.ref, found.act, dict(found.said), by=by)


def sign(found: HandedOver, *, shown: str, by: Official) -> Prepared | EntryRef:
    """Sign what was handed over exactly as its official read it, or have it wait for a second officer.

    Raises:
        NotHandedOver: It was taken back, sent back or replaced since it was read.
        TextMoved: The record has moved since it was shown.
        OurFault: The procedure does not allow it now, or the official lacks the power.
    """
    with transaction.atomic():
        waits = HandedOver.objects.select_for_update().filter(pk=found.pk, digest=found.digest, returned="")
        held = waits.first()
        if held is None:
            raise NotHandedOver("nothing was signed: this text does not wait for an official any more")
        done = officials.sign(proposed(held, by=by), shown=shown, by=by)
        held.delete()
    return done


def settle(channel: str, kinds: str, refs: Collection[str]) -> None:
    """Let go of what waits no more by the record: signed in another way, or of content erased since.

    Told of whatever is projected, so also when a backup has brought back what was let go.
    """
    for one in HandedOver.objects.filter(channel=channel, kind__startswith=f"{kinds}."):
        if one.ref in refs and _is_over(one):
            one.delete()


def _is_over(found: HandedOver) -> bool:
    own = register.own_log(found.channel)
    acts = browsing.each_of(own, kind=found.kind, ref=found.ref, oldest_first=False) if own else ()
    return any(
        one.ref.index >= found.after or _was_erased(one, since=found.at)
        for one in acts
        if one.entry.kind == found.kind
    )


def _was_erased(one: Received, *, since: datetime) -> bool:
    erased_at = payloads.erased_at(one.entry.payload.sha256) if one.entry.payload else None
    return erased_at is not None and erased_at >= since


def send_back(found: HandedOver, *, by: Official, reason: str) -> None:
    """Send what was handed over back to the case system, saying why."""
    with transaction.atomic():
        HandedOver.objects.filter(pk=found.pk).update(returned=reason)
        services.note(by, "token.sent-back", found.token, f"{found.kind} {found.ref}")


def page_of(found: HandedOver) -> str:
    """Where an official reads it."""
    return reverse("api:handed-over", args=[found.pk])


def shown(found: HandedOver) -> drafted.HandedOver:
    """What was handed over, as the case system is told."""
    return drafted.HandedOver(
        channel=found.channel,
        ref=found.ref,
        act=found.act,
        at=found.at,
        note=found.note,
        returned=found.returned,
        text=found.text,
        digest=found.digest,
        page_href=page_of(found),
    )
