"""Whose receipt counts in a channel of many: that of the other party of the procedure, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comity.entries import By, Entry, depth, encode
from comity.tlog.merkle import leaf_hash
from comity_node.register import models, queries, statements
from comity_node.register.statements import NewEntry, NewReceipt

pytestmark = pytest.mark.django_db

CHANNEL = "fypa4rg65z5bgq72"
DAY = datetime(2026, 1, 1, tzinfo=UTC)
PARTIES = ("aa", "bb", "cc")


def after(days: int) -> datetime:
    """So many days later."""
    return DAY + timedelta(days=days)


class Many:
    """The record of a channel of aa, bb and cc, as our node holds it."""

    def __init__(self, *, many: bool = True) -> None:
        self.logs = {
            party: models.Log.objects.create(
                origin=f"{party}.comity/{CHANNEL}", channel=CHANNEL, party=party, ours=party == "aa",
                log_keys="", mirror_keys="", recipients="", many=many, place=models.Log.Place.MEMBER,
            )
            for party in PARTIES
        }  # fmt: skip
        self.sizes = dict.fromkeys(PARTIES, 0)

    def writes(self, party: str, kind: str, ref: str, **stated) -> None:
        """Put an entry on a log; its author has seen all there is."""
        index = self.sizes[party]
        seen = {one: size for one, size in self.sizes.items() if one != party and size}
        entry = Entry(
            v=1, kind=kind, at="2026-01-01T00:00:00Z", by=By("Office", "officer"), ref=ref, seen=seen,
            stated=stated,
        )  # fmt: skip
        leaf = encode(entry)
        row = NewEntry(index, depth(index, seen), kind, ref, leaf, leaf_hash(leaf), "")
        statements.add_entries(self.logs[party], [row], DAY)
        self.sizes[party] += 1

    def signs(self, giver: str, author: str, size: int, days: int) -> None:
        """A party signs that it holds so much of another's log."""
        receipt = NewReceipt(giver, size, after(days), b"note")
        statements.add_receipts(self.logs[author], [receipt], after(days))

    def receipted(self) -> dict[str, datetime | None]:
        """When each entry counts as receipted."""
        found = queries.entries(CHANNEL)
        return {f"{one.party}#{one.ref.index}": one.receipted_at for one in found}


@pytest.fixture
def record(db) -> Many:
    """Aa asked bb for assistance."""
    found = Many()
    found.writes("aa", "assistance.request.lodged", "aa-1", requested="bb")
    return found


def test_a_third_party_that_was_first_starts_no_clock(record) -> None:
    """That cc holds it obliges bb to nothing."""
    record.signs("cc", "aa", 1, 1)
    assert {"aa#0": None} == record.receipted()

    record.signs("bb", "aa", 1, 5)
    assert {"aa#0": after(5)} == record.receipted()


def test_the_answer_counts_from_the_receipt_of_who_asked(record) -> None:
    """It is the same from either side."""
    record.writes("bb", "assistance.request.acknowledged", "aa-1")
    record.signs("cc", "bb", 1, 1)
    record.signs("aa", "bb", 1, 2)

    assert after(2) == record.receipted()["bb#0"]


def test_the_first_of_its_receipts_that_covers_the_entry_counts(record) -> None:
    """A party signs for more and more; what it held it held since then."""
    record.writes("aa", "assistance.request.supplemented", "aa-1")
    record.writes("aa", "assistance.request.supplemented", "aa-1")
    record.signs("bb", "aa", 1, 1)
    record.signs("cc", "aa", 2, 2)
    record.signs("bb", "aa", 3, 3)

    assert {"aa#0": after(1), "aa#1": after(3), "aa#2": after(3)} == record.receipted()


def test_what_a_third_party_writes_in_it_counts_from_whoever_was_first(record) -> None:
    """It is no side of it: nothing rests on when."""
    record.writes("cc", "assistance.request.acknowledged", "aa-1")
    record.signs("bb", "cc", 1, 1)
    record.signs("aa", "cc", 1, 2)

    assert after(1) == record.receipted()["cc#0"]


def test_the_first_entry_that_names_a_party_says_between_whom_it_is(record) -> None:
    """A later one under the same reference turns it to nobody else."""
    record.writes("cc", "assistance.request.lodged", "aa-1", requested="aa")
    record.signs("cc", "aa", 1, 1)
    record.signs("bb", "aa", 1, 4)

    assert after(4) == record.receipted()["aa#0"]


def test_one_reference_in_two_procedures_is_two(record) -> None:
    """What is asked under one table and offered under another has nothing in common but its number."""
    record.writes("aa", "channel.offer.made", "aa-1", requested="cc")
    record.signs("bb", "aa", 2, 1)
    record.signs("cc", "aa", 2, 2)

    assert {"aa#0": after(1), "aa#1": after(2)} == record.receipted()


def test_the_opening_of_the_channel_counts_from_whoever_was_first(record) -> None:
    """It is addressed to several at once."""
    record.writes("aa", "channel.proposed", CHANNEL, requested=["bb", "cc"])
    record.signs("cc", "aa", 2, 1)
    record.signs("bb", "aa", 2, 2)

    assert after(1) == record.receipted()["aa#1"]


def test_what_is_of_no_procedure_counts_from_whoever_was_first(record) -> None:
    """Keys concern all."""
    record.writes("bb", "keys.announced", "bb-1")
    record.signs("cc", "bb", 1, 1)

    assert after(1) == record.receipted()["bb#0"]


def test_between_two_there_is_one_receipt_and_it_counts(db) -> None:
    """Whom it names is then beside the point."""
    found = Many(many=False)
    found.writes("aa", "assistance.request.lodged", "aa-1", requested="cc")
    found.signs("bb", "aa", 1, 1)

    assert {"aa#0": after(1)} == found.receipted()


def test_a_list_read_in_parts_says_the_same_of_each(record) -> None:
    """The entry that says between whom it is need not be among those that are read."""
    record.writes("aa", "assistance.request.supplemented", "aa-1")
    record.signs("cc", "aa", 2, 1)
    record.signs("bb", "aa", 2, 3)
    last = queries.entries(CHANNEL, last=1)

    assert [("aa", after(3))] == [(one.party, one.receipted_at) for one in last]


def test_who_does_not_number_a_reference_does_not_say_between_whom_it_is(db) -> None:
    """Else a third party that comes first in the order would move the clocks of others."""
    found = Many()
    found.writes("cc", "assistance.request.lodged", "aa-1", requested="dd")
    found.writes("aa", "assistance.request.lodged", "aa-1", requested="bb")
    found.signs("cc", "aa", 1, 1)
    found.signs("bb", "aa", 1, 4)

    assert after(4) == found.receipted()["aa#0"]
