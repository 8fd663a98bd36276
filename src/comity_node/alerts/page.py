"""The page of one alert: what happened, what is asked, what to press; who has it, what was said since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.lifecycle.stated import instant, values
from comity.severity import equals, grade
from comity_node.alerts import access, affected, reached, ripening, talking
from comity_node.alerts.queries import KINDS, UNANSWERED
from comity_node.alerts.raising import recognised
from comity_node.assistance import offers, queries
from comity_node.assistance.detail import detail
from comity_node.assistance.pages import one_in_words, suggested
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from comity_node.assistance.detail import Detail
    from comity_node.assistance.models import Request
    from comity_node.assistance.offers import Offer
    from comity_node.officials.models import Official
    from comity_node.register.queries import Received

SAID: Final = 40
_OPENED: Final = "opened"
_ACKNOWLEDGED: Final = "acknowledged"
_TEXTS: Final = ("what_happens", "what_is_asked", "what_is_affected")
# What a side does next most likely, by whether it was acknowledged; the first that is open is the button.
_NEXT: Final = {
    ("ours", False): ("notified_again", "updated"),
    ("ours", True): ("updated", "stood_down", "closed"),
    ("theirs", False): (_ACKNOWLEDGED,),
    ("theirs", True): ("informed", "lessons"),
}
_BY_ITSELF: Final = frozenset({_OPENED})
_AT_ONCE: Final = frozenset({_ACKNOWLEDGED})  # nothing need be filled in: one press leads to the text itself


@dataclass(frozen=True, slots=True)
class HasIt:
    """How far an alert has come with one party it was raised to.

    Attributes:
        received_at: When its node signed for it.
        opened_at: When an office of it had it open.
        acknowledged_at: When an official of it answered for it.
        by: Their office.
        severity_here: How grave it is there, as that party says.
    """

    party: str
    ours: bool
    received_at: datetime | None
    opened_at: datetime | None
    acknowledged_at: datetime | None
    by: str
    severity_here: str


def one_alert(row: Request, *, official: Official) -> dict[str, Any]:
    """Everything the page shows.

    Raises:
        Http404: Nothing of it can be read by the tables this node has.
    """
    found = detail(row.channel, row.ref, KINDS)
    if found is None:
        raise Http404
    acts = offers.offers(found, official)
    now = timezone.now()
    has_it = _has_it(found)
    source = str(found.entry_at(found.opened_at).ref) if found.opened_at is not None else ""
    silent = [one.party for one in has_it if not one.ours and one.acknowledged_at is None]
    return {
        "alert": _head(row, found),
        **_content(found, official),
        "has_it": has_it,
        "to_call": reached.to_call(silent, now) if row.ours and row.state in UNANSWERED else [],
        **_acts(row, acts),
        **_suggested(found, acts),
        "opens": _opens(found, official),
        "talks": talking.about(row, source),
        "talk_href": talking.to_open(row, source) if access.raises(official) else "",
        "led_to": ripening.led_to(row, official),
        "may_ripen": access.raises(official) and row.state != "closed",
        "said": _said(found),
        "earlier": max(0, found.size - SAID),
        "record_href": reverse("assistance:tab", args=[row.channel, row.ref, "correspondence"]),
        "texts_href": reverse("assistance:tab", args=[row.channel, row.ref, "overview"]),
        "now": now,
    }


def _head(row: Request, found: Detail) -> dict[str, Any]:
    severity = "" if row.severity is None else str(row.severity)
    graded = grade(severity)
    state = found.procedure.state_of.get(row.state)
    opened = found.opened_at
    stated = found.entry_at(opened).entry.stated if opened is not None else {}
    return {
        "ref": row.ref,
        "channel": row.channel,
        "title": queries.title(row),
        "ours": row.ours,
        "party": row.requesting,
        "raised_at": row.lodged_at,
        "severity": severity,
        "graded": _(graded.label) if graded else "",
        "meaning": _(graded.meaning) if graded else "",
        "equals": equals(severity, row.requesting, settings.NODE.party),
        "standing": _(row.label) if row.state else _("Not begun"),
        "standing_means": _(state.meaning) if state else "",
        "tone": queries.tone(row),
        "clock": queries.clock(row),
        "exercise": row.exercise,
        "seeks": [_(one.replace("_", " ")) for one in values(stated, "seeks")],
        "sorts": [_(one.replace("_", " ")) for one in values(stated, "class")],
        "sector": [_(one.replace("_", " ")) for one in values(stated, "sector")],
        "reply_by": instant(next(iter(values(stated, "reply_by")), "")),
        "unanswered": row.state in UNANSWERED,
        "suspended": row.suspended,
        "irregular": row.irregular,
    }


def _content(found: Detail, official: Official) -> dict[str, Any]:
    """What the entry that raised it says, as far as it can be read."""
    at = found.opened_at
    if at is None:
        return {"texts": [], "indicators": None, "marking": (), "affected": None, "affected_count": 0}
    content = found.said(at, at + 1)[0].content
    said = dict(content.texts)
    labels = {one.id: _(one.label) for one in found.instrument.fields}
    pasted = said.get("indicators", "")
    return {
        "texts": [(labels[name], said[name]) for name in _TEXTS if said.get(name)],
        "indicators": {**recognised(pasted), "text": pasted} if pasted else None,
        "marking": content.marking,
        "affected": affected.shown(content.affected, found.channel, official),
        "affected_count": len(content.affected),
    }


def _received(found: Detail) -> Sequence[Received]:
    return found.folded.received or register.entries(found.channel, ref=found.ref, prefix=f"{KINDS}.")


def _has_it(found: Detail) -> list[HasIt]:
    """Every party the alert was raised to, and the three facts that stand of each."""
    if found.opened_at is None:
        return []
    received = _received(found)
    opening = received[found.opened_at]
    addressed = values(opening.entry.stated, "requested")
    pairs = zip(received, found.folded.judgements, strict=True)
    regular = [one for one, judged in pairs if not judged.because]
    return [_of_party(party, opening, regular, alone=len(addressed) == 1) for party in addressed]


def _of_party(party: str, opening: Received, regular: Sequence[Received], *, alone: bool) -> HasIt:
    theirs = [one for one in regular if one.party == party]
    opened = next((one for one in theirs if one.entry.act in (_OPENED, _ACKNOWLEDGED)), None)
    answered = next((one for one in theirs if one.entry.act == _ACKNOWLEDGED), None)
    grades = [values(one.entry.stated, "severity_here") for one in theirs]
    return HasIt(
        party=party,
        ours=party == settings.NODE.party,
        received_at=opening.receipts.get(party) or (opening.receipted_at if alone else None),
        opened_at=opened.entry.authored_at if opened else None,
        acknowledged_at=answered.entry.authored_at if answered else None,
        by=answered.entry.by.office if answered else "",
        severity_here=next((said[0] for said in reversed(grades) if said), ""),
    )


def _acts(row: Request, acts: Sequence[Offer]) -> dict[str, Any]:
    """The one act to press, and the others; what the page does by itself is offered nowhere."""
    open_now = [one for one in acts if one.act not in _BY_ITSELF]
    likely = _NEXT["ours" if row.ours else "theirs", row.state not in UNANSWERED]
    by_name = {one.act: one for one in open_now if not one.because}
    first = next((by_name[name] for name in likely if name in by_name), None)
    return {
        "first": first,
        "at_once": first is not None and first.act in _AT_ONCE,
        "others": [one for one in open_now if one is not first],
    }


def _suggested(found: Detail, acts: Sequence[Offer]) -> dict[str, Any]:
    """What others at this node hold to come next: acts ready to be filled in, and what is only to be read."""
    said = suggested(found, acts)
    return {
        "suggested": [one for one in said if one.act],
        "to_read": [one for one in said if not one.act],
    }


def _opens(found: Detail, official: Official) -> bool:
    """Whether this reading is the first by an office of ours, and its reader may say so for it."""
    return _OPENED in {row.act for row in found.ours} and access.raises(official)


def _said(found: Detail) -> list[dict[str, Any]]:
    """What was said, the latest first; the opening stands above in full."""
    start = max(0, found.size - SAID)
    opening = found.opened_at
    places = range(start, found.size)
    said = [
        one_in_words(one, found)
        for place, one in zip(places, found.said(start, found.size), strict=True)
        if place != opening
    ]
    return said[::-1]
