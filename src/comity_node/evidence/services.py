"""What officials and the courier do with exhibits: add, open, hand over, deliver, fetch."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from comity import custody
from comity.keys.sealing import Opener
from comity.names import EntryRef
from comity_node.evidence import access, disposing, intake, passing, queries, store
from comity_node.evidence.arrivals import fetch, inspect
from comity_node.evidence.crossing import due, due_from, holders, pending, sealed_file
from comity_node.evidence.errors import (
    CustodyActNotAllowed,
    ExhibitNotHere,
    NobodyToReceive,
    NoSuchExhibit,
    NotToBeUsed,
)
from comity_node.evidence.models import Exhibit, Intake
from comity_node.officials import services as officials
from comity_node.register import queries as register
from comity_node.register import rooms
from comity_node.register.acts import Act
from comity_node.register.keyring import keyring
from comity_node.register.numbering import numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from comity_node.officials.models import Official, PreparedAct

__all__ = [
    "act_on",
    "add",
    "announce",
    "announcement_act",
    "check_use",
    "content_from",
    "discard",
    "due",
    "due_from",
    "fetch",
    "hand_over",
    "hand_over_act",
    "here",
    "holders",
    "inspect",
    "open_exhibit",
    "open_to_file",
    "opening_act",
    "pending",
    "sealed_file",
    "sweep",
    "take_in",
    "take_in_file",
]


def add(
    path: Path,
    *,
    channel: str,
    described: Mapping[str, str],
    by: Official,
    media_type: str = "application/octet-stream",
    limits: Sequence[str] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> EntryRef | PreparedAct:
    """Take a file in from disk and announce it to the counterpart.

    Args:
        path: The file. It is read once and left where it is.
        channel: Channel whose parties are to have it.
        described: The fields of ``custody.Announcement`` an officer writes: description, taken_where, …
        by: The official who adds it.
        media_type: As the officer declares it.
        limits: Codes of the limits that are to bind its use.
        progress: Told how many bytes have been read.

    Raises:
        NotEmpowered: The official may not add exhibits.
        ExhibitTooLarge: It is larger than this node accepts. Nothing was kept.
        DiskFull: It does not fit. Nothing was kept.
        OurFault: The channel is not open.
    """
    facts = {"media_type": media_type, **described}
    taken = take_in_file(path, channel=channel, facts=facts, by=by, limits=limits, progress=progress)
    return announce(taken, by=by)


def take_in_file(
    path: Path,
    *,
    channel: str,
    facts: Mapping[str, str],
    by: Official,
    limits: Sequence[str] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Intake:
    """Seal a file from disk and keep what is said of it; it is read once and left where it is.

    Raises:
        NotEmpowered: The official may not add exhibits.
        ExhibitTooLarge: It is larger than this node accepts. Nothing was kept.
        DiskFull: It does not fit. Nothing was kept.
        MalformedCustody: What is said of it is too long, or not in its form.
    """
    access.capacity(by, access.ADD)
    store.check_room(path.stat().st_size)
    with path.open("rb", buffering=0) as file:
        sealed = intake.seal(file, channel=channel, to=intake.recipients(channel), progress=progress)
    return take_in(sealed, channel=channel, facts={"name": path.name, **facts}, by=by, limits=limits)


def take_in(
    sealed: intake.Sealed,
    *,
    channel: str,
    facts: Mapping[str, str],
    by: Official,
    limits: Sequence[str] = (),
) -> Intake:
    """Give a sealed file its reference and keep what is said of it, until an official announces it.

    Args:
        sealed: The file.
        channel: Channel whose parties are to have it.
        facts: The fields of ``custody.Announcement``.
        by: The official who takes it in.
        limits: Codes of the limits that are to bind its use.

    Raises:
        MalformedCustody: What is said of it is too long, or not in its form.
    """
    access.capacity(by, access.ADD)
    said = custody.read({**facts, **sealed.facts()}, custody.Announcement)
    return numbered(
        queries.next_number,
        lambda ref: Intake.objects.create(
            channel=channel,
            ref=ref,
            document=custody.document(said),
            limits=list(limits),
            sealed_to=list(sealed.sealed_to),
            official=by,
        ),
    )


def announcement_act(taken: Intake) -> Act:
    """The act that announces a file taken in, as it is to be signed.

    It is announced to whom it was sealed to: who came in since could not open it, and who left is not given
    it.

    Raises:
        NotToBePassedOn: It came from another party, which barred that.
        NobodyToReceive: All it was sealed to have left the channel.
    """
    passing.check_forwarding(taken.channel, taken.document["sha256"], taken.document.get("permission", ""))
    present = register.others(taken.channel)
    receivers = [one for one in present if one in taken.sealed_to] if taken.sealed_to else present
    if not receivers:
        raise NobodyToReceive(f"{taken.ref} was not announced: nobody it was sealed to is in the channel")
    return Act(
        channel=taken.channel,
        kind=f"{custody.KINDS}.added",
        ref=taken.ref,
        stated={
            "requested": receivers[0] if len(receivers) == 1 else receivers,
            "table": custody.custody().digest,
            **({"limits": taken.limits} if taken.limits else {}),
        },
        payload=taken.document,
    )


def announce(taken: Intake, *, by: Official) -> EntryRef | PreparedAct:
    """Put a file taken in on the record: from now on the counterpart fetches it.

    Raises:
        NotEmpowered: The official may not add exhibits.
        OurFault: The channel is not open, or it was announced already.
    """
    with transaction.atomic():
        entry = officials.prepare(announcement_act(taken), by=by)
        taken.entry = str(entry)
        taken.save(update_fields=["entry"])
    return entry


def discard(taken: Intake, *, by: Official) -> None:
    """Drop a file that was taken in and never announced.

    Raises:
        NotEmpowered: The official may not add exhibits.
        NoSuchExhibit: It is on record already: what is announced is not dropped.
    """
    access.capacity(by, access.ADD)
    with transaction.atomic():
        gone, _ = Intake.objects.filter(pk=taken.pk, entry="").delete()
    if not gone:
        raise NoSuchExhibit(f"{taken.ref} was not dropped: it is on record")
    intake.drop(taken.channel, taken.document["object"])


def opening_act(exhibit: Exhibit, purpose: str) -> Act:
    """The act of opening an exhibit, as it is to be signed."""
    return act_on(exhibit, "opened", custody.Opening(purpose=purpose))


def open_exhibit(exhibit: Exhibit, *, by: Official, purpose: str) -> Iterator[bytes]:
    """Open an exhibit for an official, once the opening is on record.

    Returns:
        The content, a MiB or so at a time. It is proven piece by piece as it is given out.

    Raises:
        NotEmpowered: The official may not open exhibits. Nothing was recorded.
        ExhibitNotHere: The sealed file is not on this node. Nothing was recorded.
        OurFault: The custody table does not allow it now.
    """
    access.capacity(by, access.OPEN)
    path = here(exhibit)
    officials.prepare(opening_act(exhibit, purpose), by=by)
    return _content(path)


def _content(path: Path) -> Iterator[bytes]:
    opener = Opener(keyring().opening)
    for block in store.blocks(path):
        yield bytes(opener.feed(block))
    yield bytes(opener.finish())


def check_use(exhibit: Exhibit) -> None:
    """See to it that an exhibit opened before may still be opened by our side, by the rule its page follows.

    Raises:
        NotToBeUsed: The custody table does not allow it now; the hint says what may be done instead.
    """
    try:
        rooms.verdict(opening_act(exhibit, "Case system"), settings.NODE.party)
    except CustodyActNotAllowed as refused:
        why = custody.table().state_of[exhibit.state].meaning
        raise NotToBeUsed(f"{exhibit.ref} was not given: {why}", hint=refused.hint) from refused


def content_from(exhibit: Exhibit, *, start: int, length: int) -> Iterator[bytes]:
    """A part of the content of an exhibit that may be used and was opened: the caller has seen to that.

    Pieces are proven in order, so what stands before the part is opened as well, and dropped.

    Raises:
        ExhibitNotHere: The sealed file is not on this node.
    """
    return _part(_content(here(exhibit)), start, length)


def _part(content: Iterator[bytes], start: int, length: int) -> Iterator[bytes]:
    before, left = start, length
    for block in content:
        wanted = block[before : before + left]
        before = max(0, before - len(block))
        left -= len(wanted)
        yield wanted
        if not left:
            return


def open_to_file(exhibit: Exhibit, path: Path, *, by: Official, purpose: str) -> None:
    """Open an exhibit into a new file that only its owner may read; a file that broke off is taken away.

    Raises:
        FileExistsError: Something stands there already. Nothing was recorded.
        OurFault: As ``open_exhibit``.
        CounterpartBreach: The sealed file is no longer what was sealed; the opening is on record.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.writelines(open_exhibit(exhibit, by=by, purpose=purpose))
    except BaseException:
        path.unlink()
        raise


def hand_over_act(exhibit: Exhibit, said: custody.HandOver) -> Act:
    """The act of handing an exhibit over, as it is to be signed.

    Raises:
        NotToBePassedOn: Its provider barred that.
    """
    passing.check_hand_over(exhibit, said)
    return act_on(exhibit, "handed_over", said)


def hand_over(exhibit: Exhibit, said: custody.HandOver, *, by: Official) -> PreparedAct | EntryRef:
    """Record that an exhibit passes from one office to another; a second officer must approve it.

    Raises:
        NotEmpowered: The official may not hand exhibits over.
        OurFault: The custody table does not allow it now.
    """
    return officials.prepare(hand_over_act(exhibit, said), by=by)


def act_on(
    exhibit: Exhibit, act: str, said: custody.Document, stated: Mapping[str, str | list[str]] | None = None
) -> Act:
    """Any act of custody after the announcement, as it is to be signed."""
    return Act(
        channel=exhibit.channel,
        kind=f"{custody.KINDS}.{act}",
        ref=exhibit.ref,
        answers=(EntryRef.parse(exhibit.entry),),
        stated=stated or {},
        payload=custody.document(said),
    )


def here(exhibit: Exhibit) -> Path:
    """Where the whole sealed exhibit is.

    Raises:
        ExhibitNotHere: It is not on this node.
    """
    path = store.place(exhibit.channel, exhibit.provider, exhibit.object)
    if not path.is_file():
        why = (
            "we stated that it is no longer held" if disposing.is_gone(exhibit) else "it is not on this node"
        )
        raise ExhibitNotHere(f"{exhibit.ref} cannot be opened: its sealed file: {why}")
    return path


def sweep() -> list[Path]:
    """Delete what kills left on the disk of exhibits: half-sealed files, seals no record knows, what is gone.

    Returns:
        What was deleted.
    """
    announced = Exhibit.objects.filter(provider=settings.NODE.party).values_list("object", flat=True)
    waiting = [document["object"] for document in Intake.objects.values_list("document", flat=True)]
    gone = store.left_behind({*announced, *waiting})
    for path in gone:
        path.unlink(missing_ok=True)
    return [*gone, *disposing.remove_all()]
