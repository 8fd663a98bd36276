"""Whatever arrives, a parser of the record answers with a value or with a named error."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.channel.bundle import Bundle, Limits, read_bundle
from comity.channel.charter import Charter
from comity.entries import By, Capacity, Entry, PayloadDigest, decode, encode
from comity.errors import ComityError
from comity.mirror import ForkProof, Offer, consider, give_receipt, read_receipt
from comity.names import MAX_INDEX, EntryRef, Origin
from tests.core.mirror.parties import CHANNEL, Author, Store, sealed

ANNA, BORIS = Author("aa", seed=32), Author("bb", seed=16)
ANNA.writes("ours")
REF = BORIS.writes("first", payload=sealed())
BORIS.writes("second", re=[str(REF)])
OTHER = BORIS.forked_at(1)
OTHER.writes("another")
RECEIPT = give_receipt(ANNA.checkpoint(), BORIS.cosigners())
HELD = Store(BORIS, sizes={"aa": 1}).held()

ENTRY = encode(
    Entry(
        v=1,
        kind="assistance.request.refused",
        at="2026-01-31T09:30:00Z",
        by=By("Central Authority", "case officer", Capacity("Ministère", "head")),
        ref="aa-2026-0001",
        re=[f"bb.comity/{CHANNEL}#3"],
        seen={"bb": 4},
        stated={"ground": "sovereignty", "reasons": ["a", "b"]},
        payload=PayloadDigest("0" * 64, 100),
    )
)
BUNDLE = Bundle(
    channel=CHANNEL,
    sender="bb",
    receiver="aa",
    checkpoint=BORIS.checkpoint(),
    consistency=(b"\x01" * 32,),
    entries=tuple(BORIS.leaves),
    payloads=(sealed(),),
    cosignatures=(RECEIPT,),
).encode()


def _judge(data: bytes) -> None:
    bundle = read_bundle(data)
    offer = Offer(
        checkpoint=bundle.checkpoint,
        start=bundle.start,
        consistency=bundle.consistency,
        entries=bundle.entries,
        payloads=bundle.payloads,
    )
    consider(offer, HELD)


def _receipt(data: bytes) -> None:
    read_receipt(data, ANNA.origin, log_keys=ANNA.vkeys, mirror_keys=BORIS.mirror_vkeys)


SAMPLES = {
    "entry": (decode, ENTRY),
    "bundle": (read_bundle, BUNDLE),
    "offer": (_judge, BUNDLE),
    "fork proof": (
        ForkProof.parse,
        ForkProof(BORIS.checkpoint(), OTHER.checkpoint(), (b"\x01" * 32,)).encode(),
    ),
    "receipt": (_receipt, RECEIPT),
}
PIECES = [
    b"\n",
    b" ",
    b"\x00",
    b"\xff",
    b'"',
    b"[",
    b"{",
    b"\\ud800",
    b"1e999",
    b"-1",
    b"9" * 400,
    b"\x00" * 512,
]


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_only_comity_errors_escape_a_parser_of_the_record(name, data) -> None:
    """A counterpart chooses every byte; none of them may choose our stack trace."""
    parser, sample = SAMPLES[name]
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, min(len(sample), start + 600)))
    piece = data.draw(st.binary(max_size=40) | st.sampled_from(PIECES))

    for text in (sample[:start] + piece + sample[end:], sample[:start], piece):
        with suppress(ComityError):
            parser(text)


@given(data=st.data())
def test_a_leaf_that_is_read_is_written_back_to_the_byte(data) -> None:
    """Two spellings of one entry would be two leaves."""
    at = data.draw(st.integers(0, len(ENTRY) - 1))
    changed = ENTRY[:at] + data.draw(st.binary(max_size=3)) + ENTRY[at + 1 :]

    with suppress(ComityError):
        assert changed == encode(decode(changed))


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
CODES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(
    office=st.text(max_size=130),
    stated=st.dictionaries(CODES, st.text(max_size=20) | st.lists(WORDS, max_size=4), max_size=4),
    seen=st.dictionaries(st.sampled_from(["aa", "cc", "x-name"]), st.integers(0, MAX_INDEX)),
    index=st.integers(0, MAX_INDEX),
)
def test_what_can_be_authored_can_be_read(office, stated, seen, index) -> None:
    """An entry we sign and the counterpart cannot read would stop the channel for good."""
    entry = Entry(
        v=1,
        kind="a.b",
        at="2026-01-31T09:30:00Z",
        by=By(office, "officer"),
        ref="aa-1",
        re=[str(EntryRef(Origin("cc", CHANNEL), index))],
        seen=seen,
        stated=stated,
    )

    with suppress(ComityError):
        assert entry == decode(encode(entry))


@given(
    start=st.integers(0, 2**40),
    entries=st.lists(st.binary(max_size=60), max_size=6),
    payloads=st.lists(st.binary(max_size=700), max_size=4),
    proof=st.lists(st.binary(min_size=32, max_size=32), max_size=64),
)
def test_every_delivery_is_read_back_as_it_was_written(start, entries, payloads, proof) -> None:
    """Whatever it carries."""
    bundle = Bundle(
        channel=CHANNEL,
        sender="bb",
        receiver="x-org",
        start=start,
        checkpoint=b"note",
        entries=tuple(entries),
        payloads=tuple(payloads),
        consistency=tuple(proof),
    )

    assert bundle == read_bundle(bundle.encode(), Limits())


@given(st.dictionaries(st.sampled_from([*Charter.__struct_fields__, "more"]), JSON))
def test_only_comity_errors_escape_the_reader_of_charters(document) -> None:
    """The payload is the counterpart's own JSON."""
    with suppress(ComityError):
        Charter.read(document)
