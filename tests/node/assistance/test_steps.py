"""Writing a request step by step: saved anywhere, its completeness always in sight."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.urls import reverse

from comity.instruments import library
from comity.lifecycle import Table
from comity_node.assistance import services, steps
from comity_node.assistance.models import Draft
from comity_node.parties import services as known
from tests.node.counterpart import CHANNEL
from tests.node.parties.conftest import BOTH, facts, row

pytestmark = pytest.mark.django_db
WORDS = "Words on this."


@pytest.fixture
def draft(boris, anna):
    """A request that is just begun."""
    return services.draft(channel=CHANNEL, title="Records", by=anna)


def step_of(draft, name):
    """A step of the draft as it stands."""
    draft.refresh_from_db()
    placed = steps.placed(draft, services.table(draft), services.check(draft))
    return next(one for one in placed if one.id == name)


def test_every_field_of_every_instrument_stands_in_one_step_of_the_order_authorities_work_in():
    """A field nobody placed would be asked among the measures, where nobody looks for it."""
    named = [name for step in steps._steps() for name in step.fields]
    known = {field.id for text in library().values() for field in text.fields}

    assert sorted(named) == sorted(set(named))
    assert set() == known - set(named)
    assert set() == set(named) - known


def test_a_step_in_which_the_instrument_asks_nothing_is_passed_over(draft):
    """An empty screen teaches officials to click on."""
    placed = steps.placed(draft, services.table(draft), services.check(draft))

    assert all(one.names for one in placed if one.id != steps.REVIEW)
    assert ["marking", "translation", "exhibits", "review"] == [one.id for one in placed[-4:]]
    assert "urgency" not in [one.id for one in placed]


def test_what_is_written_in_a_step_is_kept_wherever_one_goes_from_it(draft, anna, browser):
    """Save and return anywhere: nothing is lost, and nothing else is touched."""
    services.save_draft(draft, by=anna, types=["documents_items"], fields={"purpose": WORDS})
    officer, address = browser(anna), reverse("assistance:step", args=[draft.pk, "offences"])

    onward = officer.post(address, {"offences": "Section 12", "go": "authority"})
    left = officer.post(onward["Location"], {"requesting_authority": "A court", "go": "leave"})

    draft.refresh_from_db()
    assert reverse("assistance:drafts") == left["Location"]
    assert {"purpose": WORDS, "offences": "Section 12", "requesting_authority": "A court"} == draft.fields
    assert (["documents_items"], "Records") == (draft.types, draft.title)


def test_each_step_says_what_it_lacks_and_the_review_says_all_with_links(draft, anna, browser):
    """An officer must never wonder what is missing, nor where to write it."""
    assert 1 == step_of(draft, "offences").demanded
    services.save_draft(draft, by=anna, fields={"offences": "Section 12"})
    assert (0, 1) == (step_of(draft, "offences").demanded, step_of(draft, "offences").written)

    page = browser(anna).get(reverse("assistance:step", args=[draft.pk, "review"])).content.decode()
    facts = reverse("assistance:step", args=[draft.pk, "facts"])
    assert f'href="{facts}#id_facts_summary"' in page
    assert "Section 12" in page


def test_the_steps_lead_from_the_first_to_the_text_to_be_signed(draft, anna, browser):
    """Next, next, next: whoever follows them has a complete request at the end."""
    officer = browser(anna)
    services.save_draft(draft, by=anna, types=["documents_items"])
    table = Table(library()["us-ru-1999"], library()["us-ru-1999"].procedure("assistance"))
    order = [one.id for one in steps.placed(draft, table, [])]
    said = {field.id: WORDS for field in table.instrument.fields}
    head = {"title": "Records", "types": ["documents_items"], "language": "en"}

    for here, after in pairwise([*order, "confirm"]):
        address = reverse("assistance:step", args=[draft.pk, here])
        assert f'value="{after}"' in officer.get(address).content.decode()
        answer = officer.post(address, {**head, **said, "go": after})
        assert 302 == answer.status_code

    assert reverse("assistance:submit", args=[draft.pk]) == answer["Location"]
    assert 200 == officer.get(answer["Location"]).status_code
    assert [] == [gap for gap in services.check(Draft.objects.get(pk=draft.pk)) if gap.demanded]


def test_a_translation_is_written_beside_its_original(draft, anna, browser):
    """Each paragraph beside the one it translates."""
    services.save_draft(draft, by=anna, fields={"purpose": "To identify"}, translation_language="fr")
    officer, address = browser(anna), reverse("assistance:step", args=[draft.pk, "translation"])

    page = officer.get(address).content.decode()
    said = {"translation_language": "fr", "translated_purpose": "Identifier", "go": "review"}
    officer.post(address, said)

    draft.refresh_from_db()
    assert page.index("To identify") < page.index('name="translated_purpose"')
    assert "Identifier" == draft.translation["purpose"]
    assert {"purpose": "To identify"} == draft.fields


def test_what_sends_such_requests_back_is_said_in_its_step_and_in_the_review(draft, anna, browser):
    """An address without a time leads to the wrong subscriber; it is said where it is written."""
    written = {"ip_port_time": "192.0.2.7", "facts_summary": WORDS}
    services.save_draft(draft, by=anna, types=["documents_items"], fields=written)
    officer = browser(anna)
    pages = {
        name: officer.get(reverse("assistance:step", args=[draft.pk, name])).content.decode()
        for name in ("measures", "contacts", "review")
    }
    measures = reverse("assistance:step", args=[draft.pk, "measures"])

    assert 'href="#id_ip_port_time"' in pages["measures"]
    assert f'href="{measures}#id_ip_port_time"' in pages["review"]
    assert "What sends such requests back" not in pages["contacts"]


def test_a_step_that_is_not_there_and_a_draft_of_another_office_are_not_found(draft, anna, clara, browser):
    """What may not be seen does not exist."""
    assert 404 == browser(anna).get(reverse("assistance:step", args=[draft.pk, "nowhere"])).status_code
    assert 404 == browser(clara).get(reverse("assistance:step", args=[draft.pk, "basis"])).status_code


def test_the_authority_a_request_goes_to_is_shown_with_its_article_to_who_writes(draft, anna, hire, browser):
    """Whom a State named under the treaty is looked up once, not by every officer anew."""
    raw = facts(
        more=BOTH
        + "\n"
        + row(
            "authority",
            "bb",
            name='"Ministry of Justice of Borland"',
            names='{ru = "Министерство юстиции"}',
            address='"1 Court Square, Bor"',
            languages='["fr"]',
        )
    )
    lena = hire("lena", "legal adviser")
    shown = known.offer(draft.instrument, raw, by=lena).shown
    known.take(draft.instrument, raw, shown=shown, source="Depositary", by=lena)
    page = browser(anna).get(reverse("assistance:step", args=[draft.pk, "authority"])).text
    elsewhere = browser(anna).get(reverse("assistance:step", args=[draft.pk, "offences"])).text

    for said in ("Ministry of Justice of Borland", "Министерство юстиции", "1 Court Square", "Art.\u00a03"):
        assert said in page
    assert "Ministry of Justice of Borland" not in elsewhere
