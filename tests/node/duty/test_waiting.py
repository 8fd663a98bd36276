"""What waits to be told is found without everybody looking for themselves."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comity_node.duty import outbox, queries, services
from comity_node.register import calls
from comity_node.register.calls import Call

pytestmark = pytest.mark.django_db


def test_who_sends_is_told_only_of_ways_by_which_something_waits_now(on_duty, dora, mail, sent):
    """Five threads that looked for themselves at each message of a talk took half of its time."""
    services.add_way(dora, "mail", address="dora@aa.test")
    nothing = outbox.ways_waiting(timezone.now())

    calls.call(Call(source="alert", key="a", severity=5))

    assert ([], ["mail"]) == (nothing, outbox.ways_waiting(timezone.now()))
    outbox.send("mail", timezone.now())
    assert [] == outbox.ways_waiting(timezone.now())


def test_what_stands_on_all_pages_is_what_stands_on_each(on_duty, dora, anna):
    """An open page asks once for everybody, and is told what it would have been told alone."""
    calls.call(Call(source="alert", key="a", severity=5))
    calls.call(Call(source="alert", key="b", severity=5))

    assert {dora.pk: queries.latest(dora)} == queries.latest_of_all()
    assert (0, 0) == queries.latest(anna)
