"""Deliveries as files: everything for a counterpart on a stick, and what a stick has for us.

A stick may be old, may hold what was carried before, what is for somebody else, or files that are nothing of
ours: each file is taken on its own, in one transaction, and what became of it is said. Whatever is taken
twice changes nothing the second time, so a stick that was pulled out is simply put in again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from django.conf import settings
from django.db import transaction

from comity.channel.bundle import MANIFEST_WITHIN, read_bundle, read_manifest
from comity.entries import decode
from comity.errors import ComityError, UnknownOrigin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import MAX_NOTE, parse_note
from comity_node.channels.inviting import is_invitation
from comity_node.register import mirroring, queries, receipts, telling
from comity_node.register.bringing import invitation_of, is_unmet, relayed
from comity_node.register.packing import held_by, pack, reach, to_tell
from comity_node.register.services import refuse_while_lost
from comity_node.wire.receiving import AwaitsAnother, SendFromHere, receive, take_in
from comity_node.wire.stepping import Stepping
from comity_node.wire.views import bundle_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log
    from comity_node.wire.receiving import Taken

_FIRST: Final = "invitation-"  # a channel is set up by it before anything else of it is taken
State = Literal["new", "held", "gap", "elsewhere", "strange", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What became of one file of a stick, or would become of it.

    Attributes:
        name: Name of the file.
        state: ``new``: it brought something; ``held``: all of it was here; ``gap``: what lies between it
            and what is held, or what it rests on, must come first; ``elsewhere``: it is for another party, or
            by us; ``strange``: it is no delivery and no receipt; ``refused``: it breaks the protocol.
        channel: Channel id, as far as it says one.
        sender: Whose it is.
        start: Index of its first entry.
        end: One past the index of its last.
        entries: How many entries are new.
        receipts: How many entries of ours are receipted for the first time.
        acts: Kind and reference of each new entry.
        code: Code of the error, where it was not taken.
        because: Why it was not.
        hint: What can be done.
    """

    name: str
    state: State
    channel: str = ""
    sender: str = ""
    start: int = 0
    end: int = 0
    entries: int = 0
    receipts: int = 0
    acts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    because: str = ""
    hint: str = ""


# --- out --------------------------------------------------------------------------------------------


def deliveries(own: Log, theirs: Log, *, receipts_after: int | None = None) -> Iterator[Bundle]:
    """Everything the counterpart has not receipted, and our receipts, in as many deliveries as it takes.

    In a channel of many that is also what others wrote, which may reach it by nobody else: each part stands
    behind what its entries had seen.

    Args:
        own: Our log of a channel.
        theirs: Our mirror of the counterpart's.
        receipts_after: The last receipt of ours that it shows to have; otherwise as far as we know.

    Raises:
        RecordSetBack: We have lost entries of our own, and must not sign.
    """
    refuse_while_lost(own)
    start = held_by(own, theirs)
    known = theirs.receipt_known if receipts_after is None else receipts_after
    if is_unmet(own, theirs) and (invitation := invitation_of(theirs)) is not None:
        yield invitation
    if own.many:
        yield from _entries_of_all(own, theirs)
        start = reach(own, theirs)
    while True:
        number, told = to_tell(own, theirs)
        bundle = pack(own, theirs, start=start, receipts_after=known)
        if bundle.entries or bundle.cosignatures:
            yield bundle
        given = bundle.cosignatures[: len(bundle.cosignatures) - len(told)]
        if given:
            known = Checkpoint.parse(parse_note(given[-1]).text).size
        theirs.told = number  # for the next delivery of this stick only: it may be lost
        start = bundle.end
        if start >= reach(own, theirs) and max(len(given), len(told)) < mirroring.MOST_RECEIPTS:
            break
    for log in _thirds(own, theirs):
        brought, _number = relayed(log, theirs, log.size)
        if brought.cosignatures:
            yield brought


def _entries_of_all(own: Log, theirs: Log) -> Iterator[Bundle]:
    """The entries of all logs that a member lacks, in an order in which it can take them.

    What others wrote is signed for before: whoever gets the stick then learns that we hold it.
    """
    stepping, thirds = Stepping(theirs), _thirds(own, theirs)
    for log in thirds:
        mirroring.give(log)
    for log, end in [(own, reach(own, theirs)), *((log, log.size) for log in thirds)]:
        yield from (bundle for _, bundle in stepping.parts(log, stepping.held[log.party], end))


def _thirds(own: Log, theirs: Log) -> list[Log]:
    """The logs that we may bring a member besides our own: of members, unless they signed two histories."""
    member = own.Place.MEMBER
    if not own.many or (own.place, theirs.place) != (member, member):
        return []
    forked = queries.forked(own.channel)
    others = [log for log in queries.their_logs(own.channel) if log.party not in {theirs.party, *forked}]
    return [log for log in others if log.place == member]


def file_name(bundle: Bundle) -> str:
    """The name of a delivery on a stick: it says whose it is, for whom, and where it begins."""
    first = _FIRST if is_invitation(bundle, of=bundle.receiver) else ""
    return f"{bundle.channel}.{bundle.sender}-{bundle.receiver}.{first}{bundle.start:09}.tar"


def answers(taken: Iterable[Carried], arrived: Iterable[tuple[str, str]] = ()) -> Iterator[Bundle]:
    """What is to be carried back to those whose deliveries were taken in or were held.

    Args:
        taken: What became of the deliveries.
        arrived: Channel and provider of each exhibit that was on the stick: who gave it is to hear of it.
    """
    begins: dict[tuple[str, str], int] = {}
    for one in taken:
        if one.state in ("new", "held") and one.end:
            key = (one.channel, one.sender)
            begins[key] = min(one.start, begins.get(key, one.start))
    for (channel, sender), start in sorted(begins.items()):  # all are signed for before anybody is told
        theirs = _logs(channel)[sender]
        with transaction.atomic():
            mirroring.give(theirs)
            telling.author_has_receipts(theirs, min(start, theirs.size))
    for (channel, sender), start in sorted(begins.items()):
        logs = _logs(channel)
        yield from deliveries(logs[settings.NODE.party], logs[sender], receipts_after=start)
    for channel, provider in sorted(set(arrived) - begins.keys()):
        logs = _logs(channel)
        yield from deliveries(logs[settings.NODE.party], logs[provider])


def _logs(channel: str) -> dict[str, Log]:
    return {log.party: log for log in queries.channel_logs(channel)}


# --- in ---------------------------------------------------------------------------------------------


def in_order(folder: Path) -> list[Path]:
    """The files of a stick, deliveries of one log in the order of their entries; invitations before all."""
    plain = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
    return sorted((path for path in plain if not path.name.startswith(".")), key=_place)


def _place(path: Path) -> tuple[bool, str, str, int, str]:
    with path.open("rb") as file:
        head = file.read(MANIFEST_WITHIN)
    try:
        said = read_manifest(head)
    except ComityError:
        return (True, "", "", 0, path.name)
    return (f".{_FIRST}" not in path.name, said.channel, said.sender, said.start, path.name)


def take(paths: Iterable[Path], told: Callable[[int], None] = lambda _: None) -> list[Carried]:
    """Take in the files of a stick."""
    return _in_turn(list(paths), lambda path: _carried(path, receive), told)


def preview(
    paths: Iterable[Path],
    told: Callable[[int], None] = lambda _: None,
    *,
    meanwhile: Callable[[], object] = lambda: None,
) -> list[Carried]:
    """Say what taking in these files would do, by doing it and undoing it all; nothing is signed or kept.

    Args:
        paths: The files.
        told: Told how many files are done.
        meanwhile: Called while the record is as it would be.
    """

    def look(path: Path) -> Carried:
        with transaction.atomic():
            return _carried(path, take_in)

    with transaction.atomic():
        found = _in_turn(list(paths), look, told)
        meanwhile()
        transaction.set_rollback(True)
    return found


def _in_turn(
    paths: list[Path], take_one: Callable[[Path], Carried], told: Callable[[int], None]
) -> list[Carried]:
    """Take files in, in their order; one that waits for what another brings once more behind that.

    While a part of a log waits, nothing behind it in that log can be taken: it is not even read.
    """
    logs = {path: _place(path)[1:3] for path in paths}
    found: dict[Path, Carried] = {}
    left, moved = paths, True
    while left:
        waiting: set[tuple[str, str]] = set()
        before = len(found)
        for path in left:
            if moved and logs[path] in waiting:
                continue
            one = take_one(path)
            if one.state == "gap" and moved:
                waiting.add(logs[path])
                continue
            found[path] = one
            told(len(found))
        left = [path for path in left if path not in found]
        moved = len(found) > before
    return [found[path] for path in paths]


def _carried(path: Path, taking: Callable[[Bundle], Taken]) -> Carried:
    limits = bundle_limits()
    with path.open("rb") as file:
        data = file.read(limits.bundle + 1)
    blank = Carried(name=path.name, state="new")
    try:
        if _is_receipt(data):
            return _taken_receipt(blank, data)
        said = read_manifest(data)
    except ComityError as error:
        return replace(blank, state="strange", code=error.code, because=str(error))
    named = replace(blank, channel=said.channel, sender=said.sender, start=said.start, end=said.end)
    us = settings.NODE.party
    if said.receiver != us or said.sender == us:
        return replace(named, state="elsewhere", because=f"it is of {said.sender} for {said.receiver}")
    try:
        bundle = read_bundle(data, limits)
        return _of(named, bundle, taking(bundle))
    except ComityError as error:
        state: State = "gap" if isinstance(error, (AwaitsAnother, SendFromHere)) else "refused"
        return replace(named, state=state, code=error.code, because=str(error), hint=error.hint)


def _of(named: Carried, bundle: Bundle, taken: Taken) -> Carried:
    fresh = bundle.entries[len(bundle.entries) - taken.entries :]
    return replace(
        named,
        state="new" if taken.entries or taken.receipts else "held",
        entries=taken.entries,
        receipts=taken.receipts,
        acts=tuple((entry.kind, entry.ref) for entry in map(decode, fresh)),
    )


def _is_receipt(data: bytes) -> bool:
    return len(data) <= MAX_NOTE and data.startswith(f"{settings.NODE.party}.comity/".encode())


def _taken_receipt(blank: Carried, data: bytes) -> Carried:
    try:
        kept = receipts.take(data)
    except UnknownOrigin as error:
        return replace(blank, state="elsewhere", code=error.code, because=str(error), hint=error.hint)
    except ComityError as error:
        return replace(blank, state="refused", code=error.code, because=str(error), hint=error.hint)
    return replace(
        blank,
        state="new" if kept.fresh else "held",
        channel=kept.channel,
        sender=kept.giver,
        receipts=kept.fresh,
    )
