"""Shares for custodians: enough open, fewer do not, and whatever was mistyped or mixed up is noticed."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic import combine_mnemonics

from comity.errors import WrongPassphrase
from comity.keys import at_rest, shares
from comity.keys.keyring import Keyring
from comity.keys.sealing import HybridIdentity
from comity.keys.shares import BadShare, Share, SharesMissing

DRAWN = shares.draw(3, 5)
# SLIP-39 vectors, "Basic sharing 2-of-3 (128 bits)": published with the specification.
VECTOR = """\
shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist rescue view short \
owner flip making coding armed
shadow pistol academic acid actress prayer class unknown daughter sweater depict flip twice unkind craft \
early superior advocate guest smoking""".splitlines()


@pytest.mark.parametrize("some", list(combinations(range(5), 3)))
def test_any_three_of_five_open(some: tuple[int, ...]) -> None:
    """Two custodians may be ill, abroad or dead."""
    assert DRAWN.secret == shares.join(DRAWN.shares[place] for place in some)


@pytest.mark.parametrize("some", [(), *combinations(range(5), 1), *combinations(range(5), 2)])
def test_fewer_open_nothing(some: tuple[int, ...]) -> None:
    """One custodian, or one short of enough, must not be able to sign."""
    with pytest.raises(SharesMissing):
        shares.join(DRAWN.shares[place] for place in some)


def test_the_same_share_twice_is_one_share() -> None:
    """A custodian who copies their sheet has not become two."""
    with pytest.raises(SharesMissing):
        shares.join([DRAWN.shares[0], DRAWN.shares[0], DRAWN.shares[1]])


def test_shares_of_two_sets_open_nothing_and_are_told_apart() -> None:
    """After a new drawing somebody will come with an old sheet."""
    other = shares.draw(3, 5)

    with pytest.raises(BadShare, match="different sets"):
        shares.join([*DRAWN.shares[:2], other.shares[2]])


def test_a_share_too_many_is_checked_as_well() -> None:
    """A trial with all sheets must find the one that is not of this secret."""
    forged = shares.draw(3, 5).shares[4]
    disguised = Share(forged.words, DRAWN.shares[0].set, forged.number, forged.needed)

    assert DRAWN.secret == shares.join(DRAWN.shares)
    with pytest.raises(BadShare):
        shares.join([*DRAWN.shares[:4], disguised])


@given(st.integers(0, 32), st.sampled_from(["academic", "zero", "vitamins", ""]))
def test_a_word_mistyped_is_noticed(place: int, typed: str) -> None:
    """It must not turn into another secret."""
    words = DRAWN.shares[1].words.split()
    if words[place] == typed:
        return
    words[place] = typed

    with pytest.raises(BadShare) as refused:
        shares.read(" ".join(words))
    assert DRAWN.shares[1].words.split()[5] not in str(refused.value)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Sheets come from typists and sticks."""
    with pytest.raises(BadShare):
        shares.read(text)


def test_a_sheet_is_read_with_what_is_written_around_it() -> None:
    """Its number and its set are for people."""
    first = DRAWN.shares[0]
    words = first.words.upper().split()
    sheet = f"# share 1 of 5\n\n{' '.join(words[:7])}\n   {'  '.join(words[7:])}\n"

    assert first == shares.read(sheet)
    assert (1, 3) == (first.number, first.needed)


def test_what_is_too_long_is_not_read() -> None:
    """A stick may hold a film."""
    with pytest.raises(BadShare, match="4,096"):
        shares.read("academic " * 1000)


@pytest.mark.parametrize(("needed", "count"), [(1, 1), (1, 3), (4, 3), (2, 17), (0, 0)])
def test_numbers_that_protect_nothing_are_refused(needed: int, count: int) -> None:
    """One share that opens alone is a copy of the key with a solemn name."""
    with pytest.raises(BadShare):
        shares.draw(needed, count)


def test_shares_are_those_of_the_specification() -> None:
    """Its published vector, with a passphrase of its own: custodians' words open in other tools too."""
    words = [shares.read(text.upper()).words for text in VECTOR]

    assert "b43ceb7e57a0ea8766221624d01b0864" == combine_mnemonics(words, b"TREZOR").hex()
    mine = combine_mnemonics([share.words for share in DRAWN.shares[:3]])
    assert DRAWN.secret == str(HybridIdentity(mine))
    with pytest.raises(BadShare, match="something else"):
        shares.join(map(shares.read, VECTOR))


def test_a_keyring_lies_under_shares_as_under_a_passphrase() -> None:
    """Nothing else of the node needs to know of shares."""
    ring = Keyring.generate("aa")
    written = ring.to_bytes(DRAWN.secret)

    assert ring == Keyring.from_bytes(written, shares.join(DRAWN.shares[2:]))
    for other in (shares.draw(2, 2).secret, "a passphrase", DRAWN.secret.lower(), DRAWN.secret[:-1], None):
        with pytest.raises(WrongPassphrase):
            Keyring.from_bytes(written, other)


def test_what_lies_under_a_passphrase_is_not_opened_by_shares() -> None:
    """Somebody gathers custodians for a keyring that has gone back to a passphrase."""
    with pytest.raises(WrongPassphrase):
        at_rest.unlock(at_rest.lock(b"keys", "correct horse"), DRAWN.secret)
