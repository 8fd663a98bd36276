"""Forms are filled once and shown in the reader's language, and no language is half there."""

from __future__ import annotations

import html
import importlib.util
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from babel.messages import Catalog
from django.urls import reverse
from django.utils import translation

from comity.instruments import library
from comity_node.assistance import services, steps
from comity_node.web import wording
from tests.node.counterpart import CHANNEL, open_channel

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "tools" / "list_messages.py"


@pytest.fixture
def pages():
    """The program that lists the words."""
    spec = importlib.util.spec_from_file_location("list_messages", PAGES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_catalogue_holds_every_word_of_its_parts_and_no_other():
    """A page half in one language is read by nobody."""
    done = subprocess.run([sys.executable, PAGES, "--check"], capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_a_word_that_is_missing_or_gone_is_named(pages):
    """A check that cannot fail guards nothing."""
    wanted, held = Catalog(), Catalog(locale="ru")
    wanted.add("Begin the draft")
    wanted.add(("%(n)s missing", "%(n)s missing"))
    held.add(("%(n)s missing", "%(n)s missing"), ("%(n)s a", "", "%(n)s c"))
    held.add("Begin it", "Начать")
    wanted.add("Next: %(title)s")
    held.add("Next: %(title)s", "Далее: %(name)s")

    said = pages.lacking(held, wanted)

    assert "not translated: 'Begin the draft'" == said[0]
    assert ["no longer there: 'Begin it'", "not filled in alike: 'Next: %(title)s'"] == said[2:]


def test_what_a_treaty_says_is_in_no_catalogue(pages):
    """A label may be translated; nobody but its parties makes a text of a treaty."""
    reasons = {field.why for text in library().values() for field in text.fields}
    texts = {rule.text for text in library().values() for rule in text.rules} - reasons
    assert set() == texts & {one.id for one in pages.words()}


@pytest.mark.django_db
def test_the_same_draft_is_read_in_the_language_of_each_officer(hire, browser):
    """One fills it in in English; the colleague reads the form in Russian, the words as written."""
    open_channel()
    anna = hire("anna", "case officer")
    draft = services.draft(
        channel=CHANNEL, types=["documents_items"], title="Records of one account", by=anna
    )
    address = reverse("assistance:step", args=[draft.pk, "facts"])
    page = browser(anna)
    english = page.get(address).content.decode()
    page.post(reverse("web:language"), {"language": "ru", "next": address})
    russian = page.get(address).content.decode()

    assert "Summary of the facts" in english
    assert 'lang="ru"' in russian
    assert ("Краткое изложение обстоятельств" in russian, "Records of one account" in russian) == (True, True)
    with translation.override("ru"):
        assert "Запрашиваемая помощь" == translation.gettext("Assistance sought")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ru", "ar"])
@pytest.mark.parametrize("instrument", sorted(set(library()) - {"charter", "custody"}))
def test_every_form_of_every_instrument_is_read_in_the_language_of_the_officer(
    instrument, language, hire, browser
):
    """An officer who meets half a form in another language fills in half of it."""
    open_channel(instrument=instrument)
    anna = hire("anna", "case officer", "coordinator")
    page = browser(anna)
    page.post(reverse("web:language"), {"language": language, "next": "/"})
    read = 0
    for way in services.ways(CHANNEL):
        if instrument != way.table.instrument.id:
            continue
        begun = {"instrument": instrument, "procedure": way.table.procedure.id, "act": way.act.id}
        draft = services.draft(channel=CHANNEL, title="One", by=anna, **begun)
        for step in steps.placed(draft, services.table(draft), []):
            shown = html.unescape(
                page.get(reverse("assistance:step", args=[draft.pk, step.id])).content.decode()
            )
            labels = [one.label for one in way.table.instrument.fields if one.id in step.names]
            assert [] == [label for label in labels if f">{label}<" in shown]
            with translation.override(language):
                assert [] == [label for label in labels if translation.gettext(label) not in shown]
            read += len(labels)
    assert read


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1 May 2026"), ("ar", "1 مايو، 2026"), ("fr", "1 mai 2026"), ("ru", "1 мая 2026 \u0433.")],
)
def test_a_day_is_written_as_the_language_of_the_reader_writes_days(language, said):
    """A month in the wrong case reads as made by a machine, and as not made for the reader."""
    with translation.override(language):
        assert wording.day(date(2026, 5, 1)) == said
