"""What a member other than its provider brings of an exhibit: taken where true, blamed on no one else."""

from __future__ import annotations

from contextlib import suppress

import pytest

from comity import custody
from comity.keys.sealing import Sealer
from comity_node.evidence import arrivals, queries, services
from comity_node.evidence.errors import BroughtByOthers
from comity_node.evidence.models import Arrival, Exhibit
from comity_node.register.keyring import keyring
from tests.node.evidence.conftest import CONTENT, THEIRS, Line, announces, seal_for_both

OTHER = CONTENT[::-1]


def acts():
    """What was stated of the exhibit, in order."""
    return [step.act for step in queries.chain(Exhibit.objects.get(ref=THEIRS))]


@pytest.fixture
def forged(boris):
    """An exhibit of Boris's, and what one who can open it sealed under its file key in its place."""
    sealer = Sealer([boris.keys.recipient, keyring().recipient])
    sealed = sealer.header + bytes(sealer.seal(CONTENT, last=True))
    sealer._stream._number, sealer._stream._closed = 0, False
    again = sealer.header + bytes(sealer.seal(OTHER, last=True))
    document = seal_for_both(boris, CONTENT)[1] | {"object": custody.object_name(sealer.header)}
    exhibit = announces(boris, document)
    exhibit.sealed, exhibit.again = sealed, again
    return exhibit


def test_a_member_that_holds_it_gives_what_its_provider_would(theirs):
    """The hash stated is the one computed here, whoever brought the bytes."""
    services.fetch(theirs, Line(theirs.sealed), "cc")

    assert ["added", "received"] == acts()


@pytest.mark.parametrize("brought", [1, 70_000, 200_000, None])
def test_what_a_member_forged_is_never_held_against_the_provider(forged, brought):
    """Whoever can open an exhibit can seal other pieces under its key: whole, or some before its own."""
    with pytest.raises((BroughtByOthers, arrivals.CutShort)):
        services.fetch(forged, Line(forged.again[:brought]), "cc")
    with suppress(BroughtByOthers):
        services.fetch(forged, Line(forged.sealed))
    services.fetch(forged, Line(forged.sealed))

    assert ["added", "received"] == acts()
    assert CONTENT == b"".join(services.content_from(forged, start=0, length=len(CONTENT)))
    assert 0 == Arrival.objects.get().strikes


def test_who_brought_what_was_not_announced_is_not_asked_again(forged):
    """It is dropped whole, and the provider's bytes begin anew."""
    with pytest.raises(BroughtByOthers):
        services.fetch(forged, Line(forged.again), "cc")

    after = Arrival.objects.get()
    assert (["cc"], [], 0) == (after.distrusted, after.brought_by, after.bytes_here)
    line = Line(forged.sealed)
    services.fetch(forged, line)
    assert [0] == line.asked


def test_spoilt_bytes_of_a_member_are_no_strike_against_the_provider(theirs):
    """Only what the provider itself sends can end in a mismatch."""
    spoilt = theirs.sealed[:-1] + bytes([theirs.sealed[-1] ^ 1])
    for _ in range(arrivals.MOST_STRIKES + 1):
        with pytest.raises(BroughtByOthers):
            services.fetch(theirs, Line(spoilt), "cc")

    assert ["added"] == acts()
