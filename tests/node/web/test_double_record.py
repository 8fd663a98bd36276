"""The double record: ours on one side, theirs on the other, receipts between."""

from __future__ import annotations

import re

from django.template import Context, Template

from comity_node.web import record
from tools.preview.cast import NOW, side
from tools.preview.cast import record as sample


def draw(home: str) -> str:
    other = {"us": "ru", "ru": "us"}[home]
    text = "{% load comity_ui %}{% double_record entries ours theirs now=now %}"
    given = {"entries": sample(home), "ours": side(home, home), "theirs": side(other, home), "now": NOW}
    return Template(text).render(Context(given))


def test_both_nodes_show_the_same_entries_in_the_same_order():
    """A judge who lays the two screens side by side must see one record."""
    order = r'id="(e-[a-z]+-\d+)"'

    assert re.findall(order, draw("us")) == re.findall(order, draw("ru"))


def test_ours_on_one_node_is_theirs_on_the_other():
    """Neither side may look like the natural owner of the record."""
    sides = r'id="e-[a-z]+-\d+" data-side="(ours|theirs)"'
    mirrored = {"ours": "theirs", "theirs": "ours"}

    assert [mirrored[one] for one in re.findall(sides, draw("us"))] == re.findall(sides, draw("ru"))


def test_an_entry_without_receipt_says_since_when():
    """Silence must be visible, and measurable."""
    text = draw("us")

    assert text.count("No receipt yet") == 2
    assert "since 12:06, 3 hours 13 minutes" in text


def test_an_irregular_entry_keeps_its_place_and_gives_its_reason():
    """It was sent, so it is shown; it broke a rule, so the rule is named."""
    text = draw("us")

    assert 'id="e-us-3"' in text
    assert "A refusal must be preceded by a consultation on conditions" in text


def test_entries_of_one_procedure_stand_together_in_the_order_procedures_began():
    """By procedure, nothing is reordered within one."""
    runs = record.compose(
        sample("us"), ours=side("us", "us"), theirs=side("ru", "us"), now=NOW, by_procedure=True
    )

    assert ["channel", "us-2026-0001", "ru-2026-0001"] == [run.procedure for run in runs]
    assert [1, 2, 2, 3, 3] == [row.entry.at.day for run in runs[1:2] for day in run.days for row in day.rows][
        1:6
    ]


def test_markup_in_an_entry_stays_text():
    """The counterpart chooses these words."""
    hostile = sample("us")
    hostile[0].title = hostile[0].by = "<script>alert(1)</script>"
    text = "{% load comity_ui %}{% double_record entries ours theirs %}"

    drawn = Template(text).render(
        Context({"entries": hostile, "ours": side("us", "us"), "theirs": side("ru", "us")})
    )

    assert "<script" not in drawn
