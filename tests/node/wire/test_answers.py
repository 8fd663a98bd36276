"""What a counterpart answers, to whatever was delivered, it answers about that and for itself."""

from __future__ import annotations

import pytest

from comity_node.wire.receiving import NotForUs
from comity_node.wire.stepping import Stepping, answer_to
from tests.node.register.histories import mirror
from tests.node.wire.posting import bundle

pytestmark = pytest.mark.django_db
ELSEWHERE = "bcdefghijklmnopq"


class Answering:
    """A line on which every delivery is answered by the same bytes."""

    def __init__(self, answer):
        self.answer = answer

    def deliver(self, _bundle):
        """Answer."""
        return self.answer


@pytest.mark.parametrize("about", [{"sender": "cc"}, {"channel": ELSEWHERE}])
def test_nobody_speaks_for_another_or_of_another_channel_in_an_answer(boris, about):
    """What is signed by a third would be taken as brought by that third, who has not called."""
    asked = bundle(boris, 1, sender="aa", receiver="bb")

    with pytest.raises(NotForUs):
        answer_to(bundle(boris, 1, **about).encode(), asked)
    assert boris.party == answer_to(bundle(boris, 1).encode(), asked).sender


def test_a_log_that_is_brought_in_parts_is_answered_by_whom_it_is_brought_to(boris):
    """The longer way is no way round the question whose answer it is."""
    boris.writes("note.sent", "bb-2")
    boris.delivers()
    theirs = mirror(boris)
    line = Answering(bundle(boris, 1, sender="cc").encode())

    with pytest.raises(NotForUs):
        Stepping(theirs, (boris.party, 0)).bring(line, theirs, 0, theirs.size)
