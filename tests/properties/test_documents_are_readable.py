"""What is sealed is JSON laid out to be read, in one spelling: what an official reads is what is digested."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from comity_node.register.acts import Act

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=6))
def test_a_document_is_laid_out_as_json_is_everywhere(payload) -> None:
    """One line a value, keys in order, every letter as itself."""
    act = Act(channel="a" * 16, kind="note.sent", ref="aa-1", payload=payload)

    laid_out = json.dumps(payload, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)

    assert laid_out.encode() == act.document()
