"""Fetching a counterpart's exhibit: resumed where it stopped, proven as it arrives, stated once.

The order is fixed: what arrives is opened and hashed as it is stored; only a whole file that is durable under
its name is stated to be received; and the custody table allows that statement once. A kill between any two
of these is made good by the next attempt.

Follows: docs/spec/evidence.md, Arrival.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from django.conf import settings
from django.utils import timezone

from comity import custody
from comity.errors import (
    AlteredSeal,
    ComityError,
    CounterpartBreach,
    MalformedSeal,
    NotSealedToUs,
    NotTheObject,
)
from comity.names import EntryRef
from comity_node.evidence import store
from comity_node.evidence.errors import BroughtByOthers, CutShort, ExhibitTooLarge, NoSuchExhibit
from comity_node.evidence.models import Arrival, CustodyStep, Exhibit
from comity_node.register import services as register
from comity_node.register.acts import Act, Capacity
from comity_node.register.keyring import keyring

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST_STRIKES: Final = 3
SHORTEST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=10)
NODE: Final = Capacity(office="node", capacity="node")
_SAY_EVERY: Final = 0.5
_NOT_AS_SEALED: Final = (AlteredSeal, MalformedSeal, NotSealedToUs, NotTheObject)


class Source(Protocol):
    """A line to the counterpart that provides an exhibit."""

    def read(self, name: str, start: int, /) -> Iterable[bytes]:
        """The sealed file of that name, from byte ``start`` on, in chunks of any size."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What arrived: the exhibit that was announced, if ``defect`` is empty."""

    size: int
    sha256: str
    defect: str = ""
    because: str = ""


def fetch(exhibit: Exhibit, source: Source, giver: str = "") -> EntryRef:
    """Fetch what is still missing of an exhibit, and state what was found once it is whole.

    One that was stated before and whose file is gone is fetched again, and stated no second time.

    Args:
        exhibit: As it was announced.
        source: A line to whoever gives it.
        giver: Who that is, where it is another member than the provider.

    Returns:
        Our entry: received, or mismatch.

    Raises:
        CutShort: The counterpart stopped early; what came is kept, and the next attempt goes on there.
        CounterpartBreach: A piece is not what was sealed; what precedes it is kept.
        ExhibitTooLarge: It is larger than this node accepts.
        DiskFull: It does not fit on the disk.
        BroughtByOthers: What others brought is not what was announced. It is dropped, and held against nobody
            but them.
        BeingFetched: Another process is at it.
    """
    check(exhibit)
    whole = store.place(exhibit.channel, exhibit.provider, exhibit.object)
    exhibit.refresh_from_db()
    stated = exhibit.state != "announced"
    if stated and (whole.is_file() or exhibit.state not in ("received", "kept")):
        return stated_before(exhibit)
    with store.partial(whole) as (descriptor, part):
        attempt = _Attempt(exhibit, descriptor, part, whole, giver or exhibit.provider)
        try:
            finding = attempt.run(source)
        except Exception as error:
            attempt.note(error)
            raise
        if not stated:
            return state(exhibit, finding)
        if finding.defect:
            raise NotTheObject(f"{exhibit.ref} came again, and is not what was received: {finding.because}")
        return stated_before(exhibit)


def check(exhibit: Exhibit) -> None:
    """See to it that an exhibit is for us, and not larger than we take.

    Raises:
        NoSuchExhibit: It was not announced to us, or not so that it can be read.
        ExhibitTooLarge: It is larger than this node accepts.
    """
    most = settings.NODE.limits.exhibit_bytes
    if exhibit.malformed or exhibit.receiver != settings.NODE.party:
        raise NoSuchExhibit(f"{exhibit.ref} was not fetched: it is not an exhibit announced to us")
    if exhibit.size > most:
        raise ExhibitTooLarge(
            f"{exhibit.ref} was not fetched: it has {exhibit.size:,} bytes, and this node accepts {most:,}"
        )


def stated_before(exhibit: Exhibit) -> EntryRef:
    """What we stated of it before."""
    steps = CustodyStep.objects.filter(channel=exhibit.channel, ref=exhibit.ref, irregular="")
    return EntryRef.parse(steps.get(act__in=["received", "mismatch"]).entry)


def state(exhibit: Exhibit, finding: Finding) -> EntryRef:
    """Put on record what arrived; the custody table allows it once."""
    said = custody.Arrival(
        object=exhibit.object, size=finding.size, sha256=finding.sha256, because=finding.because
    )
    act = Act(
        channel=exhibit.channel,
        kind=f"{custody.KINDS}.{'mismatch' if finding.defect else 'received'}",
        ref=exhibit.ref,
        answers=(EntryRef.parse(exhibit.entry),),
        stated={"defect": finding.defect} if finding.defect else {},
        payload=custody.document(said),
    )
    return register.append(act, by=NODE)


def compare(exhibit: Exhibit, found: custody.Found) -> Finding:
    """Hold what was found against what was announced."""
    if (found.size, found.sha256) == (exhibit.size, exhibit.sha256):
        return Finding(found.size, found.sha256)
    because = f"announced: {exhibit.size} bytes, SHA-256 {exhibit.sha256}"
    return Finding(found.size, found.sha256, "content", because)


def inspect(exhibit: Exhibit) -> Finding:
    """Hold the sealed file we keep of an exhibit against what was announced: once more, at rest.

    Raises:
        FileNotFoundError: It is not on this node.
        CounterpartBreach: It is no longer what was sealed.
    """
    path = store.place(exhibit.channel, exhibit.provider, exhibit.object)
    with custody.Inspection(exhibit.object, keyring().opening) as inspection:
        for block in store.blocks(path):
            inspection.take(block)
        return compare(exhibit, inspection.finish())


class _Attempt:
    """One attempt at fetching one exhibit."""

    def __init__(self, exhibit: Exhibit, descriptor: int, part: Path, whole: Path, giver: str) -> None:
        self._exhibit = exhibit
        self._giver = giver
        self._descriptor = descriptor
        self._part = part
        self._whole = whole
        self._before = os.fstat(descriptor).st_size
        self._say_again_at = 0.0
        self._arrival, _ = Arrival.objects.get_or_create(channel=exhibit.channel, ref=exhibit.ref)

    def run(self, source: Source) -> Finding:
        """Inspect what is here, fetch the rest, and give the file its name once it is whole."""
        with self._inspected() as inspection, store.Landing(self._descriptor, self._progressed) as landing:
            stored_before = landing.written
            try:
                self._take(source, inspection, landing)
                found = inspection.finish()
            except _NOT_AS_SEALED as breach:
                if self._arrival.brought_by:
                    raise self._dropped(breach) from breach
                struck = inspection.proven <= stored_before
                self._arrival.strikes = self._arrival.strikes + 1 if struck else 0
                if self._arrival.strikes < MOST_STRIKES:
                    os.ftruncate(self._descriptor, inspection.proven)
                    raise
                return self._given_up(breach)
            finding = compare(self._exhibit, found)
            if finding.defect and self._arrival.brought_by:
                raise self._dropped(NotTheObject("it has another content"))
            landing.flush()
        store.settle(self._part, self._whole)
        return finding

    def note(self, error: Exception) -> None:
        """Note for officials why this attempt did not bring it whole."""
        here = os.fstat(self._descriptor).st_size
        self._arrival.bytes_here = here
        self._arrival.attempts += 1
        self._arrival.last_error = str(error) if isinstance(error, ComityError) else type(error).__name__
        self._arrival.last_at = timezone.now()
        if self._giver == self._exhibit.provider:  # what others fail at moves no wait for it
            self._arrival.idle = self._arrival.idle + 1 if here <= self._before else 0
            wait = min(SHORTEST_WAIT * 2 ** min(self._arrival.idle, 20), LONGEST_WAIT)
            self._arrival.again_at = self._arrival.last_at + wait if self._arrival.idle else None
        self._arrival.save()

    def _inspected(self) -> custody.Inspection:
        """An inspection that has seen what is here; what a power failure spoilt at its end is cut off."""
        inspection = custody.Inspection(self._exhibit.object, keyring().opening)
        try:
            for block in store.blocks(self._part):
                inspection.take(block)
            inspection.catch_up()
        except _NOT_AS_SEALED:
            inspection.close()
            os.ftruncate(self._descriptor, inspection.proven)
            return self._inspected()
        return inspection

    def _take(self, source: Source, inspection: custody.Inspection, landing: store.Landing) -> None:
        """Store and inspect what is missing; whatever is sent beyond the announced size is not read."""
        whole = self._exhibit.sealed_size
        if landing.written >= whole:
            return
        store.check_room(whole - landing.written)
        self._note_giver()
        for chunk in source.read(self._exhibit.object, landing.written):
            wanted = chunk[: whole - landing.written]
            landing.write(wanted)
            inspection.take(wanted)
            if landing.written == whole:
                return
        if landing.written < whole:
            raise CutShort(f"{landing.written:,} of {whole:,} sealed bytes of {self._exhibit.ref} have come")

    def _note_giver(self) -> None:
        """Note whose bytes come, before they do: what a member forged is not held against the provider.

        Whoever can open an exhibit knows its file key, and could seal other pieces under it.
        """
        if self._giver not in (self._exhibit.provider, *self._arrival.brought_by):
            self._arrival.brought_by = [*self._arrival.brought_by, self._giver]
            self._arrival.save(update_fields=["brought_by"])

    def _dropped(self, breach: CounterpartBreach) -> BroughtByOthers:
        """Drop all that came, and trust none of those others again who brought some of it."""
        others = ", ".join(self._arrival.brought_by)
        self._arrival.distrusted = sorted({*self._arrival.distrusted, *self._arrival.brought_by})
        self._arrival.brought_by = []
        os.ftruncate(self._descriptor, 0)
        return BroughtByOthers(
            f"what {others} brought of {self._exhibit.ref} is not what was announced: {breach}"
        )

    def _given_up(self, breach: CounterpartBreach) -> Finding:
        """After too many attempts that proved nothing, what came is not what was announced; it is kept."""
        store.settle(self._part, self._whole.with_name(f"{self._whole.name}.bad"))
        return Finding(0, "", "seal", str(breach)[:300])

    def _progressed(self, durable: int) -> None:
        """Let the exhibit's page show how far it is, not so often that the record waits for it."""
        if time.monotonic() < self._say_again_at:
            return
        self._say_again_at = time.monotonic() + _SAY_EVERY
        Arrival.objects.filter(pk=self._arrival.pk).update(bytes_here=durable, last_at=timezone.now())
