"""A list of channels is filtered by what became of each."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from comity_node.channels import queries as channels
from comity_node.channels.models import Channel
from tests.node.counterpart import CHANNEL, open_channel


def test_what_is_told_and_asked_of_the_other_side_is_begun_on_the_page_of_its_channel(hire, browser, db):
    """Who speaks for the channel asks whether something is theirs; who knows of a flaw tells of it."""
    open_channel()
    here = reverse("channels:channel", args=[CHANNEL])
    asks, tells = "Ask whether it is theirs", "Report a vulnerability"
    reader = browser(hire("cora", "coordinator"))
    shown = reader.get(here).content.decode()
    begun = reader.get(f"{reverse('assistance:new')}?channel={CHANNEL}&procedure=question")

    assert asks in shown
    assert tells in shown
    assert begun.context["form"]["begins"].value().startswith("question ")
    on_duty = browser(hire("dora", "duty officer")).get(here).content.decode()
    assert asks not in on_duty
    assert tells in on_duty


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, {"goes_on"}),
        ({"ends_on": date(2999, 1, 1)}, {"goes_on", "denounced"}),
        ({"ends_on": date(2000, 1, 1)}, {"ended"}),
        ({"ends_on": date(2000, 1, 1), "closed_at": timezone.now()}, {"closed"}),
        ({"suspended": [{"ref": "bb-1"}]}, {"suspended"}),
    ],
)
def test_the_list_is_filtered_by_what_became_of_a_channel(db, changes, fits):
    """A coordinator looks for channels that end, not for states of a table."""
    open_channel()
    Channel.objects.filter(channel=CHANNEL).update(**changes)

    assert fits == {name for name in channels.BECAME if channels.wanted(standing=name)}
