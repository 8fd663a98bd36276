"""Arland is ours; Borland is the counterpart, with keys of its own and passports it signs."""

from __future__ import annotations

import pytest

from comity.channel.description import Authority, Contact, Description
from comity.channel.passport import identity_signers, issue, public_keys
from comity.keys.keyring import Keyring
from comity_node.counterparts import queries, services

PARTICULARS = """
languages = ["en", "fr"]

[[authorities]]
code = "ministry"
role = "central"
powers = ["request", "execute"]
names = {en = "Ministry of Justice"}

[[contacts]]
authority = "ministry"
role = "duty"
languages = ["en"]
hours = "00:00-24:00"
time_zone = "UTC"
telephone = "+999 000 111"
other = ""
"""


class Borland:
    """A counterpart that issues passports as it likes."""

    def __init__(self):
        self.ring = Keyring.generate("bb")

    def passport(self, version=1, *, signers=None, **change):
        """The file of one version."""
        office = Authority(code="office", names={"en": "Central Office"}, role="central", powers=["request"])
        phone = Contact(
            authority="office",
            role="duty",
            languages=["en"],
            hours="always",
            time_zone="UTC",
            telephone="+999 222 333",
            other="",
        )
        said = {
            "party": self.ring.party,
            "version": version,
            "issued": f"2026-01-{version:02}",
            "names": {"en": "Borland", "ru": "Борландия"},
            "languages": ["en"],
            "address": "https://comity.bb.example",
            "keys": public_keys(self.ring, witness=False),
            "sealing": [str(self.ring.recipient)],
            "authorities": [office],
            "contacts": [phone],
        }
        return issue(Description(**{**said, **change}), *(signers or identity_signers(self.ring))).note

    def lose_everything(self):
        """Start again with new keys, and nothing of the old to vouch for them."""
        self.ring = Keyring.generate("bb")


@pytest.fixture
def borland():
    """The counterpart."""
    return Borland()


@pytest.fixture
def anna(hire):
    """Coordinator of aa, who compares fingerprints."""
    return hire("anna", "coordinator")


@pytest.fixture
def boris(hire):
    """Case officer of aa, who reads about counterparts and may not change whom we trust."""
    return hire("boris", "case officer")


@pytest.fixture
def clara(hire):
    """Analyst of aa, for whom counterparts are not there."""
    return hire("clara", "analyst")


@pytest.fixture
def adam(hire):
    """Administrator of aa, who issues our passport and compares nothing."""
    return hire("adam", "administrator")


@pytest.fixture
def home(settings):
    """The node's home, with what our passport says of us."""
    path = settings.NODE.path / "passport.toml"
    path.write_text(PARTICULARS)
    yield settings.NODE.path
    path.unlink()


@pytest.fixture
def stored(db, borland):
    """Borland's first passport, read in."""
    return services.import_passport(borland.passport())


@pytest.fixture
def confirm(anna):
    """Hold the ceremony for a passport, with Anna."""

    def hold(passport, *, agreed=True):
        digits = queries.read(passport).fingerprint.digits
        return services.hold_ceremony(
            passport, by=anna, fingerprint=digits, path="telephone", with_whom="Boris of bb", agreed=agreed
        )

    return hold
