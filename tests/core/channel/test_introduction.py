"""An introduction is its author's word: whose it is, what it says, and that nobody says it in two ways."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.channel.introduction import (
    FORM,
    BadIntroduction,
    Contradiction,
    MalformedIntroduction,
    Said,
    introduce,
    is_introduction,
    read_introduction,
)
from comity.channel.passport import identity_signers, issue, public_keys
from comity.errors import ComityError
from comity.keys.keyring import Keyring
from comity.tlog.note import parse_note, sign_note
from tests.core.channel.test_passport import about

CORLAND, BORLAND, FALSE = Keyring.generate("cc"), Keyring.generate("bb"), Keyring.generate("bb")


def passport(ring: Keyring, version: int = 1, **said: object):
    """A passport of a party, as it issues it."""
    described = about(party=ring.party, version=version, keys=public_keys(ring, witness=False), **said)
    return issue(described, *identity_signers(ring))


CC = passport(CORLAND)
KEYS = {"cc": CC.keys["identity"]}


def said(**changed: object) -> Said:
    """What Corland says of Borland to Arland."""
    words = {
        "introducer": "cc",
        "to": "aa",
        "issued": "2026-03-01",
        "compared": "2026-02-01",
        "how": "in person",
        "version": 1,
        "passport": passport(BORLAND).note.decode(),
    }
    return Said(**{**words, **changed})


def given_by(ring: Keyring, what: Said) -> bytes:
    """An introduction under a ring's identity."""
    return introduce(what, *identity_signers(ring))


def signed_anyhow(what: Said) -> bytes:
    """An introduction a dishonest Corland signs, whatever it says."""
    text = msgspec.json.format(msgspec.json.encode(what), indent=1).decode()
    return sign_note(f"{FORM}\n{text}\n", *identity_signers(CORLAND)).encode()


def test_who_vouches_for_which_keys_and_how_they_were_compared_is_read() -> None:
    """That is all an officer has to judge by."""
    file = given_by(CORLAND, said())

    read = read_introduction(file, KEYS.get)

    assert is_introduction(file)
    assert ("cc", "aa", "bb") == (read.said.introducer, read.said.to, read.about)
    assert ("2026-02-01", "in person") == (read.said.compared, read.said.how)
    assert read.passport.fingerprint == passport(BORLAND).fingerprint


def test_only_the_introducer_itself_can_have_said_it() -> None:
    """A thief, or the party that is introduced, must not be able to introduce."""
    for ring in (BORLAND, replace(CORLAND, identity=BORLAND.identity)):
        with pytest.raises(BadIntroduction):
            read_introduction(given_by(ring, said()), KEYS.get)
    with pytest.raises(BadIntroduction):
        read_introduction(given_by(CORLAND, said()), {}.get)


@pytest.mark.parametrize("which", [0, 1])
def test_both_identity_keys_must_have_signed(which: int) -> None:
    """One algorithm may have fallen."""
    note = parse_note(given_by(CORLAND, said()))
    half = replace(note, signatures=(note.signatures[which],)).encode()

    with pytest.raises(BadIntroduction):
        read_introduction(half, KEYS.get)


@pytest.mark.parametrize(
    "changed",
    [
        {"to": "cc"},
        {"to": "bb"},
        {"introducer": "bb"},
        {"compared": "2026-03-02"},
        {"compared": "20260201"},
        {"issued": "tomorrow"},
        {"to": "Arland"},
        {"version": 2},
        {"version": 0},
        {"how": "by letter"},
    ],
)
def test_what_does_not_fit_together_is_refused(changed: dict[str, object]) -> None:
    """Three different parties, days in their order, and ways of comparing that are known."""
    with pytest.raises(MalformedIntroduction):
        read_introduction(signed_anyhow(said(**changed)), KEYS.get)


def test_a_passport_that_is_not_genuine_is_not_introduced() -> None:
    """The introducer's signature does not stand in for the party's own."""
    altered = passport(BORLAND).note.decode().replace("Europe/Vienna", "Europe/Berlin")

    with pytest.raises(ComityError):
        read_introduction(signed_anyhow(said(passport=altered)), KEYS.get)


def test_one_spelling_and_a_bounded_size() -> None:
    """Two files that say the same would be two statements."""
    text = msgspec.json.encode(said()).decode()
    loose = sign_note(f"{FORM}\n{text}\n", *identity_signers(CORLAND)).encode()
    for file in (loose, b"x" * 400_000, b"", f"{FORM}\n".encode()):
        with pytest.raises(MalformedIntroduction):
            read_introduction(file, KEYS.get)


@given(st.integers(0, 6_000), st.integers(1, 255))
def test_any_altered_byte_is_noticed(place: int, change: int) -> None:
    """It travels through many hands."""
    file = bytearray(FILE)
    file[place % len(file)] ^= change

    with pytest.raises(ComityError):
        read_introduction(bytes(file), KEYS.get)


FILE = given_by(CORLAND, said())


def test_two_identities_under_one_version_convict_their_introducer() -> None:
    """Whoever tells Arland one thing and Dorland another has signed the proof of it."""
    true = read_introduction(given_by(CORLAND, said()), KEYS.get)
    lie = read_introduction(
        given_by(CORLAND, said(to="dd", passport=passport(FALSE).note.decode())), KEYS.get
    )

    file = Contradiction(CC, true, lie).encode()
    proof = Contradiction.parse(file)

    assert true.contradicts(lie)
    assert "cc" == proof.introducer.about.party
    assert {"aa", "dd"} == {proof.first.said.to, proof.second.said.to}


def test_what_an_honest_introducer_says_over_the_years_proves_nothing() -> None:
    """The same to many, signed anew or not, a next version, another party: all that is honest."""
    one = read_introduction(given_by(CORLAND, said()), KEYS.get)
    for other in (
        said(to="dd", issued="2027-01-01"),
        said(passport=passport(BORLAND, address="https://elsewhere.bb.example").note.decode()),
        said(passport=passport(BORLAND, 2).note.decode()),
        said(passport=passport(Keyring.generate("ee")).note.decode()),
    ):
        second = read_introduction(given_by(CORLAND, other), KEYS.get)
        assert not one.contradicts(second)
        with pytest.raises(MalformedIntroduction):
            Contradiction.parse(Contradiction(CC, one, second).encode())


def test_nobody_is_convicted_by_words_of_another() -> None:
    """A forged second statement, or another's passport in the proof, proves nothing."""
    lie = said(passport=passport(FALSE).note.decode())
    forger = replace(Keyring.generate("cc"))
    false_keys = {"cc": passport(forger).keys["identity"]}
    true = read_introduction(given_by(CORLAND, said()), KEYS.get)
    forged = read_introduction(given_by(forger, lie), false_keys.get)

    for author in (CC, passport(forger), passport(BORLAND)):
        with pytest.raises(ComityError):
            Contradiction.parse(Contradiction(author, true, forged).encode())


@given(st.binary(max_size=400))
def test_any_bytes_are_a_proof_or_are_refused(data: bytes) -> None:
    """Proofs are shown by whoever wants to discredit."""
    with pytest.raises(ComityError):
        Contradiction.parse(data)
