"""A list of channels is filtered by what became of each."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from comity_node.channels import queries as channels
from comity_node.channels.models import Channel
from tests.node.counterpart import CHANNEL, open_channel


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
