"""Our own passport says what our home says, under numbers that only rise."""

from __future__ import annotations

import pytest

from comity.channel.passport import Passport, verify_successor
from comity_node.counterparts import own, queries
from comity_node.counterparts.errors import BadParticulars
from comity_node.counterparts.models import Passport as Stored
from comity_node.officials.errors import NotEmpowered
from comity_node.register import keyring

pytestmark = pytest.mark.django_db


def test_issued_passport_says_what_the_home_says(home):
    """Counterparts must read what our administrator wrote."""
    row = own.issue_passport()

    about = Passport.parse(bytes(row.note)).about
    assert (about.party, about.version, about.address) == ("aa", 1, "http://aa.test")
    assert about.names == {"en": "Arland", "fr": "Arlande"}
    assert about.authorities[0].code == "ministry"
    assert about.keys.witness == []
    assert queries.own() == row


def test_nothing_new_is_no_new_version(home):
    """A version number counterparts must react to has to mean something."""
    first = own.issue_passport()

    assert own.issue_passport() == first


def test_change_raises_the_version_by_one(home):
    """Our successor must be accepted without a ceremony."""
    first = own.issue_passport()
    path = home / "passport.toml"
    path.write_text("witness = true\n" + path.read_text())

    second = own.issue_passport()

    assert second.version == 2
    verify_successor(queries.read(first), queries.read(second))
    assert len(queries.read(second).keys["witness"]) == 2


def test_renewed_identity_is_vouched_for(home, monkeypatch):
    """Renewing our keys must not cost our counterparts a ceremony."""
    first = own.issue_passport()
    renewed = keyring.keyring().rotate("identity")
    monkeypatch.setattr(own, "keyring", lambda: renewed)

    second = own.issue_passport()

    verify_successor(queries.read(first), queries.read(second))


def test_only_who_may_issues(home, anna, adam):
    """Speaking for the party is a power of its own."""
    with pytest.raises(NotEmpowered):
        own.issue_passport(by=anna)

    assert own.issue_passport(by=adam).stored_by == adam


@pytest.mark.parametrize(
    "text", ["", "languages = 1", "[", "\x00", "languages = []\nauthorities = []\nunknown = 1", "x" * 200_000]
)
def test_doubtful_particulars_issue_nothing(home, text):
    """The administrator is told what is wrong, and nothing is signed."""
    (home / "passport.toml").write_text(text)

    with pytest.raises(BadParticulars):
        own.issue_passport()

    assert not Stored.objects.exists()


def test_without_particulars_nothing_is_issued(db):
    """A passport without authorities would name nobody to call."""
    with pytest.raises(BadParticulars, match=r"passport\.toml cannot be read"):
        own.issue_passport()
