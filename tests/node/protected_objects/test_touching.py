"""What is found of things observed: in how many questions, whose first, and that there is more."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from comity_node.protected_objects import revealing, services, touching
from comity_node.protected_objects.models import ProtectedList
from tests.node.protected_objects.conftest import THEIRS, Theirs, acts, declares


def stations(count, whose="Station"):
    """So many objects, each in a network of its own within 10.0.0.0/8."""
    return [
        {"name": f"{whose} {n}", "sector": "energy", "networks": [f"10.{n >> 8}.{n & 255}.0/24"]}
        for n in range(count)
    ]


def asked(*observed):
    """How many questions a look-up asks the database."""
    with CaptureQueriesContext(connection) as seen:
        touching.touched_by(observed)
    return len(seen)


def test_a_look_up_asks_as_often_for_many_objects_as_for_one(boris, anna, dora):
    """An alert about a whole network must not wait for a question an object."""
    Theirs(*stations(40)).declared(boris)
    declares(anna, dora, "shown", *stations(40, "Plant"))

    assert 80 == len(touching.touched_by(["10.0.0.0/8"]).objects)
    assert asked("10.0.7.7") == asked("10.0.0.0/8")


def test_ours_are_named_however_many_of_theirs_are_touched(boris, anna, dora, monkeypatch):
    """Whoever declares thousands of objects must not hide ours behind them, whatever was observed first."""
    monkeypatch.setattr(touching, "MOST_TOUCHED", 5)
    Theirs(*stations(20)).declared(boris)
    row = declares(anna, dora, "committed", *stations(1, "Plant"))
    declares(anna, dora, "shown", *stations(1, "Mill"))

    found = touching.touched_by(["10.0.0.0/8", "10.0.0.7"])
    later = touching.touched_by([*(f"10.0.{n}.7" for n in range(19, -1, -1)), "nothing"])

    for one in (found, later):
        assert ["Mill 0", "Plant 0"] == [each.name for each in one.objects if each.ours]
        assert (5, True) == (len(one.objects), one.has_more)
    assert row.ref in {one.ref for one in found.objects}


def test_that_more_is_touched_than_is_named_is_said(boris, anna, dora, monkeypatch, rf):
    """What is left out in silence would be believed untouched."""
    monkeypatch.setattr(touching, "MOST_TOUCHED", 3)
    monkeypatch.setattr(touching, "MOST_OBSERVED", 2)
    declares(anna, dora, "committed", *stations(4))
    request = rf.get("/")
    request.user = anna
    drawn = Template("{% load comity_objects %}{% touched_objects values %}")

    def page(*values):
        return drawn.render(Context({"request": request, "values": values}))

    every, few, many = page("10.0.0.0/8"), page("10.0.0.1"), page("192.0.2.1", "192.0.2.2", "10.0.0.1")
    assert "More objects are touched than are named" in every
    assert "More objects" not in few
    assert "Station 0" in few
    assert "1 more thing observed was not held" in many


def test_versions_gone_by_take_no_place_from_the_one_in_force(boris, anna, dora, monkeypatch):
    """What was listed before and is so no more is counted neither as found nor as more."""
    monkeypatch.setattr(touching, "MOST_TOUCHED", 5)
    ref = declares(anna, dora, "shown", *stations(5, "Old")).ref
    declares(anna, dora, "shown", *stations(5, "New"), ref=ref)

    found = touching.touched_by(["10.0.0.0/8"])

    assert [f"New {n}" for n in range(5)] == [one.name for one in found.objects]
    assert not found.has_more


@pytest.mark.parametrize("ending", ["withdrawn", "closed"])
def test_a_list_that_is_over_is_found_by_nothing(boris, anna, dora, ending):
    """What is asked for no more binds nobody, revealed or not."""
    row = declares(anna, dora, "committed", *stations(1))
    leaf = revealing.kept_of(row).document["objects"][0]["leaf"]
    services.sign(revealing.reveal_act(row, [leaf]), by=anna)
    assert 1 == len(touching.touched_by(["10.0.0.1"]).objects)

    acts(row, "withdrawn", anna, dora)
    if ending == "closed":
        acts(row, "closed", anna, dora)

    assert () == touching.touched_by(["10.0.0.1"]).objects


def test_theirs_that_are_only_committed_to_are_found_once_revealed(boris):
    """One object revealed is found; the others stay as hidden as they were."""
    theirs = Theirs(*stations(3))
    version = theirs.declared(boris, "committed")
    theirs.revealed(boris, version, theirs.reveal(1))

    assert ["Station 1"] == [one.name for one in touching.touched_by(["10.0.0.0/8"]).objects]
    assert THEIRS == ProtectedList.objects.get().ref
