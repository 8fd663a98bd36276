"""Nothing leaves unmarked, and the mark travels with what it marks."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comity_node.assistance import services
from comity_node.assistance.detail import detail
from tests.node.assistance.conftest import FILLED
from tests.node.counterpart import CHANNEL

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(boris, anna):
    """A complete request."""
    begun = services.draft(channel=CHANNEL, title="Records", types=["documents_items"], by=anna)
    return services.save_draft(begun, by=anna, fields=FILLED)


def test_a_request_is_marked_from_the_start(draft):
    """An officer in a hurry must not send something anybody may pass on."""
    assert {"tlp": "AMBER+STRICT"} == services.opening(draft).payload["marking"]


def test_markings_are_written_in_their_own_step(draft, anna, browser):
    """To whom, what for, how sure: asked once, sealed with the text."""
    address = reverse("assistance:step", args=[draft.pk, "marking"])
    said = {"marking_tlp": "RED", "marking_pap": "RED", "marking_scheme": "4x4", "marking_source": "A"}

    refused = browser(anna).post(address, {**said, "marking_source": "F", "go": "review"})
    browser(anna).post(address, {**said, "marking_classification": "Secret", "go": "review"})

    draft.refresh_from_db()
    assert (422, True) == (refused.status_code, "4x4 has no such source" in refused.content.decode())
    assert {"tlp": "RED", "pap": "RED", "scheme": "4x4", "source": "A", "classification": "Secret"} == (
        draft.marking
    )


def test_what_a_counterpart_marked_is_shown_with_what_it_marks(asked, boris, anna, browser):
    """The reader sees in one line who may see it and what may be done with it."""
    said = {"text": "More.", "marking": {"pap": "RED", "tlp": "GREEN"}}
    boris.does("assistance.request.supplemented", asked, payload=said)
    page = browser(anna).get(f"/requests/{CHANNEL}/{asked}/").content.decode()
    content = detail(CHANNEL, asked).said(1, 2)[0].content

    assert [("TLP", "GREEN"), ("PAP", "RED")] == list(content.marking)
    assert 'class="marking"' in page


@pytest.mark.parametrize("marking", ["CLEAR", {"tlp": "WHITE"}, {"tlp": "CLEAR", "more": 1}, ["CLEAR"]])
def test_a_marking_nobody_can_read_is_held_as_red(asked, boris, marking):
    """A counterpart's misspelt marking must not open its own information."""
    boris.does("assistance.request.supplemented", asked, payload={"text": "More.", "marking": marking})
    content = detail(CHANNEL, asked).said(1, 2)[0].content

    assert ("TLP", "RED") == content.marking[0]
    assert "held as RED" in content.marking[-1][1]


def test_an_act_is_marked_as_it_is_written(asked, anna, browser):
    """What answers a request may be more sensitive than the request."""
    officer = browser(anna)
    address = f"/requests/{CHANNEL}/{asked}/acts/progressed/"
    services.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)

    assert "AMBER+STRICT" in officer.get(address).content.decode()
    shown = officer.post(address, {"text": "Under way.", "language": "en", "marking_tlp": "RED"})
    assert "&quot;tlp&quot;: &quot;RED&quot;" in shown.content.decode()
