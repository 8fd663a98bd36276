"""A stick for a counterpart: whole however much there is, and honest about what its owner has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.channel.bundle import read_bundle, read_manifest
from comity.mirror import PaperReceipt, give_receipt
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity_node.register import mirroring, packing, queries, receipts
from comity_node.wire import carrying
from tests.node.wire.posting import bundle

pytestmark = pytest.mark.django_db


def logs(boris):
    """Our log, and our mirror of theirs."""
    (theirs,) = queries.their_logs(boris.channel)
    return queries.own_log(boris.channel), theirs


def covered(note: bytes) -> int:
    """How many entries a receipt is for."""
    return Checkpoint.parse(parse_note(note).text).size


def test_all_receipts_go_out_in_as_many_deliveries_as_it_takes(boris, monkeypatch) -> None:
    """Each receipt starts clocks of its own: none may be left behind because a delivery was full."""
    monkeypatch.setattr(mirroring, "MOST_RECEIPTS", 2)
    for number in range(5):
        boris.does("note.sent", f"bb-{number}")
        mirroring.give(logs(boris)[1])

    own, theirs = logs(boris)
    carried = list(carrying.deliveries(own, theirs, receipts_after=0))

    sizes = [covered(note) for one in carried for note in one.cosignatures]
    assert sizes == sorted(set(sizes))
    assert theirs.size == sizes[-1]
    assert len(sizes) >= 5
    assert all(len(one.cosignatures) <= 2 for one in carried)


def test_a_log_longer_than_one_delivery_is_carried_in_parts_that_join(boris, monkeypatch) -> None:
    """The first delivery of a long log must not make the rest wait for a courier's way back."""
    monkeypatch.setattr(packing, "MOST_TOGETHER", 1)
    own, theirs = logs(boris)
    monkeypatch.setattr(own, "receipted", 0)

    carried = [one for one in carrying.deliveries(own, theirs) if one.entries]

    assert own.size == sum(len(one.entries) for one in carried)
    assert [one.end for one in carried[:-1]] == [one.start for one in carried[1:]]
    assert len({carrying.file_name(one) for one in carried}) == len(carried)


def test_nothing_new_is_no_file(boris) -> None:
    """A stick full of empty files hides the one that matters."""
    own, theirs = logs(boris)
    mirroring.give(theirs)
    boris.receipts()
    own, theirs = logs(boris)

    assert [] == list(carrying.deliveries(own, theirs, receipts_after=theirs.size))


def test_what_is_not_a_delivery_is_left_alone(boris, tmp_path) -> None:
    """A stick has other files on it, and links that lead to ours."""
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff" * 999)
    (tmp_path / ".hidden").write_bytes(b"")
    (tmp_path / "link").symlink_to("/etc/hostname")

    paths = carrying.in_order(tmp_path)

    assert ["picture"] == [path.name for path in paths]
    assert ["strange"] == [one.state for one in carrying.take(paths)]


def test_parts_are_taken_in_order_whatever_their_names(boris, tmp_path) -> None:
    """Names are lost when sticks are copied; what joins what stands in the files."""
    boris.writes("note.sent", "bb-2")
    first = bundle(boris, 1)
    boris.writes("note.sent", "bb-3")
    second = bundle(boris, 2)
    (tmp_path / "b").write_bytes(first.encode())
    (tmp_path / "a").write_bytes(second.encode())

    found = carrying.take(carrying.in_order(tmp_path))

    assert [("b", "new", 1), ("a", "new", 1)] == [(one.name, one.state, one.entries) for one in found]
    (back,) = carrying.answers(found)
    assert {2, 3} >= {covered(note) for note in back.cosignatures} - {1}
    assert read_bundle(back.encode()) == back
    assert ("aa", "bb") == (back.sender, back.receiver)


def test_only_a_receipt_that_was_given_is_handed_out(boris) -> None:
    """Whoever asks for a receipt of a size must not be given another."""
    _own, theirs = logs(boris)

    assert covered(receipts.given(theirs)) == theirs.size
    with pytest.raises(receipts.NothingToReceipt):
        receipts.given(theirs, 99)


def test_a_sheet_for_a_size_we_never_signed_is_not_kept(boris) -> None:
    """A sheet names a size; without our own checkpoint of it there is nothing it could verify against."""
    own, theirs = logs(boris)
    note = give_receipt(bytes(own.checkpoint), boris.mirror_signers(1_800_000_000))
    paper = PaperReceipt.of(note, mirroring.vkeys(theirs.mirror_keys))
    lines = replace(paper, size=77).lines()

    with pytest.raises(receipts.NotOfThisLog):
        receipts.enter("\n".join(lines))


def test_a_manifest_is_read_from_the_first_block_alone(boris) -> None:
    """Sorting a full stick must not read all of it."""
    made = bundle(boris, 0)

    said = read_manifest(made.encode()[:1024])

    assert ("bb", "aa", 0, made.end) == (said.sender, said.receiver, said.start, said.end)
