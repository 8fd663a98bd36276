"""How this node's keys lie: under shares nobody opens them alone, and nothing is lost on the way."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from django.conf import settings

from comity.errors import WrongPassphrase
from comity.keys import at_rest, shares
from comity.keys.keyring import Keyring
from comity.keys.shares import BadShare, SharesMissing
from comity_node.counterparts import safekeeping
from comity_node.counterparts.safekeeping import BadCopy, NotOurKeys, SharesDiffer
from comity_node.officials.models import Journal
from comity_node.register.keyring import PASSPHRASE, SHARE_FILES, keyring, replace_keyring
from comity_node.register.letter_key import letter_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of its own, its keyring bare."""
    before = settings.NODE
    (tmp_path / "keys").mkdir()
    ring = tmp_path / "keys" / "keyring"
    ring.touch(mode=0o600)
    ring.write_bytes(Keyring.generate(before.party).to_bytes(None))
    settings.NODE = replace(before, path=tmp_path)
    for name in (PASSPHRASE, SHARE_FILES):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path
    settings.NODE = before


def sheets(folder, drawn):
    """Each share as a file."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{share.number}.txt" for share in drawn.shares]
    for path, share in zip(paths, drawn.shares, strict=True):
        path.write_text(share.words)
    return paths


def test_under_two_of_three_nobody_opens_the_keyring_alone(home, monkeypatch) -> None:
    """One operator, or one custodian, must not be able to sign."""
    before, letters = keyring(), letter_key()
    drawn = shares.draw(2, 3)
    paths = sheets(home / "shares", drawn)

    assert "under 2 of 3 shares" in safekeeping.protect(drawn)

    with pytest.raises(WrongPassphrase):
        keyring()
    monkeypatch.setenv(SHARE_FILES, str(paths[2]))
    with pytest.raises(SharesMissing):
        keyring()
    monkeypatch.setenv(SHARE_FILES, os.pathsep.join(map(str, paths[1:])))
    assert before == keyring()
    assert letters.fingerprint == letter_key().fingerprint
    assert (drawn.shares[0].set, 2, 3) == (
        safekeeping.custodians().set,
        safekeeping.custodians().needed,
        safekeeping.custodians().count,
    )


def test_what_is_changed_under_shares_stays_under_them(home, monkeypatch) -> None:
    """A renewal of keys must not lay the keyring bare."""
    drawn = shares.draw(2, 2)
    safekeeping.protect(drawn)
    monkeypatch.setenv(SHARE_FILES, os.pathsep.join(map(str, sheets(home / "shares", drawn))))

    replace_keyring(keyring().rotate("wire"))

    assert at_rest.is_locked((home / "keys" / "keyring").read_bytes())
    assert safekeeping.tried(drawn.shares).wire == keyring().wire


def test_shares_are_drawn_anew_and_the_old_open_nothing(monkeypatch) -> None:
    """A custodian leaves: what they hold must become worthless."""
    first, second = shares.draw(2, 3), shares.draw(2, 3)
    safekeeping.protect(first)
    monkeypatch.setenv(PASSPHRASE, first.secret)

    safekeeping.protect(second)

    monkeypatch.delenv(PASSPHRASE)
    with pytest.raises(SharesDiffer, match=first.shares[0].set):
        safekeeping.tried(first.shares)
    with pytest.raises(BadShare):
        safekeeping.tried([first.shares[0], second.shares[1]])
    assert safekeeping.tried(second.shares[:2]).party == settings.NODE.party


def test_back_to_a_passphrase_or_to_nothing(home, monkeypatch) -> None:
    """An authority may think otherwise later; what is said of custodians goes with it."""
    ring, drawn = keyring(), shares.draw(2, 3)
    safekeeping.protect(drawn)
    monkeypatch.setenv(PASSPHRASE, drawn.secret)

    assert safekeeping.protect("correct horse") == "under a passphrase"
    monkeypatch.setenv(PASSPHRASE, "correct horse")
    assert ring == keyring()
    assert safekeeping.custodians() is None
    assert safekeeping.protect(None) == "under no passphrase"
    monkeypatch.delenv(PASSPHRASE)
    assert ring == keyring()
    assert ["2 of 3", "a passphrase", "nothing"] == [
        one.about[:6] if "shares" in one.about else one.about
        for one in Journal.objects.filter(did="keys.protected").order_by("pk")
    ]


def test_keys_that_were_not_opened_are_put_under_nothing_else(monkeypatch) -> None:
    """Whoever lacks the shares must not be able to take them off."""
    safekeeping.protect(shares.draw(2, 3))

    with pytest.raises(WrongPassphrase):
        safekeeping.protect(None)


def test_a_copy_is_opened_by_its_own_shares_and_brought_back(home, monkeypatch) -> None:
    """The disk is gone and nobody knows the passphrase: enough custodians bring the keys back."""
    ring, letters, drawn = keyring(), letter_key(), shares.draw(3, 5)
    said = safekeeping.copy(home / "vault", drawn)
    (home / "keys" / "keyring").unlink()

    with pytest.raises(SharesMissing):
        safekeeping.bring_back(home / "vault", drawn.shares[:2])
    assert str(said) in safekeeping.bring_back(home / "vault", drawn.shares[1:4])

    monkeypatch.setenv(PASSPHRASE, drawn.secret)
    assert ring == keyring()
    assert letters.fingerprint == letter_key().fingerprint
    modes = {path.stat().st_mode & 0o777 for path in (home / "vault").iterdir()}
    assert {0o600} == modes
    assert 0o700 == (home / "vault").stat().st_mode & 0o777


def test_a_copy_older_than_the_keys_is_known_as_such(home) -> None:
    """A copy without the newest keys brings back a node that cannot sign."""
    safekeeping.copy(home / "vault", shares.draw(2, 2))
    assert safekeeping.copied().keys == safekeeping.keys_of(keyring())

    replace_keyring(keyring().rotate("sealing"))

    assert safekeeping.copied().keys != safekeeping.keys_of(keyring())


def test_keys_of_somebody_else_are_not_brought_back(home) -> None:
    """A folder was mixed up: this node must not begin to sign as another."""
    drawn = shares.draw(2, 2)
    foreign = home / "foreign"
    foreign.mkdir()
    (foreign / "keyring").write_bytes(Keyring.generate("zz").to_bytes(drawn.secret))
    before = keyring()

    with pytest.raises(NotOurKeys):
        safekeeping.bring_back(foreign, drawn.shares)
    assert before == keyring()


def test_a_folder_without_a_copy_or_with_one_already_is_refused(home) -> None:
    """Nothing that may be the last copy is written over."""
    drawn = shares.draw(2, 2)
    safekeeping.copy(home / "vault", drawn)

    with pytest.raises(BadCopy):
        safekeeping.copy(home / "vault", shares.draw(2, 2))
    with pytest.raises(BadCopy):
        safekeeping.tried(drawn.shares, home / "nothing")
    assert safekeeping.tried(drawn.shares, home / "vault") == keyring()


def test_a_change_broken_off_between_two_files_can_be_repeated(home, monkeypatch) -> None:
    """The power fails after the key for letters lies anew, and before the keyring does."""
    letters = letter_key()
    (home / "keys" / "letters").write_bytes(letters.to_bytes("the new one"))

    safekeeping.protect("the new one")

    monkeypatch.setenv(PASSPHRASE, "the new one")
    assert letters.fingerprint == letter_key().fingerprint
