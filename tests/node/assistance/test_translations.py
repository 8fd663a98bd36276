"""Original and translation side by side: who answers for it, what is certified, what was attached later."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comity.instruments import library
from comity_node.assistance import (
    attached,
    casefile,
    letters,
    queries,
    services,
    translation_views,
    translations,
)
from comity_node.assistance.content import content_of
from comity_node.assistance.detail import detail
from comity_node.assistance.models import Translation
from comity_node.officials import services as officials
from comity_node.register import payloads
from comity_node.register import queries as record
from comity_node.register.rebuilding import rebuild
from tests.node.assistance.conftest import THEIRS, lodges
from tests.node.counterpart import CHANNEL

pytestmark = pytest.mark.django_db

KIND = "record.translation.attached"
SWORN = {
    "how": "human",
    "office": "Translation service",
    "certified_by": "N. Nordova",
    "capacity": "sworn translator",
    "certified_on": "2026-05-04",
    "certificate": "No. 17",
}


def by_form(said):
    """As the form names it."""
    return {f"by_{name}": value for name, value in said.items()}


@pytest.fixture
def paragraphs(draft, anna):
    """A draft whose facts have three paragraphs, to be translated into Russian."""
    facts = {"facts_summary": "One.\n\nTwo.\nThree."}
    return services.save_draft(draft, by=anna, fields=facts, translation_language="ru")


def test_each_paragraph_has_its_box_and_a_missing_one_is_seen(paragraphs, anna, browser):
    """A hole in the middle must not move everything after it."""
    page, address = browser(anna), reverse("assistance:step", args=[paragraphs.pk, "translation"])
    asked = page.get(address).content.decode()
    said = {"translation_language": "ru", "translated_facts_summary": ["A.", "", "C.\nc."], "go": "review"}
    page.post(address, said)
    paragraphs.refresh_from_db()
    again = page.get(address).content.decode()

    assert 3 == asked.count('name="translated_facts_summary"')
    assert "A.\n[...]\nC. c." == paragraphs.translation["facts_summary"]
    assert ("data-gap" in again, ">C. c.</textarea>" in again) == (True, True)
    assert "translation_gap" not in {one.id for one in services.defects(paragraphs)}  # no words to translate


def test_changing_the_original_leaves_each_translation_at_its_paragraph(paragraphs, anna):
    """Whoever adds a sentence must not make a false translation of the rest."""
    services.save_draft(paragraphs, by=anna, translation={"facts_summary": "A.\nB.\nC."})
    held = services.save_draft(paragraphs, by=anna, fields={"facts_summary": "One.\nNew.\nTwo.\nThree."})

    assert "A.\n[...]\nB.\nC." == held.translation["facts_summary"]


def test_authorship_and_certificate_are_written_sent_and_set_in_the_letter(paragraphs, anna, browser):
    """A court asks who translated it before it asks what it says."""
    page, address = browser(anna), reverse("assistance:step", args=[paragraphs.pk, "translation"])
    texts = {"translated_facts_summary": ["A.", "B.", "C."], "translation_language": "ru", "go": "review"}
    refused = page.post(address, {**texts, **by_form({**SWORN, "capacity": ""})})
    page.post(address, {**texts, **by_form(SWORN)})
    paragraphs.refresh_from_db()
    act = services.opening(paragraphs)
    read = page.get(reverse("assistance:submit", args=[paragraphs.pk])).content.decode()

    assert (422, True) == (refused.status_code, "say in what capacity" in refused.content.decode())
    assert SWORN == act.payload["translation"]["by"]
    assert "sworn translator" in read
    assert letters.of_draft(paragraphs, "en").startswith(b"%PDF")


def test_what_they_sent_is_shown_beside_its_original_with_who_answers_for_it(boris, anna, browser):
    """The other side's translation is its word; whether anybody certifies it is seen."""
    parts = {"fields": {"purpose": "Eins.\n[...]"}, "language": "ru"}
    fields = {"purpose": "One.\nTwo."}
    lodges(boris, THEIRS, fields=fields, translation={**parts, "by": SWORN})
    lodges(boris, "bb-2026-0002", fields=fields, translation={**parts, "by": {"certified_by": "me"}})
    page = browser(anna)
    whole = page.get(f"/requests/{CHANNEL}/{THEIRS}/").content.decode()
    forged = page.get(f"/requests/{CHANNEL}/bb-2026-0002/").content.decode()

    assert "N. Nordova" in whole
    assert "Not translated" in whole
    assert "held as certified by nobody" in forged
    assert ">me<" not in forged


def test_a_translation_is_attached_later_by_either_side_and_changes_nothing(asked, boris, anna, browser):
    """What was declared stays as it was; the translation stands beside it with its author."""
    before = queries.request(CHANNEL, asked)
    page, address = browser(anna), f"/requests/{CHANNEL}/{asked}/translate/bb/1/"
    said = {"language": "en", "translated_purpose": ["The trial."], **by_form(SWORN)}
    opened = page.get(address)
    empty = page.post(address, {**said, "translated_purpose": [""]})
    read = page.post(address, said).content.decode()
    shown = read.partition('name="shown" value="')[2][:64]
    done = page.post(address, {**said, "shown": shown}, follow=True).content.decode()
    charter = library()["charter"]
    entry = str(detail(CHANNEL, asked).entry_at(0).ref)
    stated = {"instrument": "charter", "table": charter.digest, "requested": "aa", "translates": entry}
    boris.does(
        KIND,
        "bb-translation-1",
        stated=stated,
        answers=(detail(CHANNEL, asked).entry_at(0).ref,),
        payload={"translation": {"language": "ru", "fields": {"purpose": "Boris says."}}},
    )
    both = page.get(f"/requests/{CHANNEL}/{asked}/").content.decode()
    after = queries.request(CHANNEL, asked)

    assert (200, 409) == (opened.status_code, empty.status_code)
    assert ("The trial." in done, "Translation attached later" in done) == (True, True)
    assert (2, True) == (both.count("Translation attached later"), "Boris says." in both)
    assert (before.state, before.last_entry, before.irregular) == (
        after.state,
        after.last_entry,
        after.irregular,
    )


@pytest.mark.parametrize(
    "payload",
    [
        {"translation": "x"},
        {"translation": {"language": 7, "fields": []}},
        {"translation": {"fields": {"purpose": ["x"] * 10_000}}},
        b"{",
        {"translation": {"language": "ru", "fields": {"purpose": "x\n" * 50_000}}},
    ],
    ids=["words", "types", "list", "cut", "long"],
)
def test_a_hostile_translation_harms_no_page(payload, asked, boris, anna, browser):
    """It is beside what it says it translates, or nowhere."""
    first = detail(CHANNEL, asked).entry_at(0).ref
    charter = library()["charter"]
    stated = {"instrument": "charter", "table": charter.digest, "requested": "aa", "translates": str(first)}
    boris.does(
        "record.translation.attached", "bb-translation-1", stated=stated, answers=(first,), payload=payload
    )

    assert 200 == browser(anna).get(f"/requests/{CHANNEL}/{asked}/").status_code
    assert 200 == browser(anna).get(f"/requests/{CHANNEL}/bb-translation-1/").status_code


def attaches(boris, ref, entry, words="Boris says.", *, by=None, **more):
    """Have Boris attach a translation to an entry."""
    charter = library()["charter"]
    stated = {"instrument": "charter", "table": charter.digest, "requested": "aa", "translates": str(entry)}
    translation = {"language": "ru", "fields": {"purpose": words}, **({"by": by} if by else {})}
    boris.does(KIND, ref, stated=stated, answers=(entry,), payload={"translation": translation, **more})


def attach(anna, entry, words="The trial."):
    """Attach one of ours."""
    act = translations.attaching(
        record.entry(entry), content_of(record.entry(entry)), language="en", fields={"purpose": words},
        made=translations.made({}),
    )  # fmt: skip
    return officials.sign(act, shown=officials.text_digest(act), by=anna)


def test_a_flood_of_theirs_hides_nothing_but_their_own(asked, boris, anna, browser):
    """So many of each side are shown, ours first, the certified before the others; the rest is counted."""
    entry = detail(CHANNEL, asked).entry_at(0).ref
    attach(anna, entry)
    attaches(boris, "bb-translation-0", entry, "Sworn.", by=SWORN)
    for number in range(1, 8):
        attaches(boris, f"bb-translation-{number}", entry, f"Noise {number}.")
    (beside,) = attached.beside(CHANNEL, [entry]).values()
    page = browser(anna).get(f"/requests/{CHANNEL}/{asked}/").content.decode()

    said = [dict(one.content.translation)["purpose"] for one in beside.shown]
    assert ["The trial.", "Sworn.", "Noise 7.", "Noise 6."] == said
    assert [("bb", False, 5)] == [(one.party, one.ours, one.count) for one in beside.left]
    assert "5 more translations of this entry are on record and not shown" in page
    assert "Noise 1." not in page
    assert page.index("The trial.") < page.index("Sworn.") < page.index("Noise 7.")


def test_translations_elsewhere_hide_none_here(asked, boris, anna):
    """What is attached to other entries of the channel, however much, is none of this one's."""
    entry = detail(CHANNEL, asked).entry_at(0).ref
    attach(anna, entry)
    lodges(boris, "bb-2026-0002")
    other = detail(CHANNEL, "bb-2026-0002").entry_at(0).ref
    for number in range(4):
        attaches(boris, f"bb-translation-{number}", other)

    assert 1 == len(attached.beside(CHANNEL, [entry])[entry].shown)
    assert attached.SHOWN == len(attached.beside(CHANNEL, [other])[other].shown)


def test_the_cost_of_translations_does_not_grow_with_their_number(
    asked, boris, monkeypatch, django_assert_num_queries
):
    """A page opens so many payloads of each side, whoever attached how many."""
    entry = detail(CHANNEL, asked).entry_at(0).ref
    for number in range(6):
        attaches(boris, f"bb-translation-{number}", entry)
    opened, really = [], payloads.opened
    monkeypatch.setattr(payloads, "opened", lambda sealed: opened.append(sealed) or really(sealed))

    with django_assert_num_queries(3):
        attached.beside(CHANNEL, [entry])

    assert attached.SHOWN == len(opened)


def test_which_entry_is_translated_is_derived_from_the_record_alone(asked, boris, anna):
    """A translation without effect is beside nothing, and rebuilding gives the same rows to the byte."""
    entry = detail(CHANNEL, asked).entry_at(0).ref
    attaches(boris, "bb-translation-1", entry, by=SWORN)
    boris.does(KIND, "bb-translation-2", answers=(entry,), payload={"translation": {"language": "ru"}})

    before, after = rebuild()

    assert before == after
    assert [("bb-translation-1", True)] == list(Translation.objects.values_list("ref", "is_certified"))


def test_an_entry_decides_not_how_many_boxes_a_page_has(boris, anna, browser):
    """A text of fifty thousand lines would stop the browser of whoever wants to translate it."""
    fields = {f"part{number}": "x" for number in range(100)} | {"purpose": "line\n" * 50_000}
    lodges(boris, THEIRS, fields={"purpose": fields.pop("purpose"), **fields})
    page, address = browser(anna), f"/requests/{CHANNEL}/{THEIRS}/translate/bb/1/"

    asked = page.get(address).content.decode()
    read = page.post(address, {"language": "en", "translated_purpose": "In one piece."}).content.decode()

    assert asked.count("<textarea") <= translation_views.MOST_PARTS + 1
    assert "In one piece." in read
    assert 404 == page.get(f"/requests/{CHANNEL}/{THEIRS}/translate/bb/99/").status_code
    assert 404 == page.get(f"/requests/{CHANNEL}/other/translate/bb/1/").status_code


def test_translations_attached_later_stand_in_the_case_file(asked, boris, anna, monkeypatch):
    """A court reads the sworn translation, whenever it came; what is not printed is counted."""
    shown = []
    monkeypatch.setattr(casefile, "set_pages", lambda said, *_args, **_more: shown.append(said) or b"")
    entry = detail(CHANNEL, asked).entry_at(0).ref
    attaches(boris, "bb-translation-0", entry, "Sworn.", by=SWORN)
    for number in range(1, 4):
        attaches(boris, f"bb-translation-{number}", entry, f"Noise {number}.", marking={"tlp": "RED"})

    casefile.of_request(queries.request(CHANNEL, asked), "en")

    sections = shown[0]["sections"]
    first = next(one for one in sections if one["heading"].startswith("1. Translation attached later"))
    assert ("Sworn." in str(first), "sworn translator" in str(first), "trial" in str(first)) == (True,) * 3
    assert "More translations of act 1 on record, by BB: 1." in str(sections)
    assert shown[0]["marking"].startswith("TLP: RED")
