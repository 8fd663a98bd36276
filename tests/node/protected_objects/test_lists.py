"""Lists of both sides: declared, undertaken for, revealed from, destroyed; what a node shows to whom."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comity import protected
from comity_node.protected_objects import queries, revealing, services
from comity_node.protected_objects.errors import ListActNotAllowed, ProofDoesNotHold, ReasonMissing
from comity_node.protected_objects.models import (
    ListedObject,
    ListedValue,
    ProtectedList,
    Undertaken,
    Visit,
)
from comity_node.register import fsck, payloads, rebuilding
from comity_node.register import queries as register
from comity_node.register.owing import owed
from tests.node.counterpart import CHANNEL, SECONDED
from tests.node.protected_objects.conftest import (
    GRID,
    KIND,
    THEIRS,
    WATER,
    Theirs,
    acts,
    declares,
    signs,
)

DISPOSAL = {"method": "Overwritten", "done_by": "CERT", "done_at": "2026-05-01", "copies": "None."}


def rebuilt() -> None:
    """What is projected follows from the record alone."""
    before, after = rebuilding.rebuild()
    assert before == after
    assert [] == fsck.check()[0]


def names(*observed: str) -> list[str]:
    """What the objects are called that things observed touch."""
    return [one.name for one in queries.touched_by(observed).objects]


def test_a_list_that_is_committed_to_shows_nothing_and_is_found_here(boris, anna, dora):
    """The other side learns a root and a size; who declared it finds its objects all the same."""
    row = declares(anna, dora)

    said = payloads.payload(register.entries(CHANNEL, ref=row.ref)[0])

    assert ("declared", True, 16, 0) == (row.state, row.ours, row.leaves, row.objects_shown)
    assert () == tuple(said["objects"])
    assert "grid" not in str(said).lower()
    (touched,) = queries.touched_by(["hxxps://scada.grid[.]example/login"]).objects
    assert (GRID["name"], True, False, "grid.example") == (
        touched.name, touched.ours, touched.is_known_to_them, touched.by
    )  # fmt: skip
    rebuilt()


def test_a_list_that_is_shown_is_read_by_both(boris, anna, dora):
    """What they show is on our side found as what we keep is."""
    row = declares(anna, dora, "shown")
    Theirs({**WATER, "name": "Waterworks of Borland", "domains": ["wasser.example"]}).declared(boris)

    theirs = ProtectedList.objects.get(ref=THEIRS)

    assert (2, 1) == (row.objects_shown, theirs.objects_shown)
    assert ["Waterworks of Borland"] == names("a@mail.wasser.example")
    assert ["Grid control centre North"] == names("192.0.2.7")
    rebuilt()


def test_an_undertaking_is_owed_until_it_is_released(boris, anna, dora):
    """What a State undertook is among what it owes, with the entry it comes from."""
    version = Theirs().declared(boris)
    row = ProtectedList.objects.get()
    given = acts(row, "undertaken", anna, dora, undertaking=["hands_off"], version=str(version))

    before = [(one.party, one.sort, one.what, one.source) for _room, one in owed(CHANNEL)]
    boris.does(
        f"{KIND}.undertaking_released", THEIRS, payload=protected.document(protected.Words()), by=SECONDED
    )

    assert ("aa", "undertaking", "hands_off", given) in before
    assert "undertaking" not in [one.sort for _room, one in owed(CHANNEL)]
    assert "declined" == ProtectedList.objects.get().state


def test_a_new_version_takes_the_place_of_the_one_before(boris, anna, dora):
    """What is undertaken names the version it was undertaken for."""
    row = declares(anna, dora, "shown", GRID)
    bound = {"undertaking": ["hands_off"], "version": row.version}
    boris.does(
        f"{KIND}.undertaken", row.ref, stated=bound, payload=protected.document(protected.Words()),
        by=SECONDED,
    )  # fmt: skip

    again = declares(anna, dora, "shown", GRID, WATER, ref=row.ref)

    assert (2, 2, "undertaken") == (again.number, again.objects_shown, again.state)
    assert row.version == Undertaken.objects.get().version != again.version
    assert ["Waterworks East"] == names("water.example")
    rebuilt()


def test_what_is_revealed_is_proven_before_it_is_shown(boris, anna, dora):
    """A proof that holds is accepted; the object is found from then on."""
    theirs = Theirs()
    version = theirs.declared(boris, "committed")
    assert [] == names("grid.example")

    entry = theirs.revealed(boris, version)
    row = ProtectedList.objects.get()
    acts(row, "proof_accepted", anna, revealed=str(entry))

    (shown,) = queries.revealed(row)
    assert ("", GRID["name"]) == (shown.doubt, shown.name)
    assert [GRID["name"]] == names("2001:db8:7::1")
    rebuilt()


def test_a_proof_that_does_not_hold_is_not_accepted(boris, anna, dora):
    """Another object under the salt and place of one that is listed shows nothing."""
    theirs = Theirs()
    version = theirs.declared(boris, "committed")
    forged = protected.Reveal(
        object={**WATER, "name": "Ministry of Defence"},
        salt=theirs.reveal().salt,
        index=theirs.reveal().index,
        hashes=theirs.reveal().hashes,
    )
    entry = theirs.revealed(boris, version, forged)
    row = ProtectedList.objects.get()

    with pytest.raises(ProofDoesNotHold, match="leads to another root"):
        acts(row, "proof_accepted", anna, revealed=str(entry))
    disputed = acts(row, "proof_disputed", anna, revealed=str(entry), because="does_not_verify")

    assert "leads to another root" in queries.revealed(row)[0].doubt
    assert [] == names("water.example")
    assert disputed.index
    rebuilt()


def test_we_reveal_one_object_and_nothing_beside_it(boris, anna, dora):
    """The rest of the list stays as hidden as it was."""
    row = declares(anna, dora)
    leaf = next(
        one["leaf"]
        for one in revealing.kept_of(row).document["objects"]
        if one["object"]["name"] == GRID["name"]
    )

    entry = signs(revealing.reveal_act(row, [leaf]), anna)

    said = payloads.payload(register.entry(entry))
    assert "Waterworks" not in str(said)
    (touched,) = queries.touched_by(["AS64500"]).objects
    assert touched.is_known_to_them
    rebuilt()


def test_what_is_destroyed_is_gone_and_its_commitment_stands(boris, anna, dora):
    """The certificate is true on our disk; the entry and what it states stand for good."""
    version = Theirs().declared(boris)
    row = ProtectedList.objects.get()
    certificate = protected.read(DISPOSAL, protected.Disposed)
    with pytest.raises(ListActNotAllowed):
        acts(row, "destroyed", anna, dora, said=certificate, entries=[str(version)])
    boris.does(
        f"{KIND}.disposal_asked", THEIRS, payload=protected.document(protected.Words()),
        stated={"entries": [str(version)], "disposal": "destruction"},
    )  # fmt: skip
    before = register.entry(version)

    acts(row, "destroyed", anna, dora, said=certificate, entries=[str(version)])

    after = ProtectedList.objects.get()
    assert ("erased", "", 0, row.root) == (after.content, after.title, after.objects_shown, after.root)
    assert not ListedObject.objects.exists()
    assert not ListedValue.objects.exists()
    assert before.leaf == register.entry(version).leaf
    assert ("destroyed", "declared") == (Undertaken.objects.get().how, after.state)
    assert [] == names("grid.example")
    rebuilt()


def test_their_certificate_erases_nothing_here(boris, anna, dora):
    """Whoever could erase our list by its own word could make us forget what we declared."""
    row = declares(anna, dora, "shown")
    acts(row, "disposal_asked", anna, entries=[row.version], disposal="destruction")
    said = protected.document(protected.read(DISPOSAL, protected.Disposed))
    boris.does(f"{KIND}.destroyed", row.ref, stated={"entries": [row.version]}, payload=said, by=SECONDED)

    assert ("held", 2) == (ProtectedList.objects.get().content, ProtectedList.objects.get().objects_shown)
    assert "destroyed" == Undertaken.objects.get().how


def test_every_opening_is_noted_and_reported_without_names(boris, anna, dora):
    """The declaring side may ask how often a list was opened; it is never told by whom."""
    Theirs().declared(boris)
    row = ProtectedList.objects.get()
    with pytest.raises(ReasonMissing):
        services.open_(row, by=anna, why="  ")
    services.open_(row, by=anna, why="Incident at the grid")
    services.open_(row, by=anna, why="Incident at the grid", what="object")
    services.open_(row, by=dora, why="Review")

    entry = signs(services.access_act(row), anna, dora)

    said = payloads.payload(register.entry(entry))
    assert {("Ministry", 2), ("Prosecution", 1)} == {(one["office"], one["times"]) for one in said["opened"]}
    assert "anna" not in str(said).lower()
    assert 3 == Visit.objects.count()


def test_no_reference_of_theirs_uses_up_the_numbers_of_our_lists(boris):
    """One entry under a number of ours, however high, made our next one no reference, or one in use."""
    now = timezone.now()
    for number in ("999999999", "0001"):
        boris.does(f"{KIND}.closed", f"aa-{now.year}-p{number}")

    assert f"aa-{now.year}-p0002" == queries.next_number(now)
