"""Statements of figures: the acts by which a party states them, and the other agrees or states its own.

What is stated is counted by this node when the text is shown, over the entries named. Nobody writes it: an
official reads it, and signs it or does not.

Follows: docs/spec/reciprocity.md, Stating.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.channel import published_figures
from comity.channel.published_figures import heads_stated
from comity.errors import ComityError
from comity.instruments import library
from comity.lifecycle.stated import day, values
from comity.reciprocity import ALL, differences, read_figures
from comity_node.assistance.errors import ChannelNotOpen, FiguresAlike, FiguresDiffer, NoSuchRequest
from comity_node.assistance.links import address
from comity_node.assistance.models import Request
from comity_node.register import membership, standings, stating
from comity_node.register.acts import Act
from comity_node.register.figure_words import line_words, number_name
from comity_node.register.rooms import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from comity.instruments import Stated
    from comity.reciprocity import CountedLine, Difference, Head, StatedFigures
    from comity_node.assistance.detail import Detail

KINDS: Final = published_figures.KINDS
STATED: Final = f"{KINDS}.stated"
AGREED: Final = f"{KINDS}.agreed"
DISPUTED: Final = f"{KINDS}.disputed"
BY_THE_NODE: Final = frozenset({"figures", "logs"})  # what it counts itself, whoever signs
_MOST_NAMED: Final = 12
_PRACTICE: Final = "practice: counts of what was asked and answered are given by each side, and compared"


def statement(
    channel: str, *, as_of: date, since: date | None = None, logs: Mapping[str, Head] | None = None
) -> Act:
    """The act that states the figures of a day, as it is to be signed.

    Args:
        channel: Channel id.
        as_of: As the record stood at the end of this day (UTC).
        since: Leave out what was lodged before this day.
        logs: The beginnings of logs to count; without, all that this node holds.

    Raises:
        ChannelNotOpen: The channel is not open.
        CannotCount: Those are not the beginnings of the logs held here.
    """
    if not standings.is_open(channel):
        raise ChannelNotOpen(f"nothing was stated: the channel {channel[:40]} is not open")
    charter = library()[standings.CHARTER]
    figures = stating.count_over(channel, as_of, since, logs or stating.heads(channel))
    return Act(
        channel=channel,
        kind=STATED,
        ref=_next_reference(channel),
        stated={
            "instrument": charter.id,
            "table": charter.digest,
            "requested": membership.everybody_else(channel),
            "as_of": as_of.isoformat(),
            **({"since": since.isoformat()} if since else {}),
            **_stated(figures),
        },
        payload=_payload(figures),
    )


def completed(act: Act) -> Act:
    """An answer to a statement with what this node counts; any other act as it is.

    Raises:
        CannotCount: This node cannot count what the statement names.
        FiguresDiffer: It is to be agreed, and this node counts otherwise.
        FiguresAlike: It is to be disputed, and this node counts the same.
    """
    if act.kind not in (AGREED, DISPUTED):
        return act
    found = stating.statement(act.channel, act.ref)
    if found is None:
        raise NoSuchRequest(f"nothing was recorded: no figures were stated as {act.ref[:60]}")
    ours = stating.count_again(act.channel, found.opening.act.stated)
    theirs = found.sides[0]
    if act.kind == AGREED and ours.digest != theirs.digest:
        said = _first(differences(ours, theirs.figures) if theirs.figures else ())
        raise FiguresDiffer(f"nothing was recorded: this node counts otherwise: {said}")
    if act.kind == DISPUTED and ours.digest == theirs.digest:
        raise FiguresAlike("nothing was recorded: this node counts the same figures, byte for byte")
    figures = {} if act.kind == AGREED else _payload(ours)
    return replace(
        act,
        stated={**act.stated, **_stated(ours)},
        payload={**figures, **(act.payload or {})} or None,
    )


def doubts(act: Act) -> list[Doubt]:
    """What whoever signs should have seen: the day is not over, or this node counts otherwise by now."""
    if act.kind not in (STATED, AGREED, DISPUTED):
        return []
    found = []
    as_of = day(next(iter(values(act.stated, "as_of")), ""))
    if as_of is not None and as_of >= timezone.now().date():
        found.append(
            _doubt(
                _("As the record stood at the end of"),
                _("That day is not over: what is lodged later that day is not counted."),
                _("State the figures of a day that has gone by."),
            )
        )
    stated = _opened(act)
    try:
        ours = stating.count_again(act.channel, stated)
    except ComityError as unable:
        return [*found, _doubt(_("Logs they were counted over"), str(unable), _("Count again later."))]
    if (ours.digest,) != values(act.stated, "figures"):
        said = _read(act)
        apart = _first(differences(ours, said)) if said else _("the numbers cannot be read")
        found.append(
            _doubt(
                _("Digest of the figures"),
                _("This node now counts otherwise: %s") % apart,
                _("Go back and count again: receipts or entries have come in since."),
            )
        )
    return found


def facts(act: Act) -> list[tuple[str, str]]:
    """The numbers of an act, line by line, and where an answer differs from what it answers."""
    figures = _read(act)
    rows = _rows(figures)
    if figures is None:
        return rows
    if len(figures.lines) > len(rows):
        rows.append((_("Lines by type, urgency, suspension and month"), str(len(figures.lines) - len(rows))))
    found = stating.statement(act.channel, act.ref) if act.kind == DISPUTED else None
    if found is not None and found.sides[0].figures is not None:
        apart = islice(differences(figures, found.sides[0].figures), stating.MOST_SHOWN)
        rows.append((_("Where we count otherwise"), "\n".join(map(in_words, apart))))
    return rows


def panel(found: Detail) -> dict[str, Any]:
    """What the page of a statement shows besides: both counts, ours of now, and where they differ."""
    if found.kinds != KINDS:
        return {}
    said = stating.statement(found.channel, found.ref)
    if said is None:
        return {}
    ours, apart, because = stating.compare(found.channel, said)
    return {
        "stated_figures": {
            "as_of": said.as_of,
            "since": said.since,
            "sides": [
                {
                    "party": one.received.party,
                    "ours": one.received.ours,
                    "digest": one.digest,
                    "because": one.because,
                    "same": ours is not None and one.digest == ours.digest,
                }
                for one in said.sides
            ],
            "logs": [
                (party, head.size, head.root)
                for party, head in sorted(heads_stated(said.opening.act.stated).items())
            ],
            "counted": ours.digest if ours else "",
            "because": because,
            "differences": [
                (line_words(one.key), number_name(one.name, _instrument(one)), one.ours, one.theirs)
                for one in apart[: stating.MOST_SHOWN]
            ],
            "more": max(0, len(apart) - stating.MOST_SHOWN),
            "lines": _rows(said.sides[0].figures),
            "figures_href": address("channels:reciprocity", found.channel),
            "file_href": address("channels:statement", found.channel, found.ref)
            if found.standing.state != "withdrawn"
            else "",
        }
    }


def closed(channel: str, ref: str, kind: str) -> str:
    """Why an answer to a statement is not open to us, by our own count; empty where it is."""
    found = stating.statement(channel, ref) if kind in (AGREED, DISPUTED) else None
    if found is None:
        return ""
    ours, _apart, because = stating.compare(channel, found)
    if ours is None:
        return because
    alike = ours.digest == found.sides[0].digest
    if kind == AGREED and not alike:
        return _("this node counts otherwise.")
    return _("this node counts the same figures.") if kind == DISPUTED and alike else ""


def in_words(one: Difference) -> str:
    """A number that two counts do not share, in a line."""
    said = {"line": line_words(one.key), "number": number_name(one.name, _instrument(one))}
    return _("%(line)s, %(number)s: we count %(ours)d, they state %(theirs)d") % {
        **said, "ours": one.ours, "theirs": one.theirs,
    }  # fmt: skip


def _instrument(one: Difference) -> str:
    return one.key[2] if len(one.key) > 1 else ""


def _first(found: Iterable[Difference]) -> str:
    """The first few differences; what else there can be where no number differs."""
    listed = [in_words(one) for one in found]
    more = [_("and %d more") % (len(listed) - _MOST_NAMED)] if len(listed) > _MOST_NAMED else []
    said = "; ".join([*listed[:_MOST_NAMED], *more])
    return said or _("other entries make the same numbers, or the numbers stated cannot be read")


def _rows(figures: StatedFigures | None) -> list[tuple[str, str]]:
    """Each line of all of a procedure, with its numbers."""
    return (
        [(line_words(one.key), _numbers(one)) for one in figures.lines if one.cut == ALL] if figures else []
    )


def _numbers(line: CountedLine) -> str:
    return " · ".join(
        f"{number_name(name, line.instrument).lower()}: {count:,}" for name, count in line.numbers() if count
    )


def _stated(figures: StatedFigures) -> dict[str, str | list[str]]:
    logs = [f"{party} {head.size} {head.root}" for party, head in sorted(figures.logs.items())]
    return {"figures": figures.digest, "logs": logs}


def _payload(figures: StatedFigures) -> dict[str, Any]:
    title = _("Figures as of %s") % figures.as_of.date().isoformat()
    return {"title": title, stating.PART: figures.plain()}


def _read(act: Act) -> StatedFigures | None:
    """The numbers in an act's payload, as far as they can be read."""
    try:
        return read_figures((act.payload or {}).get(stating.PART))
    except ComityError:
        return None


def _opened(act: Act) -> Stated:
    """What the act that opened the statement states: this one, or the one it answers."""
    if act.kind == STATED:
        return act.stated
    found = stating.statement(act.channel, act.ref)
    return found.opening.act.stated if found else act.stated


def _doubt(place: str, what: str, todo: str) -> Doubt:
    why = _("The other side counts the same entries again, and would dispute it.")
    return Doubt(place, what, why, todo, _PRACTICE, "?")


def _next_reference(channel: str) -> str:
    """Statements are numbered by channel: ``aa-figures-2``; what a counterpart took is passed over."""
    beginning = f"{settings.NODE.party}-figures-"
    known = Request.objects.filter(channel=channel, ref__startswith=beginning)
    taken = set(known.values_list("ref", flat=True))
    number = known.filter(ours=True, kinds=KINDS).count() + 1
    while f"{beginning}{number}" in taken:
        number += 1
    return f"{beginning}{number}"
