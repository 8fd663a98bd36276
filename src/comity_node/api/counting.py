"""What each side owes the other, and what each asked and got: the same as on their pages, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

import msgspec
from django.utils import timezone

from comity.reciprocity import at_the_end_of
from comity_node.api import asked, counted
from comity_node.api.call import href
from comity_node.api.errors import NothingHere
from comity_node.channels import duties
from comity_node.channels import queries as channels
from comity_node.channels import reciprocity as figures
from comity_node.register import stating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.reciprocity import Figures, Line
    from comity_node.api.call import Call


def obligations(call: Call[asked.WantedObligations]) -> counted.Obligations:
    """List what each party of a channel owes the other now, by party, then by day."""
    channel, said = open_channel(call), call.said
    rows = [one for one in duties.documents(channel) if said.party in ("", one["party"])]
    part = rows[(said.page - 1) * said.size : said.page * said.size]
    found = [counted.Obligation(**one, href=href("requests", one["channel"], one["ref"])) for one in part]
    return counted.Obligations(obligations=found, page=said.page, size=said.size, total=len(rows))


def figures_of_channel(call: Call[asked.WantedFigures]) -> counted.Figures:
    """Count what each party of a channel asked and what became of it, line by line, with numbers only."""
    channel, said = open_channel(call), call.said
    found = _counted(channel, said)
    lines = found.lines[(said.page - 1) * said.size : said.page * said.size]
    return counted.Figures(
        channel=channel,
        since=found.since,
        as_of=found.as_of,
        lines=[_line(one) for one in lines],
        terms=[
            counted.TermFigures(
                performer=one.performer,
                by_standing={name: len(made) for name, made in one.by_standing.items()},
                past_their_day=len(one.past_their_day),
            )
            for one in found.terms
        ],
        page=said.page,
        size=said.size,
        total=len(found.lines),
    )


def figure_entries(call: Call[asked.WantedFigure]) -> counted.FigureEntries:
    """List the entries that make one number: of a line, by its key, and a figure, by its name."""
    channel, said = open_channel(call), call.said
    found = _counted(channel, said)
    line = next((one for one in found.lines if figures.key_of(one) == said.line), None)
    made: Sequence[object] = dict(line.figures).get(said.figure, ()) if line is not None else ()
    part = made[(said.page - 1) * said.size : said.page * said.size]
    return counted.FigureEntries(
        entries=list(map(str, part)), page=said.page, size=said.size, total=len(made)
    )


def figure_statements(call: Call[asked.Paged]) -> counted.FigureStatements:
    """List the statements of figures on record in a channel, the latest first."""
    channel, said = open_channel(call), call.said
    found = stating.statements(channel)
    part = found[(said.page - 1) * said.size : said.page * said.size]
    return counted.FigureStatements(
        statements=[
            counted.FigureStatement(
                ref=one.ref,
                party=one.opening.act.party,
                as_of=one.as_of,
                since=one.since,
                state=one.standing.state,
                figures={side.received.party: side.digest for side in one.sides},
                href=href("requests", channel, one.ref),
            )
            for one in part
        ],
        page=said.page,
        size=said.size,
        total=len(found),
    )


def open_channel(call: Call[Any]) -> str:
    """The channel the address names, which is there and which the token may see."""
    channel = call.channel
    if not any(one.channel == channel for one in channels.channels()):
        raise NothingHere(f"there is no channel {channel} for this token")
    return channel


def _counted(channel: str, said: asked.WantedFigures) -> Figures:
    as_of = at_the_end_of(said.as_of) if said.as_of else timezone.now().replace(microsecond=0)
    since = datetime.combine(said.since, time.min, tzinfo=UTC) if said.since else None
    return figures.figures(channel, as_of=as_of, since=since)


def _line(one: Line) -> counted.FigureLine:
    return counted.FigureLine(
        line=figures.key_of(one),
        requesting=one.requesting,
        requested=one.requested,
        instrument=one.instrument,
        procedure=one.procedure,
        **one.cut._asdict(),
        figures={name: len(made) for name, made in one.figures.items()},
        because={name: {why: len(made) for why, made in by.items()} for name, by in one.because.items()},
        response=msgspec.to_builtins(one.response),
    )
