"""The request that follows a preservation, in one act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comity.instruments import library
from comity_node.assistance import following, queries, services
from comity_node.assistance.detail import detail
from comity_node.assistance.errors import NothingToFollow
from tests.node.counterpart import open_channel

pytestmark = pytest.mark.django_db

SAID = {
    "authority": "Regional prosecution, Arland",
    "offence": "Penal code, section 12",
    "facts_brief": "The records of a hospital were encrypted.",
    "data_to_preserve": "Traffic data of 192.0.2.7",
    "relation_to_offence": "The server gave the orders.",
    "custodian_or_system_location": "A hosting provider",
    "necessity": "The provider overwrites its records.",
    "intent_to_submit_mla": "A request follows.",
}


@pytest.fixture
def borland(anna):
    """A channel with Borland under the Convention on Cybercrime."""
    return open_channel(instrument="ets-185")


@pytest.fixture
def asked(borland, anna):
    """A preservation of ours, on record."""
    draft = services.draft(
        channel=borland.channel, procedure="preservation", title="Keep it", types=["traffic"], by=anna
    )
    services.save_draft(draft, by=anna, fields=SAID)
    services.submit(draft, by=anna)
    return draft.ref


@pytest.fixture
def preserved(borland, asked):
    """The same, which Borland holds until a day in three weeks."""
    preserves(borland, asked)
    return asked


def preserves(borland, ref):
    """Borland says until when it holds what was asked for."""
    until = (timezone.now() + timedelta(days=21)).date().isoformat()
    borland.does("preservation.request.preserved", ref, stated={"extent": "in whole", "until": until})


def test_a_preservation_takes_one_officer_and_stands_by_its_own_table(preserved, borland):
    """Data are lost by the hour."""
    row = queries.request(borland.channel, preserved)

    assert ("preservation", "preserved", "aa") == (row.procedure, row.state, row.turn)
    assert [30, 14, 7, 2] == row.due_warn
    assert "Budapest Convention, Art. 29" in row.basis


def test_what_the_preservation_says_is_taken_over(preserved, borland, anna):
    """Typing it again is where identifiers go wrong."""
    draft = following.draft(borland.channel, preserved, by=anna)

    assert ("assistance", "Keep it") == (draft.procedure, draft.title)
    assert SAID["data_to_preserve"] == draft.fields["data_sought"]
    assert SAID["facts_brief"] == draft.fields["facts_summary"]
    assert draft.fields["preservation_reference"].startswith(f"{preserved}, kept until ")
    known = {field.id for field in library()["ets-185"].fields}
    assert set(draft.fields) <= known


def test_what_the_other_party_wrote_before_the_opening_is_not_taken_over(asked, borland, anna):
    """What has seen nothing of ours is read first, irregular as it is, and lends the request no words."""
    theirs = {"title": "Theirs", "fields": {}}
    borland.does("preservation.request.withdrawn", asked, payload=theirs, seen=0)
    preserves(borland, asked)
    found = detail(borland.channel, asked)

    draft = following.draft(borland.channel, asked, by=anna)

    assert found.opened_at == 1
    assert draft.title == "Keep it"
    assert SAID["facts_brief"] in draft.fields.values()


def test_only_a_preservation_of_ours_is_followed(preserved, borland, anna):
    """There is nothing to follow where nothing is kept."""
    borland.does("preservation.request.lapsed", preserved)
    other = services.draft(channel=borland.channel, title="Records", types=["stored_data"], by=anna)

    for ref in (other.ref, "aa-2026-9999"):
        with pytest.raises(NothingToFollow):
            following.draft(borland.channel, ref, by=anna)


def test_the_page_offers_it_counts_down_and_fills_in_the_reference(preserved, borland, anna, browser):
    """Both sides see how long there is; one press leads on."""
    officer = browser(anna)
    page = officer.get(f"/requests/{borland.channel}/{preserved}/").content.decode()
    assert "Draft the request that follows" in page
    assert "less than 30 days: both Parties are reminded" in page

    begun = officer.post(f"/requests/{borland.channel}/{preserved}/follow/")
    assert 302 == begun.status_code
    assert SAID["facts_brief"] in officer.get(begun["Location"]).content.decode()

    followed = services.Draft.objects.latest("pk")
    services.Draft.objects.filter(pk=followed.pk).update(entry="aa.comity/x#9")
    act = officer.get(f"/requests/{borland.channel}/{preserved}/acts/followed_up/").content.decode()
    assert f'value="{followed.ref}"' in act
