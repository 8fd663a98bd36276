"""The neutral scale of severity, and what national scales call about the same."""

from __future__ import annotations

from comity.instruments import library
from comity.severity import equals, grade, grades


def test_the_scale_is_that_of_the_table_of_alerts():
    """A grade that no alert can state, or one nobody explains, would be chosen wrongly."""
    stated = library()["charter"].procedure("alert").statement_of["severity"].values

    assert sorted(stated) == sorted(one.code for one in grades())


def test_only_scales_of_those_concerned_are_shown_each_once():
    """Two States of one scale read it once; one without a scale reads ours alone."""
    assert ["eu"] == [scale.code for scale, _ in equals("3", "de", "fr", "aa")]
    assert [] == equals("3", "aa")


def test_what_is_no_grade_has_no_meaning():
    """A counterpart states what it likes."""
    assert grade("6") is None
    assert [] == equals("6", "us")
