"""Who answers for a translation is said whole, or not at all."""

from __future__ import annotations

import pytest

from comity.drafting import Authorship, read_authorship

SWORN = {
    "how": "human",
    "office": "Translation service",
    "certified_by": "N. Nordova",
    "capacity": "sworn translator",
    "certified_on": "2026-05-03",
}


def test_a_certificate_has_a_name_a_capacity_and_a_day() -> None:
    """Less than that certifies nothing."""
    assert read_authorship(SWORN)[0].is_certified
    for left_out in ("certified_by", "capacity", "certified_on"):
        said = {name: text for name, text in SWORN.items() if name != left_out}
        assert (Authorship(), False) == read_authorship(said)


@pytest.mark.parametrize(
    "said",
    ["me", [], {"how": "magic"}, {**SWORN, "certified_on": "3 May"}, {"by": "x"}, {"office": "x" * 201}],
)
def test_what_cannot_be_read_certifies_nothing(said: object) -> None:
    """A counterpart's translation must not look certified because we could not read by whom."""
    made, is_readable = read_authorship(said)

    assert (False, False, False) == (is_readable, made.is_certified, made.is_checked)


def test_a_machine_alone_has_checked_nothing() -> None:
    """Only a person answers for words."""
    assert not Authorship(how="machine", office="x").is_checked
    assert ("checked_by", "say who checked what the machine translated") in Authorship(
        how="machine_checked"
    ).flaws()
