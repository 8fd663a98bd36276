"""Exhibits from one side to the other: added, announced, fetched, proven, stated, opened, handed over."""

from __future__ import annotations

import errno
import hashlib
import io
import os

import pytest
from django.http import Http404
from django.utils import timezone

from comity.errors import AlteredSeal, ComityError
from comity.keys.sealing import open_sealed
from comity_node.evidence import intake, queries, services, store
from comity_node.evidence.errors import ChannelNotOpen, DiskFull, ExhibitTooLarge
from comity_node.evidence.models import Exhibit, Intake
from comity_node.officials import services as officials
from comity_node.officials.errors import NotEmpowered
from comity_node.register import models
from comity_node.register import queries as register
from comity_node.register.rebuilding import rebuild
from comity_node.register.services import project
from tests.node.counterpart import CHANNEL, open_channel
from tests.node.evidence.conftest import CONTENT, Line


def acts(exhibit):
    """The regular acts of an exhibit's chain."""
    return [(step.party, step.act) for step in queries.chain(exhibit) if not step.irregular]


def test_an_exhibit_added_can_be_opened_by_the_counterpart(added, boris):
    """What is announced must be what the counterpart can read and hash by itself."""
    path = services.sealed_file(added.object, "bb")

    content = open_sealed(path.read_bytes(), boris.keys.opening)

    assert CONTENT == content
    assert hashlib.sha256(content).hexdigest() == added.sha256
    assert (len(CONTENT), path.stat().st_size) == (added.size, added.sealed_size)


def test_the_content_is_never_on_our_disk_in_the_clear(added, disk):
    """A thief of the disk must find nothing to read."""
    kept = [path for path in disk.rglob("*") if path.is_file()]

    assert [added.object] == [path.name for path in kept]
    assert not any(CONTENT[:4096] in path.read_bytes() for path in kept)


def test_an_exhibit_that_arrives_whole_is_stated_received(theirs, boris):
    """The receiving side re-hashes and says so: that statement is what a court asks for."""
    services.fetch(theirs, Line(theirs.sealed))

    theirs.refresh_from_db()
    assert "received" == theirs.state
    assert [("bb", "added"), ("aa", "received")] == acts(theirs)
    assert theirs.sha256 == queries.chain(theirs).last().said["sha256"]
    assert [] == services.pending()


def test_fetching_again_states_nothing_twice(theirs):
    """One arrival is one statement, however often the courier asks."""
    first = services.fetch(theirs, Line(theirs.sealed))

    second = services.fetch(theirs, Line(b""))

    assert first == second
    assert 2 == queries.chain(theirs).count()


def test_an_interrupted_fetch_goes_on_where_it_stopped(theirs):
    """A gigabyte must not be sent twice because a line broke near its end."""
    with pytest.raises(ConnectionError):
        services.fetch(theirs, Line(theirs.sealed, breaks_after=200_000))
    line = Line(theirs.sealed)

    services.fetch(theirs, line)

    theirs.refresh_from_db()
    assert [200_000] == line.asked
    assert "received" == theirs.state


def test_opening_is_recorded_before_anything_is_read(theirs, anna):
    """Whoever opens an exhibit is in the record, with the purpose, before they see a byte."""
    services.fetch(theirs, Line(theirs.sealed))

    content = services.open_exhibit(
        queries.exhibit(CHANNEL, theirs.ref), by=anna, purpose="To image the disk"
    )

    assert ("aa", "opened") == acts(theirs)[-1]
    assert CONTENT == b"".join(content)


def test_an_official_without_the_power_opens_nothing(added, clara):
    """An administrator runs the node; they do not read its evidence."""
    with pytest.raises(NotEmpowered):
        services.open_exhibit(added, by=clara, purpose="curiosity")

    assert [("aa", "added")] == acts(added)


def test_a_hand_over_takes_two_officers(added, anna, dora):
    """An exhibit does not change hands on one person's word."""
    said = services.custody.HandOver(
        released_by="ministry", received_by="District court", purpose="Trial", seal="A-17"
    )

    prepared = services.hand_over(added, said, by=anna)
    before = acts(added)
    officials.second(prepared, by=dora)

    assert [("aa", "added")] == before
    assert [("aa", "added"), ("aa", "handed_over")] == acts(added)


def test_projections_are_rebuilt_to_the_byte(theirs, added, anna):
    """What pages show must follow from the record alone."""
    services.fetch(theirs, Line(theirs.sealed))

    before, after = rebuild()

    assert before == after
    assert 2 == Exhibit.objects.count()


def test_nothing_is_added_to_a_channel_that_is_not_open(anna, db, tmp_path):
    """An exhibit must not be sealed to a party that has not accepted the channel."""
    open_channel(accepted=False)
    file = tmp_path / "note.txt"
    file.write_bytes(b"x")

    with pytest.raises(ChannelNotOpen):
        services.add(file, channel=CHANNEL, described={}, by=anna)

    assert 0 == Exhibit.objects.count()


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(anna, boris, tmp_path, disk, disk_limit):
    """A limit that keeps half a file is no limit."""
    disk_limit(100)
    file = tmp_path / "large"
    file.write_bytes(bytes(101))

    with pytest.raises(ExhibitTooLarge, match="100"):
        services.add(file, channel=CHANNEL, described={}, by=anna)

    assert 0 == Intake.objects.count()
    assert [] == [path for path in disk.rglob("*") if path.is_file()]


def test_a_disk_that_fills_while_sealing_keeps_nothing(anna, boris, tmp_path, disk, monkeypatch):
    """Half a sealed file must neither count as an exhibit nor eat the room that is left."""
    file = tmp_path / "image.dd"
    file.write_bytes(CONTENT)

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, "write", full)
    with pytest.raises(DiskFull, match="No space left"):
        services.add(file, channel=CHANNEL, described={}, by=anna)

    assert 0 == Intake.objects.count()
    assert [] == [path for path in disk.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [store.DIRECT_BYTES - 1_000, 3 * store.DIRECT_BYTES + 70_001])
@pytest.mark.parametrize("direct", [True, False], ids=["past the cache", "through the cache"])
def test_a_file_of_any_size_is_sealed_the_same_on_any_file_system(
    anna, boris, tmp_path, monkeypatch, size, direct
):
    """Not every file system can be written past the cache; what stands on disk must not depend on it."""
    content = os.urandom(size)
    file = tmp_path / "image.dd"
    file.write_bytes(content)
    if not direct:
        monkeypatch.setattr(store, "_set_direct", lambda _descriptor, on: not on)

    services.add(file, channel=CHANNEL, described={}, by=anna)

    exhibit = Exhibit.objects.get()
    assert content == open_sealed(services.here(exhibit).read_bytes(), boris.keys.opening)
    assert services.here(exhibit).stat().st_size == exhibit.sealed_size


def test_a_file_system_that_cannot_be_written_past_its_cache_says_so(monkeypatch, tmp_path):
    """Asking is the only way to know; a refusal must leave the file as it was."""

    def refuses(descriptor, command, flags=0):
        if command == store.fcntl.F_SETFL and flags & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return real(descriptor, command, flags)

    real = store.fcntl.fcntl
    monkeypatch.setattr(store.fcntl, "fcntl", refuses)
    with (
        (tmp_path / "sealed").open("wb", buffering=0) as file,
        store.FreshLanding(file.fileno()) as landing,
    ):
        landing.write(b"x" * 10)
        landing.flush()

    assert b"x" * 10 == (tmp_path / "sealed").read_bytes()


def test_an_exhibit_does_not_push_the_record_out_of_memory(theirs, disk, monkeypatch):
    """A gigabyte that is read once must not cost every page of the node its place in the cache."""
    dropped = []
    monkeypatch.setattr(store.os, "posix_fadvise", lambda *said: dropped.append(said[1:]))
    monkeypatch.setattr(store, "_DROP_BYTES", 1)

    services.fetch(theirs, Line(theirs.sealed))
    arriving, dropped[:] = list(dropped), []
    list(store.blocks(services.here(theirs)))

    everything = (0, len(theirs.sealed), os.POSIX_FADV_DONTNEED)
    assert (everything, everything) == (arriving[-1], dropped[-1])


def test_what_cannot_fit_is_refused_before_it_is_read(anna, boris, tmp_path, monkeypatch):
    """An hour of sealing must not end in a full disk that was full from the start."""
    monkeypatch.setattr(store, "RESERVE_BYTES", 2**60)
    file = tmp_path / "image.dd"
    file.write_bytes(CONTENT)

    with pytest.raises(DiskFull, match="are free"):
        services.add(file, channel=CHANNEL, described={}, by=anna)


def test_an_exhibit_is_opened_into_a_new_file_of_its_owner_alone(added, anna, tmp_path):
    """What leaves the seal is readable by one account, and overwrites nothing."""
    path = tmp_path / "opened.dd"

    services.open_to_file(added, path, by=anna, purpose="Trial")
    with pytest.raises(FileExistsError):
        services.open_to_file(added, path, by=anna, purpose="Trial")

    assert (CONTENT, 0o600) == (path.read_bytes(), path.stat().st_mode & 0o777)
    assert [("aa", "added"), ("aa", "opened")] == acts(added)


def test_an_exhibit_spoilt_at_rest_leaves_no_opened_file(added, anna, tmp_path):
    """Half an exhibit must not be taken for one."""
    sealed = services.here(added)
    sealed.write_bytes(sealed.read_bytes()[:-1])

    with pytest.raises(AlteredSeal):
        services.open_to_file(added, tmp_path / "opened.dd", by=anna, purpose="Trial")

    assert not (tmp_path / "opened.dd").exists()


def test_an_empty_file_is_an_exhibit_too(anna, boris, tmp_path):
    """That a file was empty may be the very fact to prove."""
    file = tmp_path / "empty"
    file.write_bytes(b"")

    services.add(file, channel=CHANNEL, described={}, by=anna)

    exhibit = Exhibit.objects.get()
    assert (0, hashlib.sha256(b"").hexdigest()) == (exhibit.size, exhibit.sha256)
    assert b"" == open_sealed(services.here(exhibit).read_bytes(), boris.keys.opening)


def test_sealed_bytes_go_to_the_party_they_were_announced_to_alone(added):
    """Another party of this node must not even learn that the object exists."""
    assert services.sealed_file(added.object, "bb")
    assert services.sealed_file(added.object, "cc") is None
    assert services.sealed_file("0" * 64, "bb") is None


def test_an_exhibit_of_theirs_is_not_served_as_ours(theirs):
    """A name they announced must not become a way to read what is stored under it."""
    services.fetch(theirs, Line(theirs.sealed))

    assert services.sealed_file(theirs.object, "bb") is None


def test_an_unknown_exhibit_is_not_found(db):
    """A guessed reference tells nothing."""
    with pytest.raises(Http404):
        queries.exhibit(CHANNEL, "aa-2026-x0099")


def test_a_discarded_file_is_gone(anna, boris, disk):
    """What was taken in by mistake and never announced leaves no trace on the disk."""
    sealed = intake.seal(io.BytesIO(b"mistake"), channel=CHANNEL, to=intake.recipients(CHANNEL))
    taken = services.take_in(sealed, channel=CHANNEL, facts={"name": "a", "media_type": ""}, by=anna)

    services.discard(taken, by=anna)

    assert [] == [path for path in disk.rglob("*") if path.is_file()]
    with pytest.raises(ComityError):
        services.discard(taken, by=anna)


def test_what_kills_left_on_the_disk_is_swept_and_nothing_else(added, disk):
    """A kill while sealing leaves bytes nobody will ask for; what is on record stays."""
    half = disk / "incoming" / "half"
    orphan = services.here(added).with_name("0" * 64)
    fresh = disk / "incoming" / "being sealed now"
    for path in (half, orphan, fresh):
        path.write_bytes(b"x")
    for path in (half, orphan, services.here(added)):
        os.utime(path, (0, 0))

    gone = services.sweep()

    assert {half, orphan} == set(gone)
    assert fresh.exists()
    assert services.here(added).exists()


def test_an_exhibit_at_rest_can_be_inspected_again(added):
    """Years later the question is whether the file is still the one announced."""
    sound = services.inspect(added)
    path = services.here(added)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    assert ("", added.sha256) == (sound.defect, sound.sha256)
    with pytest.raises(AlteredSeal):
        services.inspect(added)


def test_an_erased_announcement_leaves_the_chain_and_no_word_of_the_content(theirs, boris):
    """Treaties require destruction: what was said goes, that it was said stays, and rebuilding agrees."""
    services.fetch(theirs, Line(theirs.sealed))
    announced = register.entries(CHANNEL, ref=theirs.ref)[0]
    models.Payload.objects.filter(sha256=announced.entry.payload.sha256).update(
        sealed=None, erased_at=timezone.now()
    )
    project(CHANNEL, [(announced.entry.kind, theirs.ref)])

    before, after = rebuild()

    assert before == after
    assert [("bb", "added"), ("aa", "received")] == acts(theirs)
    erased = Exhibit.objects.get()
    assert ("received", "", "") == (erased.state, erased.name, erased.sha256)
    assert "erased" in erased.malformed
