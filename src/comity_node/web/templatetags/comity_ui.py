"""The components of every page, as template tags. Each draws one thing and is complete without script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone

from comity.names import EntryRef
from comity_node.web import clocks, drawing, marks, record, wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, timedelta

    from django.utils.safestring import SafeString

    from comity_node.web.record import Side
    from comity_node.web.shown import Clock, Exhibit, OfferedAct, Receipt, Shown

register = template.Library()

_LONGEST_OPEN = 320  # a longer line with an unbroken word in it, such as a key, is folded
_SHOWN_OF_LINE = 60
_UNBROKEN = re.compile(r"[^\s]{121,}")


@dataclass(frozen=True)
class _DeedLine:
    """One line of a text to be signed."""

    whole: str

    @property
    def is_folded(self) -> bool:
        """Whether it holds keys rather than words."""
        return len(self.whole) > _LONGEST_OPEN and _UNBROKEN.search(self.whole) is not None

    @property
    def head(self) -> str:
        """How it begins."""
        return self.whole[:_SHOWN_OF_LINE]

    @property
    def parts(self) -> list[str]:
        """The whole line, broken for the eye after the line ends its text spells out."""
        return re.split(r"(?<=\\n)", self.whole)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a sign from the sprite; it never stands without a word."""
    return drawing.icon(name)


@register.simple_tag
def clock_offset(ahead: float, within: float | None = None) -> str:
    """Say how another clock stands against ours; to the second and how certainly, where that is asked for."""
    return clocks.said_of_clock(ahead) if within is None else clocks.said_exactly(ahead, within)


@register.simple_tag
def verification_badge(verified: str, *, quiet: bool = True) -> SafeString | str:
    """Say how far a rule has been verified; a verified one (V) stays unmarked unless ``quiet`` is off."""
    mark = marks.of(verified)
    return "" if quiet and mark.code == "V" else drawing.badge(mark)


@register.simple_tag
def article(text: str, verified: str = "V", href: str = "", at: str = "") -> SafeString:
    """Cite an article with its verification badge; a practice is named as one, since no article says it.

    Beside the badge stands who compared it with the authentic text. ``at`` is where the rule can be read if
    the page is that very place, and does not link to it.
    """
    return drawing.article(text, verified, href, at)


@register.inclusion_tag("web/parts/receipt_mark.html")
def receipt_mark(
    at: datetime, *, sent_at: datetime | None = None, receipt: Receipt | None = None, by: str = ""
) -> dict[str, Any]:
    """Draw the ladder authored, sent, receipted. ``by`` is the code of the party that receipts."""
    waited = "" if receipt else wording.duration(timezone.now() - at)
    return {"at": at, "sent_at": sent_at, "receipt": receipt, "by": by, "waited": waited}


@register.inclusion_tag("web/parts/clock.html")
def clock(clock: Clock, now: datetime | None = None) -> dict[str, Any]:
    """Draw a running clock.

    Args:
        clock: What runs, for whom and by which rule.
        now: The instant the page speaks of; the present by default.
    """
    now = now or timezone.now()
    left = clock.due_at - (clock.still_since or now)
    passed = clock.state == "running" and left.total_seconds() < 0
    return {
        "clock": clock,
        "state": "passed" if passed else clock.state,
        "left": wording.duration(left),
        "later_by": wording.duration(clock.stood_still) if clock.stood_still else "",
        "within": wording.reminder(clock.warn, left) if clock.state == "running" and not passed else 0,
        "kind": marks.CLOCK_KINDS.get(clock.kind, ""),
    }


@register.simple_tag
def standing_chip(label: str, tone: str = "open") -> SafeString:
    """Name a standing; ``tone`` picks the shape beside it (open, ours, theirs, done, ended, frozen)."""
    return drawing.chip(label, tone)


@register.simple_tag
def entry_ref(ref: EntryRef | str, href: str = "") -> SafeString:
    """Cite an entry as people cite it (US 14), with the full reference to copy."""
    return drawing.entry_ref(EntryRef.parse(ref) if isinstance(ref, str) else ref, href)


@register.simple_tag
def party_name(code: str, name: str = "") -> SafeString:
    """Name a party with its code."""
    return drawing.party(code, name)


@register.simple_tag
def side(ours: bool, code: str, name: str = "") -> SafeString:
    """Say whose something is: ours or theirs, with shape, colour and word."""
    return drawing.side(ours, code, name)


@register.simple_tag
def digest(value: str, algorithm: str = "SHA-256") -> SafeString:
    """Show a hash shortened; the whole of it can be opened, selected and copied."""
    return drawing.digest(value, algorithm)


@register.simple_tag(name="time")
def time(when: datetime | date, *, seconds: bool = False) -> SafeString:
    """Say an instant in UTC, with the reader's own hour beside it on demand; a day is said as a day."""
    return drawing.time(when, seconds=seconds)


@register.inclusion_tag("web/parts/deed_text.html")
def deed_text(text: str) -> dict[str, Any]:
    """Show a text to be signed, whole and in its own order; lines nobody can read aloud are folded."""
    return {"lines": [_DeedLine(line) for line in text.split("\n")]}


@register.simple_tag
def file_size(count: int) -> str:
    """Say a number of bytes."""
    return wording.size(count)


@register.simple_tag
def span(length: timedelta) -> str:
    """Say a length of time."""
    return wording.duration(length)


@register.simple_tag
def waited(since: datetime, until: datetime | None = None) -> str:
    """Say how long something has lasted."""
    return wording.duration((until or timezone.now()) - since)


@register.inclusion_tag("web/parts/exhibit_card.html")
def exhibit_card(exhibit: Exhibit, *, heading: int = 3) -> dict[str, Any]:
    """Show an exhibit in short; ``heading`` is the level of its heading on the page."""
    return {"exhibit": exhibit, "level": heading}


@register.inclusion_tag("web/parts/act_button.html")
def act_button(act: OfferedAct) -> dict[str, Any]:
    """Offer an act, or say why it is not open now; there is never a grey button without a reason."""
    return {"act": act}


@register.inclusion_tag("web/parts/double_record.html")
def double_record(
    entries: Iterable[Shown],
    ours: Side,
    theirs: Side,
    *,
    by_procedure: bool = False,
    heading: int = 3,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Draw the double record of a channel, a request or an exhibit.

    Args:
        entries: In deterministic order; see ``comity_node.web.shown.Shown``.
        ours: Anything with ``code``, ``name`` and ``ours``.
        theirs: The same for the counterpart.
        by_procedure: One section for each procedure.
        now: The instant the page speaks of; the present by default.
        heading: Level of the entries' headings; of the procedures' where it is by procedure.
    """
    now = now or timezone.now()
    return {
        "runs": record.compose(entries, ours=ours, theirs=theirs, now=now, by_procedure=by_procedure),
        "ours": ours,
        "theirs": theirs,
        "level": heading,
        "entry_level": heading + by_procedure,
    }
