"""What was handed over waits for one office only, and no longer than there is something to sign."""

from __future__ import annotations

import pytest

from comity_node.api import handing
from comity_node.api.errors import NotHandedOver
from comity_node.api.models import HandedOver
from comity_node.assistance import services as assistance
from comity_node.assistance.models import Draft
from comity_node.officials import services as officials
from comity_node.register import queries
from comity_node.register.rebuilding import rebuild
from tests.node.api.conftest import FILLED, System
from tests.node.api.test_tokens import code
from tests.node.counterpart import CHANNEL, SECONDED

NEW = {"channel": CHANNEL, "title": "Records of one account", "types": ["documents_items"], "fields": FILLED}
KIND = "assistance.request"


@pytest.fixture
def other(token, hire):
    """A case system of the prosecution."""
    return System(token(hire("emil", "case officer", office="prosecution")))


def path(ref, act="acknowledged"):
    """The address of an act that is filled in."""
    return f"/requests/{CHANNEL}/{ref}/acts/{act}"


def test_an_act_signed_on_its_own_page_waits_for_nobody_any_more(system, asked, anna):
    """An official who is offered what was done yesterday signs it a second time, or wonders."""
    system("PUT", path(asked), {"note": "Registered as 7/2026"})

    assistance.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)

    assert not HandedOver.objects.exists()
    assert [] == system.get(f"/requests/{CHANNEL}/{asked}")["handed_over"]
    assert (404, "nothing-here") == code(system("GET", path(asked)))


def test_a_draft_submitted_on_its_own_page_leaves_no_copy_once_it_is_on_record(system, boris, anna, dora):
    """Its text then stands in the record, sealed; here it would lie open."""
    ref = system("POST", "/drafts", NEW).json()["ref"]
    system("PUT", f"/drafts/{ref}/hand-over", {})

    prepared = assistance.submit(Draft.objects.get(), by=anna)
    meanwhile = HandedOver.objects.count()
    officials.second(prepared, by=dora)

    assert (1, 0) == (meanwhile, HandedOver.objects.count())
    assert "on record" == system.get(f"/drafts/{ref}")["state"]


def test_what_an_earlier_act_did_leaves_the_next_one_waiting(system, asked, anna, dora, boris):
    """Acts of one sort follow each other: results come in parts."""
    assistance.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)
    said = {"channel": CHANNEL, "ref": asked, "act_name": "executed", "by": anna}
    part = {"stated": {"extent": "in part"}, "payload": {"text": "First part."}}
    officials.second(assistance.act(**said, **part), by=dora)

    system("PUT", path(asked, "executed"), {"stated": {"extent": "in part"}, "text": "Second part."})
    boris.does(f"{KIND}.supplemented", asked, payload={"text": "More."})
    rebuild()

    assert "Second part." in HandedOver.objects.get().text


def test_no_copy_of_erased_content_is_left(system, lodged, boris, anna, dora):
    """What a case system handed over says the same as the entry whose content two officers erased."""
    entry = queries.entries(CHANNEL, ref=lodged, prefix=f"{KIND}.lodged")[0].ref
    own = {"channel": CHANNEL, "ref": lodged, "by": anna, "stated": {"entries": [str(entry)]}}
    assistance.act(**own, act_name="recalled", payload={"text": "Wrong annex."})
    boris.does(f"{KIND}.destroyed", lodged, stated={"entries": [str(entry)]}, by=SECONDED)
    HandedOver.objects.create(
        channel=CHANNEL, ref=lodged, kind=f"{KIND}.lodged", text=FILLED["facts_summary"], digest="",
        returned="Too long.", after=99, office=anna.office, token=handing_token(system),
    )  # fmt: skip

    officials.second(assistance.act(**own, act_name="erased"), by=dora)

    assert not HandedOver.objects.exists()


def handing_token(system):
    """The row of a system's token."""
    return handing.services.bearer(f"Bearer {system.secret}")


def test_two_offices_have_the_same_act_prepared_apart(system, other, asked):
    """Neither reads what the other's officials are to sign, nor puts its own in its place."""
    system("PUT", path(asked), {"note": "Ours"})
    unseen = [other("GET", path(asked)), other("DELETE", path(asked))]
    other("PUT", path(asked), {"note": "Theirs"})

    assert [(404, "nothing-here")] * 2 == [code(one) for one in unseen]
    assert "Ours" == system.get(path(asked))["note"]
    assert "Theirs" == other.get(path(asked))["note"]
    other("DELETE", path(asked))
    assert ["acknowledged"] == system.get(f"/requests/{CHANNEL}/{asked}")["handed_over"]
    assert [] == other.get(f"/requests/{CHANNEL}/{asked}")["handed_over"]


def test_what_waits_stays_with_its_office_when_its_official_leaves_it(system, asked, anna, dora, hire):
    """Whoever moves to another office does not carry the acts of the former one with them."""
    system("PUT", path(asked), {})
    colleague = hire("carl", "case officer")
    anna.office = dora.office
    anna.save()

    found = HandedOver.objects.get()
    assert handing.may_decide(found, colleague)
    assert not handing.may_decide(found, anna)
    assert (404, "nothing-here") == code(system("GET", path(asked)))


@pytest.mark.parametrize("meanwhile", ["taken back", "replaced", "sent back"])
def test_what_moved_since_it_was_read_is_not_signed(system, asked, anna, meanwhile):
    """The page was open while the case system thought better of it."""
    system("PUT", path(asked), {"text": "First"})
    read = HandedOver.objects.get()
    shown = officials.text_digest(handing.proposed(read, by=anna))
    if meanwhile == "taken back":
        system("DELETE", path(asked))
    elif meanwhile == "replaced":
        system("PUT", path(asked), {"text": "Second"})
    else:
        handing.send_back(read, by=anna, reason="No.")

    with pytest.raises(NotHandedOver):
        handing.sign(read, shown=shown, by=anna)


def test_what_was_sent_back_is_read_and_signed_no_more(system, asked, anna, browser):
    """A colleague decided on it: the case system has it again."""
    system("PUT", path(asked), {})
    handing.send_back(HandedOver.objects.get(), by=anna, reason="No.")

    assert 404 == browser(anna).get(f"/systems/handed-over/{HandedOver.objects.get().pk}/").status_code


def test_what_cannot_be_signed_any_more_is_sent_back_with_the_reason(system, asked, boris, anna, browser):
    """Otherwise it would stand on the desk for ever, with nothing that anybody could do about it."""
    system("PUT", path(asked), {})
    boris.does(f"{KIND}.withdrawn", asked, payload={"text": "Settled."})
    address = f"/systems/handed-over/{HandedOver.objects.get().pk}/"

    page = browser(anna).get(address)
    browser(anna).post(f"{address}back/", {"reason": "It was withdrawn."})

    assert 200 == page.status_code
    assert f"{address}back/" in page.content.decode()
    assert "has no effect" in page.content.decode()
    assert "It was withdrawn." == HandedOver.objects.get().returned
