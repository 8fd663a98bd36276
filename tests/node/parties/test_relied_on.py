"""What a node took decides what it begins in earnest, and nothing that is on record."""

from __future__ import annotations

import pytest
from django.conf import settings

from comity.instruments import library
from comity_node.assistance import judging
from comity_node.assistance.errors import NoLegalBasis
from comity_node.channels import services as channels
from comity_node.channels.errors import NotBinding
from comity_node.parties import services
from comity_node.register import standings
from comity_node.register.acts import Act
from comity_node.register.ground import Ground
from tests.node.counterpart import CHANNEL, open_channel
from tests.node.parties.conftest import BOTH, facts

pytestmark = pytest.mark.django_db
TREATY = library()["us-ru-1999"]


@pytest.fixture
def took(lena):
    """Take facts by which the treaty binds aa and bb as well."""

    def take():
        raw = facts(more=BOTH)
        shown = services.offer(TREATY.id, raw, by=lena).shown
        return services.take(TREATY.id, raw, shown=shown, source="Depositary", by=lena)

    return take


def test_a_channel_rests_on_what_binds_by_what_was_taken(took):
    """A State that acceded since the release must not wait for the next one."""
    with pytest.raises(NotBinding):
        channels._must_bind([TREATY], "bb")
    took()

    channels._must_bind([TREATY], "bb")


def test_a_request_in_earnest_is_judged_by_what_was_taken(took, monkeypatch):
    """The last gate before the signature asks the same facts as the pages show."""
    open_channel()
    act = Act(
        channel=CHANNEL, kind="assistance.request.lodged", ref="aa-2026-0001", stated={"requested": "bb"}
    )
    ground = Ground([act])
    monkeypatch.setattr(standings, "is_exercise", lambda _opening: False)
    with pytest.raises(NoLegalBasis):
        judging._check_footing(act, TREATY, settings.NODE.party, ground)
    took()

    judging._check_footing(act, TREATY, settings.NODE.party, ground)
