"""What was lost comes back only as its author signed it, and only where both logs stand on one another."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from comity.errors import (
    BadSignature,
    ClaimsTheUnseen,
    CounterpartBreach,
    EntriesDoNotMatch,
    NotSigned,
    PayloadDoesNotMatch,
)
from comity.mirror import ForkProof, Returned, check_claims
from comity.tlog.note import parse_note
from tests.core.mirror.parties import Author, Store, padded, sealed, tree_of


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


def test_both_logs_come_back_part_by_part(both) -> None:
    """However they are cut; each entry stands after everything it had seen."""
    parts = [returning(author) for author in both.values()]
    for part, author in zip(parts, both.values(), strict=True):
        for start, end in pairwise([2, 3, 6]):
            assert part.take(author.offer(start, end)) is None
        assert (6, [3, 6]) == (part.size, [size for size, _ in part.checkpoints])

    check_claims(parts)

    assert [[2, 3, 4, 5]] * 2 == [[fresh.index for fresh in part.fresh] for part in parts]


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
        check_claims([ours, theirs])


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
        check_claims(parts)


def of_many(*authors: Author) -> list[Returned]:
    """All that came back of a channel of three, nothing of which was held."""
    parts = []
    for author in authors:
        store = Store(author, sizes=dict.fromkeys(("aa", "bb", "cc"), 0))
        part = Returned(replace(store.held(), many=True))
        assert part.take(author.offer(0)) is None
        parts.append(part)
    return parts


@pytest.fixture
def three():
    """Logs of three: bb had seen what aa wrote, and cc what bb wrote."""
    logs = {party: Author(party, seed) for party, seed in (("aa", 32), ("bb", 16), ("cc", 64))}
    logs["aa"].writes("first", payload=sealed(3))
    logs["bb"].writes("second", seen={"aa": 1})
    return logs


def test_of_many_all_logs_come_back_together(three) -> None:
    """To how many content was to be sealed is looked at once it is known who was in."""
    three["cc"].writes("third", seen={"aa": 1, "bb": 1})
    parts = of_many(*three.values())

    check_claims(parts, lambda _party, _index: {})

    assert [1, 1, 1] == [len(part.fresh) for part in parts]


def test_of_many_whoever_saw_an_entry_saw_what_that_had_seen(three) -> None:
    """Or it would stand before its cause in the one order."""
    three["cc"].writes("third", seen={"bb": 1})

    with pytest.raises(ClaimsTheUnseen, match="not what"):
        check_claims(of_many(*three.values()), lambda _party, _index: {})


def test_of_many_what_is_held_already_counts_as_a_cause_too(three) -> None:
    """Nothing of bb was lost: its entries are asked for where they stand."""
    three["cc"].writes("third", seen={"bb": 1})
    asked = []

    def held(party: str, index: int) -> dict[str, int]:
        asked.append((party, index))
        return {"aa": 1}

    parts = of_many(three["aa"], three["cc"])
    held_of_bb = Returned(replace(Store(three["bb"], sizes={}).held(), tree=tree_of(three["bb"].leaves)))
    with pytest.raises(ClaimsTheUnseen, match="not what"):
        check_claims([*parts, held_of_bb], held)
    assert [("bb", 0)] == asked


def test_of_many_nobody_is_held_to_which_of_two_histories_it_had_seen(three) -> None:
    """Where bb signed two, one part of the others had seen the one, and another the other."""
    three["cc"].writes("third", seen={"aa": 1, "bb": 2})

    check_claims(of_many(*three.values()), lambda _party, _index: {}, forked={"bb"})
