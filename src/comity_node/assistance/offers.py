"""What the request page offers to do, and the confirmation page of an act."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity import lifecycle
from comity_node.assistance import counting
from comity_node.assistance.choices import choices
from comity_node.assistance.links import address
from comity_node.assistance.projecting import turn
from comity_node.officials import powers
from comity_node.officials.access import holds, require
from comity_node.register import queries as register
from comity_node.register import rooms, standings
from comity_node.register.citing import row_address

if TYPE_CHECKING:
    from comity.instruments import Row
    from comity_node.assistance.detail import Detail
    from comity_node.officials.models import Official
    from comity_node.register.acts import Act


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as the page offers it; see the ``act_button`` tag.

    Attributes:
        act: Its name in the table.
        aside: It is seldom what comes next: it may stand below what is.
    """

    act: str
    label: str
    href: str
    article: str
    article_href: str
    verified: str
    second: str
    because: str
    hint: str
    weight: str
    aside: bool


@dataclass(frozen=True, slots=True)
class ShownAct:
    """An act on its confirmation page."""

    label: str
    text: str
    article: str
    article_href: str
    verified: str
    article_text: str
    channel: str
    channel_href: str
    ref: str
    kind: str
    fields: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Signs:
    """Who is about to sign, and as what."""

    name: str
    office: str
    capacity: str


def offers(found: Detail, official: Official) -> list[Offer]:
    """What we may do now, each with its article and who must second; with the reason where it is not open."""
    awaited = _awaited(found)
    offered = (row for row in found.ours if all(choices(found, row).values()))
    return [_offer(found, row, official, is_awaited=row is awaited) for row in offered]


def _awaited(found: Detail) -> Row | None:
    """The one act that leads on; None where there is a choice: the page favours no answer."""
    if turn(found.standing) != settings.NODE.party:
        return None
    moving = [row for row in found.ours if row.to]
    return moving[0] if len(moving) == 1 else None


def _offer(found: Detail, row: Row, official: Official, *, is_awaited: bool) -> Offer:
    kind = found.procedure.kind(row.act)
    because, hint = _closed(found, row, official, kind)
    return Offer(
        act=row.act,
        label=_(row.sentence),
        href=reverse("assistance:act", args=[found.channel, found.ref, row.act]),
        article=row.basis,
        article_href=row_address(row),
        verified=row.verified.value,
        second=second_officer(kind) if row.second else "",
        because=because,
        hint=hint,
        weight="primary" if is_awaited and not because else "plain",
        aside=bool(row.extends or row.entries) and not row.after,
    )


def _closed(found: Detail, row: Row, official: Official, kind: str) -> tuple[str, str]:
    """Why an act is not open to this official now, and what would open it."""
    if not holds(official, powers.rule(kind).sign):
        return _("your roles do not carry the power it takes."), _("An officer who holds it can do this.")
    if because := counting.closed(found.channel, found.ref, kind):
        return because, _("Exchange what is outstanding, and count again.")
    if not row.not_before:
        return "", ""
    trial = lifecycle.Act(
        ref=register.next_ref(found.channel),
        party=settings.NODE.party,
        act=row.act,
        at=timezone.now(),
        stated={},
        answers=(),
        seen={log.party: log.size for log in register.their_logs(found.channel)},
        depth=sys.maxsize,
    )
    received = register.entries(found.channel, ref=found.ref, prefix=f"{found.kinds}.")
    bearing = standings.life(found.channel).on(found.kinds)
    judged = lifecycle.judge(found.procedure, standings.lifecycle_acts(received), trial, bearing)
    return (judged.reason, "") if isinstance(judged, lifecycle.Refusal) else ("", "")


def second_officer(kind: str) -> str:
    """Who must second acts of this kind, in words."""
    if powers.rule(kind).other_office:
        return _("an official of another office")
    return _("another official")


def confirmation(act: Act, *, by: Official, answered: str = "") -> dict[str, Any]:
    """The confirmation page of an act: the exact text, its article, and whose signatures it takes.

    Args:
        act: What is to be signed.
        by: Who is about to sign it.
        answered: What it answers, in words; its text names the entry alone.

    Raises:
        OurFault: The procedure does not allow it now, or the official lacks the power.
    """
    capacity = require(by, powers.rule(act.kind).sign)
    verdict = rooms.verdict(act, settings.NODE.party)
    second = second_officer(act.kind) if verdict.second_needed else ""
    answers = [(_("In answer to"), answered)] if answered else []
    return {
        "act": ShownAct(
            label=_(verdict.sentence),
            text=act.text(),
            article=verdict.basis,
            article_href=verdict.href,
            verified=verdict.verified,
            article_text="",
            channel=act.channel,
            channel_href=address("channels:channel", act.channel),
            ref=act.ref,
            kind=act.kind,
            fields=tuple(Fact(label, value) for label, value in (*rooms.facts(act), *answers)),
        ),
        "signs": Signs(by.display_name, str(by.office), capacity.capacity),
        "second": second,
        "next": _next(second),
        "seconding": None,
        "exercise": standings.exercised(act.channel, act.ref, act.stated),
        "doubts": rooms.doubts(act),
    }


def _next(second: str) -> list[str]:
    sent = [
        _("The entry is appended to our log and sealed to both parties."),
        _("It is sent at once; their receipt is shown when their node has stored it."),
    ]
    return (
        [_("It waits among the approvals until it is seconded; nothing is recorded before."), *sent]
        if second
        else sent
    )
