"""A text and its translation stay together, paragraph by paragraph, whatever is written between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.drafting import aligned, joined, realigned
from comity.drafting.alignment import OMITTED, paragraphs

_LINE = (
    st.text("abc \u0434\u0435", min_size=1, max_size=6).map(lambda text: " ".join(text.split())).filter(bool)
)
_LINES = st.lists(_LINE, max_size=8)


def test_each_paragraph_stands_beside_its_translation_and_a_missing_one_is_seen() -> None:
    """A part left out must be seen where it is missing, not at the end."""
    pairs = aligned("One.\n\nTwo.\nThree.", f"Eins.\n{OMITTED}\nDrei.\nVier.")

    assert [("One.", "Eins."), ("Two.", ""), ("Three.", "Drei."), ("", "Vier.")] == pairs
    assert [True, False, True, False] == [pair.is_whole for pair in pairs]


def test_a_paragraph_put_in_between_moves_no_translation_to_another() -> None:
    """Editing the original must not set every later translation beside the wrong paragraph."""
    assert f"Eins.\n{OMITTED}\nZwei." == realigned("One.\nTwo.", "One.\nNew.\nTwo.", "Eins.\nZwei.")
    assert "Zwei." == realigned("One.\nTwo.", "Two.", "Eins.\nZwei.")
    assert "Eins.\nZwei." == realigned("One.\nTwo.", "One, again.\nTwo.", "Eins.\nZwei.")


def test_nothing_translated_leaves_nothing() -> None:
    """A translation of omissions alone is none."""
    assert "" == joined(["", "", OMITTED])


@given(_LINES, _LINES, st.data())
def test_a_paragraph_that_stayed_keeps_its_own_translation(
    before: list[str], after: list[str], data: st.DataObject
) -> None:
    """Whatever happens around it."""
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    stayed = data.draw(st.lists(st.sampled_from(list(old)), unique=True)) if old else []
    in_order = [one for one in old if one in stayed]
    changed = [one for one in new if one not in old] + in_order
    translated = "\n".join(f"T {one}" for one in old)

    found = aligned("\n".join(changed), realigned("\n".join(old), "\n".join(changed), translated))

    at = {pair.original: pair.translation for pair in found if pair.original in in_order}
    assert {one: f"T {one}" for one in in_order} == at


@given(_LINES)
def test_what_is_joined_is_read_back(parts: list[str]) -> None:
    """The form shows again what was typed in it."""
    words = [" ".join(one.split()) for one in parts]
    assert words == paragraphs(joined(words)) or not words
