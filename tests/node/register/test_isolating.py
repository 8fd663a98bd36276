"""Text of one direction within a line of the other."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from comity_node.register.isolating import isolated

WORD = "\u0634\u0631\u0637"


def test_a_word_read_from_right_to_left_does_not_take_the_date_after_it_along() -> None:
    """An Arabic label before a date would otherwise turn year and day round, and a deadline with them."""
    with override("ar"):
        assert f"\u2068{WORD}\u2069" == isolated(WORD)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_unseen_is_put_into_a_line_that_needs_none(language: str) -> None:
    """What is copied out of a page shall be what is read there."""
    with override(language):
        assert "clock" == isolated("clock")
