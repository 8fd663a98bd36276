"""The debrief of an exercise as a page shows it, in the reader's words; each line leads to its entry."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.exercise import clock_standing, debrief, standing_of
from comity.instruments import library
from comity_node.listing.export import Column
from comity_node.register import rooms

if TYPE_CHECKING:
    from comity.exercise import Debrief, Heard, Met, Run
    from comity.names import EntryRef

_STANDINGS: Final = {
    "met": (gettext_lazy("met"), "done"),
    "late": (gettext_lazy("late"), "irregular"),
    "missed": (gettext_lazy("missed"), "irregular"),
    "open": (gettext_lazy("not due yet"), "open"),
    "lifted": (gettext_lazy("no longer asked for"), "ended"),
}
OUTCOMES: Final = {
    "": gettext_lazy("Under way"),
    "played": gettext_lazy("Played to its end"),
    "broken_off": gettext_lazy("Broken off"),
}
_TIMES: Final = {
    "receipt": gettext_lazy("To receipt"),
    "opened": gettext_lazy("To being opened"),
    "acknowledged": gettext_lazy("To being acknowledged"),
    "useful": gettext_lazy("To the first useful word"),
}

COLUMNS: Final[tuple[Column[dict[str, Any]], ...]] = tuple(
    Column(name, lambda row, name=name: row[name])  # type: ignore[misc]
    for name in ("sort", "at", "minute", "party", "reference", "what", "standing", "late_seconds", "entry")
)


def shown(found: Debrief) -> dict[str, Any]:
    """Everything the page shows."""
    playing = found.playing
    return {
        "ref": found.name,
        "ref_href": reverse("assistance:request", args=[found.channel, found.name]),
        "title": playing.script.title if playing else _("Exercise"),
        "summary": playing.script.summary if playing else "",
        "aims": playing.script.aims if playing else (),
        "leads": found.leads,
        "leads_ours": found.leads == settings.NODE.party,
        "began": found.began,
        "ended": found.ended,
        "outcome": OUTCOMES.get(found.outcome, found.outcome),
        "speed": "" if found.speed == 1 else f"{found.speed:g}",
        "digest": found.script_digest,
        "holds": found.script_holds,
        "played_by": [(one.code, one.name, one.plays) for one in playing.script.parties] if playing else [],
        "expectations": [_expected(found, one) for one in playing.met.values()] if playing else None,
        "not_played": [one.id for one in playing.script.injects if one.id not in playing.done]
        if playing
        else [],
        "times": list(_TIMES.values()),
        "answers": [_answered(found, one.name, one) for one in debrief(found)],
        "clocks": [_clock(found, one) for one in found.clocks],
        "timeline": [_line(found, one) for one in found.in_time],
        "irregular": [_line(found, one) for one in found.heard if one.irregular],
    }


def rows(found: Debrief) -> list[dict[str, Any]]:
    """The same as rows of a table to be exported: acts, expectations and clocks."""
    acts = [
        {
            "sort": "act", "at": one.at, "minute": f"{found.minutes(one.at):.1f}", "party": one.party,
            "reference": one.name, "what": f"{one.procedure}.{one.act}",
            "standing": "irregular" if one.irregular else "", "late_seconds": "", "entry": str(one.ref),
        }
        for one in found.heard
    ]  # fmt: skip
    expected = [
        {
            "sort": "expectation", "at": one.due_at, "minute": f"{found.minutes(one.due_at):.1f}",
            "party": found.playing.trainee if found.playing else "", "reference": one.expectation.id,
            "what": one.expectation.says, "standing": _standing(found, one),
            "late_seconds": _late(found, one), "entry": str(one.heard.ref) if one.heard else "",
        }
        for one in (found.playing.met.values() if found.playing else ())
    ]  # fmt: skip
    clocks = [
        {
            "sort": "clock", "at": one.clock.due_at, "minute": f"{found.minutes(one.clock.due_at):.1f}",
            "party": one.clock.for_party, "reference": one.name, "what": one.clock.id,
            "standing": clock_standing(one.clock, found.now), "late_seconds": "",
            "entry": str(one.clock.started_by),
        }
        for one in found.clocks
    ]  # fmt: skip
    return sorted([*acts, *expected, *clocks], key=lambda row: (row["at"], row["entry"], row["sort"]))


def _standing(found: Debrief, one: Met) -> str:
    return standing_of(one, found.now, is_over=found.ended is not None)


def _late(found: Debrief, one: Met) -> int:
    return round(one.late(found.now).total_seconds()) if _standing(found, one) == "late" else 0


def _expected(found: Debrief, one: Met) -> dict[str, Any]:
    standing = _standing(found, one)
    label, tone = _STANDINGS[standing]
    return {
        "says": one.expectation.says,
        "standing": label,
        "tone": tone,
        "by": one.due_at,
        "minute": f"{found.minutes(one.due_at):.0f}",
        "done": one.heard.at if one.heard else None,
        "href": _href(one.heard.ref) if one.heard else "",
        "entry": one.heard.ref if one.heard else None,
        "late": _of_the_script(_late(found, one), found.speed) if standing == "late" else None,
    }


def _of_the_script(seconds: int, speed: float) -> timedelta:
    """So much time as it passed in the script; the longest there is, where a claimed time makes it longer."""
    return timedelta(seconds=min(seconds * speed, timedelta.max.total_seconds() - 1))


def _answered(found: Debrief, name: str, one: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the core's debrief
    return {
        "ref": name,
        "href": reverse("assistance:request", args=[found.channel, name]),
        "party": one.party,
        "ours": one.party == settings.NODE.party,
        "times": [(label, _took(getattr(one, each))) for each, label in _TIMES.items()],
    }


def _took(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _clock(found: Debrief, one: Run) -> dict[str, Any]:
    clock = one.clock
    standing = clock_standing(clock, found.now)
    label, tone = _STANDINGS[standing]
    return {
        "ref": one.name,
        "href": reverse("assistance:request", args=[found.channel, one.name]),
        "label": _(clock.label),
        "party": clock.for_party,
        "ours": clock.for_party == settings.NODE.party,
        "due": clock.due_at,
        "standing": label,
        "tone": tone,
        "late": (clock.met_at - clock.due_at) if clock.met_at and standing == "late" else None,
    }


def _line(found: Debrief, one: Heard) -> dict[str, Any]:
    return {
        "at": one.at,
        "minute": f"{found.minutes(one.at):.0f}",
        "party": one.party,
        "ours": one.party == settings.NODE.party,
        "what": act_words(one),
        "ref": one.name,
        "entry": one.ref,
        "href": _href(one.ref),
        "inject": found.inject_of(one.ref),
        "irregular": one.irregular,
    }


def act_words(one: Heard) -> str:
    """An act in the words of its table; its name, where this node has no such table."""
    text = library().get(next(iter(_values(one)), "charter"))
    tables = [table for known in (text, library()["charter"]) if known for table in known.procedures]
    rules = (table.act_of.get(one.act) for table in tables if table.id == one.procedure)
    label = next((rule.label for rule in rules if rule), "")
    return _(label) if label else rooms.title(one.act)


def _values(one: Heard) -> tuple[str, ...]:
    said = one.stated.get("instrument", ())
    return (said,) if isinstance(said, str) else tuple(said)


def _href(ref: EntryRef) -> str:
    return reverse("web:entry", args=[ref.origin.party, ref.origin.channel, ref.index])
