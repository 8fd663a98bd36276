"""Figures as they are stated: numbers only, in one spelling, compared number by number."""

from __future__ import annotations

import msgspec
import pytest

from comity.errors import MalformedFigures
from comity.lifecycle.stated import log_head
from comity.reciprocity import Head, StatedFigures, count, differences, document, read_figures, stated_figures
from tests.core.reciprocity.test_figures import CHANNEL, LATE, Written

LOGS = {"aa": Head(5, "a" * 64), "bb": Head(3, "b" * 64)}


@pytest.fixture
def figures():
    """Two requests of one side, one refused."""
    written = Written()
    written.lodges("aa", "r1")
    written.lodges("aa", "r2")
    written.act("bb", "r1", "consulted", day=1)
    written.act("bb", "r1", "refused", day=3, ground="military_only")
    return count(written.cases(), as_of=LATE, parties=("aa", "bb"))


@pytest.fixture
def stated(figures) -> StatedFigures:
    """The same as stated."""
    return stated_figures(CHANNEL, figures, LOGS)


def test_what_is_stated_holds_numbers_and_no_entry(figures, stated):
    """It can be shown to anybody; the entries behind it are bound by a digest."""
    said = stated.encode().decode()

    assert "#" not in said
    assert "r1" not in said
    assert [2, 1] == [stated.lines[0].figures[one] for one in ("lodged", "refused")]
    assert document(CHANNEL, figures)["lines"][0]["figures"]["lodged"]["count"] == 2


def test_it_is_read_back_to_the_same_bytes(stated):
    """A digest is of one spelling."""
    again = read_figures(msgspec.json.decode(stated.encode()))

    assert stated == again
    assert stated.digest == again.digest
    assert (("aa", 5), ("bb", 3)) == again.extent.sizes


def test_what_is_exercise_is_stated_apart_and_read_back_alike(stated):
    """Figures stated before there were exercises keep their bytes: the key is there only where it says so."""
    plain = msgspec.json.decode(stated.encode())
    assert all("exercise" not in line for line in plain["lines"])

    practised = {**plain["lines"][0], "period": "", "exercise": "yes"}
    plain["lines"].append(practised)
    again = read_figures(plain)

    assert "yes" == again.lines[-1].cut.exercise
    assert plain == msgspec.json.decode(again.encode())
    assert [again.lines[-1].key] == [*{one.key for one in differences(stated, again)}]


def test_every_number_that_differs_is_named_once(stated):
    """Officers read which number, not that some number."""
    plain = msgspec.json.decode(stated.encode())
    plain["lines"][0]["figures"]["lodged"] = 3
    plain["lines"][0]["because"]["refused"]["military_only"] = 2
    plain["lines"][0]["response"]["median"] = 9
    del plain["lines"][1]
    found = list(differences(stated, read_figures(plain)))

    of_all = [one for one in found if one.key == stated.lines[0].key]
    assert {
        "lodged": (2, 3), "refused/military_only": (1, 2), "response/median": (259_200, 9),
    } == {one.name: (one.ours, one.theirs) for one in of_all}  # fmt: skip
    assert "lodged: 2, not 3" in next(one.said() for one in of_all if one.name == "lodged")
    assert stated.lines[1].key in {one.key for one in found}
    assert [] == list(differences(stated, stated))


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        [],
        {"form": "comity/figures/v2"},
        {"as_of": "2026-01-01T00:00:00"},
        {"lines": [{"requesting": "aa"}]},
        {"logs": {"aa": {"size": -1, "root": "a" * 64}}},
        {"logs": {"aa": {"size": 1, "root": "A" * 64}}},
        {"entries": "0"},
        {"more": 1},
        {"terms": [{"performer": "x" * 200, "by_standing": {}, "past_their_day": 0}]},
    ],
    ids=str,
)
def test_what_is_not_in_the_form_is_refused(stated, hostile):
    """The other side writes what it likes."""
    said = {**stated.plain(), **hostile} if isinstance(hostile, dict) else hostile

    with pytest.raises(MalformedFigures):
        read_figures(said)


def test_more_than_figures_can_be_is_refused(stated):
    """A page must be able to show them."""
    plain = stated.plain()
    plain["lines"] *= 5_000

    with pytest.raises(MalformedFigures, match="at most"):
        read_figures(plain)


@pytest.mark.parametrize(
    "head", ["", "aa", "aa 1", "aa 01 {}", "aa -1 {}", "AA 1 {}", "aa 1 {}0", "aa 1  {}"]
)
def test_a_log_is_stated_in_one_form(head):
    """Party, size, root, and nothing that looks like it."""
    assert log_head(head.format("0" * 64)) is None
    assert ("aa", 1, "0" * 64) == log_head("aa 1 " + "0" * 64)
