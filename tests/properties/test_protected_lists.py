"""Whatever is on a list: each object revealed verifies, nothing else does, and nothing else is told."""

from __future__ import annotations

from contextlib import suppress

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity import protected
from comity.errors import ComityError
from comity.tlog.merkle import CompactRange

_TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
_LABEL = st.from_regex(r"\A[a-z0-9]([a-z0-9]{0,8}[a-z0-9])?\Z")
_DOMAIN = st.builds("{}.{}.example".format, _LABEL, _LABEL)
_NETWORK = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6, network="2001:db8::/32").map(str),
)
TYPED = st.fixed_dictionaries(
    {"name": _TEXT, "sector": st.sampled_from(protected.SECTORS)},
    optional={
        "owner": _TEXT,
        "domains": st.lists(_DOMAIN, max_size=4),
        "networks": st.lists(_NETWORK, max_size=4),
        "as_numbers": st.lists(st.integers(0, 2**32 - 1).map(str), max_size=3),
    },
)
SALT = st.binary(min_size=32, max_size=32)


@st.composite
def lists(draw, most=40):
    """A list with salts and padding, no two leaves alike."""
    typed = draw(st.lists(TYPED, min_size=1, max_size=most))
    salts = draw(st.lists(SALT, min_size=len(typed), max_size=len(typed), unique=True))
    padding = draw(st.lists(SALT, max_size=20, unique=True))
    salted = [
        protected.Salted(protected.read_typed(one), salt) for one, salt in zip(typed, salts, strict=True)
    ]
    assume(not {one.leaf for one in salted} & set(padding))
    return salted, padding


@given(lists())
def test_every_object_revealed_verifies_and_is_what_was_listed(made) -> None:
    """With or without padding, wherever it stands."""
    salted, padding = made
    tree = protected.Tree.over(salted, padding)

    for one in salted:
        assert one.object == protected.check(protected.reveal(tree, one), tree.commitment)


@given(lists(), st.data())
def test_the_order_of_a_list_leaves_no_trace(made, data) -> None:
    """Two offices that write the same list down in another order commit to the same."""
    salted, padding = made
    again = data.draw(st.permutations(salted)), data.draw(st.permutations(padding))

    assert protected.Tree.over(*made) == protected.Tree.over(*again)


@given(lists(), TYPED, SALT, st.data())
def test_nothing_that_is_not_on_a_list_verifies(made, typed, salt, data) -> None:
    """Another object, another salt, another place, another path: none leads to the root."""
    salted, padding = made
    tree = protected.Tree.over(salted, padding)
    one = data.draw(st.sampled_from(salted))
    good = protected.reveal(tree, one)
    other = protected.written(protected.read_typed(typed))
    fault = data.draw(st.sampled_from(["object", "salt", "index", "hashes", "size"]))
    assume(other != good.object)
    assume(salt != one.salt)
    forged = {
        "object": {"object": other},
        "salt": {"salt": salt.hex()},
        "index": {"index": good.index + 1},
        "hashes": {"hashes": (*good.hashes[:-1], salt.hex()) if good.hashes else (salt.hex(),)},
        "size": {},
    }[fault]
    size = tree.commitment.size * 2 if fault == "size" else tree.commitment.size

    with pytest.raises((protected.NotOnTheList, protected.MalformedReveal)):
        protected.check(
            msgspec.structs.replace(good, **forged), protected.Commitment(tree.commitment.root, size)
        )


@given(lists())
def test_padding_cannot_be_told_from_objects_and_cannot_be_revealed(made) -> None:
    """A leaf of either is 32 bytes in the order of their values; the root is over all of them alike."""
    salted, padding = made
    tree = protected.Tree.over(salted, padding)
    grown = CompactRange()
    grown.extend(sorted([*(one.leaf for one in salted), *padding]))

    assert (grown.root(), len(salted) + len(padding)) == tree.commitment
    assert list(tree.leaves) == sorted(tree.leaves)


@given(st.integers(1, 100_000))
def test_padding_leaves_a_power_of_two(count) -> None:
    """All that is told of a list of three is that it has sixteen at most."""
    leaves = count + protected.padding_for(count)

    assert leaves.bit_count() == 1
    assert leaves >= max(16, count)
    assert leaves == 16 or leaves < 2 * count


@given(TYPED)
def test_what_is_written_is_read_as_it_was(typed) -> None:
    """An object has one form: writing it and reading it again changes nothing."""
    one = protected.read_typed(typed)

    assert one == protected.read_sent(protected.written(one)) == protected.read_typed(protected.written(one))


@given(st.text(max_size=80))
def test_any_text_observed_is_looked_up_or_not(text) -> None:
    """Whatever an alert holds, looking it up is no fault."""
    found = protected.sought(text)

    assert found is None or found.values


@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_a_reveal_or_a_named_error(data) -> None:
    """A hostile file is told in words."""
    for read in (lambda: protected.read_list(data, most=10), lambda: protected.read_file(data)):
        with suppress(ComityError):
            read()


@given(TYPED, st.data())
def test_an_object_is_found_by_each_of_its_values(typed, data) -> None:
    """And by every name and address below them."""
    one = protected.read_typed(typed)
    for key in protected.keys(one):
        below = f"www.{key.value}" if key.sort == "domain" else key.value
        found = protected.sought(below)
        assert found is not None
        assert found.sort == key.sort
        assert key.value in found.values
