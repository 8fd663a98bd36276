"""Fetching from a counterpart that lies, breaks off or sends spoilt bytes; and from our own kills."""

from __future__ import annotations

import errno
import os
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import AlteredSeal, ComityError, NotTheObject
from comity.keys.sealing.stream import SEALED_PIECE_SIZE
from comity_node.evidence import arrivals, queries, services, store
from comity_node.evidence.errors import BeingFetched, CutShort, DiskFull, ExhibitTooLarge
from comity_node.evidence.models import Arrival, Exhibit
from tests.node.evidence.conftest import CONTENT, THEIRS, Line, announces, seal_for_both

LOST_AT_MOST = SEALED_PIECE_SIZE
EACH_EXAMPLE_ALONE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


def acts(ref=THEIRS):
    """What was done with the exhibit, in order."""
    return [step.act for step in queries.chain(Exhibit.objects.get(ref=ref))]


def folder(exhibit):
    """Names of the files kept of an exhibit, without the lock."""
    place = store.place(exhibit.channel, exhibit.provider, exhibit.object).parent
    return sorted(path.name.removeprefix(exhibit.object) for path in place.glob("[0-9a-f]*"))


@EACH_EXAMPLE_ALONE
@given(breaks=st.lists(st.integers(0, 200_000), max_size=5), step=st.integers(1, 90_000))
def test_however_often_the_line_breaks_it_arrives_once_and_whole(boris, breaks, step):
    """Whatever the cuts, the result is the file announced, and one statement."""
    ref = f"bb-2026-x{len(boris.leaves):04d}"
    sealed, document = seal_for_both(boris, CONTENT)
    exhibit = announces(boris, document, ref)
    asked = []

    for after in breaks:
        line = Line(sealed, step=step, breaks_after=after)
        with suppress(ConnectionError):
            services.fetch(exhibit, line)
        asked += line.asked
    services.fetch(exhibit, Line(sealed, step=step))

    assert asked == sorted(asked)
    assert ["added", "received"] == acts(ref)
    assert sealed == services.here(exhibit).read_bytes()


def test_what_has_come_is_on_disk_before_more_is_asked_for(theirs):
    """A kill at any moment costs the chunk in hand, and not one byte before it."""
    part = store.place(theirs.channel, "bb", theirs.object).with_name(f"{theirs.object}.part")
    kept = []

    class Watched(Line):
        def read(self, name, start):
            for chunk in super().read(name, start):
                kept.append(part.stat().st_size)
                yield chunk

    services.fetch(theirs, Watched(theirs.sealed))

    assert list(range(0, len(theirs.sealed), 1000)) == kept


@EACH_EXAMPLE_ALONE
@given(data=st.data())
def test_a_changed_byte_anywhere_is_never_stated_received(boris, data):
    """Each piece carries its own proof: no change in any of them passes."""
    ref = f"bb-2026-x{len(boris.leaves):04d}"
    sealed, document = seal_for_both(boris, 4 * CONTENT)
    exhibit = announces(boris, document, ref)
    place = data.draw(st.integers(0, 99)) * len(sealed) // 100
    spoilt = bytearray(sealed)
    spoilt[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(ComityError):
        services.fetch(exhibit, Line(bytes(spoilt)))
    kept = (
        store.place(exhibit.channel, "bb", exhibit.object).with_name(f"{exhibit.object}.part").stat().st_size
    )
    line = Line(sealed)
    services.fetch(exhibit, line)

    assert place - LOST_AT_MOST <= kept <= place
    assert [kept] == line.asked
    assert ["added", "received"] == acts(ref)


@pytest.mark.parametrize("length", [0, 100, SEALED_PIECE_SIZE, 3 * SEALED_PIECE_SIZE, -1])
def test_a_file_cut_short_is_kept_and_waits(theirs, length):
    """Too little is not a mismatch: the rest may still come."""
    with pytest.raises(CutShort):
        services.fetch(theirs, Line(theirs.sealed[:length]))

    assert ["added"] == acts()
    assert "sealed bytes" in Arrival.objects.get().last_error
    assert [theirs] == services.pending()


def test_bytes_spoilt_again_and_again_end_in_a_mismatch_that_keeps_them(theirs):
    """A counterpart that keeps sending what it did not announce is told so, and the bytes are kept."""
    spoilt = theirs.sealed[:-1] + bytes([theirs.sealed[-1] ^ 1])

    for _ in range(arrivals.MOST_STRIKES):
        with pytest.raises(AlteredSeal):
            services.fetch(theirs, Line(spoilt))
    services.fetch(theirs, Line(spoilt))

    assert ["added", "mismatch"] == acts()
    assert [".bad"] == folder(theirs)
    assert [] == services.pending()


def test_a_broken_line_is_never_held_against_the_counterpart(theirs):
    """Only bytes speak against whoever sent them; a line that breaks says nothing."""
    for _ in range(2 * arrivals.MOST_STRIKES):
        with pytest.raises(ConnectionError):
            services.fetch(theirs, Line(theirs.sealed, breaks_after=0))

    assert ["added"] == acts()
    assert (6, "ConnectionError") == Arrival.objects.values_list("attempts", "last_error").get()


def test_a_counterpart_that_is_away_is_asked_less_and_less_often(theirs):
    """What has arrived is read again before each attempt: it must not be read all day for nothing."""
    waits = []

    for _ in range(9):
        with suppress(ConnectionError):
            services.fetch(theirs, Line(theirs.sealed, breaks_after=0))
        arrival = Arrival.objects.get()
        waits.append((arrival.again_at - arrival.last_at).total_seconds())

    assert [10, 20, 40, 80, 160, 320, 600, 600, 600] == waits
    assert ([theirs], []) == (services.pending(), services.due())


def test_an_attempt_that_brought_bytes_is_followed_at_once(theirs):
    """A line that is merely slow loses no time."""
    with suppress(ConnectionError):
        services.fetch(theirs, Line(theirs.sealed, breaks_after=50_000))

    assert [theirs] == services.due()


def test_another_file_under_the_name_is_refused_at_its_header(theirs, boris):
    """A name stands for one sealed file: another must not take its place, however well it opens."""
    other, _ = seal_for_both(boris, CONTENT)

    with pytest.raises(NotTheObject):
        services.fetch(theirs, Line(other))

    assert ["added"] == acts()


def test_a_wrong_hash_is_stated_as_a_mismatch(boris):
    """Whoever announces one thing and seals another is contradicted on the record, by our own hash."""
    sealed, document = seal_for_both(boris, CONTENT)
    exhibit = announces(boris, document | {"sha256": "0" * 64})

    services.fetch(exhibit, Line(sealed))

    step = queries.chain(exhibit).last()
    assert ["added", "mismatch"] == acts()
    assert document["sha256"] == step.said["sha256"]
    assert [""] == folder(exhibit)


@pytest.mark.parametrize("off", [-1, 1, 65_536])
def test_a_size_that_cannot_be_true_is_not_an_announcement(boris, off):
    """The size of the seal follows from the size of the content: a lie shows before a byte is fetched."""
    _, document = seal_for_both(boris, CONTENT)

    exhibit = announces(boris, document | {"size": document["size"] + off * 300_000})

    assert exhibit.malformed
    assert [] == services.pending()
    with pytest.raises(ComityError):
        services.fetch(exhibit, Line(b""))


def test_more_than_was_announced_is_not_read(theirs):
    """A sender without end must not fill the disk."""
    line = Line(theirs.sealed + bytes(10_000_000))

    services.fetch(theirs, line)

    assert ["added", "received"] == acts()
    assert len(theirs.sealed) == services.here(theirs).stat().st_size


def test_an_exhibit_over_our_limit_is_not_fetched(theirs, disk_limit):
    """What a counterpart announces does not decide how much we store."""
    disk_limit(1000)
    line = Line(theirs.sealed)

    with pytest.raises(ExhibitTooLarge):
        services.fetch(theirs, line)

    assert [] == line.asked


def test_a_full_disk_is_said_and_nothing_counts_as_whole(theirs, monkeypatch):
    """A full disk must not turn half a file into an exhibit."""
    written = []

    def write(descriptor, octets):
        if sum(written) > 100_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(min(len(octets), 30_000))
        return real(descriptor, octets[:30_000])

    real = os.write
    with monkeypatch.context() as full:
        full.setattr(store.os, "write", write)
        with pytest.raises(DiskFull):
            services.fetch(theirs, Line(theirs.sealed))
    before = folder(theirs)
    services.fetch(theirs, Line(theirs.sealed))

    assert [".part"] == before
    assert ["added", "received"] == acts()


def test_a_kill_between_name_and_statement_is_made_good(theirs, monkeypatch):
    """The file may be whole on disk before the record says so; the next attempt inspects it and says it."""

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as kill:
        kill.setattr(arrivals.register, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            services.fetch(theirs, Line(theirs.sealed))
    line = Line(b"")
    services.fetch(theirs, line)

    assert [] == line.asked
    assert ["added", "received"] == acts()


def test_a_file_spoilt_on_our_own_disk_is_cut_back_to_what_is_proven(boris):
    """After a power failure the end of a file may be zeros: only that part is asked for again."""
    sealed, document = seal_for_both(boris, 4 * CONTENT)
    exhibit = announces(boris, document)
    with suppress(ConnectionError):
        services.fetch(exhibit, Line(sealed, breaks_after=1_000_000))
    part = store.place(exhibit.channel, "bb", exhibit.object).with_name(f"{exhibit.object}.part")
    with part.open("r+b") as file:
        file.seek(900_000)
        file.write(bytes(100_000))
    line = Line(sealed)

    services.fetch(exhibit, line)

    assert 900_000 - LOST_AT_MOST <= line.asked[0] <= 900_000
    assert ["added", "received"] == acts()


def test_two_processes_do_not_fetch_at_once(theirs):
    """Two writers in one file would spoil it for both."""
    whole = store.place(theirs.channel, "bb", theirs.object)

    with store.partial(whole), pytest.raises(BeingFetched):
        services.fetch(theirs, Line(theirs.sealed))

    services.fetch(theirs, Line(theirs.sealed))
    assert ["added", "received"] == acts()


def test_a_file_an_old_backup_lacks_is_fetched_again_and_stated_once(theirs):
    """That it was received is on record; only its bytes are gone."""
    first = arrivals.fetch(theirs, Line(theirs.sealed))
    services.here(theirs).unlink()
    assert [theirs.ref] == [one.ref for one in queries.missing_files()]

    again = arrivals.fetch(theirs, Line(theirs.sealed))

    assert first == again
    assert ["added", "received"] == acts()
    assert theirs.sealed == services.here(theirs).read_bytes()
    assert [] == queries.missing_files()
