"""What a counterpart may have this node list: as much as a list of ours may hold, and each of it once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity import protected
from comity_node.protected_objects import projecting, queries, showing
from comity_node.protected_objects.models import ListedObject, ListedValue, ProtectedList
from comity_node.register import rebuilding
from tests.node.counterpart import SECONDED
from tests.node.protected_objects.conftest import GRID, KIND, THEIRS, WATER, Theirs


@pytest.fixture
def read(monkeypatch):
    """The entries that are opened and checked, one after the other."""
    found = []

    def noted(one, *more, **named):
        found.append(str(one.ref))
        return showing.rows_of(one, *more, **named)

    monkeypatch.setattr(projecting, "rows_of", noted)
    return found


def amends(boris, theirs):
    """Have Boris put another version in its place; the entry."""
    stated = {"sort": "shown", "valid_until": "2027-12-31", **protected.stated(theirs.tree.commitment)}
    document = theirs.document("shown")
    return boris.does(f"{KIND}.amended", THEIRS, stated=stated, payload=document, by=SECONDED)


def test_a_list_larger_than_any_of_ours_is_listed_nowhere_and_says_why(boris, settings):
    """The limit on lists holds for whoever sends them too."""
    limits = replace(settings.NODE.limits, list_objects=1)
    settings.NODE = replace(settings.NODE, limits=limits)
    Theirs().declared(boris)
    row = ProtectedList.objects.get()

    assert ("unreadable", 0) == (row.content, row.objects_shown)
    assert "it shows 2 objects, and no more than 1 are listed here" in row.doubt
    assert (0, 0) == (ListedObject.objects.count(), ListedValue.objects.count())


def test_more_values_than_a_list_in_use_has_are_not_listed_and_it_is_said(boris, monkeypatch):
    """One megabyte of short numbers would be a hundred thousand rows: of a version, and of a reveal."""
    monkeypatch.setattr(showing, "MOST_VALUES", 3)
    theirs = Theirs()
    version = theirs.declared(boris)
    theirs.revealed(boris, version)
    theirs.revealed(boris, version, theirs.reveal(1))
    first, second = queries.revealed(ProtectedList.objects.get())

    assert "its objects name 5 values" in ProtectedList.objects.get().doubt
    assert "its objects name 4 values" in first.doubt
    assert ("", WATER["name"]) == (second.doubt, second.name)
    assert 1 == ListedValue.objects.count()


def test_what_was_read_once_is_neither_opened_nor_written_for_what_comes_after_it(boris, read):
    """Sixty large entries cost what they cost when they come, and not again with every receipt."""
    theirs = Theirs()
    entries = [str(theirs.declared(boris))]
    entries += [str(theirs.revealed(boris, entries[0], theirs.reveal(place))) for place in (0, 1)]
    boris.does(f"{KIND}.revealed", THEIRS, stated={"version": entries[0]}, payload={"v": 1})
    rows = set(ListedObject.objects.values_list("pk", flat=True))
    projecting.project(boris.channel, {THEIRS})

    assert entries == read[:3]
    assert 4 == len(read)
    assert rows == set(ListedObject.objects.values_list("pk", flat=True))
    assert len(set(rebuilding.rebuild())) == 1


def test_an_earlier_version_takes_no_place_beside_the_one_in_force(boris, read):
    """However often a list is declared anew, as much is listed as it shows now."""
    theirs, fewer = Theirs(), Theirs(GRID)
    first = theirs.declared(boris)
    theirs.revealed(boris, first, theirs.reveal(1))
    last = amends(boris, fewer)

    listed = ListedObject.objects.values_list("source", "name", "revealed", "doubt")
    assert [(str(last), GRID["name"], False, "")] == list(listed.filter(revealed=False))
    assert [WATER["name"]] == [one.name for one in queries.touched_by(["water.example"]).objects]
    assert 5 == ListedValue.objects.count()
    assert 3 == len(read)
    assert len(set(rebuilding.rebuild())) == 1
