"""Figures of a channel of many: who asked whom, and two of them by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from comity.names import EntryRef, Origin
from comity.reciprocity import ALL, Cut, Figures, Line, Response
from comity_node.channels import pairs, report
from comity_node.channels import reciprocity as figures
from comity_node.channels.models import Channel
from comity_node.register import stating
from tests.node.counterpart import CHANNEL, INSTRUMENT, open_channel

END = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
NONE = Response(0, None, None)


def line(requesting, requested, lodged, unanswered=0, cut=ALL):
    """What one asked of another."""
    entries = tuple(EntryRef(Origin(requesting, CHANNEL), index) for index in range(lodged))
    made = {"lodged": entries, **({"unanswered": entries[:unanswered]} if unanswered else {})}
    return Line(requesting, requested, INSTRUMENT, "assistance", cut, made, {}, NONE)


COUNTED = Figures(
    None,
    END,
    (
        line("aa", "bb", 3, 1),
        line("aa", "bb", 2, 1, Cut(period="2026-02")),
        line("aa", "bb", 1, 0, Cut(period="2026-03")),
        line("aa", "cc", 7),
        line("aa", "cc", 7, 0, Cut(period="2026-03")),
        line("cc", "bb", 5, 5),
        line("cc", "bb", 5, 5, Cut(period="2026-03")),
    ),
)


@pytest.fixture
def of_three(db, monkeypatch):
    """A channel of three, counted."""
    open_channel()
    found = Channel.objects.get()
    found.parties = [*found.parties, {"party": "cc", "place": "member"}]
    found.save()
    monkeypatch.setattr(figures, "figures", lambda _channel, **_of: COUNTED)
    return found


@pytest.fixture
def reader(of_three, hire, browser):
    """Who reads the record."""
    return browser(hire("rita", "coordinator"))


def test_pairs_with_us_come_first():
    """An officer looks for what concerns its own State."""
    assert [("aa", "bb"), ("aa", "cc"), ("bb", "cc")] == pairs.pairs(["cc", "aa", "bb"])


def test_every_two_are_counted_by_themselves():
    """What was asked of a third is no answer to the second."""
    two = pairs.between(COUNTED, ("bb", "cc"))

    assert [("cc", "bb")] * 2 == [(one.requesting, one.requested) for one in two.lines]
    assert len(COUNTED.lines) == sum(
        len(pairs.between(COUNTED, pair).lines) for pair in pairs.pairs(["aa", "bb", "cc"])
    )


def test_the_grid_says_who_asked_whom_and_counts_nothing_twice():
    """Cuts by month are of the same requests."""
    rows = {
        row["party"]: [(one["lodged"], one["unanswered"]) for one in row["cells"]]
        for row in pairs.grid(COUNTED, ["aa", "bb", "cc"])
    }

    assert {
        "aa": [(0, 0), (3, 1), (7, 0)],
        "bb": [(0, 0), (0, 0), (0, 0)],
        "cc": [(0, 0), (5, 5), (0, 0)],
    } == rows


def test_the_page_opens_with_the_grid_and_each_number_opens_the_two(reader):
    """Of fifty parties nobody reads two thousand columns."""
    address = reverse("channels:reciprocity", args=[CHANNEL])
    page, two, false = (reader.get(address, said) for said in ({}, {"pair": "bb/cc"}, {"pair": "bb/zz"}))

    assert "Who asked whom" in page.content.decode()
    assert "pair=bb%2Fcc" in page.content.decode()
    assert "Who asked whom" not in two.content.decode()
    assert f"of=cc/bb/{INSTRUMENT}" in two.content.decode().replace("%2F", "/")
    assert f"of=aa/cc/{INSTRUMENT}" not in two.content.decode().replace("%2F", "/")
    assert 422 == false.status_code


def test_a_channel_of_two_has_nothing_to_choose(db, hire, browser):
    """There, all is between the two."""
    open_channel()
    page = browser(hire("rita", "coordinator")).get(reverse("channels:reciprocity", args=[CHANNEL]))

    assert "Who asked whom" not in page.content.decode()
    assert 'name="pair"' not in page.content.decode()


def test_the_report_has_a_part_for_every_two(of_three):
    """On paper each is read alone, and its chart is of the two alone."""
    stated = stating.count_over(CHANNEL, date(2026, 3, 1), None, stating.heads(CHANNEL))
    sections = report._Report(of_three, COUNTED, stated, "en").shown()["sections"]

    assert ["AA · BB", "AA · CC", "BB · CC"] == [one["heading"][0].partition(":")[0] for one in sections]
    assert [["AA → BB"], ["AA → CC"], ["CC → BB"]] == [one["sides"] for one in sections]
    assert [[[2, 1]], [[1, 0]]] == [row["bars"] for row in sections[0]["chart"]["rows"]]
