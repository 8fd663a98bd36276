"""Markings that fit together, and what is held of those that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.markings import UNREADABLE, Marking, barred, marking_document, read_marking, strictest

WHOLE = Marking(
    tlp="AMBER",
    pap="RED",
    handling="H3",
    handling_text="only the office named",
    scheme="admiralty",
    source="B",
    information="2",
    classification="Restricted",
)


def test_markings_read_as_they_were_written() -> None:
    """They bind: what the author signed is what the reader is shown."""
    assert (WHOLE, True) == read_marking(marking_document(WHOLE))
    assert {"tlp": "GREEN"} == marking_document(Marking(tlp="GREEN"))
    assert (Marking(), True) == read_marking(None)


@pytest.mark.parametrize(
    ("marking", "because"),
    [
        (Marking(handling="H3"), "H3 is said in words"),
        (Marking(handling="H1", handling_text="also"), "H3 is said in words"),
        (Marking(source="B"), "a grade needs its scheme"),
        (Marking(scheme="4x4", source="F"), "4x4 has no such source"),
        (Marking(scheme="4x4", information="6"), "4x4 has no such grade of information"),
        (Marking(scheme="admiralty", source="X"), "admiralty has no such source"),
    ],
)
def test_what_does_not_fit_together_is_said(marking: Marking, because: str) -> None:
    """A grade of one scheme read by another would mislead whoever relies on it."""
    assert any(because in said for _field, said in marking.flaws())
    assert [] == WHOLE.flaws()


@pytest.mark.parametrize(
    "document", [{"tlp": "WHITE"}, {"colour": "red"}, [], "RED", 7, {"handling": "H3"}, {"source": "B"}]
)
def test_what_cannot_be_read_is_held_as_red(document: object) -> None:
    """An unknown marking must never loosen anything."""
    assert (UNREADABLE, False) == read_marking(document)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_no_marking_stops_a_reader(document: object) -> None:
    """It comes from a counterpart."""
    marking, is_readable = read_marking(document)

    assert is_readable or marking is UNREADABLE


@pytest.mark.parametrize(
    ("marking", "court", "onward"),
    [
        (Marking(), "", ""),
        (Marking(handling="H0", tlp="AMBER"), "", ""),
        (Marking(handling="H1"), "H1", ""),
        (Marking(handling="H2"), "H2", "H2"),
        (Marking(handling="H3", handling_text="Ask us."), "", ""),
        (Marking(tlp="AMBER+STRICT"), "TLP:AMBER+STRICT", "TLP:AMBER+STRICT"),
        (UNREADABLE, "TLP:RED", "TLP:RED"),
    ],
)
def test_a_mark_says_what_it_bars(marking: Marking, court: str, onward: str) -> None:
    """The officer is told by which mark, and asks for that to be lifted."""
    assert (court, onward) == (barred(marking, "court"), barred(marking, "onward"))


def test_of_many_the_strictest_counts_and_what_does_not_rank_is_all_given() -> None:
    """A file is as confidential as the worst of what is in it, in whatever order that was put in."""
    some = [
        Marking(tlp="CLEAR", pap="AMBER", handling="H1", classification="Restricted"),
        Marking(),
        Marking(tlp="AMBER+STRICT", pap="GREEN", handling="H3", handling_text="by hand"),
        Marking(tlp="AMBER", handling="H1", classification="Secret"),
    ]
    expected = {
        ("tlp", "AMBER+STRICT"), ("pap", "AMBER"), ("handling", "H3"), ("handling", "H1"),
        ("classification", "Restricted"), ("classification", "Secret"), ("handling_text", "by hand"),
    }  # fmt: skip

    assert [("tlp", "AMBER+STRICT"), ("pap", "AMBER"), ("handling", "H3")] == strictest(some)[:3]
    assert expected == set(strictest(some)) == set(strictest(some[::-1]))
    assert [("tlp", "RED"), ("pap", "RED")] == strictest([*some[:2], UNREADABLE])[:2]
    assert [] == strictest([Marking()]) == strictest([])
