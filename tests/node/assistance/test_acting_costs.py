"""What an act on a request costs: each thing read once, however many acts, requests and entries there are."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.instruments import library
from comity_node.assistance.models import Request
from comity_node.register import mirroring, payloads, queries, services
from comity_node.register.acts import Act, Capacity
from comity_node.register.rebuilding import rebuild
from tests.node.counterpart import CHANNEL, INSTRUMENT, SECONDED

STATED = {"instrument": INSTRUMENT, "table": library()[INSTRUMENT].digest, "types": ["testimony"]}
OFFICE, SECOND = Capacity("ministry", "case officer"), Capacity("prosecution", "coordinator")
STEPS = 20


def lodge(start, count):
    """Lodge requests with Boris under one checkpoint."""
    acts = [
        Act(
            channel=CHANNEL,
            kind="assistance.request.lodged",
            ref=f"aa-2026-{number:04}",
            stated={**STATED, "requested": "bb"},
            payload={"title": str(number), "fields": {"purpose": "trial"}},
        )
        for number in range(start, start + count)
    ]
    services.append_all(acts, by=OFFICE, second=SECOND)


def writes(boris, start, count):
    """Have Boris lodge requests with us, not delivered yet."""
    for number in range(start, start + count):
        boris.writes(
            "assistance.request.lodged",
            f"bb-2026-{number:04}",
            stated={**STATED, "requested": "aa"},
            payload={"title": str(number)},
            by=SECONDED,
        )


def sign():
    """Sign for everything of theirs."""
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)


def acknowledge(ref):
    """Do one more act on one request of theirs."""
    services.append(Act(channel=CHANNEL, kind="assistance.request.acknowledged", ref=ref), by=OFFICE)


@contextmanager
def counting_steps():
    """Count the database's smallest steps, by twenty."""
    counted = []
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: counted.append(STEPS) and 0, STEPS)
    try:
        yield counted
    finally:
        connection.connection.set_progress_handler(None, 0)


@pytest.fixture
def opened(boris, monkeypatch):
    """The payloads opened since the channel was settled."""
    sign()
    found = []
    document = payloads.document
    monkeypatch.setattr(payloads, "document", lambda sealed: found.append(sealed) or document(sealed))
    return found


def test_a_batch_asks_the_database_as_much_as_one_act(boris):
    """A hundred requests are judged, kept, delivered and receipted by the same statements as one."""
    counts = []
    for start, count in ((1, 1), (2, 1), (100, 60)):
        writes(boris, start, count)
        for step in (partial(lodge, start, count), boris.receipts, boris.delivers, sign):
            with CaptureQueriesContext(connection) as asked:
                step()
            counts.append(len(asked))

    assert counts[4:8] == counts[8:]
    assert 124 == Request.objects.count()


def test_a_receipt_opens_no_payload_again(boris, opened):
    """What the words are does not depend on when they were signed for."""
    lodge(1, 3)
    writes(boris, 1, 3)
    boris.delivers()
    assert 6 == len(opened)

    boris.receipts()
    sign()
    acknowledge("bb-2026-0001")

    assert 6 == len(opened)
    before, after = rebuild()
    assert before == after


def test_results_are_read_when_they_come_and_not_again(boris, opened):
    """The exhibits of an execution are in its own payload, whatever was read before."""
    lodge(1, 1)
    named = [{"sha256": "ab" * 32, "title": "Extract"}]
    boris.does("assistance.request.acknowledged", "aa-2026-0001")
    boris.does(
        "assistance.request.executed",
        "aa-2026-0001",
        stated={"extent": "in whole"},
        payload={"exhibits": named},
    )
    until_then = len(opened)

    sign()
    boris.does("assistance.request.supplemented", "aa-2026-0001")

    assert until_then == len(opened)
    assert [{**named[0], "entry": ""}] == Request.objects.get(ref="aa-2026-0001").exhibits
    before, after = rebuild()
    assert before == after


@pytest.mark.skipif(connection.vendor != "sqlite", reason="steps are SQLite's own measure")
def test_an_act_costs_the_same_in_a_channel_of_many_requests(boris):
    """Work of the database for one act and its receipt follows its procedure, not what else there is."""
    costs = []
    for start, count in ((1, 3), (1000, 100)):
        writes(boris, start, count)
        boris.delivers()
        lodge(start, count)
        boris.receipts()
        sign()
        with counting_steps() as steps:
            acknowledge(f"bb-2026-{start:04}")
            boris.receipts()
        costs.append(sum(steps))

    few, many = costs
    assert many < 1.2 * few
