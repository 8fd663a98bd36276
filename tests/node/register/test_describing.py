"""What a reader is told of an entry beside what its table says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity_node.register import dating, queries
from comity_node.register.describing import describe


@pytest.mark.parametrize(("ahead", "marked"), [(timedelta(hours=23), False), (timedelta(days=60), True)])
def test_a_receipt_dated_ahead_of_its_coming_is_marked(boris, acts, ahead, marked) -> None:
    """Its signer's clock starts then, and nothing both sides hold contradicts it: it shows, and counts."""
    acts("aa-1")
    boris.receipts(late=ahead)

    shown = describe(boris.channel, queries.entries(boris.channel))

    assert [marked] == [bool(one.remark) for one in shown if one.ours and one.procedure == "aa-1"]
    assert not any(one.remark for one in shown if one.procedure != "aa-1")
    assert ({"bb": 1} if marked else {}) == dating.counted()
