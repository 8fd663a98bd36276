"""The law on pages: every statement can be read, has an address, and shows how far it was verified."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from comity import custody
from comity.instruments import Mark, arrows, editions, leaves, library, parties
from comity_node.counterparts import services as counterparts
from comity_node.counterparts.queries import read
from comity_node.register.citing import anchor, instrument_address, row_address, text_address
from comity_node.web import instrument_pages
from comity_node.web.figure import figure
from comity_node.web.instrument_pages import Asked
from tests.node.counterpart import CHANNEL, INSTRUMENT, give_keys, open_channel
from tests.node.counterparts.conftest import Borland
from tools.procedure_figure import svg

pytestmark = pytest.mark.django_db
EDITIONS = sorted(editions().values(), key=lambda one: (one.id, one.edition))
PROCEDURES = [(one, procedure) for one in EDITIONS for procedure in one.procedures]
REF = "bb-2026-0001"


@pytest.fixture
def reader(hire, browser):
    """A browser of somebody who reads the record."""
    return browser(hire("anna", "case officer"))


@pytest.fixture
def borland(hire):
    """A counterpart that was compared and is trusted."""
    give_keys()
    row = counterparts.import_passport(Borland().passport())
    digits = read(row).fingerprint.digits
    arvid = hire("arvid", "coordinator")
    counterparts.hold_ceremony(row, by=arvid, fingerprint=digits, path="telephone", with_whom="Boris of bb")


@pytest.fixture
def boris(db):
    """The central authority of bb, in an open channel with us."""
    return open_channel()


def ids(page: str) -> list[str]:
    """The anchors of a page."""
    return re.findall(r'\sid="([^"]+)"', page)


def at(page: str, name: str) -> str:
    """What stands at an anchor, up to the next."""
    return page.split(f' id="{name}"', 1)[1].split(' id="', 1)[0]


def shown(reader, address: str) -> str:
    """A page that is there, and in which no two things have one name."""
    answer = reader.get(address)
    assert 200 == answer.status_code, address
    page = answer.content.decode()
    assert [] == [name for name, times in Counter(ids(page)).items() if times > 1]
    return page


def test_every_instrument_is_on_the_list(reader):
    """A legal basis that is shipped and not listed would be found by nobody."""
    page = shown(reader, reverse("web:instruments"))

    assert all(f'href="{text_address(one)}"' in page for one in library().values())
    assert f'href="{reverse("web:instruments")}" aria-current="page"' in page


@pytest.mark.parametrize("instrument", EDITIONS, ids=lambda one: f"{one.id}~{one.edition}")
def test_every_statement_of_an_instrument_has_its_place_and_its_badge(reader, instrument):
    """An unverified rule shown as verified would mislead the official who relies on it."""
    page = shown(reader, text_address(instrument))

    for leaf in (leaf for leaf in leaves(instrument) if not leaf.procedure):
        stands = at(page, anchor(leaf.kind, leaf.name))
        practice = leaf.said.basis.startswith("practice:")
        assert (practice or leaf.said.verified is not Mark.READ) == ("data-mark=" in stands), leaf.place


@pytest.mark.parametrize(("instrument", "procedure"), PROCEDURES)
def test_every_row_of_a_procedure_has_its_place_and_its_badge(reader, instrument, procedure):
    """What a citation leads to is the very row, with what else it takes and how far it was verified."""
    page = shown(reader, text_address(instrument, procedure=procedure.id))

    for leaf in (leaf for leaf in leaves(instrument) if leaf.procedure == procedure.id):
        stands = at(page, anchor(leaf.kind, leaf.name))
        practice = leaf.said.basis.startswith("practice:")
        assert (practice or leaf.said.verified is not Mark.READ) == ("data-mark=" in stands), leaf.place
    assert {anchor("state", state.id) for state in procedure.states} <= set(ids(page))
    assert {anchor("act", act.id) for act in procedure.acts} <= set(ids(page))


@pytest.mark.parametrize(
    "name",
    ["nothing", "us-ru-1999~0", "us-ru-1999~", "~", "..", "us-ru-1999;", "<script>", "%00", "a" * 5000, "ü"],
)
def test_what_is_not_shipped_is_not_there(reader, name):
    """An address is typed by anybody; nothing of it may be taken for the name of a file."""
    assert 404 == reader.get(f"/instruments/{name}/").status_code
    assert 404 == reader.get(f"/instruments/{name}/assistance/").status_code
    assert 404 == reader.get(f"/instruments/us-ru-1999/{name}/").status_code


def test_an_edition_is_found_by_its_digest_too(reader):
    """A charter states digests; whoever has one finds the text it stands for."""
    digest = library()[INSTRUMENT].digest

    assert digest in shown(reader, instrument_address(digest))


def test_the_law_is_open_to_every_official_and_to_nobody_else(hire, browser, client):
    """It is public, and still no page of a node is for strangers."""
    administrator = browser(hire("clara", "administrator"))

    for address in (
        instrument_address(),
        instrument_address(INSTRUMENT),
        instrument_address(INSTRUMENT, procedure="assistance"),
    ):
        assert 200 == administrator.get(address).status_code
        assert 302 == client.get(address).status_code
        assert 405 == administrator.post(address).status_code


def test_a_page_costs_the_same_whatever_it_shows(reader, borland):
    """The law is read from the package: a longer treaty must not cost the database more."""

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            reader.get(address)
        return len(asked)

    lists = cost(instrument_address())
    # One more asks what was compared; a text of practice alone does not.
    assert {lists + 1, lists + 2} == {cost(text_address(one)) for one in EDITIONS}
    assert {lists - 2, lists - 1} == {
        cost(text_address(one, procedure=table.id)) for one, table in PROCEDURES
    }


def test_the_list_says_what_governs_between_us_and_a_counterpart():
    """An officer must not lodge under a fallback by mistake, nor take a State for a Party."""
    now = Asked(
        "us", {"ru": "Russian Federation", "zz": "Zedland"}, date(2026, 11, 26), known=parties(), origins={}
    )
    page = instrument_pages.listed(now)
    rows = {row["id"]: row["footings"] for group in page["groups"] for row in group["rows"]}

    assert {*library(), "custody"} == set(rows)
    assert [("ru", "Governs"), ("zz", "Does not bind")] == [
        (one["party"], one["word"]) for one in rows[INSTRUMENT]
    ]
    assert ["ZZ is not a Party."] == rows[INSTRUMENT][1]["because"]
    early = instrument_pages.listed(replace(now, others={"ru": "Russian Federation"}, on=date(2001, 1, 1)))
    rows = {row["id"]: row["footings"] for group in early["groups"] for row in group["rows"]}
    assert ["It is not in force before 31 January 2002."] == rows[INSTRUMENT][0]["because"]


def test_a_counterpart_is_named_on_the_pages_of_instruments_in_the_readers_language(reader, borland):
    """What binds us is asked of one counterpart at a time, by the name it gives itself."""
    page = shown(reader, instrument_address(INSTRUMENT))
    assert "<bdi>AA is not a Party.</bdi> <bdi>BB is not a Party.</bdi>" in page
    assert "<bdi>Borland</bdi>" in page

    reader.cookies["django_language"] = "ru"
    assert "<bdi>Борландия</bdi>" in shown(reader, instrument_address())


def test_every_citation_of_a_request_leads_to_what_it_cites(reader, boris):
    """A badge says how far a rule was verified; only the rule itself says what it is."""
    stated = {
        "instrument": INSTRUMENT,
        "table": library()[INSTRUMENT].digest,
        "requested": "aa",
        "types": ["testimony"],
    }
    boris.does("assistance.request.lodged", REF, stated=stated, payload={"title": "Statement"})
    channel = reverse("channels:channel", args=[CHANNEL])
    request = reverse("assistance:request", args=[CHANNEL, REF])
    entry = reverse("web:entry", args=["bb", CHANNEL, 1])
    act = reverse("assistance:act", args=[CHANNEL, REF, "accepted"])

    for address in (channel, request, f"{request}basis/", f"{request}correspondence/", entry, act):
        cited = set(re.findall(r'href="(/instruments/[^"]+)"', shown(reader, address)))
        assert cited, address
        for page, _, name in (one.partition("#") for one in cited):
            assert not name or name in ids(shown(reader, page)), (address, page, name)


def test_the_custody_table_is_read_like_an_instrument_and_cited_by_its_rows(reader):
    """An act of custody rests on practice: whoever signs one must be able to read which."""
    for row in custody.table().rows:
        page, _, place = row_address(row).partition("#")
        assert page == instrument_address("custody~1", procedure="exhibit")
        assert place == anchor("row", row.name)
    shown_there = ids(shown(reader, page))
    assert {anchor("row", row.name) for row in custody.table().rows} <= set(shown_there)
    assert custody.custody().digest in shown(reader, instrument_address("custody"))


def test_a_row_of_a_stranger_has_no_address():
    """A table in an export may look like ours to the letter and is still on no page of ours."""
    row = library()[INSTRUMENT].procedure("assistance").rows[0]

    assert row_address(row).endswith("/assistance/#row-lodged-requesting")
    assert "" == row_address(None)


@pytest.mark.parametrize(("instrument", "procedure"), PROCEDURES)
def test_a_figure_draws_every_arrow_and_stays_on_its_paper(instrument, procedure):
    """A move that is not drawn would look forbidden."""
    drawn = figure(procedure)

    assert len(arrows(procedure)) == len(drawn.marks)
    assert len(procedure.states) + 1 == len(drawn.stops)
    assert all(0 <= mark.x <= drawn.width and 0 <= mark.y <= drawn.height for mark in drawn.marks)
    places = Counter((mark.x, mark.y) for mark in drawn.marks)
    assert 1 == max(places.values())
    assert all(isinstance(number, int) for mark in drawn.marks for number in (mark.x, mark.y))


@pytest.mark.parametrize(("instrument", "procedure"), PROCEDURES)
def test_the_manual_draws_the_same_figure_as_a_file_that_any_reader_opens(instrument, procedure):
    """A label with a sign of markup in it would leave the manual without its figure."""
    drawn = ET.fromstring("\n".join(svg(procedure)))
    said = "".join(drawn.itertext())

    assert len(arrows(procedure)) == len(drawn.findall("{*}g/{*}title"))
    assert all(word in said for state in procedure.states for word in state.label.split())


def test_a_figure_is_turned_round_for_readers_from_right_to_left():
    """An arrow that points against the way one reads is read backwards."""
    procedure = library()[INSTRUMENT].procedure("assistance")
    there = figure(procedure)
    with translation.override("ar"):
        back = figure(procedure)

    assert [there.width - mark.x for mark in there.marks] == [mark.x for mark in back.marks]
    assert [mark.y for mark in there.marks] == [mark.y for mark in back.marks]
