"""Exhibits that somebody carries: which go to whom, and taking one in from a file.

Nobody signs a file on a stick, and whoever carried it may have damaged or exchanged it. So it is inspected
while it is copied and is here whole or not at all, and nothing but its content is ever held against its
provider: that only where nobody else could have sealed it.

Follows: docs/spec/evidence.md, Carried by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from comity import custody
from comity.errors import NotTheObject
from comity_node.evidence import arrivals, queries, store
from comity_node.evidence.crossing import DELIVERED, WHOLE, sealed_file
from comity_node.evidence.errors import CutShort, FileUnreadable
from comity_node.evidence.models import Exhibit, Holding
from comity_node.register import queries as register
from comity_node.register.keyring import keyring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from comity.keys.sealing.stream import Octets
    from comity.names import EntryRef
    from comity_node.evidence.arrivals import Finding


def lacked_by(party: str, channel: str, *, again: bool = False) -> list[tuple[Exhibit, Path]]:
    """The exhibits a counterpart is to have and has not stated to hold, with our sealed files; oldest first.

    Args:
        party: The counterpart.
        channel: Where they were announced to it.
        again: Also what it stated to have: its disk may have failed.
    """
    states = DELIVERED if again else ("announced",)
    refs = Holding.objects.filter(channel=channel, party=party, state__in=states).values("ref")
    announced = Exhibit.objects.filter(channel=channel, ref__in=refs, malformed="")
    found = [(one, sealed_file(one.object, party)) for one in announced.order_by("added_at", "ref")]
    return [(one, path) for one, path in found if path is not None]


def announced_as(name: str) -> list[Exhibit]:
    """The exhibits on record whose sealed file has this name, whoever they are for."""
    return list(Exhibit.objects.filter(object=name, malformed="").order_by("channel", "ref"))


def is_lacking(exhibit: Exhibit) -> bool:
    """Whether it is for us and not here: it has not arrived, or its file is gone."""
    if exhibit.receiver != settings.NODE.party:
        return False
    return exhibit.state == "announced" or (exhibit.state in WHOLE and not is_here(exhibit))


def is_here(exhibit: Exhibit) -> bool:
    """Whether it was stated to have arrived, and its sealed file stands here."""
    return exhibit.state in WHOLE and queries.file_of(exhibit).is_file()


def look(
    exhibit: Exhibit,
    path: Path,
    told: Callable[[int], None] = lambda _: None,
    *,
    copy: Callable[[Octets], object] = lambda _: None,
) -> Finding:
    """Hold a sealed file that somebody carried against what was announced; nothing is stated.

    Args:
        exhibit: As it was announced to us.
        path: The file.
        told: Told how many bytes have been read.
        copy: Takes the bytes as they are read, before they are proven.

    Raises:
        CutShort: It is shorter than was announced.
        CounterpartBreach: It is not the file that was announced.
        ExhibitTooLarge: It is larger than this node accepts.
        FileUnreadable: The stick does not give it.
    """
    arrivals.check(exhibit)
    _check_size(exhibit, path)
    with custody.Inspection(exhibit.object, keyring().opening) as inspection:
        read = 0
        for block in _blocks(path):
            copy(block)
            inspection.take(block)
            read += len(block)
            told(read)
        finding = arrivals.compare(exhibit, inspection.finish())
    if finding.defect and _others_could_seal(exhibit):
        raise NotTheObject(f"it has another content than {exhibit.ref} was announced with")
    return finding


def take(exhibit: Exhibit, path: Path, told: Callable[[int], None] = lambda _: None) -> EntryRef:
    """Take in an exhibit from a file that somebody carried, and state what was found, as over the wire.

    Where it is not what was announced, nothing is kept and nothing stated. A kill at any moment leaves here
    nothing that counts, and the file on the stick: the next attempt makes it good.

    Returns:
        Our entry: received; or mismatch, where its provider announced another content than it sealed.

    Raises:
        BeingFetched: Another process of this node is taking it in.
        DiskFull: It does not fit on the disk.
        ComityError: As ``look``.
    """
    whole = queries.file_of(exhibit)
    with store.alone(whole), store.incoming() as (descriptor, path_here):
        exhibit.refresh_from_db()
        if is_here(exhibit):
            return arrivals.stated_before(exhibit)
        store.check_room(exhibit.sealed_size)
        with store.FreshLanding(descriptor) as landing:
            finding = look(exhibit, path, told, copy=landing.write)
            landing.flush()
        if exhibit.state != "announced" and finding.defect:
            raise NotTheObject(f"{exhibit.ref} came again, and is not what was received: {finding.because}")
        store.settle(path_here, whole)
        store.part_of(whole).unlink(missing_ok=True)  # what the wire had brought of it
        stated = exhibit.state != "announced"
        return arrivals.stated_before(exhibit) if stated else arrivals.state(exhibit, finding)


def _check_size(exhibit: Exhibit, path: Path) -> None:
    """See at once what is no use reading."""
    here, whole = path.stat().st_size, exhibit.sealed_size
    if here < whole:
        raise CutShort(
            f"it has {here:,} of the {whole:,} sealed bytes of {exhibit.ref}",
            hint="have the stick written again: bundle export goes on where it was broken off",
        )
    if here > whole:
        raise NotTheObject(f"it has {here:,} bytes, and {exhibit.ref} was announced with {whole:,}")


def _blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file on a stick, which may be worn out or pulled out."""
    try:
        yield from store.blocks(path)
    except OSError as error:
        raise FileUnreadable(f"it cannot be read to its end: {error.strerror}") from error


def _others_could_seal(exhibit: Exhibit) -> bool:
    """Whether a third party knows its file key, and could have sealed what came (ADR 0026)."""
    own = register.own_log(exhibit.channel)
    return own is None or own.many
