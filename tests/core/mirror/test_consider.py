"""The six checks an offer passes before we may sign for it, each failed alone."""

from __future__ import annotations

import pytest

from comity.errors import (
    BadCheckpoint,
    BadSignature,
    ClaimsTheUnseen,
    ComityError,
    EntriesDoNotMatch,
    MalformedEntry,
    MalformedSeal,
    PayloadDoesNotMatch,
)
from comity.mirror import Accepted, AlreadyHeld, SendFrom, consider, give_receipt, read_receipt
from comity.tlog.note import parse_note
from tests.core.mirror.parties import CHANNEL, Author, Store, padded, sealed


@pytest.fixture
def boris():
    """The author: bb, with three entries."""
    author = Author()
    for place in range(3):
        author.writes(f"fact {place}")
    return author


@pytest.fixture
def store(boris):
    """Our mirror, which holds those three."""
    mirror = Store(boris, sizes={"aa": 2})
    mirror.takes(boris.offer())
    return mirror


def refused(store, offer, error, **match):
    """The offer is refused with this error, and nothing changed."""
    before = (list(store.leaves), store.checkpoint)
    with pytest.raises(error, **match):
        store.takes(offer)
    assert before == (store.leaves, store.checkpoint)


def test_what_follows_from_what_we_hold_is_accepted(boris, store) -> None:
    """The honest case: entries that lead to the signed root, each with its payload."""
    boris.writes("fact 3", seen={"aa": 2}, payload=sealed())

    judgement = store.takes(boris.offer(3))

    assert isinstance(judgement, Accepted)
    assert [(3, sealed())] == [(fresh.index, fresh.payload) for fresh in judgement.fresh]
    assert boris.leaves == store.leaves


# --- 1. the checkpoint is the log's own ---------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1])
def test_a_checkpoint_that_lacks_one_of_its_two_signatures_is_refused(boris, store, place) -> None:
    """Each algorithm is there for the day the other falls, so neither may be left out."""
    boris.writes()

    refused(store, boris.offer(3, checkpoint=boris.checkpoint(signers=[boris.signers[place]])), BadCheckpoint)


def test_a_checkpoint_signed_by_others_is_refused(boris, store) -> None:
    """Anybody can compute a root."""
    boris.writes()
    stranger = Author(seed=64)

    refused(store, boris.offer(3, checkpoint=boris.checkpoint(signers=stranger.signers)), ComityError)


@pytest.mark.parametrize("at", [30, 100, -10])
def test_a_checkpoint_changed_after_it_was_signed_is_refused(boris, store, at) -> None:
    """Text or signature: one byte is enough."""
    boris.writes()
    note = bytearray(boris.checkpoint())
    note[at] ^= 1

    refused(store, boris.offer(3, checkpoint=bytes(note)), ComityError)


def test_a_checkpoint_of_another_log_is_refused(boris, store) -> None:
    """A log signs under its own origin; signatures of one channel say nothing in another."""
    boris.writes()
    elsewhere = boris.checkpoint(origin="bb.comity/ponmlkjihgfedcba")

    refused(store, boris.offer(3, checkpoint=elsewhere), (BadCheckpoint, BadSignature))


def test_a_checkpoint_with_extension_lines_is_refused(boris, store) -> None:
    """The ML-DSA-44 signature does not cover them, so they could say anything."""
    boris.writes()

    refused(store, boris.offer(3, checkpoint=boris.checkpoint(extensions=("note",))), BadCheckpoint)


@pytest.mark.parametrize("whose", ["nobody", "bb", "aa"])
def test_lines_that_only_came_with_a_checkpoint_are_not_kept(boris, store, whose) -> None:
    """Kept, they would leave no room for our receipt, or spoil it in the name of a mirror."""
    boris.writes()
    ours = Author("aa", seed=32)
    key = {"nobody": None, "bb": boris.mirror_vkeys[0], "aa": ours.mirror_vkeys[0]}[whose]

    store.takes(boris.offer(3, checkpoint=padded(boris.checkpoint(), key)))

    receipt = give_receipt(store.checkpoint, ours.cosigners())
    names = [line.name for line in parse_note(receipt).signatures]
    assert [str(boris.origin)] * 2 + ["aa.comity/mirror"] * 2 == names
    keys = {"log_keys": boris.vkeys, "mirror_keys": ours.mirror_vkeys}
    assert 4 == read_receipt(receipt, boris.origin, **keys).size


@pytest.mark.parametrize("holds", [False, True])
def test_no_entries_with_the_root_of_some_is_refused(boris, store, holds) -> None:
    """No two histories contradict each other there, so it is no proof of a fork: it is only nonsense."""
    mirror = store if holds else Store(boris)
    nonsense = boris.checkpoint(0, root=b"\x01" * 32)

    refused(mirror, boris.offer(0, 0, checkpoint=nonsense), BadCheckpoint)


# --- 2. and 3. it joins what we hold ------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_an_old_delivery_again_is_already_held(boris, store, size) -> None:
    """A replay changes nothing and is answered by the receipt that was given."""
    assert isinstance(store.takes(boris.offer(0, size)), AlreadyHeld)
    assert 3 == len(store.leaves)


def test_a_delivery_beyond_our_end_is_answered_with_our_end(boris, store) -> None:
    """A gap is no fault: deliveries get lost."""
    boris.writes("three")
    boris.writes("four")

    assert SendFrom(3) == store.takes(boris.offer(4))
    assert 3 == len(store.leaves)


@pytest.mark.parametrize("start", [0, 1, 2])
def test_a_delivery_that_overlaps_adds_only_what_is_new(boris, store, start) -> None:
    """The author may not have had our last receipt yet."""
    boris.writes("three", payload=sealed())

    judgement = store.takes(boris.offer(start))

    assert isinstance(judgement, Accepted)
    assert [3] == [fresh.index for fresh in judgement.fresh]
    assert boris.leaves == store.leaves


def test_an_overlap_that_differs_is_answered_with_our_end(boris, store) -> None:
    """The next offer must show where the two histories part, and will convict its author."""
    other = boris.forked_at(2)
    other.writes("another history")
    other.writes("and on")

    assert SendFrom(3) == store.takes(other.offer(1))
    assert boris.leaves == store.leaves


# --- 4. the entries lead to the signed root -----------------------------------------------------------


@pytest.mark.parametrize(
    "alter",
    [
        lambda entries: entries[::-1],
        lambda entries: (entries[0], entries[0]),
        lambda entries: (entries[0][:-1] + b" ", entries[1]),
    ],
    ids=["reordered", "doubled", "altered"],
)
def test_entries_that_do_not_lead_to_the_signed_root_are_refused(boris, store, alter) -> None:
    """Whoever carried the delivery may have done it: it is refused, and nobody is accused."""
    boris.writes("three")
    boris.writes("four")
    offer = boris.offer(3)

    refused(store, boris.offer(3, entries=alter(offer.entries)), EntriesDoNotMatch)


@pytest.mark.parametrize("change", [1, -1])
def test_a_delivery_that_ends_elsewhere_than_its_checkpoint_is_refused(boris, store, change) -> None:
    """We sign for the whole of what a checkpoint covers, or for nothing."""
    boris.writes("three")
    boris.writes("four")
    entries = boris.offer(3).entries

    refused(
        store,
        boris.offer(3, entries=entries[:1] if change < 0 else (*entries, entries[0])),
        EntriesDoNotMatch,
    )


# --- 5. each entry is well formed, and claims nothing it cannot have seen -----------------------------


@pytest.mark.parametrize("leaf", [b"", b"{}", b"\xff", b'{"v":1}', b"[" * 2000, b"x" * 65_535])
def test_a_leaf_that_is_no_entry_is_refused_though_it_was_signed(boris, store, leaf) -> None:
    """A receipt says that we hold entries; what nobody can read is none."""
    boris.puts(leaf)

    refused(store, boris.offer(3), MalformedEntry)


@pytest.mark.parametrize(
    ("because", "seen"),
    [
        ("more of ours than we wrote", {"aa": 3}),
        ("entries of a party that is not here", {"cc": 1}),
        ("its own log", {"bb": 1}),
    ],
)
def test_an_entry_that_has_seen_what_is_not_there_is_refused(boris, store, because, seen) -> None:
    """What was seen orders the record; a false claim would reorder both sides' acts."""
    boris.writes(seen=seen)

    refused(store, boris.offer(3), ClaimsTheUnseen)


@pytest.mark.parametrize("seen", [{"aa": 1}, {}])
def test_an_entry_that_has_seen_less_than_the_one_before_is_refused(boris, store, seen) -> None:
    """Nobody unsees: an author that forgets can claim to have acted before it knew."""
    boris.writes(seen={"aa": 2})
    boris.writes(seen=seen)

    refused(store, boris.offer(3), ClaimsTheUnseen)


@pytest.mark.parametrize(
    ("because", "answers", "seen"),
    [
        ("an entry of ours it says it has not seen", f"aa.comity/{CHANNEL}#1", {"aa": 1}),
        ("an entry of ours, having seen none", f"aa.comity/{CHANNEL}#0", {}),
        ("itself", f"bb.comity/{CHANNEL}#3", {}),
        ("a later entry of its own", f"bb.comity/{CHANNEL}#9", {}),
        ("a party that is not of this channel", f"cc.comity/{CHANNEL}#0", {}),
    ],
)
def test_an_entry_that_answers_what_its_author_cannot_hold_is_refused(
    boris, store, because, answers, seen
) -> None:
    """An answer follows what it answers, or the order both sides read is no order."""
    boris.writes(re=[answers], seen=seen)

    refused(store, boris.offer(3), ClaimsTheUnseen)


def test_an_entry_may_answer_what_stood_and_what_stands_in_another_channel(boris, store) -> None:
    """Its own earlier entries, ours that it has seen, and references into other channels."""
    elsewhere = "aa.comity/ponmlkjihgfedcba#70"
    boris.writes(re=[f"bb.comity/{CHANNEL}#2", f"aa.comity/{CHANNEL}#1", elsewhere], seen={"aa": 2})

    assert isinstance(store.takes(boris.offer(3)), Accepted)


# --- 6. each payload is the one its entry names -------------------------------------------------------


@pytest.mark.parametrize(
    ("because", "payloads"),
    [
        ("missing", ()),
        ("another", (sealed(text=b"other"),)),
        ("cut short", (sealed()[:-1],)),
        ("one too many", (sealed(), sealed())),
    ],
)
def test_a_payload_that_is_not_the_one_named_is_refused(boris, store, because, payloads) -> None:
    """We sign for payloads too: a receipt without the content would be worth nothing to its author."""
    boris.writes(payload=sealed())

    refused(store, boris.offer(3, payloads=payloads), PayloadDoesNotMatch)


def test_payloads_that_changed_places_are_refused(boris, store) -> None:
    """They travel in the order of their entries."""
    boris.writes(payload=sealed())
    boris.writes(payload=sealed(text=b"other"))

    refused(store, boris.offer(3, payloads=(sealed(text=b"other"), sealed())), PayloadDoesNotMatch)


@pytest.mark.parametrize("readers", [1, 3])
def test_a_payload_sealed_to_fewer_or_more_than_the_parties_is_refused(boris, store, readers) -> None:
    """One reader fewer is a content withheld; one more, a content given away."""
    boris.writes(payload=sealed(readers))

    refused(store, boris.offer(3), PayloadDoesNotMatch)


def test_a_payload_that_is_not_sealed_at_all_is_refused(boris, store) -> None:
    """Nothing readable may cross, whatever its digest."""
    boris.writes(payload=b"in the clear")

    refused(store, boris.offer(3), (MalformedSeal, PayloadDoesNotMatch))


def test_judging_touches_nothing(boris, store) -> None:
    """The caller stores by compare-and-set; until then what is held must be as it was."""
    boris.writes()
    held = store.held()
    before = held.tree.to_bytes()

    consider(boris.offer(3), held)

    assert before == held.tree.to_bytes()
