"""A reveal as a file: held against the record here, and by a stranger with the policy alone."""

from __future__ import annotations

import json

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from comity import protected
from comity.channel.verified_reveal import verify_reveal
from comity.errors import ComityError, NotSigned
from comity.tlog.policy import Policy
from comity_node.protected_objects import revealing, services
from comity_node.protected_objects.errors import ProofDoesNotHold
from comity_node.protected_objects.models import ProtectedList
from comity_node.register.policies import policy
from tests.node.counterpart import CHANNEL
from tests.node.protected_objects.conftest import GRID, THEIRS, WATER, Theirs, declares


@pytest.fixture
def revealed(boris, anna, dora):
    """A list of ours that Boris signed for, and the file of its first object."""
    row = declares(anna, dora, "committed", GRID, WATER)
    declares(anna, dora, "committed", WATER)
    boris.receipts()
    leaf = revealing.kept_of(row).document["objects"][0]["leaf"]
    return row, revealing.reveal_file(row, leaf)


def changed(file: bytes, **more: object) -> bytes:
    """The file with something put in its place."""
    return json.dumps({**json.loads(file), **more}).encode()


def test_a_stranger_is_told_what_is_proven_and_what_is_not(revealed):
    """With the policy, that the entry is in its author's log; without, that nobody may have stated it."""
    row, file = revealed

    with_policy = verify_reveal(file, Policy.parse(policy(CHANNEL).encode()))
    without = verify_reveal(file)

    proven = {one.code: one for one in with_policy.proven}
    assert {"object-was-listed", "entry-says", "entry-in-log", "entry-received"} <= set(proven)
    assert (GRID["name"], row.version) == (
        proven["object-was-listed"].values["name"], proven["object-was-listed"].values["entry"]
    )  # fmt: skip
    assert "rest-of-list-unknown" in [one.code for one in with_policy.not_proven]
    assert ["object-leads-to-hash"] == [one.code for one in without.proven]
    assert row.version not in without.proven[0].words()
    assert "commitment-by-nobody" == without.not_proven[0].code


def test_a_file_without_its_proof_proves_nothing_to_whoever_gives_a_policy(revealed):
    """Whoever takes the proof out of a file must not have it verified for that."""
    _row, file = revealed
    bare = changed(file, proof="")

    with pytest.raises(NotSigned, match="no proof of the entry"):
        verify_reveal(bare, Policy.parse(policy(CHANNEL).encode()))
    assert "commitment-without-proof" == verify_reveal(bare).not_proven[0].code


def test_a_file_that_was_tampered_with_shows_nothing(revealed, boris):
    """Whatever is changed, some check names it: here against the record, there against the policy."""
    row, file = revealed
    said = json.loads(file)
    other = services.own(CHANNEL, f"{row.ref[:-1]}2")
    forged_tree = Theirs(GRID)
    forged = {
        "reveal": json.loads(
            json.dumps(protected.document(protected.Revealed(reveals=(forged_tree.reveal(),))))
        )["reveals"][0],
        "root": forged_tree.tree.commitment.root.hex(),
        "size": forged_tree.tree.commitment.size,
    }
    faults = [
        {"root": "00" * 32},
        {"size": said["size"] * 2},
        {"entry": other.version},
        {"entry": f"aa.comity/{CHANNEL}#0"},
        {"entry": f"aa.comity/{CHANNEL}#99"},
        {"entry": "nowhere"},
        {"proof": said["proof"].replace("index 1", "index 2")},
        {"reveal": {**said["reveal"], "salt": "11" * 32}},
        forged,
    ]
    trusted = Policy.parse(policy(CHANNEL).encode())
    for fault in faults:
        with pytest.raises(ComityError):
            verify_reveal(changed(file, **fault), trusted)
        if "proof" not in fault:
            with pytest.raises(ComityError):
                revealing.verify(changed(file, **fault))
    assert GRID["name"] == revealing.verify(file)[1].name


def test_what_they_revealed_can_be_shown_to_a_court_by_us(boris, anna):
    """Their reveal and their signed entry together need neither node."""
    theirs = Theirs()
    version = theirs.declared(boris, "committed")
    theirs.revealed(boris, version)
    row = ProtectedList.objects.get()

    file = revealing.reveal_file(row, theirs.salted[0].leaf.hex())

    assert GRID["name"] == revealing.verify(file)[1].name
    assert verify_reveal(file).proven
    with pytest.raises(ProofDoesNotHold):
        revealing.reveal_file(row, theirs.salted[1].leaf.hex())


def test_an_object_of_a_list_that_was_shown_can_be_shown_to_others(boris, anna):
    """Its salt came with the list, so that whoever holds it can prove what it was given."""
    theirs = Theirs()
    theirs.declared(boris, "shown")
    row = ProtectedList.objects.get()

    file = revealing.reveal_file(row, theirs.salted[1].leaf.hex())

    assert WATER["name"] == revealing.verify(file)[1].name


def test_a_page_of_any_room_shows_what_is_touched_to_whoever_may_read_lists(boris, anna, paul):
    """At once, since an alert is no time for reasons; to nobody else."""
    Theirs().declared(boris)
    page = Template("{% load comity_objects %}{% touched_objects values %}")

    def shown(official):
        request = RequestFactory().get("/")
        request.user = official
        return page.render(Context({"request": request, "values": ["192.0.2.9", "elsewhere.example"]}))

    assert GRID["name"] in shown(anna)
    assert THEIRS in shown(anna)
    assert "" == shown(paul).strip()
