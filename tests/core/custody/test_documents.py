"""What acts of custody say: bounded, of one form, and never believed where it cannot be true."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity import custody
from comity.errors import MalformedCustody
from comity.keys.sealing import sealed_size

FORMS = [custody.Announcement, custody.Arrival, custody.Opening, custody.HandOver]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
GOOD = {
    "object": "0" * 64,
    "name": "image.dd",
    "media_type": "",
    "size": 100,
    "sha256": "f" * 64,
    "sealed_size": sealed_size(100, 3000),
}


@given(st.sampled_from(FORMS), st.data())
def test_only_a_named_error_escapes(form, data):
    """The counterpart writes these documents: nothing it writes may stop a projection."""
    keys = st.sampled_from(form.__struct_fields__) | st.text(max_size=10)
    payload = data.draw(st.none() | st.dictionaries(keys, JSON, max_size=8))

    with suppress(MalformedCustody):
        custody.read(payload, form)


def test_a_document_reads_back_as_it_was_written():
    """What one side signs is what the other reads."""
    said = custody.read(GOOD, custody.Announcement)

    assert said == custody.read(custody.document(said), custody.Announcement)


@pytest.mark.parametrize(
    "wrong",
    [
        {"object": "../../keys/keyring"},
        {"object": "0" * 64 + "\n"},
        {"sha256": "F" * 64},
        {"name": ""},
        {"name": "a\x00b"},
        {"name": "n" * 2000},
        {"size": -1},
        {"size": 200_000},
        {"size": 2**63},
        {"sealed_size": sealed_size(100)},
        {"sealed_size": sealed_size(100, 200_000)},
        {"tlp": "PURPLE"},
        {"unknown": 1},
    ],
)
def test_an_announcement_that_cannot_be_true_is_refused_whole(wrong):
    """A lie about sizes or names must show before a byte is fetched or a path is made."""
    with pytest.raises(MalformedCustody):
        custody.read(GOOD | wrong, custody.Announcement)
