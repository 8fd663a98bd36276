"""The pages: newer facts are given, read as a difference and taken; everybody sees where facts come from."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.custody import custody
from comity_node.parties import queries, services
from comity_node.parties.models import Taken
from comity_node.register.citing import text_address
from tests.node.parties.conftest import BOTH, facts, party

pytestmark = pytest.mark.django_db
TREATY = "us-ru-1999"
SOURCE = "Letter of the depositary"


def address(name, *args):
    return reverse(f"parties:{name}", args=[TREATY, *args])


def carried(page):
    """What the page of the difference carries on, as a browser sends it."""
    found = re.findall(r'<input type="hidden" name="(text|shown)" value="([^"]*)"', page)
    kept = {name: unescape(value).replace("\n", "\r\n") for name, value in found}
    return {**kept, "source": SOURCE}


@pytest.fixture
def legal(lena, browser):
    """Lena's browser."""
    return browser(lena)


@pytest.fixture
def took(lena):
    """Facts Lena took."""
    raw = facts(until="bound_until = 2026-05-31")
    shown = services.offer(TREATY, raw, by=lena).shown
    return services.take(TREATY, raw, shown=shown, source=SOURCE, by=lena)


def test_facts_are_read_as_a_difference_and_then_taken(legal):
    """Nothing is in use before it was read, and what was read is what is in use."""
    raw = facts(until="bound_until = 2026-05-31", more=party("kz", name='"<b>Kazakhstan</b>"'))
    file = SimpleUploadedFile("parties.toml", raw)
    page = legal.post(address("update"), {"file": file, "source": SOURCE}).text

    assert "leaves" in page
    assert "&lt;b&gt;Kazakhstan" in page
    assert not Taken.objects.exists()
    answer = legal.post(address("take"), carried(page), follow=True)
    assert "In use from now on" in answer.text
    assert raw.decode() == Taken.objects.get().text


def test_text_does_as_well_as_a_file_and_one_of_them_is_needed(legal):
    """A letter is typed; a page that takes two texts leaves open which it took."""
    given = {"text": facts().decode().replace("\n", "\r\n"), "source": SOURCE}

    assert "shown" in carried(legal.post(address("update"), given).text)
    file = SimpleUploadedFile("parties.toml", facts())
    for said in ({"source": SOURCE}, {**given, "file": file}, {"text": given["text"]}):
        assert 422 == legal.post(address("update"), said).status_code
    large = SimpleUploadedFile("parties.toml", b"#" * 200_000)
    assert 422 == legal.post(address("update"), {"file": large, "source": SOURCE}).status_code


def test_what_is_refused_is_said_with_its_reason(legal):
    """An official must not guess what is wrong with a file."""
    answer = legal.post(address("update"), {"text": facts("2025-01-01").decode(), "source": SOURCE})

    assert 422 == answer.status_code
    assert "those in use of 2026-01-01" in answer.text


@pytest.mark.parametrize("change", [{"text": facts(more=BOTH).decode()}, {"shown": "0" * 64}, {"source": ""}])
def test_a_page_that_was_changed_takes_nothing(legal, change):
    """What was confirmed must be what was shown."""
    said = carried(legal.post(address("update"), {"text": facts().decode(), "source": SOURCE}).text)
    answer = legal.post(address("take"), {**said, **change}, follow=True)

    assert "Nothing was taken" in answer.text
    assert not Taken.objects.exists()


def test_who_does_not_answer_for_the_facts_finds_no_way_to_change_them(boris, browser, took):
    """Least privilege: the case officer reads where facts come from, and that is all."""
    officer = browser(boris)

    assert 404 == officer.get(address("update")).status_code
    assert [404, 404] == [officer.post(address(name), {}).status_code for name in ("take", "take-back")]
    page = officer.get(address("parties")).text
    assert SOURCE in page
    assert "Use what ships again" not in page
    assert officer.get(address("file", 1)).content.decode() == took.text
    assert 404 == officer.get(address("file", 2)).status_code
    assert 404 == officer.get(reverse("parties:parties", args=["nothing"])).status_code


def test_facts_are_taken_back_from_the_page_once(legal, took):
    """A second click must not undo what came after the first."""
    back = {"to": "shipped", "number": took.number}

    assert "Taken back." in legal.post(address("take-back"), back, follow=True).text
    assert queries.of(TREATY).taken is None
    for number in (took.number, "x", ""):
        legal.post(address("take-back"), {"to": "shipped", "number": number})
    assert 2 == Taken.objects.count()


def test_every_page_of_the_law_says_where_facts_come_from(legal, took):
    """Whoever relies on a footing must see who looked it up, and when."""
    for page in (reverse("web:instruments"), reverse("web:instrument", args=[TREATY])):
        said = legal.get(page).text
        assert "taken here by" in said
        assert SOURCE in said
        assert "as shipped" in said or page != reverse("web:instruments")
    assert "As looked up on" in legal.get(reverse("web:instrument", args=["ets-185"])).text
    assert 200 == legal.get(text_address(custody())).status_code
