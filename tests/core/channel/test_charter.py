"""A charter: what a channel rests on, read strictly because the other side wrote it."""

from __future__ import annotations

import pytest

from comity.channel.charter import (
    MAX_LIST,
    MAX_TEXT,
    Charter,
    ChosenInstrument,
    Coordinator,
    NamedWitness,
    PartyKeys,
    policy_of,
)
from comity.errors import MalformedCharter, NoQuorum, NotSigned
from comity.mirror import give_receipt
from comity.tlog.note import parse_note
from tests.core.mirror.parties import CHANNEL, Author

ANNA, BORIS = Author("aa", seed=32), Author("bb", seed=16)
ANNA.writes("ours")
PARTIES = [PartyKeys(one.party, one.vkeys, one.mirror_vkeys) for one in (BORIS, ANNA)]
POLICY = policy_of(CHANNEL, PARTIES)
CHARTER = Charter(
    channel=CHANNEL,
    parties=["bb", "aa"],
    purpose="Ransomware against hospitals",
    instruments=[ChosenInstrument("charter", "1", "0" * 64)],
    languages=["en", "fr"],
    coordinators={"bb": Coordinator("central authority", "coordinator", "+999 1")},
    policy=POLICY.encode().decode(),
    witnesses=[NamedWitness(str(Author("x-witness", seed=48).mirror_vkeys[0]), "https://witness.example")],
)


def test_a_charter_reads_back_from_its_payload() -> None:
    """Both sides agree to the same words."""
    assert CHARTER == Charter.read(CHARTER.document())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 2),
        ("v", "1"),
        ("channel", "short"),
        ("channel", None),
        ("parties", ["bb"]),
        ("parties", ["bb", "bb"]),
        ("parties", ["bb", "aa", "bb"]),
        ("parties", [f"x-{number}" for number in range(51)]),
        ("parties", ["bb", "A\u0430"]),
        ("purpose", "x" * (MAX_TEXT + 1)),
        ("purpose", 7),
        ("instruments", [{"id": "charter", "edition": "1", "table": "0"}] * (MAX_LIST + 1)),
        ("instruments", [{"id": "charter"}]),
        ("languages", ["en"] * (MAX_LIST + 1)),
        ("witnesses", [{"vkey": "x", "address": "y"}] * (MAX_LIST + 1)),
        ("coordinators", {"cc": {"office": "x", "capacity": "y"}}),
        ("coordinators", {"bb": {"office": "x"}}),
        ("coordinators", {"bb": {"office": "Office\u202egnirts", "capacity": "y"}}),
        ("coordinators", {"bb": {"office": "x\ny", "capacity": "y"}}),
        ("coordinators", {"bb": {"office": "x", "capacity": "y" * 201}}),
        ("coordinators", []),
        ("languages", ["\u200b"]),
        ("policy", "quorum"),
        ("policy", "\ud800"),
        ("policy", "log x\nquorum none\n"),
        ("witnesses", [{"vkey": "x-witness.comity/witness+0+AA==", "address": "https://w.example"}]),
        ("unknown", 1),
    ],
)
def test_a_charter_with_a_field_out_of_its_form_is_refused(field, value) -> None:
    """A charter is shown to the official who accepts it: what is odd about it must not get that far."""
    with pytest.raises(MalformedCharter):
        Charter.read(CHARTER.document() | {field: value})


@pytest.mark.parametrize("field", ["channel", "parties", "purpose", "instruments", "languages", "policy"])
def test_a_charter_without_a_field_it_needs_is_refused(field) -> None:
    """Nothing that was agreed is left to be guessed."""
    document = CHARTER.document()
    del document[field]

    with pytest.raises(MalformedCharter):
        Charter.read(document)


def test_both_parties_write_the_same_policy() -> None:
    """Whoever lists the parties first: the policy is text both sides compare."""
    assert POLICY.encode() == policy_of(CHANNEL, PARTIES[::-1]).encode()


def test_the_policy_accepts_what_the_other_party_has_receipted() -> None:
    """Any tlog client that is given the policy can verify our record."""
    note = parse_note(give_receipt(ANNA.checkpoint(), BORIS.cosigners()))

    assert POLICY.accept(note)


@pytest.mark.parametrize("cosigners", [(), BORIS.cosigners()[:1], BORIS.cosigners()[1:]])
def test_the_policy_wants_both_signatures_of_a_receipt(cosigners) -> None:
    """One algorithm alone is no receipt."""
    note = give_receipt(ANNA.checkpoint(), cosigners) if cosigners else ANNA.checkpoint()

    with pytest.raises(NoQuorum):
        POLICY.accept(parse_note(note))


def test_the_policy_knows_no_other_log() -> None:
    """A channel has two logs."""
    stranger = Author("cc", seed=64)
    stranger.writes()

    with pytest.raises(NotSigned):
        POLICY.accept(parse_note(stranger.checkpoint()))
