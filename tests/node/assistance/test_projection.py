"""Projections follow from the register alone, the same to the byte each time, whatever is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comity.instruments import library
from comity_node.assistance import queries, services
from comity_node.assistance.content import read
from comity_node.assistance.models import Request
from comity_node.assistance.projecting import project
from comity_node.officials import services as officials
from comity_node.register import mirroring, standings
from comity_node.register import queries as register
from comity_node.register.models import Payload
from comity_node.register.rebuilding import digest, rebuild
from tests.node.assistance.conftest import THEIRS, lodges
from tests.node.counterpart import CHANNEL, open_channel

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
HOSTILE = [
    b"not json",
    b"[]",
    b'{"title": 7, "fields": "x", "exhibits": {"sha256": 1}}',
    b'{"title": "<script>alert(1)</script>", "fields": {"purpose": {"a": [1, 2]}}}',
    b'{"title": "\\u0000\\u202e", "exhibits": [1, null, {"sha256": "zz"}]}',
    b'{"title": "\\ud800"}',
    b'{"title": "' + b"x" * 300_000 + b'"}',
    b"[" * 20_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b"\xff\xfe",
]


def row(ref):
    """The projection of a request."""
    return Request.objects.get(channel=CHANNEL, ref=ref)


@pytest.mark.parametrize("payload", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_payload_breaks_neither_list_nor_page(payload, boris, anna, browser):
    """What was sent is received and shown; nothing in it can keep an official from working."""
    boris.does("assistance.request.lodged", THEIRS, payload=payload)
    boris.does("assistance.request.executed", THEIRS, payload=payload, stated={"extent": "in whole"})

    for url in (
        "/requests/",
        f"/requests/{CHANNEL}/{THEIRS}/",
        f"/requests/{CHANNEL}/{THEIRS}/correspondence/",
    ):
        page = browser(anna).get(url)
        assert 200 == page.status_code
        assert "<script>alert" not in page.content.decode()
    before, after = rebuild()
    assert before == after


@given(
    payload=st.dictionaries(
        st.sampled_from(["title", "fields", "exhibits", "translation", "language", "x"]), ANYTHING
    )
)
def test_any_document_can_be_read(payload):
    """Reading never raises: types, depth and keys are the sender's to choose."""
    content = read(payload)

    assert content.title.isprintable()
    assert all("\x00" not in text for _, text in content.texts)


def test_rebuilding_gives_the_same_rows_to_the_byte(lodged, asked, boris, anna):
    """The register is the record; what pages show is only what follows from it."""
    boris.does("assistance.request.conditions_offered", lodged, stated={"conditions": ["confidential"]})
    boris.does("assistance.request.closed", lodged)
    boris.does("assistance.request.refused", "bb-2026-0404")
    standing = digest()

    before, after = rebuild()

    assert standing == before == after
    assert 3 == Request.objects.count()


def test_our_receipt_moves_our_clock_at_once(boris):
    """Nobody is late with what they had not received, and rebuilding must find the same hour."""
    boris.does("assistance.request.lodged", THEIRS, stated=_stated(), at=timezone.now() - timedelta(days=3))
    claimed = row(THEIRS).due_at

    for log in register.their_logs(CHANNEL):
        mirroring.give(log)

    before, after = rebuild()
    assert before == after
    assert claimed < row(THEIRS).due_at


def test_an_irregular_act_is_counted_and_changes_nothing(asked, boris):
    """It was sent, so it is shown; the table gives it no effect."""
    boris.does("assistance.request.accepted", asked)

    assert ("lodged", 1) == (row(asked).state, row(asked).irregular)


@pytest.mark.parametrize(
    "kind", ["assistance.request.x.withdrawn", "assistance.requested.withdrawn", "assistance.withdrawn"]
)
def test_a_kind_that_only_ends_like_an_act_is_none(kind, asked, boris):
    """A stranger reads kinds to the letter: what has no effect in an export may have none here."""
    before = row(asked)

    boris.does(kind, asked)

    assert before.state == row(asked).state
    assert len(set(rebuild())) == 1


@pytest.mark.parametrize("kind", ["assistance.request.x.withdrawn", "assistance.requested.withdrawn"])
def test_what_has_no_effect_stands_in_the_way_of_no_act(boris, anna, kind):
    """What we may sign is judged by the same acts as where the request stands."""
    lodges(boris, THEIRS)
    boris.does(kind, THEIRS)

    services.act(channel=CHANNEL, ref=THEIRS, act_name="acknowledged", by=anna)

    assert "acknowledged" == row(THEIRS).state


def test_a_channel_is_not_opened_by_a_kind_that_only_ends_like_it(db):
    """The other side may write what it likes on its log; only the very act counts."""
    boris = open_channel(accepted=False)

    for kind in ("channel.x.withdrawn", "channels.withdrawn"):
        boris.does(kind, CHANNEL)

    assert "proposed" == standings.channel_standing(CHANNEL).state


def test_what_nothing_regular_opened_is_listed_as_not_begun(boris):
    """An answer to a request nobody made is the counterpart's word, and visible."""
    boris.does("assistance.request.refused", "bb-2026-0404", payload={"title": "?"})

    page = queries.requests(queries.Wanted(), now=timezone.now())
    assert [("bb", "irregular", 1)] == [(one.party, one.tone, one.irregular) for one in page.rows]


def test_the_list_costs_two_queries_and_the_desk_five(boris, anna, django_assert_num_queries):
    """Pages stay as fast with a hundred thousand requests: counts do not grow with rows."""
    for number in range(3):
        lodges(boris, f"bb-2026-000{number + 1}")

    with django_assert_num_queries(2):
        assert 3 == len(queries.requests(queries.Wanted(words="witness"), now=timezone.now()).rows)
    with django_assert_num_queries(5):
        assert 3 == len(queries.desk().needs)


@pytest.mark.parametrize(("few", "cost"), [(2_000, 2), (2, 3)])
def test_a_filter_finds_the_same_whether_it_leaves_few_or_very_many(
    boris, anna, monkeypatch, django_assert_num_queries, few, cost
):
    """How the rows are looked up is a matter of time, never of what is shown."""
    for number in range(5):
        lodges(boris, f"bb-2026-000{number + 1}", "Statement of one witness" if number else "Records")
    monkeypatch.setattr(queries, "FEW", few)

    with django_assert_num_queries(cost):
        page = queries.requests(queries.Wanted(words="witness", sort="-title"), now=timezone.now())

    assert (4, ["bb-2026-0005", "bb-2026-0004", "bb-2026-0003", "bb-2026-0002"]) == (
        page.total,
        [one.ref for one in page.rows],
    )


@pytest.mark.parametrize("tab", ["basis", "correspondence", "evidence", "deadlines", "log"])
def test_a_tab_costs_the_same_however_long_the_request(tab, asked, boris, anna, browser):
    """Correspondence of years opens as fast as that of a day."""
    visitor = browser(anna)
    url = f"/requests/{CHANNEL}/{asked}/{tab}/"
    visitor.get(url)

    with CaptureQueriesContext(connection) as short:
        visitor.get(url)
    for number in range(5):
        boris.does("assistance.request.supplemented", asked, payload={"text": str(number)})
    with CaptureQueriesContext(connection) as long:
        visitor.get(url)

    assert len(short) == len(long)


def test_the_desk_says_what_waits_and_whose_clock_runs(lodged, asked):
    """Ours to answer, theirs to answer, each with its clock."""
    desk = queries.desk()

    assert [asked] == [need.ref for need in desk.needs]
    assert desk.needs[0].clock.whose == "ours"
    assert ["ours"] == [clock.whose for clock in desk.our_clocks]
    assert ["theirs"] == [clock.whose for clock in desk.their_clocks]


def test_what_is_not_receipted_is_on_the_desk(draft, anna, dora):
    """Silence is visible: a request nobody signed for has not arrived, or they do not say so."""
    officials.second(services.submit(draft, by=anna), by=dora)

    assert [draft.ref] == [one.ref for one in queries.desk().unreceipted]


def test_overdue_requests_are_found_by_the_clock(asked):
    """The list asks the reader's clock; the projection holds only when the period ends."""
    now = timezone.now()

    assert 0 == queries.requests(queries.Wanted(overdue=True), now=now).total
    assert 1 == queries.requests(queries.Wanted(overdue=True), now=now + timedelta(days=2)).total


def test_exhibits_named_by_the_execution_are_listed(lodged, boris):
    """The requesting side finds by digest what was provided."""
    digest_of_it = "ab" * 32
    for act, stated in (("acknowledged", {}), ("executed", {"extent": "in whole"})):
        boris.does(
            f"assistance.request.{act}",
            lodged,
            stated=stated,
            payload={"exhibits": [{"sha256": digest_of_it, "title": "Extract"}]},
        )

    assert [{"sha256": digest_of_it, "entry": "", "title": "Extract"}] == row(lodged).exhibits
    assert lodged not in [need.ref for need in queries.desk().needs if need.basis == ""]


def test_erased_content_is_said_to_be_erased(asked):
    """Treaties require destruction; the request stands, its words do not."""
    payload = register.entries(CHANNEL, ref=asked)[0].entry.payload.sha256
    Payload.objects.filter(sha256=payload).update(sealed=None, erased_at=timezone.now())

    project(CHANNEL, {asked}, kinds="assistance.request")

    listed = queries.requests(queries.Wanted(), now=timezone.now()).rows[0]
    assert ("", "erased", "Payload erased") == (row(asked).title, row(asked).content, listed.title)


def test_a_request_under_a_text_we_lack_is_listed_and_not_judged(asked, anna, browser, monkeypatch):
    """What was sent is received and shown; where it stands cannot be told without the rules."""
    monkeypatch.setattr(standings, "editions", dict)
    project(CHANNEL, {asked}, kinds="assistance.request")

    assert ("", "bb") == (row(asked).state, row(asked).requesting)
    assert 200 == browser(anna).get("/requests/").status_code
    assert 409 == browser(anna).get(f"/requests/{CHANNEL}/{asked}/").status_code


def _stated():
    return {
        "instrument": "us-ru-1999",
        "table": library()["us-ru-1999"].digest,
        "requested": "aa",
        "types": ["testimony"],
    }
