"""``comity sync`` and ``comity bundle``: carry deliveries, by wire now or by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity.errors import OurFault
from comity_cli.exits import Exit
from comity_cli.verb import FILE, NEW_FILE, Answer, node_verb

if TYPE_CHECKING:
    from pathlib import Path

    from comity_node.counterparts.queries import TrustedCounterpart
    from comity_node.register.models import Log
    from comity_node.wire.line import Line


@click.command("sync")
@click.argument("party", required=False)
@node_verb
def sync(party: str | None) -> Answer:
    """Exchange with PARTY, or with everybody, until neither side has news; then fetch exhibits.

    Exit 4 if a counterpart did not answer or its delivery was refused; what was exchanged before that stands.
    """
    rows = [row for other in _counterparts(party) for row in _exchange(other)]
    failed = any("error" in row for row in rows)
    lines = [
        f"{row['party']} {row['channel']}: "
        + (
            str(row["error"])
            if "error" in row
            else f"sent {row['sent']}, got {row['got']}, receipts {row['receipts']}"
            + (f"; {row['recovered']} lost entries of ours came back first" if "recovered" in row else "")
        )
        for row in rows
    ]
    return Answer(
        {"exchanges": rows}, lines or ["no channel to exchange in"], Exit.COUNTERPART if failed else Exit.DONE
    )


def _counterparts(party: str | None) -> list[TrustedCounterpart]:
    from comity_node.counterparts import queries
    from comity_node.counterparts.errors import NoSuchCounterpart

    chosen = [other for other in queries.all_trusted() if party in (None, other.party)]
    if party is not None and not chosen:
        raise NoSuchCounterpart(f"nothing was exchanged: no officer here has confirmed {party}")
    return chosen


def line_to(party: str) -> Line:
    """A line to a counterpart we trust."""
    from django.conf import settings

    from comity_node.wire.line import Line

    (other,) = _counterparts(party)
    return Line(other.party, other.address, settings.NODE.limits.bundle_bytes)


def _exchange(other: TrustedCounterpart) -> list[dict[str, object]]:
    from comity.errors import CounterpartBreach
    from comity_node.evidence import arrivals, services
    from comity_node.register.queries import channels_with
    from comity_node.register.returning import TwoHistoriesOfOurs
    from comity_node.wire.recovering import exchange_whole

    line = line_to(other.party)
    rows: list[dict[str, object]] = []
    for channel in channels_with(other.party):
        row: dict[str, object] = {"party": other.party, "channel": channel}
        try:
            recovered, done = exchange_whole(channel, line)
            if recovered is not None:
                row["recovered"] = recovered.own
            row |= {"sent": done.sent, "got": done.got, "receipts": done.receipts}
            row["exhibits"] = [str(arrivals.fetch(exhibit, line)) for exhibit in services.pending(channel)]
        except (CounterpartBreach, TwoHistoriesOfOurs) as breach:
            row |= {"error": str(breach), "code": breach.code}
        rows.append(row)
    line.close()
    return rows


class NotAChannel(OurFault):
    """This node has not both sides of that channel."""

    code = "not-a-channel"
    default_hint = "comity channel list"


@click.group("bundle")
def bundle() -> None:
    """Deliveries as files, for a counterpart that no wire reaches."""


@bundle.command("export")
@click.argument("channel")
@click.argument("file", type=NEW_FILE)
@node_verb
def export(channel: str, file: Path) -> Answer:
    """Write what the counterpart of CHANNEL has not receipted, and our receipts, to FILE."""
    from comity_node.register.packing import pack

    packed = pack(*_logs(channel))
    file.write_bytes(packed.encode())
    document = {"file": str(file), "entries": len(packed.entries), "receipts": len(packed.cosignatures)}
    return Answer(
        document, [f"wrote {len(packed.entries)} entries and {len(packed.cosignatures)} receipts to {file}"]
    )


@bundle.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--answer",
    type=NEW_FILE,
    metavar="FILE",
    help="Where the answer goes; FILE with .answer added, if left out.",
)
@node_verb
def import_(file: Path, answer: Path | None) -> Answer:
    """Take in the delivery in FILE, and write the answer to be carried back."""
    from comity.channel.bundle import read_bundle
    from comity_node.wire.receiving import receive
    from comity_node.wire.views import bundle_limits

    limits = bundle_limits()
    with file.open("rb") as delivery:
        taken = receive(read_bundle(delivery.read(limits.bundle + 1), limits))
    back = answer or file.with_name(file.name + ".answer")
    back.write_bytes(taken.answer.encode())
    document = {"entries": taken.entries, "receipts": taken.receipts, "answer": str(back)}
    lines = [f"took in {taken.entries} entries and {taken.receipts} receipts", f"carry back {back}"]
    return Answer(document, lines)


def _logs(channel: str) -> tuple[Log, Log]:
    from comity_node.register import queries

    own, others = queries.own_log(channel), queries.their_logs(channel)
    if own is None or len(others) != 1:
        raise NotAChannel(f"there is no channel {channel[:40]} with one counterpart here")
    return own, others[0]
