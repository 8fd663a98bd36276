"""What was lost comes back only as its author signed it, and only where both logs stand on one another."""

from __future__ import annotations

from itertools import pairwise

import pytest

from comity.entries import decode, in_order
from comity.errors import (
    BadSignature,
    ClaimsTheUnseen,
    CounterpartBreach,
    EntriesDoNotMatch,
    NotSigned,
    PayloadDoesNotMatch,
)
from comity.mirror import ForkProof, Returned, in_causal_order
from comity.tlog.note import parse_note
from tests.core.mirror.parties import CHANNEL, Author, Store, padded, sealed


@pytest.fixture
def both():
    """Logs of aa and bb, each answering the other in turn; what was held before the loss is two of each."""
    logs = {"aa": Author("aa", 32), "bb": Author("bb", 16)}
    for turn in range(12):
        party, other = ("aa", "bb") if turn % 2 else ("bb", "aa")
        held = len(logs[other].leaves)
        logs[party].writes(f"{turn}", seen={other: held} if held else {}, payload=sealed())
    return logs


def returning(author: Author, held: int = 2) -> Returned:
    """What is held of a log, ready for the rest."""
    store = Store(author, sizes={"aa": 0, "bb": 0})
    if held:
        store.sizes = {"aa": 9, "bb": 9}
        store.takes(author.offer(0, held))
    return Returned(store.held())


def test_both_logs_come_back_in_the_order_they_were_written_in(both) -> None:
    """Part by part, however they are cut; each entry after everything it had seen."""
    parts = [returning(author) for author in both.values()]
    for part, author in zip(parts, both.values(), strict=True):
        for start, end in pairwise([2, 3, 6]):
            assert part.take(author.offer(start, end)) is None
        assert (6, [3, 6]) == (part.size, [size for size, _ in part.checkpoints])

    came = [(part.party, fresh.index) for part, fresh in in_causal_order(parts)]

    logs = {party: [decode(leaf) for leaf in author.leaves] for party, author in both.items()}
    expected = [(ref.origin.party, ref.index) for ref, _ in in_order(CHANNEL, logs) if ref.index >= 2]
    assert expected == came


def test_a_checkpoint_comes_back_without_lines_of_others(both) -> None:
    """Who returns it could put under our own what spoils our next receipt, and our export."""
    part = returning(both["aa"])

    assert part.take(both["aa"].offer(2, 6, checkpoint=padded(both["aa"].checkpoint(6)))) is None

    ((_, note),) = part.checkpoints
    assert 2 == len(parse_note(note).signatures)


def test_what_ends_where_we_are_brings_nothing(both) -> None:
    """The counterpart holds no more than we: nothing was lost."""
    part = returning(both["aa"])

    assert part.take(both["aa"].offer(2, 2)) is None
    assert (2, []) == (part.size, part.fresh)


def test_content_that_was_erased_meanwhile_does_not_come_back(both) -> None:
    """Who destroyed it as its author asked cannot give it; a delivery owes every content all the same."""
    erased = (b"", *both["aa"].offer(2, 6).payloads[1:])
    part = returning(both["aa"])

    assert part.take(both["aa"].offer(2, 6, payloads=erased)) is None

    assert [None, *erased[1:]] == [fresh.payload for fresh in part.fresh]
    store = Store(both["aa"], sizes={"bb": 9})
    store.takes(both["aa"].offer(0, 2))
    with pytest.raises(PayloadDoesNotMatch):
        store.takes(both["aa"].offer(2, 6, payloads=erased))


def test_entries_nobody_signed_do_not_come_back(both) -> None:
    """Another's key, or our key under another tree: our log is what we signed."""
    stranger = Author("aa", 64)
    stranger.leaves, stranger.payloads = both["aa"].leaves, both["aa"].payloads

    for offer in (
        stranger.offer(2),
        both["aa"].offer(2, checkpoint=both["bb"].checkpoint()),
        both["aa"].offer(2, entries=tuple(both["bb"].leaves[2:])),
    ):
        part = returning(both["aa"])
        with pytest.raises((NotSigned, BadSignature, CounterpartBreach)):
            part.take(offer)
        assert (2, []) == (part.size, part.fresh)


def test_a_payload_comes_back_with_its_entry_or_neither_does(both) -> None:
    """Content under a digest we signed, and nothing else."""
    for payloads in ((), (b"x",) * 4, (sealed(text=b"other"),) * 4):
        part = returning(both["aa"])
        with pytest.raises(PayloadDoesNotMatch):
            part.take(both["aa"].offer(2, payloads=payloads))


@pytest.mark.parametrize(("start", "end"), [(0, 6), (1, 6), (3, 6)])
def test_a_part_begins_where_it_was_asked_for(both, start, end) -> None:
    """What is repeated or left out would not be judged."""
    with pytest.raises(EntriesDoNotMatch):
        returning(both["aa"]).take(both["aa"].offer(start, end))


def test_a_part_that_goes_back_is_refused(both) -> None:
    """A replayed answer must not be read as progress."""
    part = returning(both["aa"])
    part.take(both["aa"].offer(2, 4))

    with pytest.raises(EntriesDoNotMatch):
        part.take(both["aa"].offer(4, 6, checkpoint=both["aa"].checkpoint(3)))


@pytest.mark.parametrize("end", [1, 2, 6])
def test_another_history_is_proven_and_none_of_it_is_taken(both, end) -> None:
    """We, or whoever had our keys, signed on from the backup before anybody was heard."""
    other = both["aa"].forked_at(0)
    for number in range(6):
        other.writes(f"another {number}")
    part = returning(both["aa"])

    proof = part.take(other.offer(2, end) if end > 2 else other.offer(2, 2, checkpoint=other.checkpoint(end)))

    assert isinstance(proof, ForkProof)
    assert proof.holds(both["aa"].vkeys)
    assert (2, []) == (part.size, part.fresh)


def test_entries_that_stand_on_what_was_kept_back_are_refused(both) -> None:
    """Our entries had seen theirs: without those, the common order cannot come out."""
    ours, theirs = returning(both["aa"]), returning(both["bb"])
    ours.take(both["aa"].offer(2))
    theirs.take(both["bb"].offer(2, 4))

    with pytest.raises(ClaimsTheUnseen, match="says it has seen what did not come back"):
        list(in_causal_order([ours, theirs]))


def test_entries_that_have_seen_each_other_are_refused(both) -> None:
    """Neither can have been first: one of the two logs was written anew."""
    ours = Author("aa", 32)
    theirs = Author("bb", 16)
    ours.writes("ours", seen={"bb": 1})
    theirs.writes("theirs", seen={"aa": 1})
    parts = [returning(author, 0) for author in (ours, theirs)]
    for part, author in zip(parts, (ours, theirs), strict=True):
        part.take(author.offer(0))

    with pytest.raises(ClaimsTheUnseen):
        list(in_causal_order(parts))
