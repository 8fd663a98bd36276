"""``comity sync`` and ``comity bundle``: carry deliveries, by wire now or by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from comity.errors import OurFault
from comity_cli import stick_exhibits
from comity_cli.exits import Exit
from comity_cli.progress import counting
from comity_cli.terminal import in_one_line
from comity_cli.verb import NEW_FILE, Answer, node_verb
from comity_cli.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from comity.channel.bundle import Bundle
    from comity_node.counterparts.queries import TrustedCounterpart
    from comity_node.evidence.models import Exhibit
    from comity_node.register.models import Log
    from comity_node.wire.carrying import Carried
    from comity_node.wire.line import Line
    from comity_node.wire.unloading import Unloaded

_MOST_ACTS: Final = 20


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
    from comity_node.register.queries import own_sizes
    from comity_node.register.returning import TwoHistoriesOfOurs
    from comity_node.wire.recovering import exchange_whole

    line = line_to(other.party)
    rows: list[dict[str, object]] = []
    for channel in own_sizes(other.party):
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
    default_hint = "comity channel list; of a channel of many: comity bundle export --all DIR"


@click.group("bundle")
def bundle() -> None:
    """Deliveries as files, for a counterpart that no wire reaches."""


@bundle.command("export")
@click.argument("channel", required=False)
@click.argument("file", type=NEW_FILE, required=False)
@click.option(
    "--all",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write to DIR what every counterpart lacks, in every channel.",
)
@click.option(
    "--to", "parties", multiple=True, metavar="PARTY", help="With --all: only for this counterpart."
)
@click.option(
    "--exhibits",
    type=click.Choice(["none", "lacking", "all"]),
    help="With --all: sealed exhibits to take along; lacking, if not said: those not stated to have arrived; "
    "all: those too, for a counterpart whose disk has failed.",
)
@click.option(
    "--limit",
    type=stick_exhibits.size,
    metavar="SIZE",
    help="With --all: the most bytes of exhibits to take, as 900MB or 16GB.",
)
@node_verb
def export(
    channel: str | None,
    file: Path | None,
    folder: Path | None,
    parties: tuple[str, ...],
    exhibits: str | None,
    limit: int | None,
) -> Answer:
    """Write what the counterpart of CHANNEL has not receipted, and our receipts, to FILE.

    With --all, a stick for many: one file or more for each channel, written whole or not at all, and the
    sealed exhibits they lack, as far as there is room: what stays behind is named. What is on the stick
    already stays: an older delivery does no harm. comity bundle exhibits says beforehand how large they are.
    """
    if folder is not None and channel is None:
        return _export_all(folder, parties, exhibits or "lacking", limit)
    if channel is None or file is None or folder is not None or parties or exhibits or limit is not None:
        raise click.UsageError("give CHANNEL and FILE, or --all DIR")
    from comity_node.register.packing import pack

    packed = pack(*_both_logs(channel))
    write_whole(file.absolute(), packed.encode())
    document = {"file": str(file), "entries": len(packed.entries), "receipts": len(packed.cosignatures)}
    return Answer(
        document, [f"wrote {len(packed.entries)} entries and {len(packed.cosignatures)} receipts to {file}"]
    )


@bundle.command("exhibits")
@click.option("--to", "parties", multiple=True, metavar="PARTY", help="Only for this counterpart.")
@node_verb
def exhibits(parties: tuple[str, ...]) -> Answer:
    """List the sealed exhibits that counterparts lack, with what room they take on a stick."""
    return stick_exhibits.listed(_pairs(parties))


def _pairs(parties: tuple[str, ...]) -> list[tuple[str, str]]:
    """These counterparts, or all, in every channel with them."""
    from comity_node.counterparts.queries import all_trusted
    from comity_node.register.queries import own_sizes

    chosen = [other for one in parties for other in _counterparts(one)] if parties else all_trusted()
    return [(other.party, channel) for other in chosen for channel in own_sizes(other.party)]


def _export_all(folder: Path, parties: tuple[str, ...], which: str, limit: int | None) -> Answer:
    from comity_node.wire.carrying import deliveries
    from comity_node.wire.exchange import logs_of

    pairs = _pairs(parties)
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = []
    with counting("channels", len(pairs)) as progress:
        for done, (party, channel) in enumerate(pairs, 1):
            rows += _written(folder, deliveries(*logs_of(channel, party)))
            progress(done)
    loaded = [] if which == "none" else stick_exhibits.load(folder, pairs, again=which == "all", most=limit)
    lines = [*_said_of(rows, ""), *map(stick_exhibits.loaded_line, loaded)]
    document = {"directory": str(folder), "files": rows, "exhibits": loaded}
    return Answer(document, list(filter(None, lines)) or ["nothing is to be carried"])


def _written(folder: Path, bundles: Iterable[Bundle]) -> list[dict[str, object]]:
    """Write deliveries to a stick, each whole or not at all."""
    from comity_node.wire.carrying import file_name

    rows: list[dict[str, object]] = []
    names: Counter[str] = Counter()
    for bundle in bundles:
        first = file_name(bundle)
        names[first] += 1  # receipts may go on where they began: in deliveries of no entries
        name = first if names[first] == 1 else first.replace(".tar", f".{names[first]:03}.tar")
        write_whole(folder / name, bundle.encode())
        counts = {"entries": len(bundle.entries), "receipts": len(bundle.cosignatures)}
        rows.append({"file": name, "channel": bundle.channel, "to": bundle.receiver, **counts})
    return rows


def _said_of(rows: Sequence[Mapping[str, object]], nothing: str) -> list[str]:
    return [
        f"{row['file']}: for {row['to']}, {row['entries']} entries and {row['receipts']} receipts"
        for row in rows
    ] or [nothing]


@bundle.command("preview")
@click.argument("what", metavar="FILE|DIR", type=click.Path(path_type=Path, exists=True))
@node_verb
def preview(what: Path) -> Answer:
    """Say what taking in FILE, or the stick DIR, would do. Nothing is kept, signed or answered.

    Exit 4 if some file would be refused.
    """
    from comity_node.wire import carrying, unloading

    paths = carrying.in_order(what) if what.is_dir() else [what]
    sealed = unloading.files(what) if what.is_dir() else []
    known: dict[str, list[Exhibit]] = {}
    with counting("files", len(paths)) as progress:
        found = carrying.preview(paths, progress, meanwhile=lambda: known.update(unloading.announced(sealed)))
    exhibits = stick_exhibits.previewed(sealed, known)
    lines = [line for one in found for line in _would(one)]
    return _answer(found, exhibits, lines=[*lines, *map(stick_exhibits.would_line, exhibits)])


@bundle.command("import")
@click.argument("what", metavar="FILE|DIR", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--answer",
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="Where the answer goes; left out: FILE with .answer added, or DIR itself.",
)
@click.option("--no-answer", is_flag=True, help="Write none: receipts go back by another path.")
@node_verb
def import_(what: Path, answer: Path | None, no_answer: bool) -> Answer:
    """Take in the delivery in FILE, or all on the stick DIR, and write the answers to be carried back.

    Sealed exhibits on the stick are proven while they are copied, and are here whole or not at all. What was
    carried before, older sticks and what is for others change nothing and are said. Exit 4 if something was
    refused; what else is on the stick is taken all the same.
    """
    if answer is not None and no_answer:
        raise click.UsageError("--answer and --no-answer exclude one another")
    if what.is_dir():
        return _import_stick(what, None if no_answer else answer or what)
    back = answer or what.with_name(what.name + ".answer")
    return _import_file(what, None if no_answer else back)


def _import_file(file: Path, back: Path | None) -> Answer:
    from comity.channel.bundle import read_bundle
    from comity_node.wire.receiving import receive
    from comity_node.wire.views import bundle_limits

    limits = bundle_limits()
    with file.open("rb") as delivery:
        taken = receive(read_bundle(delivery.read(limits.bundle + 1), limits))
    lines = [f"took in {taken.entries} entries and {taken.receipts} receipts"]
    if not (taken.entries or taken.receipts):
        lines = ["all of it was here already"]
    if back is not None:
        write_whole(back.absolute(), taken.answer.encode())
        lines.append(f"carry back {back}")
    return Answer({"entries": taken.entries, "receipts": taken.receipts, "answer": back and str(back)}, lines)


def _import_stick(folder: Path, back: Path | None) -> Answer:
    from comity_node.wire import carrying

    paths = carrying.in_order(folder)
    with counting("files", len(paths)) as progress:
        found = carrying.take(paths, progress)
    exhibits = stick_exhibits.taken(folder)
    rows: list[dict[str, object]] = []
    if back is not None:
        back.mkdir(parents=True, exist_ok=True)
        arrived = [(one.channel, one.provider) for one in exhibits if one.state in ("new", "held")]
        rows = _written(back, carrying.answers(found, arrived))
    lines = [line for one in found for line in _became(one)]
    lines += map(stick_exhibits.became_line, exhibits)
    if back is not None:
        lines += [f"to be carried back in {back}:", *_said_of(rows, "nothing")]
    return _answer(found, exhibits, lines=lines, answers=rows)


def _answer(
    found: Sequence[Carried], exhibits: Sequence[Unloaded], *, lines: Sequence[str], **more: object
) -> Answer:
    counts = {name: sum(getattr(one, name) for one in found) for name in ("entries", "receipts")}
    refused = "refused" in {one.state for one in found} | {one.state for one in exhibits}
    sealed = [asdict(one) for one in exhibits]
    document = {"files": [asdict(one) for one in found], "exhibits": sealed, **counts, **more}
    return Answer(document, lines or ["nothing is here"], Exit.COUNTERPART if refused else Exit.DONE)


def _would(one: Carried) -> Iterator[str]:
    if one.state != "new":
        yield from _became(one)
        return
    brings = f"{one.entries} entries, and receipts for {one.receipts} of ours"
    yield in_one_line(f"{one.name}: from {one.sender} in {one.channel}: would bring {brings}")
    for kind, ref in one.acts[:_MOST_ACTS]:
        yield f"    {kind} of {ref}"
    if len(one.acts) > _MOST_ACTS:
        yield f"    and {len(one.acts) - _MOST_ACTS:,} more: --json lists all"


def _became(one: Carried) -> Iterator[str]:
    said = {
        "new": f"from {one.sender} in {one.channel}: {one.entries} entries, {one.receipts} of ours receipted",
        "held": "all of it was here already",
        "gap": f"waits for what goes before it: {one.because}",
        "elsewhere": f"not for this node: {one.because}",
        "strange": "no delivery and no receipt: left alone",
        "refused": f"refused: {one.because}",
    }
    yield in_one_line(f"{one.name}: {said[one.state]}")


def _both_logs(channel: str) -> tuple[Log, Log]:
    """Our log of a channel of two, and our mirror of the counterpart's.

    Raises:
        NotAChannel: There is no channel of that name with one counterpart.
    """
    from comity_node.register import queries

    own, others = queries.own_log(channel), queries.their_logs(channel)
    if own is None or len(others) != 1:
        raise NotAChannel(f"there is no channel {channel[:40]} with one counterpart here")
    return own, others[0]
