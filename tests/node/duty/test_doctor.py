"""The doctor says who is on duty, which ways are set up, and what failed."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comity_cli.calling_ways import duty
from comity_node.duty import push_key, services
from comity_node.duty.models import Way

pytestmark = pytest.mark.django_db


def found():
    """What it says, by its subject."""
    return {one.subject: (one.state, one.says) for one in duty()}


def test_a_node_set_up_for_nothing_is_told_so(db):
    """It is no fault: pages call all the same."""
    said = found()

    assert ("note", "not set up") == said["calls by mail"] == said["calls by command"]
    assert "nobody is on duty" in said["duty"][1]


def test_what_works_and_what_fails_is_said(on_duty, dora, mail):
    """With the reason, and when each way last worked."""
    services.add_way(dora, "mail", address="dora@aa.test")
    Way.objects.update(worked_at=timezone.now())
    Way.objects.create(official=dora, way="webhook", address="x", failures=1, last_error="503")
    said = found()

    assert ("ok", "on duty: dora, anna") == said["duty"]
    assert "chosen by 1 officials, last worked" in said["calls by mail"][1]
    assert "in the open" in said["calls by mail"][1]
    assert ("note", "dora was not reached: 503") == said["calls by webhook"]


def test_a_key_that_others_can_read_is_wrong(db):
    """As with every other key of the node."""
    push_key.push_key()
    push_key.where().chmod(0o644)
    try:
        assert "wrong" == found()["calls by push"][0]
    finally:
        push_key.where().chmod(0o600)
