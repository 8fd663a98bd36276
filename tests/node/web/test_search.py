"""The search page: found by words in every script, by those who may, without a word of an erased payload."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from comity_node.assistance import seeking as drafts
from comity_node.assistance import services
from comity_node.register import models, seeking, words_index
from comity_node.register import services as register
from comity_node.register.fsck import check
from comity_node.register.passages import LONGEST, MOST_TOKENS
from comity_node.register.rebuilding import rebuild
from comity_node.register.seeking import Sought
from tests.node.assistance.conftest import *  # noqa: F403 - the same cast, and the request between them
from tests.node.assistance.conftest import FILLED, THEIRS, lodges
from tests.node.counterpart import CHANNEL

PAGE = "/search/"
FIELDS = {"facts": "Зашифрованы записи больницы. 北京市公安局. الجُمهوريّة. Việt Nam, đường dây."}


def found(**sought):
    """References found, with what they are."""
    return {
        (sort, one.ref)
        for sort, group in seeking.seek(Sought(**sought)).items()
        for one in group.passages(0, 99)
    }


@pytest.mark.parametrize(
    "words", ["больниц", "ЗАПИСИ", "公安", "الجمهورية", "viet duong", "Statement", "bb-2026"]
)
def test_a_request_is_found_by_what_it_says(words, boris):
    """Officers of seven languages seek as they write."""
    lodges(boris, THEIRS, fields=FIELDS)

    assert ("entry", THEIRS) in found(words=words)


def test_requests_exhibits_and_entries_are_found_apart(asked, anna, browser):
    """Somebody who seeks a request need not read entries."""
    page = browser(anna).get(PAGE, {"words": "statement witness"}).content.decode()

    assert {("request", asked), ("entry", asked)} == found(words="statement witness")
    assert {("request", asked)} == found(words="statement", sort="request")
    assert "<mark>Statement</mark>" in page
    assert reverse("assistance:request", args=[CHANNEL, asked]) in page


def test_an_entry_is_found_by_its_hash_and_office(asked):
    """A hash read from a letter leads to what it is of."""
    leaf = models.Entry.objects.get(ref=asked)

    assert ("entry", asked) in found(words=bytes(leaf.leaf_hash).hex()[:12])
    assert ("entry", asked) in found(words="prosecution coordinator")


def test_filters_narrow_down(asked, lodged):
    """Channel, side, procedure, period and standing, each by itself."""
    today = timezone.now().date()
    both = {("request", asked), ("request", lodged)}

    def narrowed(**by):
        return found(words="2026", sort="request", **by)

    assert both == narrowed(channel=CHANNEL, kinds="assistance.request", since=today, until=today)
    assert {("request", lodged)} == narrowed(side="ours")
    assert {("request", asked)} == narrowed(side="theirs")
    assert both == narrowed(standing="open") == narrowed(standing="lodged")
    for nothing in ({"channel": "other"}, {"standing": "refused"}, {"kinds": "preservation.request"}):
        assert set() == narrowed(**nothing)
    assert set() == narrowed(until=today.replace(year=2000))


@pytest.mark.parametrize(
    "typed",
    [
        '"', "'", '"" OR 1=1', "NEAR(a b)", "a* OR b", "tokens:x", "^x", "-x", "(", "{a}", "\\", "%s", "\x00",
        "'); DROP TABLE register_passage; --", "a" * 5000, "* *", "_sort_entry_", "🙂", "\ud800", "x:*",
        "<script>alert(1)</script>",
    ],
)  # fmt: skip
def test_whatever_is_typed_the_page_answers(typed, asked, anna, browser):
    """The words are a stranger's: no sign of a query language means anything."""
    answer = browser(anna).get(PAGE, {"words": typed.encode("utf-8", "replace").decode()})

    assert 200 == answer.status_code
    assert "<script>alert" not in answer.content.decode()
    found(words=typed)


@pytest.mark.parametrize(
    "odd",
    [
        {"since": "x", "until": "9999-12-31"},
        {"sort": "'"},
        {"channel": "'; --"},
        {"page": "-1"},
        {"standing": "?"},
    ],
)
def test_an_odd_filter_is_as_good_as_none(odd, asked, anna, browser):
    """A link may be old or mistyped."""
    answer = browser(anna).get(PAGE, {"words": "witness", **odd})

    assert 200 == answer.status_code
    assert asked in answer.content.decode()


def test_what_a_counterpart_wrote_is_shown_as_text(boris, anna, browser):
    """A title may be anything; on our page it is letters."""
    lodges(
        boris, THEIRS, title="<b onclick=x>witness</b>", fields={"purpose": "<img src=x> witness \x1b[31m"}
    )

    page = browser(anna).get(PAGE, {"words": "witness"}).content.decode()

    assert "<b onclick" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x&gt; <mark>witness</mark>" in page


def test_only_those_who_may_read_the_record_seek_in_it(asked, clara, browser):
    """Search is no way round the lists."""
    answer = browser(clara).get(PAGE, {"words": "witness"})

    assert answer.status_code in (403, 404)
    assert asked not in answer.content.decode()


def test_drafts_are_found_by_their_own_office_only_and_look_internal(draft, hire, anna, browser):
    """What has not crossed the border must not be taken for the record, nor be seen by another office."""
    other = hire("emma", "case officer", office="prosecution")

    ours = browser(anna).get(PAGE, {"words": "hospital"}).content.decode()
    theirs = browser(other).get(PAGE, {"words": "hospital"}).content.decode()

    assert draft.ref in ours
    assert 'class="found internal"' in ours
    assert draft.ref not in theirs
    assert set() == found(words="hospital")


def test_words_leave_the_index_with_their_payload(boris):
    """Erasure that leaves the words to be sought is none."""
    lodges(boris, THEIRS, fields=FIELDS, title="Clinic")
    entry = models.Entry.objects.get(ref=THEIRS)

    models.Payload.objects.filter(sha256=entry.payload).update(sealed=None, erased_at=timezone.now())
    register.project(CHANNEL, [(entry.kind, entry.ref)])

    assert set() == found(words="больницы") | found(words="clinic")
    assert ("entry", THEIRS) in found(words="bb-2026-0001")
    assert not models.Passage.objects.filter(text__contains="больницы").exists()
    before, after = rebuild()
    assert before == after
    assert words_index.is_whole()


def test_megabytes_of_text_are_indexed_in_part(boris):
    """A counterpart may seal megabytes; the index of a node is not for it to fill."""
    lodges(
        boris, THEIRS, fields={f"f{n}": f"word{n} " * 2000 for n in range(120)}, note=[["deep"] * 3] * 5000
    )

    row = models.Passage.objects.get(ref=THEIRS, sort="entry")
    assert len(row.text) <= LONGEST
    assert row.tokens.count(" ") <= MOST_TOKENS + 4


def test_a_payload_that_cannot_be_read_is_found_by_its_header(boris):
    """What stands in the open can be sought, whatever was sealed."""
    boris.does("assistance.request.lodged", THEIRS, stated={"requested": "aa"}, payload=b"\xff\x00")

    assert ("entry", THEIRS) in found(words=THEIRS)


def test_rebuilding_gives_the_same_index(asked, lodged):
    """The index is a projection like any other, and `fsck` holds it against the passages."""
    before, after = rebuild()

    assert before == after
    assert words_index.is_whole()
    assert not [one for one in check()[0] if one.where == "index of words"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its index in step by itself")
def test_an_index_that_says_something_else_is_reported(asked):
    """A word that was put into the index by hand is found out."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO register_words(rowid, tokens) VALUES (999999, 'forged')")

    assert not words_index.is_whole()
    assert [one for one in check()[0] if one.where == "index of words"]
    rebuild()
    assert words_index.is_whole()


def test_a_draft_with_much_text_is_sought_within_bounds(draft, anna):
    """The drafts of an office are read as they are, the latest first."""
    services.save_draft(draft, fields={**FILLED, "purpose": "больница " * 50}, by=anna)

    assert [draft.pk] == [one.pk for one, _ in drafts.drafts(anna, "больниц")]


def test_so_many_letters_of_drafts_are_looked_through(draft, anna, monkeypatch):
    """A search waits for no colleague who keeps a library in drafts."""
    assert [draft.pk] == [one.pk for one, _ in drafts.drafts(anna, "hospital")]
    monkeypatch.setattr(drafts, "_MOST_LETTERS", 10)

    assert [] == drafts.drafts(anna, "hospital")
