"""Keys that changed, as a stranger with an export reads it: cases the verifier page is held to as well."""

from __future__ import annotations

import pytest

from comity.channel.statements import said
from comity.channel.verification import verify_export
from comity.errors import ComityError
from tests.core.channel.rotated import BEGINS, STORIES, Story, announcing, settled


@pytest.mark.parametrize("name", STORIES)
def test_keys_that_changed_hold_or_do_not(name) -> None:
    """Position in the log is the one clock all share: what a pair may sign is said by entries alone."""
    story, holds = STORIES[name]
    if holds:
        assert verify_export(story.export()).logs
        return
    with pytest.raises(ComityError):
        verify_export(story.export())


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
