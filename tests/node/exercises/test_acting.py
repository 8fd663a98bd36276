"""What a scripted party does is done once, whatever a kill leaves and whatever the trainee puts on record."""

from __future__ import annotations

import hashlib

import pytest

from comity import exercise
from comity_cli.exercise import acting
from comity_node.counterparts import queries as known
from comity_node.counterparts import services as counterparts
from comity_node.exercises import gathering
from comity_node.officials import services as officials
from comity_node.officials.models import PreparedAct
from comity_node.register import queries
from tests.core.exercise.scripts import SHORT
from tests.node.counterpart import CHANNEL
from tests.node.counterparts.conftest import Borland
from tests.node.exercises.conftest import HEAD

pytestmark = pytest.mark.django_db
SCRIPT = exercise.read_script(SHORT.replace(b'"cc"', b'"aa"'))
DIGEST = hashlib.sha256(SCRIPT.raw).hexdigest()


@pytest.fixture
def lead(hire):
    """The two officials that a scripted party has."""
    hire("second", "coordinator", "case officer", "duty officer", office="prosecution")
    return hire("lead", "coordinator", "case officer", "duty officer")


def test_a_channel_that_was_prepared_when_the_power_went_is_the_one_proposed(lead, monkeypatch):
    """Run again, it proposes no second channel."""
    _trusts_borland(lead)
    with monkeypatch.context() as broken:
        broken.setattr(officials, "second", _unplugged)
        with pytest.raises(KeyboardInterrupt):
            acting.propose(SCRIPT, ["bb"])
    (left,) = PreparedAct.objects.filter(state=PreparedAct.State.AWAITING)

    acting.finish()

    assert left.act["channel"] == acting.propose(SCRIPT, ["bb"])
    assert [left.act["channel"]] == [log.channel for log in queries.own_logs()]


@pytest.mark.parametrize("requested", ["aa", "zz"])
def test_whatever_the_trainee_announces_is_not_what_is_played(boris, lead, requested):
    """Neither an entry without effect nor an exercise of its own stops or turns ours."""
    stated = {**HEAD, "requested": requested, "script": "0" * 64, "minutes_a_minute": "60"}
    boris.does("channel.exercise.announced", "bb-2026-0001", stated=stated)

    said = acting.announce(CHANNEL, ["bb"], digest=DIGEST, speed="2")
    boris.does("channel.exercise.announced", "bb-2026-0002", stated=stated)
    again = acting.announce(CHANNEL, ["bb"], digest=DIGEST, speed="3")
    played = acting.step(SCRIPT, CHANNEL, "aa")

    assert said["ref"].startswith("aa-")
    assert (said["ref"], "2") == (again["ref"], again["speed"])
    assert (["alert"], {}) == (played["played"], played["failed"])
    assert "2" == f"{gathering.gathered(CHANNEL, said['ref']).speed:g}"


def _trusts_borland(official):
    row = counterparts.import_passport(Borland().passport(), by=official)
    digits = known.read(row).fingerprint.digits
    counterparts.hold_ceremony(row, by=official, fingerprint=digits, path="in person", with_whom="Boris")


def _unplugged(*_given, **_named):
    raise KeyboardInterrupt
