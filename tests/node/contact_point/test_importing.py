"""A table of points is taken whole or not at all, however a spreadsheet wrote it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity_node.contact_point import importing, queries
from comity_node.contact_point.errors import BadContactTable, TooManyPoints
from comity_node.contact_point.models import ContactPoint
from comity_node.listing.export import plain
from comity_node.officials.models import PreparedAct
from tests.node.counterpart import CHANNEL

pytestmark = pytest.mark.django_db

HEAD = "kind,authority,role,languages,hours,zone,telephones"
LINE = "technical,Cyber Centre,Desk,en|fr,Mo-Fr 08:00-18:00,Europe/Zurich,+41 44 668 18 00"


def problems(*lines, head=HEAD):
    """What is wrong with a table of these lines."""
    return [str(one) for one in importing.read("\n".join([head, *lines]).encode())[1]]


def test_a_table_is_read_as_spreadsheets_write_it(boris):
    """With a byte order mark, other separators, blank lines and numbers as people space them."""
    semicolons = "\ufeff" + f"{HEAD}\r\n\r\n{LINE}\r\n".replace(",", ";")

    (row,), wrong = importing.read(semicolons.encode())
    assert [] == wrong
    assert (3, "technical", ("+41446681800",), ("en", "fr")) == (
        row.line, row.kind, row.point.telephones, row.point.languages
    )  # fmt: skip


def test_what_we_export_is_taken_again_although_no_cell_of_it_is_a_formula(boris):
    """A number begins with a plus: spreadsheets would compute it, so the export marks it as text."""
    cell = plain("+41446681800")
    assert "'+41446681800" == cell

    (row,), wrong = importing.read(f"{HEAD}\n{LINE.replace('+41 44 668 18 00', cell)}".encode())
    assert ([], ("+41446681800",)) == (wrong, row.point.telephones)


@pytest.mark.parametrize(
    ("line", "because"),
    [
        (LINE.replace("technical", "hotline"), "line 2: 'hotline' is no kind of point"),
        (LINE.replace("+41 44 668 18 00", "5551234"), "line 2: '5551234' is no number in E.164"),
        (LINE.replace("+41 44 668 18 00", "=HYPERLINK(1)"), "line 2: '=HYPERLINK(1)' is no number"),
        (LINE.replace("Europe/Zurich", "Zurich"), "line 2: 'Zurich' is no IANA time zone"),
        (LINE.replace("Mo-Fr 08:00-18:00", "office hours"), "line 2: these hours cannot be read"),
        (LINE.replace("Cyber Centre", "Cyb\u0435r Centre"), "line 2: what is said as authority would read"),
        (LINE.replace("Desk", "Desk \u202eksed"), "line 2: what is said as role would read"),
        (LINE + ",extra", "line 2 has 8 cells, not 7"),
        (LINE.replace("Desk", '"Desk'), "unexpected end of data"),
        (LINE.replace("Desk", "De\x00sk"), "NUL"),
    ],
)
def test_each_line_that_cannot_be_taken_is_named_with_its_reason(boris, line, because):
    """Whoever mends the table has to know where."""
    (said,) = problems(line)
    assert because in said


def test_columns_that_are_not_ours_are_refused_before_any_line(boris):
    """A column nobody reads would be thought to be on record."""
    assert ["no column is called 'name'"] == [
        one.partition(";")[0] for one in problems(LINE + ",x", head=HEAD + ",name")
    ]
    assert "missing" in problems("technical", head="kind")[0]
    assert "twice" in problems(LINE + ",x", head=HEAD + ",role")[0]


def test_what_is_no_table_is_refused_by_a_sentence(boris, settings):
    """Other encodings, nothing at all, or more than is read: never a traceback."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, contact_points=2))

    assert "not UTF-8" in str(importing.read(HEAD.encode("utf-16"))[1][0])
    assert "0 lines" in problems()[0]
    assert "contact_points" in problems(*[LINE] * 3)[0]
    assert "at most" in str(importing.read(b"x" * (importing.MOST_BYTES + 1))[1][0])
    assert importing.read(b"")[1]


def test_the_same_point_twice_and_a_point_that_is_not_ours_are_refused(listed):
    """Of two lines about one point nobody knows which counts."""
    change = f"{listed},always_on" + LINE.removeprefix("technical")
    head = "ref," + HEAD

    assert ["line 3: it is about the same point as line 2"] == problems(LINE, LINE)
    assert ["line 3: it is about the same point as line 2"] == problems(change, change, head=head)
    assert "is listed as another kind" in problems(f"{listed},{LINE}", head=head)[0]
    assert "no point 'aa-point-9' of ours" in problems(f"aa-point-9,{LINE}", head=head)[0]
    assert "no channel 'elsewhere' is open" in problems(LINE + ",elsewhere", head=HEAD + ",channels")[0]


def test_a_table_lists_and_changes_in_one_go(listed, sign):
    """A line with a reference changes, one without lists: under the next free numbers."""
    change = f"{listed},always_on" + LINE.removeprefix("technical")
    rows, wrong = importing.read(f"ref,{HEAD}\n{change}\n,{LINE}\n,{LINE.replace('Desk', 'Night')}".encode())

    sign(importing.acts(rows))
    assert [] == wrong
    assert ["aa-point-1", "aa-point-2", "aa-point-3"] == sorted(
        ContactPoint.objects.values_list("ref", flat=True)
    )
    assert "Mo-Fr 08:00-18:00" == queries.row(CHANNEL, listed).said["hours"]


def test_nothing_is_recorded_while_one_line_is_wrong(boris, anna, browser):
    """The page names the lines; only a table that is good whole comes to be read and signed."""
    page = browser(anna)
    address = reverse("contact_point:import")
    bad = SimpleUploadedFile("points.csv", f"{HEAD}\n{LINE}\nodd{LINE}".encode())

    refused = page.post(address, {"file": bad})
    assert 422 == refused.status_code
    assert "Line 3:" in refused.content.decode()
    good = SimpleUploadedFile("points.csv", f"\ufeff{HEAD}\n{LINE}".encode())
    shown = page.post(address, {"file": good}).context
    assert 0 == PreparedAct.objects.count()
    done = page.post(address, dict(shown["hidden"]))
    assert 302 == done.status_code
    assert "contact.point.listed" == PreparedAct.objects.get().act["kind"]
    with pytest.raises(BadContactTable, match="line 3"):
        importing.refuse(importing.read(f"{HEAD}\n{LINE}\nodd{LINE}".encode())[1])


def test_a_table_that_would_list_more_points_than_are_shown_is_refused_before_any_is_signed(
    listed, anna, browser, settings
):
    """What goes past the limit is on record and shown to nobody: neither here nor, perhaps, there."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, contact_points=2))
    change = f"{listed},always_on" + LINE.removeprefix("technical")
    fitting = f"ref,{HEAD}\n{change}\n,{LINE}"
    over = f"ref,{HEAD}\n,{LINE}\n,{LINE.replace('Desk', 'Night')}"

    with pytest.raises(TooManyPoints, match="1 points of ours are listed and 2 would be added, at most 2"):
        importing.acts(importing.read(over.encode())[0])
    answer = browser(anna).post(
        reverse("contact_point:import"), {"file": SimpleUploadedFile("points.csv", over.encode())}
    )
    fits = importing.acts(importing.read(fitting.encode())[0])

    assert 409 == answer.status_code
    assert "2 would be added" in answer.content.decode()
    assert "aa-point-2" not in [one.act["ref"] for one in PreparedAct.objects.all()]
    assert [listed, "aa-point-2"] == [act.ref for act in fits]


def test_a_point_that_waited_is_refused_where_others_were_listed_meanwhile(listed, sign, settings):
    """Two tables, each within the limit, must not go past it together."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, contact_points=2))
    (first,) = importing.acts(importing.read(f"{HEAD}\n{LINE}".encode())[0])
    sign([first])

    with pytest.raises(TooManyPoints, match="2 points of ours are listed and 1 would be added"):
        sign([replace(first, ref="aa-point-3")])
    with pytest.raises(TooManyPoints):
        importing.acts(importing.read(f"{HEAD}\n{LINE}".encode())[0])
