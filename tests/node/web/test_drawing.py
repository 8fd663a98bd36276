"""The smallest parts of a page: what they say, to whom, and that nothing said in them is markup."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from comity.names import EntryRef
from comity_node.web import drawing, marks

HOSTILE = '"><script>alert(1)</script>'
REF = EntryRef.parse("us.comity/wgictmosgenaaaaa#14")


@pytest.mark.parametrize(
    "drawn",
    [
        lambda: drawing.article(HOSTILE, "V", ""),
        lambda: drawing.article(f"practice: {HOSTILE}", "?", HOSTILE),
        lambda: drawing.chip(HOSTILE, HOSTILE),
        lambda: drawing.party("us", HOSTILE),
        lambda: drawing.side(True, HOSTILE, HOSTILE),
        lambda: drawing.entry_ref(REF, HOSTILE),
        lambda: drawing.digest(HOSTILE, HOSTILE),
    ],
)
def test_what_a_counterpart_wrote_is_never_markup(drawn):
    """Names, labels and hashes come from passports and entries of a party that may be hostile."""
    assert "<script" not in drawn()
    assert '"">' not in drawn()


def test_each_reader_is_answered_in_their_own_language():
    """What is kept between pages is kept by language: nobody reads what another asked for."""
    when = datetime(2026, 5, 1, 12, tzinfo=UTC)

    said = {}
    for language in ("fr", "en", "fr"):
        with translation.override(language):
            said.setdefault(language, set()).add(drawing.time(when, seconds=False))

    assert all(len(one) == 1 for one in said.values())
    assert "1 mai 2026" in next(iter(said["fr"]))
    assert "1 May 2026" in next(iter(said["en"]))


def test_a_day_is_said_as_a_day_and_an_instant_in_utc_with_the_readers_hour():
    """A deadline may be a day; an act always has its second."""
    with timezone.override("Asia/Tokyo"):
        instant = drawing.time(datetime(2026, 1, 31, 23, 59, 8, tzinfo=UTC), seconds=True)

    assert '<time datetime="2026-01-31">31 January 2026</time>' == drawing.time(
        date(2026, 1, 31), seconds=False
    )
    assert '31 January 2026, <span class="hour">23:59:08 UTC</span>' in instant
    assert 'title="1 February 2026, 08:59 in Asia/Tokyo"' in instant


def test_only_what_is_not_verified_is_marked_and_a_practice_is_called_one():
    """A badge on everything is a badge on nothing."""
    assert "badge" not in drawing.article("Art. 7(1)", "V", "")
    assert "Pattern" in drawing.article("Art. 7(1)", "P", "")
    assert "Practice" in drawing.article("practice: agreed by note", "V", "")
    assert "Not known" in drawing.article("Art. 7(1)", "no such mark", "")
    assert "Secondary source" in drawing.badge(marks.of("S"))


def test_a_practice_is_named_as_one_under_the_text_it_stands_in() -> None:
    """What is practice beside an act shall not be called unknown in the heading over it."""
    drawn = drawing.article("Channel charter, practice: a Party may leave alone", "?", "")

    assert "Channel charter: a Party may leave alone" in drawn
    assert "Practice" in drawn
    assert "Not known" not in drawn
