"""Figures on a node: counted from its record, opened to their entries, the same as a file."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from msgspec.structs import replace

from comity.instruments import library
from comity.reciprocity import Cut, count, encoded
from comity_node.channels import duties, report
from comity_node.channels import reciprocity as figures
from comity_node.channels.charts import charts
from comity_node.channels.models import Channel
from comity_node.register import mirroring, queries, reckoning, stating
from tests.node.counterpart import CHANNEL, INSTRUMENT, SECONDED, open_channel

SECOND = timedelta(seconds=1)
END = datetime(2099, 1, 1, 23, 59, 59, tzinfo=UTC)
OPENING = {
    "instrument": INSTRUMENT,
    "table": library()[INSTRUMENT].digest,
    "requested": "aa",
    "types": ["documents_items"],
}


@pytest.fixture
def borland(db):
    """Borland asked us twice, and took one request back."""
    other = open_channel()
    for number in (1, 2):
        other.does("assistance.request.lodged", f"bb-2026-000{number}", stated=OPENING, by=SECONDED)
    other.does("assistance.request.withdrawn", "bb-2026-0002")
    return other


@pytest.fixture
def reader(borland, hire, browser):
    """Who reads the record."""
    return browser(hire("rita", "coordinator"))


def test_the_page_counts_and_each_number_opens_its_entries(reader):
    """A figure nobody can open is a claim."""
    address = reverse("channels:reciprocity", args=[CHANNEL])
    page = reader.get(address).content.decode()
    assert "Withdrawn" in page
    opened = reader.get(
        address, {"of": f"bb/aa/{INSTRUMENT}/assistance////", "figure": "withdrawn"}
    ).content.decode()

    assert "of=bb/aa/us-ru-1999/assistance////&amp;figure=withdrawn" in page.replace("%2F", "/")
    assert f"/logs/bb/{CHANNEL}/" in opened
    assert 1 == opened.count('id="opened"')


@pytest.mark.parametrize(
    "said",
    [
        {"of": "'><script>", "figure": "withdrawn"},
        {"of": f"bb/aa/{INSTRUMENT}/assistance////", "figure": "<b>"},
        {"as_of": "never"},
        {"since": "9999-99-99", "as_of": "0000"},
        {"as_of": "2001-01-01"},
    ],
)
def test_what_makes_no_sense_opens_nothing_and_breaks_nothing(reader, said):
    """Addresses are typed and cut by people."""
    answer = reader.get(reverse("channels:reciprocity", args=[CHANNEL]), said)

    assert answer.status_code in (200, 422)
    assert 'id="opened"' not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_the_files_say_the_same(reader):
    """A spreadsheet and a program start from the page's numbers."""
    address = {form: reverse("channels:reciprocity-file", args=[CHANNEL, form]) for form in ("json", "csv")}
    asked = {"as_of": "2099-01-01"}
    found = json.loads(reader.get(address["json"], asked).content)
    table = b"".join(reader.get(address["csv"], asked).streaming_content).decode()

    (line,) = (one for one in found["lines"] if not any(one.get(cut) for cut in Cut._fields))
    assert (2, 1, 1) == tuple(line["figures"][one]["count"] for one in ("lodged", "withdrawn", "unanswered"))
    assert "withdrawn,,1," in table
    assert encoded(figures.document(CHANNEL, as_of=END)) == encoded(found)
    assert 404 == reader.get(reverse("channels:reciprocity-file", args=[CHANNEL, "exe"])).status_code


def test_figures_of_a_day_are_those_of_that_day(borland):
    """What came later is not in them."""
    early = figures.document(CHANNEL, as_of=datetime(2020, 1, 1, tzinfo=UTC))

    assert [] == early["lines"]


def test_what_is_owed_is_listed_on_both_sides_with_its_entry(reader):
    """The page of obligations is the list of the command."""
    rows = duties.documents(CHANNEL)
    page = reader.get(reverse("channels:obligations", args=[CHANNEL])).content.decode()

    assert ["aa", "aa"] == [one["party"] for one in rows]
    assert {"bb-2026-0001"} == {one["ref"] for one in rows}
    assert all(one["entry"] in page or one["what"] in page for one in rows)
    assert "owes nothing now" in page


@pytest.mark.parametrize("page", ["reciprocity", "obligations"])
def test_who_may_not_read_the_record_sees_no_figures(borland, hire, browser, page):
    """Figures tell of cases."""
    visitor = browser(hire("clara", "administrator"))

    assert visitor.get(reverse(f"channels:{page}", args=[CHANNEL])).status_code in (403, 404)


def test_figures_are_counted_once_for_as_long_as_they_stay_true(borland, monkeypatch):
    """A page looked at a hundred times reads the channel once; whatever is stored has it counted again."""
    counts = []
    monkeypatch.setattr(reckoning, "count", lambda *said, **more: counts.append(1) or count(*said, **more))
    now = datetime.now(UTC)
    first = figures.figures(CHANNEL, as_of=now)
    assert replace(first, as_of=now + SECOND) == figures.figures(CHANNEL, as_of=now + SECOND)
    assert 1 == len(counts)

    figures.figures(CHANNEL, as_of=now - timedelta(days=1))  # of another day
    figures.figures(CHANNEL, as_of=now, since=now)
    assert 3 == len(counts)

    borland.does("assistance.request.lodged", "bb-2026-0003", stated=OPENING, by=SECONDED)
    assert 3 == max(len(one.figures["lodged"]) for one in figures.figures(CHANNEL, as_of=END).lines)
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)
    assert {"receipted"} <= set(figures.figures(CHANNEL, as_of=END).lines[0].figures)


def test_what_is_kept_is_not_shown_once_a_clock_has_run_out(borland):
    """Nothing was stored, and yet it is overdue now."""
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)
    now = datetime.now(UTC)
    before = figures.figures(CHANNEL, as_of=now)
    assert before.until is not None

    day = before.until.date()
    early = datetime.combine(day, time.min, tzinfo=UTC)
    figures.figures(CHANNEL, as_of=max(early, now))
    late = figures.figures(CHANNEL, as_of=before.until + SECOND)
    assert "overdue" not in before.lines[0].figures
    assert "overdue" in late.lines[0].figures


def test_what_is_dated_later_is_counted_once_its_time_has_come(borland):
    """An author whose clock runs ahead is counted then, whether or not anybody had asked before."""
    now = datetime.now(UTC)
    ahead = now + timedelta(minutes=30)
    borland.does("assistance.request.lodged", "bb-2026-0009", stated=OPENING, by=SECONDED, at=ahead)

    assert 2 == len(figures.figures(CHANNEL, as_of=now).lines[0].figures["lodged"])
    assert 3 == len(figures.figures(CHANNEL, as_of=ahead + SECOND).lines[0].figures["lodged"])


@pytest.fixture
def months(borland):
    """Requests of four months, with a month in between in which nothing was lodged."""
    for number, day in enumerate(("2025-11-03", "2025-12-30", "2026-02-01", "2026-02-28"), 10):
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
        borland.writes("assistance.request.lodged", f"bb-2026-00{number}", stated=OPENING, by=SECONDED, at=at)
    borland.delivers()
    return borland


def test_a_chart_draws_every_month_and_its_table_says_the_same(months, reader):
    """Whoever does not see the bars reads the numbers; each opens its entries."""
    as_of = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    (chart,) = charts(figures.figures(CHANNEL, as_of=as_of)).values()
    page = reader.get(
        reverse("channels:reciprocity", args=[CHANNEL]), {"as_of": "2026-03-01"}
    ).content.decode()

    assert ["Nov", "Dec", "Jan", "Feb"] == [word for _x, word, _year in chart.labels]
    assert ["2025", "", "2026", ""] == [year for _x, _word, year in chart.labels]
    assert [1, 1, 0, 2] == [bar.count for bar in chart.bars]
    assert all(bar.tall == 0 or bar.hollow == 0 for bar in chart.bars)
    assert ["November 2025", "December 2025", "February 2026"] == [name for name, _cells in chart.rows]
    assert "BB lodged 4, of which 4 are unanswered" in page
    assert "2026-02&amp;figure=unanswered" in page
    assert "<script" not in page.split("chart-plot")[1].split("</svg>")[0]


def test_quarters_are_drawn_as_quarters_and_mirrored_from_right_to_left(months):
    """Time runs as the language is read."""
    as_of = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    counted = figures.figures(CHANNEL, as_of=as_of, by="quarter")
    (chart,) = charts(counted).values()
    with translation.override("ar"):
        (mirrored,) = charts(counted).values()

    assert [2, 2] == [bar.count for bar in chart.bars]
    assert [one.middle for one in mirrored.bars] == [chart.wide - one.middle for one in chart.bars]


@pytest.mark.parametrize("language", ["ru", "ar", "vi", "klingon", "'><script>"])
def test_the_report_is_a_document_in_two_languages_with_the_digests(months, reader, language):
    """Printed, it still says how to make sure."""
    answer = reader.get(
        reverse("channels:reciprocity-report", args=[CHANNEL]), {"as_of": "2026-03-01", "language": language}
    )
    shown = report._Report(
        Channel.objects.get(),
        figures.figures(CHANNEL, as_of=datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)),
        stating.count_over(CHANNEL, date(2026, 3, 1), None, stating.heads(CHANNEL)),
        "ar" if language == "ar" else "en",
    ).shown()

    assert 200 == answer.status_code
    assert answer.content.startswith(b"%PDF-")
    digests = [value for line in shown["record"]["lines"] for value in line["values"]]
    assert stating.count_over(CHANNEL, date(2026, 3, 1), None, stating.heads(CHANNEL)).digest in digests
    assert [["4"]] == [row["values"] for row in shown["sections"][0]["rows"] if row["label"][0] == "Lodged"]
    assert 4 == sum(row["bars"][0][0] for row in shown["sections"][0]["chart"]["rows"])


def test_who_may_not_read_the_record_gets_no_report_and_no_statement(borland, hire, browser):
    """Figures tell of cases, printed or not."""
    visitor = browser(hire("clara", "administrator"))
    for name, args in (("reciprocity-report", [CHANNEL]), ("statement", [CHANNEL, "aa-figures-1"])):
        assert visitor.get(reverse(f"channels:{name}", args=args)).status_code in (403, 404)


def test_obligations_are_turned_by_page_on_each_side(borland, reader, monkeypatch):
    """A channel with thousands is read to its end, one side at a time."""
    monkeypatch.setattr(duties, "SIZE", 1)
    address = reverse("channels:obligations", args=[CHANNEL])
    first, second = (reader.get(address, said).content.decode() for said in ({}, {"ours": "2"}))

    assert "1 to 1 of 2" in first
    assert "?ours=2" in first
    assert "2 to 2 of 2" in second
    assert "2 to 2 of 2" in reader.get(address, {"ours": "99999", "theirs": "x"}).content.decode()
