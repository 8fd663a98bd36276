"""Keys that changed, as a stranger with an export reads it: cases the verifier page is held to as well."""

from __future__ import annotations

import pytest

from comity.channel import rotation
from comity.channel.charter import PartyKeys, policy_of
from comity.channel.passport import public_keys
from comity.channel.statements import said
from comity.channel.verification import verify_export
from comity.entries import By, Entry
from comity.errors import ComityError
from comity.keys.keyring import Keyring
from comity.names import Origin
from comity.tlog.policy import Policy
from comity.tlog.vkey import VerifierKey
from tests.core.channel.exported import CHANNEL
from tests.core.channel.rotated import BEGINS, STORIES, Story, announcing, settled


@pytest.mark.parametrize("name", STORIES)
def test_keys_that_changed_hold_or_do_not(name) -> None:
    """Position in the log is the one clock all share: what a pair may sign is said by entries alone."""
    story, holds = STORIES[name]
    own = story.own_policy()
    policy = Policy.parse(own) if own else None
    if holds:
        assert verify_export(story.export(), policy).logs
        return
    with pytest.raises(ComityError):
        verify_export(story.export(), policy)


def test_every_pair_of_decades_finds_room_in_a_policy() -> None:
    """An export of parties that change their keys every quarter for fifty years must have one that reads."""
    policy = policy_of(CHANNEL, [_changing_often("aa", 200), _changing_often("bb", 200)])

    assert policy == Policy.parse(policy.encode())


def _changing_often(party: str, times: int) -> PartyKeys:
    held = [public_keys(Keyring.generate(party), witness=False) for _ in range(times)]
    return PartyKeys(
        party,
        [VerifierKey.parse(key) for one in held for key in one.log],
        [VerifierKey.parse(key) for one in held for key in one.mirror],
    )


def test_what_became_of_them_is_said() -> None:
    """When they came, why the old ones went, and since when these were in other hands."""
    since = "2026-02-03T00:00:00Z"

    proven = verify_export(Story(reason="stolen", compromised=since).export()).proven

    assert said("keys-announced", party="aa", entry=1, begins=BEGINS) in proven
    assert said("keys-retired", party="aa", entry=3, reason="stolen") in proven
    assert said("keys-in-other-hands", party="aa", since=since) in proven


def test_both_passports_name_keys_of_the_log() -> None:
    """Whichever pair was in force."""
    report = verify_export(Story().export())

    agreeing = [one.values["version"] for one in report.proven if one.code == "passport-agrees"]
    assert [announcing().about.version, settled().about.version] == agreeing


def test_only_the_first_thousand_entries_about_keys_are_looked_at(monkeypatch) -> None:
    """A log of nothing else would have every node parse a passport for each, whenever one more comes."""
    stated = {"passport": "0" * 64, "version": "2"}
    by, at = By("office", "officer"), "2026-01-01T00:00:00Z"
    entry = Entry(v=1, kind="keys.announced", at=at, by=by, ref="aa-keys-2", stated=stated)
    asked: list[str] = []

    monkeypatch.setattr(rotation, "MOST_CHANGES", 5)
    found = rotation.history(
        Origin("aa", "a" * 16), (), (), [(place, entry) for place in range(9)], asked.append
    )

    assert (5, 9) == (len(asked), len(found.irregular))
