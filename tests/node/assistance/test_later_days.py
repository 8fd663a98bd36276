"""Later days for clocks in every pattern: what is offered, what is answered, what is kept apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comity.instruments import library
from comity_node.assistance import following, services
from comity_node.assistance.detail import detail
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db

OURS, THEIRS = "aa-2026-0001", "bb-2026-0001"
LATER = {"until": "2099-03-01"}
WHY = {"text": "The court is closed."}


@pytest.fixture
def borland(anna):
    """A channel with Borland under the Convention on Cybercrime."""
    return open_channel(instrument="ets-185")


@pytest.fixture
def emergency(borland):
    """An emergency request of Borland's, called back already."""
    text = library()["ets-185"]
    kind = text.types_in("emergency")[0].id
    opening = {"instrument": text.id, "table": text.digest, "requested": "aa", "types": [kind]}
    borland.does("emergency.request.asked", THEIRS, stated=opening, payload={"title": "A ward", "fields": {}})
    return THEIRS


@pytest.fixture
def preserved(borland, anna):
    """A preservation of ours that Borland keeps for three weeks, and that we asked to be kept longer."""
    draft = services.draft(
        channel=CHANNEL, procedure="preservation", title="Keep it", types=["traffic"], by=anna
    )
    asked = library()["ets-185"].fields_for("traffic", procedure="preservation")
    services.save_draft(draft, by=anna, fields={one.id: "Words." for one in asked})
    services.submit(draft, by=anna)
    stated = {"extent": "in whole", "until": day(21)}
    borland.does("preservation.request.preserved", draft.ref, stated=stated)
    services.act(
        channel=CHANNEL, ref=draft.ref, act_name="extension_asked", by=anna, payload={"text": "More time."}
    )
    return draft.ref


def day(days):
    """The day so many days from now."""
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def due(ref):
    """The years in which the running clocks are due."""
    return {one.id: one.due_at.year for one in detail(CHANNEL, ref).standing.clocks if one.running}


def test_a_later_day_to_answer_moves_no_day_until_which_data_are_kept(preserved, borland, anna, browser):
    """Whoever gives the other side time to answer must not be held to have let the data go, or kept them."""
    officer = browser(anna)
    page = officer.get(f"/requests/{CHANNEL}/{preserved}/").content.decode()
    form = officer.get(f"/requests/{CHANNEL}/{preserved}/acts/later_day_asked/").content.decode()
    assert "Ask for a later day to answer" in page
    assert "Answering the request to keep the data longer: " in form
    assert "Follow-up before preservation ends: " not in form

    borland.does(
        "preservation.request.later_day_asked", preserved, stated={**LATER, "clock": "extension_answer"},
        payload=WHY,
    )  # fmt: skip
    services.act(channel=CHANNEL, ref=preserved, act_name="later_day_agreed", by=anna)

    kept = following.draft(CHANNEL, preserved, by=anna).fields["preservation_reference"]
    assert {"extension_answer": 2099, "ends": int(day(21)[:4])} == due(preserved)
    assert kept.endswith(f"kept until {day(21)}")


def test_what_is_kept_is_told_from_what_waits_for_an_answer(preserved, anna):
    """The day an answer is due is not the day the data go, whichever comes first."""
    draft = following.draft(CHANNEL, preserved, by=anna)

    assert draft.fields["preservation_reference"].endswith(f"kept until {day(21)}")


def test_who_answers_reads_which_clock_and_which_day_before_signing(emergency, borland, anna, browser):
    """“The day asked for last” is a blank to be signed unless the page says which it is."""
    officer = browser(anna)
    page = officer.get(f"/requests/{CHANNEL}/{emergency}/").content.decode()
    assert "acts/extension_asked/" in page
    assert "acts/extension_agreed/" not in page
    asked = borland.does(
        "emergency.request.extension_asked", emergency, stated={**LATER, "clock": "answering"}, payload=WHY
    )

    page = officer.get(f"/requests/{CHANNEL}/{emergency}/").content.decode()
    href = f"/requests/{CHANNEL}/{emergency}/acts/extension_agreed/"
    form = officer.get(href).content.decode()
    text = officer.post(href, {"language": "en"}).content.decode()

    assert href in page
    for shown in (form, text):
        assert (
            f"Answering the request: until the end of 1 March 2099, asked for by entry BB {asked.index}; "
            in shown
        )
    assert f"answers {asked}" in text
    services.act(channel=CHANNEL, ref=emergency, act_name="extension_agreed", by=anna)
    assert 2099 == due(emergency)["answering"]
    assert href not in officer.get(f"/requests/{CHANNEL}/{emergency}/").content.decode()
