"""Each party begins a channel with the keys its charter names, on whatever day and by whomever it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from comity.channel.charter import Charter, ChosenInstrument, Coordinator, PartyKeys, policy_of
from comity.channel.passport import coming_keys, identity_signers, issue, public_keys, vouchers
from comity.instruments import library
from comity.keys.keyring import Keyring
from comity_node.channels import rotating, services
from comity_node.counterparts import own, queries
from comity_node.counterparts import services as trust
from comity_node.register import keyring, models, rotations
from tests.node.channels.test_rotating import _home, admin, tomorrow  # noqa: F401 - fixtures
from tests.node.counterpart import Counterpart
from tests.node.wire.posting import passport as first_passport

pytestmark = pytest.mark.django_db
CHANNEL = "abcdefghijklmnop"


def tomorrow_day() -> str:
    """The day on which new keys begin here."""
    return (timezone.now().date() + timedelta(days=1)).isoformat()


class Party:
    """A counterpart that announces new keys, to sign from tomorrow on."""

    def __init__(self, code: str, anna) -> None:
        self.old = Keyring.generate(code)
        row = trust.import_passport(first_passport(self.old))
        digits = queries.read(row).fingerprint.digits
        trust.hold_ceremony(row, by=anna, fingerprint=digits, path="telephone", with_whom="Boris")
        self.new = self.old.scheduled(tomorrow_day())
        about = replace_about(queries.read(row).about, self.old, self.new)
        trust.import_passport(issue(about, *identity_signers(self.old), *vouchers(self.new)).note)
        assert queries.trusted(code).version == 2


def replace_about(about, old, new):
    """The next version, with the new keys announced."""
    import msgspec  # noqa: PLC0415 - beside its use

    return msgspec.structs.replace(
        about,
        version=about.version + 1,
        keys=public_keys(old, witness=False),
        rotation=coming_keys(new, tomorrow_day()),
    )


@pytest.fixture
def anna(admin, hire):  # noqa: F811 - the fixture
    """Who compares fingerprints."""
    return hire("anna", "coordinator")


def pair(ring: Keyring) -> PartyKeys:
    """The keys of a ring, as a charter's policy names them."""
    said = public_keys(ring, witness=False)
    from comity.tlog.vkey import VerifierKey  # noqa: PLC0415 - beside its use

    log, mirror = ([VerifierKey.parse(key) for key in keys] for keys in (said.log, said.mirror))
    return PartyKeys(ring.party, log, mirror)


def proposed(by: Keyring, *others: Keyring) -> SimpleNamespace:
    """The delivery by which a party proposes a channel, its policy naming these keys."""
    texts = [library()[one] for one in ("charter", "us-ru-1999")]
    parties = [by, *others]
    charter = Charter(
        channel=CHANNEL,
        parties=[one.party for one in parties],
        purpose="Ransomware",
        instruments=[ChosenInstrument(text.id, text.edition, text.digest) for text in texts],
        languages=["en"],
        coordinators={by.party: Coordinator("ca", "coordinator")},
        policy=policy_of(CHANNEL, [pair(one) for one in parties]).encode().decode(),
        exercise=True,
    )
    log = Counterpart(by.party, CHANNEL)
    log.keys = by
    invited = [one.party for one in others]
    log.writes(
        "channel.proposed",
        CHANNEL,
        stated={
            "requested": invited if len(invited) > 1 else invited[0],
            "instruments": [text.id for text in texts],
            "tables": [text.digest for text in texts],
            "exercise": "yes",
        },
        payload=charter.document(),
    )
    return SimpleNamespace(
        sender=by.party,
        channel=CHANNEL,
        start=0,
        entries=log.leaves,
        payloads=tuple(log.payloads),
        checkpoint=log.checkpoint(),
    )


def seated(party: str) -> tuple[bytes, bytes]:
    """With which keys of log and mirror a party sits in the channel here."""
    log = models.Log.objects.get(channel=CHANNEL, party=party)
    logs, mirrors = rotations.first_keys(log)
    return logs[0].public, mirrors[0].public


def publics(ring: Keyring) -> tuple[bytes, bytes]:
    """The same of a ring."""
    return ring.log.ed25519.public, ring.mirror.ed25519.public


@pytest.mark.parametrize("day", ["today", "tomorrow"])
@pytest.mark.parametrize("keys", ["old", "new"])
def test_of_many_each_sits_with_the_keys_the_charter_names(anna, monkeypatch, day, keys) -> None:
    """Borland reads the proposal today, we tomorrow: Corland must be the same party to both."""
    borland, corland = Party("bb", anna), Party("cc", anna)
    if day == "tomorrow":
        tomorrow(monkeypatch)
    named = getattr(corland, keys)

    services.recognise(proposed(borland.old, keyring.keyring(), named))

    assert publics(borland.old) == seated("bb")
    assert publics(named) == seated("cc")


def test_we_sit_with_the_keys_we_are_named_with_although_others_sign_by_now(
    anna,
    admin,  # noqa: F811 - the fixture
    monkeypatch,
) -> None:
    """Otherwise nobody could verify our first word in the channel."""
    borland = Party("bb", anna)
    rotating.rotate(begins=timezone.now().date() + timedelta(days=1), by=admin)
    old = keyring.keyring()
    named = replace(old, log=old.retired.log[0], mirror=old.retired.mirror[0])
    tomorrow(monkeypatch)

    services.recognise(proposed(borland.old, named))

    assert publics(named) == seated("aa")
    log = models.Log.objects.get(channel=CHANNEL, ours=True)
    assert rotations.signing(log, "log") == named.log


@pytest.mark.parametrize("lie", ["strangers", "nothing"])
def test_keys_no_passport_names_are_not_sat_with(anna, lie) -> None:
    """A charter is its author's word: keys are believed from passports alone."""
    borland, corland = Party("bb", anna), Party("cc", anna)
    delivery = proposed(borland.old, keyring.keyring(), Keyring.generate("cc"))
    if lie == "nothing":
        delivery.payloads = ()

    services.recognise(delivery)

    assert publics(corland.old) == seated("cc")
    assert publics(keyring.keyring()) == seated("aa")
    assert own.issue_passport()
