"""File names a counterpart chose must mislead nobody and harm nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.custody import name_to_save, name_to_show

ANY_NAME = st.text(max_size=2000)
DEVICES = st.sampled_from(["con", "PRN", "aux.txt", "NUL.", "com1.dd", "LPT9"])


@given(ANY_NAME)
def test_a_name_is_shown_as_one_short_line_that_hides_nothing(name):
    """Marks that reorder or hide letters make one file look like another."""
    shown = name_to_show(name)

    assert 0 < len(shown) <= 120
    assert not {"Cc", "Cf", "Zl", "Zp"} & {unicodedata.category(letter) for letter in shown}


@given(ANY_NAME | DEVICES)
def test_a_name_to_save_is_never_a_path_nor_a_device(name):
    """The browser saves under it: it must stay in the folder the official chose."""
    saved = name_to_save(name, "aa-2026-x0001")

    assert saved not in {"", ".", ".."}
    assert not set('<>:"/\\|?*\r\n\0') & set(saved)
    assert saved[0] not in " ."
    assert saved.partition(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    assert len(saved) <= 121


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("image.dd", "image.dd"),
        ("Протокол осмотра.pdf", "Протокол осмотра.pdf"),
        ("invoice\u202efdp.exe", "invoice\ufffdfdp.exe"),
        ("a" * 200 + ".tar", "a" * 115 + "….tar"),
        ("\u200b", "\ufffd"),
        ("  ", "\ufffd"),
    ],
)
def test_a_name_is_shown_as_it_is_stored(name, shown):
    """An honest name is left alone; of a long one the ending stays, since it tells the kind of file."""
    assert shown == name_to_show(name)


def test_a_name_of_which_nothing_is_left_gives_way_to_the_reference():
    """A file must be saved under something."""
    assert "aa-2026-x0001" == name_to_save("../..", "aa-2026-x0001")
