"""Several instruments in one channel: which is applied, and by whose word another is applied in lieu."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.instruments import library
from comity_node.assistance import queries, services
from comity_node.assistance.errors import NoCompulsion, NoLegalBasis, NotAllowedNow
from comity_node.assistance.models import Request
from comity_node.officials import services as officials
from comity_node.register import queries as register
from comity_node.register.acts import Act
from comity_node.register.rooms import verdict
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db

WORDS = "Words on this."


@pytest.fixture
def borland(anna):
    """A channel with Borland under the treaty, and beside it the convention that steps back before it."""
    return open_channel(instrument="us-ru-1999", also=("untoc-2000", "us-ru-ict-cbm-2013"))


def complete(anna, **about):
    """A draft with everything its instrument demands."""
    draft = services.draft(channel=CHANNEL, title="Records", by=anna, **about)
    table = services.table(draft)
    kind = table.instrument.types_in("assistance")[0].id
    fields = {one.id: WORDS for one in table.instrument.fields_for(kind)}
    return services.save_draft(draft, by=anna, types=[kind], fields=fields)


def opening_of(draft):
    """What it would state in the open."""
    return services.opening(draft).stated


def test_the_treaty_is_offered_first_and_the_convention_in_lieu_of_it(borland, anna):
    """An officer must not lodge under the fallback without knowing it."""
    assert "us-ru-1999" == complete(anna).instrument
    ways = {way.table.instrument.id: way.in_lieu_of for way in services.ways(CHANNEL)}

    assert () == ways["us-ru-1999"]
    assert [library()["us-ru-1999"]] == list(ways["untoc-2000"])


def test_a_request_in_lieu_says_so_and_the_other_side_agrees_or_does_not_take_it_on(borland, anna):
    """UNTOC Art. 18(7): another text is applied in lieu by word of both, each time."""
    draft = complete(anna, instrument="untoc-2000")
    act = services.opening(draft)
    assert "us-ru-1999" == act.stated["in_lieu_of"]
    assert "Art. 18" in verdict(act, "aa").basis

    silent = Act(channel=CHANNEL, kind=act.kind, ref=act.ref, stated={**act.stated}, payload=act.payload)
    silent.stated.pop("in_lieu_of")
    with pytest.raises(NotAllowedNow, match="steps back before us-ru-1999"):
        verdict(silent, "aa")


def test_we_do_not_take_on_a_request_in_lieu_without_agreeing(borland, anna):
    """Silence is no agreement."""
    text = library()["untoc-2000"]
    opening = {"instrument": text.id, "table": text.digest, "requested": "aa", "types": [text.types[0].id]}
    borland.does("assistance.request.lodged", "bb-2026-0001", stated={**opening, "in_lieu_of": "us-ru-1999"})
    row = queries.request(CHANNEL, "bb-2026-0001")
    assert ("untoc-2000", "lodged") == (row.instrument, row.state)

    with pytest.raises(NotAllowedNow, match="in lieu of another"):
        services.act(channel=CHANNEL, ref=row.ref, act_name="accepted", by=anna)
    prepared = services.act(
        channel=CHANNEL, ref=row.ref, act_name="accepted", by=anna, stated={"in_lieu": "agreed"}
    )
    assert prepared.act["stated"] == {"in_lieu": "agreed"}


def test_what_is_in_lieu_of_nothing_is_refused(borland, anna):
    """A treaty that comes first needs no leave."""
    act = services.opening(complete(anna))
    stated = {**act.stated, "in_lieu_of": "untoc-2000"}

    with pytest.raises(NotAllowedNow, match="does not step back"):
        verdict(Act(channel=CHANNEL, kind=act.kind, ref=act.ref, stated=stated, payload=act.payload), "aa")


def test_nothing_coercive_rests_on_an_arrangement(borland, anna):
    """It is a political understanding; a search on its strength would be unlawful."""
    text = library()["us-ru-ict-cbm-2013"]
    act = services.opening(complete(anna))
    stated = {**act.stated, "instrument": text.id, "table": text.digest}
    before = register.own_log(CHANNEL).size

    with pytest.raises(NoCompulsion, match="an arrangement and no law"):
        verdict(Act(channel=CHANNEL, kind=act.kind, ref=act.ref, stated=stated, payload=act.payload), "aa")
    with pytest.raises(NoLegalBasis):
        services.draft(channel=CHANNEL, instrument=text.id, by=anna)
    assert before == register.own_log(CHANNEL).size


def test_a_reference_stands_for_what_its_own_party_opened_under_it(borland, anna, dora, browser):
    """A counterpart could otherwise put a page of its own in the place of our request, by an older date."""
    draft = complete(anna)
    officials.second(services.submit(draft, by=anna), by=dora)
    text = library()["us-ru-ict-cbm-2013"]
    theirs = {"instrument": text.id, "table": text.digest, "requested": "aa", "types": [text.types[0].id]}
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    borland.does("consultation.request.proposed", draft.ref, stated=theirs, at=long_ago)

    found = queries.request(CHANNEL, draft.ref)
    page = browser(anna).get(f"/requests/{CHANNEL}/{draft.ref}/")

    assert ["", found.state] == sorted(Request.objects.filter(ref=draft.ref).values_list("state", flat=True))
    assert ("assistance", "aa") == (found.procedure, found.requesting)
    assert "MLAT 1999" in page.content.decode()
