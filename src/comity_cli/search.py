"""``comity search``: what the record and the drafts of one's office say, by words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity_cli.verb import Answer, official_verb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from comity_node.finding.excerpt import Piece
    from comity_node.officials.models import Official

_SORTS = ["request", "talk", "exhibit", "contact", "entry", "draft"]
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("search")
@click.argument("words")
@click.option("--sort", type=click.Choice(_SORTS), help="Only this sort.")
@click.option("--channel", default="", help="Only this channel.")
@click.option("--side", type=click.Choice(["ours", "theirs"]), help="Whose it is.")
@click.option("--kinds", default="", help="Only a procedure, as `assistance.request`.")
@click.option("--standing", default="", help="A state of the procedure, or `open`.")
@click.option("--since", type=_DAY, help="Not before this day, UTC.")
@click.option("--until", type=_DAY, help="Not after this day, UTC.")
@click.option("--most", type=click.IntRange(1, 500), default=25, show_default=True, help="Of each sort.")
@official_verb
def search(words: str, most: int, by: Official, **said: Any) -> Answer:  # noqa: ANN401 - the options above
    """Find requests, talks, exhibits, contact points, entries and drafts that hold all of WORDS.

    Words are compared by their beginnings, without case and accents. Exit 0 also where nothing is found.
    """
    from comity_node.assistance import seeking as assistance
    from comity_node.finding.words import terms
    from comity_node.officials.access import holds, require
    from comity_node.register import seeking

    require(by, "record.read")
    wanted, sort = terms(words), said["sort"] or ""
    narrowed: dict[str, Any] = {name: _day(value) for name, value in said.items() if value}
    found = seeking.seek(seeking.Sought(words=words, **narrowed))
    hits = [
        {
            "sort": one.sort,
            "channel": one.channel,
            "ref": one.ref,
            "entry": f"{one.origin}#{one.index}" if one.origin else "",
            "kind": one.kind,
            "title": one.title,
            "party": one.party,
            "at": one.at.isoformat(),
            "text": _text(one.text, wanted),
        }
        for group in found.values()
        for one in group.passages(0, most)
    ]
    local_too = (
        sort in ("", "draft") and set(narrowed) <= {"sort", "channel"} and holds(by, "assistance.draft")
    )
    drafts = [
        {
            "sort": "draft",
            "channel": one.channel,
            "ref": one.ref,
            "title": one.title,
            "text": _text(text, wanted),
        }
        for one, text in (assistance.drafts(by, words) if local_too else ())
        if said["channel"] in ("", one.channel)
    ][:most]
    more = [one for one, group in found.items() if not group.is_all]
    lines = [
        f"{one['sort']:8} {one['ref']:18} {one['title']}\n         {one['text']}" for one in (*hits, *drafts)
    ]
    lines += [f"more than {seeking.MOST} of the sort {one}: narrow it down" for one in more]
    return Answer({"found": [*hits, *drafts], "more": more}, lines or ["nothing was found"])


def _day(value: str | datetime) -> object:
    return value if isinstance(value, str) else value.date()


def _text(text: str, wanted: Sequence[str]) -> str:
    from comity_node.finding.excerpt import excerpt

    return "".join(map(_shown, excerpt(text, wanted))) if text else ""


def _shown(piece: Piece) -> str:
    return f"[{piece.text}]" if piece.marked else piece.text
