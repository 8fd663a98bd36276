"""What custody costs: each document opened once, the same statements for one exhibit and for many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comity import custody
from comity_node.evidence.models import CustodyStep
from comity_node.register import mirroring, models, payloads, queries
from comity_node.register.rebuilding import rebuild
from tests.node.counterpart import CHANNEL
from tests.node.evidence.conftest import CONTENT, THEIRS, seal_for_both


@pytest.fixture
def opened(boris, monkeypatch):
    """The payloads opened since the channel was settled."""
    sign()
    found = []
    document = payloads.document
    monkeypatch.setattr(payloads, "document", lambda sealed: found.append(sealed) or document(sealed))
    return found


def sign():
    """Sign for everything of theirs."""
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)


def announce(boris, *refs):
    """Have Boris announce an exhibit under each reference, all in one delivery; returns what that asked."""
    stated = {"requested": "aa", "table": custody.custody().digest}
    for ref in refs:
        _, document = seal_for_both(boris, CONTENT)
        boris.writes("evidence.exhibit.added", ref, stated=stated, payload=document)
    with CaptureQueriesContext(connection) as asked:
        boris.delivers()
        sign()
    return len(asked)


def test_many_exhibits_ask_the_database_as_much_as_one(boris):
    """A delivery of a hundred exhibits must not hold the record a hundred times as long."""
    announce(boris, "bb-2026-x0001")

    one = announce(boris, "bb-2026-x0002")
    many = announce(boris, *(f"bb-2026-x{number:04}" for number in range(100, 140)))

    assert one == many


def test_a_step_opens_no_document_of_the_steps_before(boris, opened):
    """A chain of custody grows for years; what was read of it stays read."""
    announce(boris, THEIRS)
    for purpose in ("to image it", "to index it"):
        boris.does("evidence.exhibit.opened", THEIRS, payload={"purpose": purpose})
    sign()

    assert 3 == len(opened)
    assert ["bb"] * 3 == [step.party for step in CustodyStep.objects.filter(ref=THEIRS)]
    before, after = rebuild()
    assert before == after


def test_what_was_erased_is_not_kept_by_the_projection(boris):
    """Treaties require destruction: words that were read once must not outlive their payload."""
    announce(boris, THEIRS)
    digest = queries.entries(CHANNEL, ref=THEIRS)[0].entry.payload.sha256
    models.Payload.objects.filter(sha256=digest).update(sealed=None, erased_at=timezone.now())

    boris.does("evidence.exhibit.opened", THEIRS, payload={"purpose": "to image it"})

    step = CustodyStep.objects.get(ref=THEIRS, place=0)
    assert ({}, True) == (step.said, "erased" in step.unreadable)
    before, after = rebuild()
    assert before == after
