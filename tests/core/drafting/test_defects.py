"""Every defect of the catalogue, shown on a request that has it and on the same request put right."""

from __future__ import annotations

import pytest

from comity.drafting import Severity, catalogue, defects
from tests.core.drafting.vectors import names, request, vector

MORE = [(name, at) for name in names() for at in range(len(vector(name).get("more", [])))]


def test_nothing_is_found_in_the_whole_request() -> None:
    """A check that always finds something is not read."""
    assert [] == [(one.id, one.field, one.what) for one in defects(request())]


def test_every_defect_has_its_vector() -> None:
    """A lawyer can see of each defect what it means; and no vector outlives its defect."""
    looked_for = {row.id for row in catalogue().rows if row.applies}

    assert looked_for == set(names())


@pytest.mark.parametrize("name", names())
def test_the_defect_is_found_and_no_other(name: str) -> None:
    """A finding that comes for another's reason sends the author to the wrong place."""
    case = vector(name)
    expect = case["failing"]["expect"]

    found = defects(request(case, case["failing"]))

    own = [one for one in found if one.id == name]
    assert {name, *expect.get("besides", ())} == {one.id for one in found}
    assert [(expect["field"], expect["severity"])] == [(one.field, one.severity.value) for one in own]
    assert [] == [word for word in expect.get("say", ()) if word not in own[0].what]
    assert expect.get("basis", own[0].basis) == own[0].basis
    assert expect.get("verified", own[0].verified.value) == own[0].verified.value


@pytest.mark.parametrize("name", names())
def test_nothing_is_found_once_it_is_mended(name: str) -> None:
    """What the finding told the author to do must be enough."""
    case = vector(name)

    found = defects(request(case, case["mended"]))

    assert [] == [(one.id, one.field, one.what) for one in found]


@pytest.mark.parametrize(("name", "at"), MORE)
def test_it_is_told_from_what_only_looks_like_it(name: str, at: int) -> None:
    """A false alarm costs the next true one."""
    case = vector(name)
    more = case["more"][at]

    found = {one.id for one in defects(request(case, more))}

    assert more["found"] == (name in found), more["because"]


def test_the_gravest_comes_first() -> None:
    """An author who mends one thing mends the one that sends the request back."""
    case = vector("search_without_place")

    order = [one.severity for one in defects(request(case, case["failing"]))]

    assert order == sorted(order, key=list(Severity).index)
    assert len(set(order)) > 1


def test_a_finding_rests_on_the_instruments_own_row_where_it_has_one() -> None:
    """The other side returns requests by the instrument's codes; the finding names the same one."""
    case = vector("no_time_zone")

    (found,) = defects(request(case, case["failing"]))

    assert ("no_time_zone", "practice: guides for drafting requests (PC-OC 2015, PILON)", "S") == (
        found.reason,
        found.basis,
        found.verified.value,
    )


def test_every_row_of_the_catalogue_says_on_what_it_rests() -> None:
    """No number and no list is law; each says whose word it is, and none claims to have been read."""
    rows = [*catalogue().rows, *catalogue().bounds]

    assert [] == [row.id for row in rows if not row.basis.startswith(("practice: ", "source: "))]
    assert [] == [row.id for row in rows if row.verified.value == "V"]


def test_a_procedure_in_which_nothing_is_looked_for_stays_silent() -> None:
    """A minute of a consultation is no request."""
    case = {
        "whole": False,
        "in": {"instrument": "working-group-mandate", "procedure": "consultation", "types": ["alert"]},
        "fields": {"subject": "Activity from 192.0.2.7 at 14:05, urgent"},
    }

    assert [] == defects(request(case))
