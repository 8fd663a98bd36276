"""What is done in an exercise says so wherever anybody could take it for meant."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comity_node.assistance import services
from comity_node.assistance.models import Request
from comity_node.channels.models import Channel
from tests.node.assistance.conftest import FILLED
from tests.node.counterpart import CHANNEL

pytestmark = pytest.mark.django_db
BAND = "Nothing here is meant"


def test_every_page_of_a_request_in_an_exercise_says_so(asked, anna, clara, browser):
    """An officer on duty who takes a practice request for a real one searches somebody's house."""
    officer = browser(anna)
    draft = services.draft(channel=CHANNEL, title="Records", types=["documents_items"], by=anna)
    services.save_draft(draft, by=anna, fields=FILLED)
    act = f"/requests/{CHANNEL}/{asked}/acts/acknowledged/"
    pages = [
        officer.get(f"/requests/{CHANNEL}/{asked}/"),
        officer.get(f"/requests/{CHANNEL}/{asked}/log/"),
        officer.get(act),
        officer.post(act, {"text": "", "language": "en"}),
        officer.get(reverse("assistance:draft", args=[draft.pk])),
        officer.get(reverse("assistance:step", args=[draft.pk, "facts"])),
        officer.get(reverse("assistance:submit", args=[draft.pk])),
    ]
    prepared = services.submit(draft, by=anna)
    pages.append(officer.get(reverse("officials:approval", args=[prepared.pk])))

    assert [True] * len(pages) == [BAND in page.content.decode() for page in pages]
    assert 'class="exercise">Exercise' in officer.get("/requests/").content.decode()


def test_whether_it_is_an_exercise_follows_from_the_record(asked, boris):
    """Rebuilt projections must say it too, on both nodes alike."""
    assert Request.objects.get(ref=asked).exercise
    assert not Channel.objects.filter(channel=CHANNEL, exercise=False).exists()
