"""An exhibit that somebody carries: proven while it is copied, whole or not at all, blamed on nobody."""

from __future__ import annotations

import os
import tracemalloc

import pytest

from comity import custody
from comity.errors import AlteredSeal, MalformedSeal, NotTheObject
from comity.names import EntryRef
from comity_node.evidence import arrivals, carried, queries, services, store
from comity_node.evidence.errors import BeingFetched, CutShort, DiskFull, ExhibitTooLarge
from comity_node.evidence.models import Arrival, Exhibit
from tests.node.counterpart import CHANNEL
from tests.node.evidence.conftest import CONTENT, THEIRS, Line, announces, seal_for_both


def acts():
    """What was stated of the exhibit, in order."""
    return [step.act for step in queries.chain(Exhibit.objects.get(ref=THEIRS))]


def kept(disk):
    """Names of all the files there are of exhibits, without the lock."""
    return sorted(path.name for path in disk.rglob("*") if path.is_file() and path.name != ".fetching")


@pytest.fixture
def file(theirs, tmp_path):
    """The sealed file, on a stick."""
    path = tmp_path / theirs.object
    path.write_bytes(theirs.sealed)
    return path


def test_it_arrives_and_is_stated_as_over_the_wire(theirs, file):
    """Whoever has no line owes, and is owed, the same acts of custody as any other."""
    entry = carried.take(theirs, file)

    assert ["added", "received"] == acts()
    assert entry == EntryRef.parse(queries.chain(theirs).last().entry)
    assert CONTENT == b"".join(services.content_from(theirs, start=0, length=len(CONTENT)))


def test_an_old_stick_states_nothing_twice(theirs, file):
    """Sticks lie in drawers, and are put in again."""
    first = carried.take(theirs, file)
    theirs.refresh_from_db()

    assert (first, True) == (carried.take(theirs, file), carried.is_here(theirs))
    assert ["added", "received"] == acts()


def test_a_look_keeps_nothing_and_states_nothing(theirs, file, disk):
    """Who asks what a stick would bring has not received it."""
    assert not carried.look(theirs, file).defect
    assert ([], ["added"]) == (kept(disk), acts())


@pytest.mark.parametrize("place", [0, 40, 2000, 70_000, -1])
def test_a_damaged_file_is_refused_and_changes_nothing(theirs, file, disk, place):
    """A worn-out stick, put in however often, is not the provider's word."""
    damaged = bytearray(theirs.sealed)
    damaged[place] ^= 1
    file.write_bytes(damaged)

    for _ in range(arrivals.MOST_STRIKES + 1):
        with pytest.raises((AlteredSeal, MalformedSeal, NotTheObject)):
            carried.take(theirs, file)

    assert ([], ["added"], 0) == (kept(disk), acts(), Arrival.objects.count())


def test_another_exhibit_under_its_name_is_refused(theirs, file, boris, disk):
    """Two names exchanged on a stick must not exchange what a court is shown."""
    other, _ = seal_for_both(boris, CONTENT[::-1])
    file.write_bytes(other)

    with pytest.raises(NotTheObject):
        carried.take(theirs, file)

    assert ([], ["added"]) == (kept(disk), acts())


@pytest.mark.parametrize(("change", "refusal"), [(-1, CutShort), (1, NotTheObject)])
def test_another_size_is_refused_before_it_is_read(theirs, file, monkeypatch, change, refusal):
    """What cannot be it costs nobody an hour."""
    file.write_bytes(theirs.sealed[:-1] if change < 0 else theirs.sealed + b"x")
    monkeypatch.setattr(store, "blocks", lambda *_: pytest.fail("it was read"))

    with pytest.raises(refusal):
        carried.take(theirs, file)


def test_what_the_wire_had_brought_of_it_stays_until_the_stick_has_all(theirs, file, disk):
    """A bad stick must not cost what came by a slow line; a good one makes it needless."""
    with pytest.raises(CutShort):
        services.fetch(theirs, Line(theirs.sealed[:100_000]))
    file.write_bytes(theirs.sealed[:-1] + b"x")
    with pytest.raises(AlteredSeal):
        carried.take(theirs, file)
    assert [f"{theirs.object}.part"] == kept(disk)

    file.write_bytes(theirs.sealed)
    carried.take(theirs, file)

    assert ([theirs.object], ["added", "received"]) == (kept(disk), acts())


def test_while_the_wire_brings_it_the_stick_waits(theirs, file):
    """Two at one file would state it twice, or neither."""
    with store.alone(queries.file_of(theirs)), pytest.raises(BeingFetched):
        carried.take(theirs, file)

    carried.take(theirs, file)


def test_a_full_disk_and_the_node_s_limit_are_named(theirs, file, disk, disk_limit, monkeypatch):
    """What this node cannot hold says nothing of the stick."""
    monkeypatch.setattr(store, "RESERVE_BYTES", 1 << 60)
    with pytest.raises(DiskFull):
        carried.take(theirs, file)
    monkeypatch.undo()
    disk_limit(100)
    with pytest.raises(ExhibitTooLarge):
        carried.look(theirs, file)

    assert ([], ["added"]) == (kept(disk), acts())


def test_what_was_received_and_is_gone_from_the_disk_comes_again(theirs, file):
    """A disk fails; the record does not say a second time that it arrived."""
    carried.take(theirs, file)
    theirs.refresh_from_db()
    queries.file_of(theirs).unlink()
    assert carried.is_lacking(theirs)

    carried.take(theirs, file)

    assert (["added", "received"], True) == (acts(), carried.is_here(theirs))


@pytest.mark.parametrize("many", [False, True])
def test_another_content_under_the_provider_s_own_seal_is_a_mismatch_of_two_only(
    boris, file, disk, monkeypatch, many
):
    """Between two nobody else knows the file key; of many, whoever carries it may have sealed it anew."""
    sealed, document = seal_for_both(boris, CONTENT)
    Exhibit.objects.all().delete()
    exhibit = announces(boris, document | {"sha256": "0" * 64}, "bb-2026-x0002")
    file.write_bytes(sealed)
    monkeypatch.setattr(carried, "_others_could_seal", lambda _: many)

    if many:
        with pytest.raises(NotTheObject):
            carried.take(exhibit, file)
        assert [] == kept(disk)
    else:
        carried.take(exhibit, file)
    said = [step.act for step in queries.chain(exhibit)]
    assert (["added"] if many else ["added", "mismatch"]) == said


def test_a_kill_before_it_is_stated_is_made_good(theirs, file, monkeypatch):
    """Between the name and the statement, and with half a copy: the stick is simply put in again."""

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "state", killed)
        with pytest.raises(KeyboardInterrupt):
            carried.take(theirs, file)
    theirs.refresh_from_db()
    assert carried.is_lacking(theirs)

    carried.take(theirs, file)

    assert ["added", "received"] == acts()


def test_what_a_counterpart_lacks_is_what_it_has_not_stated_to_hold(added, boris):
    """A stick is filled with what is waited for; where a disk failed, with what was received too."""
    ((lacked, path),) = carried.lacked_by("bb", CHANNEL)
    assert (added, added.sealed_size) == (lacked, path.stat().st_size)
    said = custody.Arrival(object=added.object, size=added.size, sha256=added.sha256, because="")
    boris.does("evidence.exhibit.received", added.ref, payload=custody.document(said))

    assert [] == carried.lacked_by("bb", CHANNEL)
    assert [added] == [one for one, _ in carried.lacked_by("bb", CHANNEL, again=True)]
    assert [] == carried.lacked_by("cc", CHANNEL)


def test_memory_does_not_grow_with_what_is_carried(boris, tmp_path):
    """Exhibits are larger than any machine's memory."""
    content = os.urandom(32 << 20)
    sealed, document = seal_for_both(boris, content)
    path = tmp_path / document["object"]
    path.write_bytes(sealed)
    exhibit = announces(boris, document)

    tracemalloc.start()
    try:
        carried.take(exhibit, path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < len(content) / 4
