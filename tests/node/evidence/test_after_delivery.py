"""Limits on use, reports, return, destruction, recall: what both sides say of an exhibit after delivery."""

from __future__ import annotations

from functools import partial

import pytest

from comity import custody
from comity_node.evidence import pages, queries, services
from comity_node.evidence.errors import CustodyActNotAllowed, ExhibitNotHere
from comity_node.evidence.models import CustodyStep, Exhibit
from comity_node.officials import services as officials
from comity_node.officials.models import PreparedAct
from comity_node.register.rebuilding import rebuild
from tests.node.counterpart import CHANNEL, SECONDED
from tests.node.evidence.conftest import CONTENT, Line, announces, seal_for_both
from tests.node.evidence.test_pages import files, signed

KIND = custody.KINDS
SAID = {"text": "As set out."}
CERTIFICATE = {
    "method": "Shredded",
    "done_by": "Registry",
    "done_at": "2 May 2026, 10:00 UTC",
    "copies": "None.",
}


def exhibit(ref):
    """The exhibit as projected."""
    return Exhibit.objects.get(channel=CHANNEL, ref=ref)


def ours(found, act, official, second=None, said=None, **stated):
    """Do an act of ours, with a second officer where one is named."""
    document = custody.read(said or SAID, custody.FORMS[act])
    done = officials.prepare(services.act_on(found, act, document, stated), by=official)
    return officials.second(done, by=second) if second else done


def arrival(found):
    """What a receiving node states once an exhibit is whole."""
    return {"object": found.object, "size": found.size, "sha256": found.sha256}


@pytest.fixture
def theirs(theirs):
    """An exhibit of theirs that arrived here whole."""
    services.fetch(theirs, Line(theirs.sealed))
    return exhibit(theirs.ref)


@pytest.fixture
def added(tmp_path, anna, boris):
    """An exhibit of ours with limits on its use, on record and receipted by Boris."""
    file = tmp_path / "disk image.dd"
    file.write_bytes(CONTENT)
    limits = ["not_before_a_court", "kept_confidential"]
    services.add(file, channel=CHANNEL, described={"description": "Server"}, by=anna, limits=limits)
    boris.receipts()
    return Exhibit.objects.get(provider="aa")


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What happens within is committed, as it is outside tests."""
    return partial(django_capture_on_commit_callbacks, execute=True)


@pytest.fixture
def recalled(theirs, boris):
    """An exhibit of theirs that arrived here and that they recalled."""
    boris.does(f"{KIND}.recalled", theirs.ref, payload=SAID)
    return exhibit(theirs.ref)


def test_what_was_destroyed_is_gone_and_what_was_said_of_it_stands(recalled, anna, dora, disk, committed):
    """The certificate names the hash of what is gone: without it nobody could tell what was destroyed."""
    assert files(disk)

    with committed():
        ours(recalled, "destroyed", anna, dora, CERTIFICATE)

    gone = exhibit(recalled.ref)
    assert [] == files(disk)
    assert ("destroyed", recalled.sha256, recalled.name) == (gone.state, gone.sha256, gone.name)
    assert [] == queries.missing_files()
    with pytest.raises(ExhibitNotHere, match="no longer held"):
        services.here(gone)


def test_a_file_that_comes_back_with_a_backup_goes_again(recalled, anna, dora, disk, committed):
    """What the record says is destroyed must not be found on the disk."""
    path = services.here(recalled)
    sealed = path.read_bytes()
    with committed():
        ours(recalled, "destroyed", anna, dora, CERTIFICATE)
    path.write_bytes(sealed)

    assert [path] == services.sweep()

    path.write_bytes(sealed)
    with committed():
        rebuild()
    assert [] == files(disk)


def test_a_file_announced_twice_is_the_first_exhibits_alone(theirs, boris, anna, dora, disk, committed):
    """A copied announcement could have the first file damaged by a fetch, or kept when it is destroyed."""
    announced = CustodyStep.objects.get(ref=theirs.ref, act="added")
    stated = {"requested": "aa", "table": custody.custody().digest}
    longer = {**announced.said, "sealed_size": announced.said["sealed_size"] + 1000}
    boris.does(f"{KIND}.added", "bb-2026-x0002", stated=stated, payload=longer)
    twin = exhibit("bb-2026-x0002")
    with committed():
        rebuild()

    assert "announced before" in exhibit(twin.ref).malformed
    assert "" == exhibit(theirs.ref).malformed
    assert [] == services.pending()
    assert services.here(theirs)
    boris.does(f"{KIND}.recalled", twin.ref, payload=SAID)
    boris.does(f"{KIND}.recalled", theirs.ref, payload=SAID)
    with committed():
        ours(exhibit(twin.ref), "destroyed", anna, dora, CERTIFICATE)
    assert files(disk)
    with committed():
        ours(exhibit(theirs.ref), "destroyed", anna, dora, CERTIFICATE)
    assert [] == files(disk)


def test_a_kept_exhibit_that_is_lost_is_missed_and_fetched(recalled, boris, anna, dora):
    """Who keeps evidence for a court must notice that it is gone."""
    ours(recalled, "kept", anna, dora, kept_because="part_of_a_court_file")
    path = services.here(recalled)
    sealed = path.read_bytes()
    path.unlink()

    assert [recalled.ref] == [one.ref for one in queries.missing_files()]
    services.fetch(exhibit(recalled.ref), Line(sealed))
    assert [] == queries.missing_files()


def test_their_word_deletes_nothing_here(added, boris, disk):
    """What they destroyed with them is still our evidence, until two officers of ours say otherwise."""
    boris.does(f"{KIND}.received", added.ref, payload=arrival(added))
    boris.does(f"{KIND}.destroyed", added.ref, payload=CERTIFICATE, by=SECONDED)

    assert "destroyed" == exhibit(added.ref).state
    assert files(disk)


def test_both_sides_hold_it_no_more_once_its_provider_erases_it(added, boris, anna, dora, disk, committed):
    """The record says of what it was, when it went and by whose word; the content is with nobody."""
    boris.does(f"{KIND}.received", added.ref, payload=arrival(added))
    with pytest.raises(CustodyActNotAllowed):
        ours(added, "erased", anna)
    boris.does(f"{KIND}.destroyed", added.ref, payload=CERTIFICATE, by=SECONDED)

    with committed():
        ours(exhibit(added.ref), "erased", anna, dora)

    assert "erased" == exhibit(added.ref).state
    assert [] == files(disk)
    assert [] == queries.missing_files()


def test_what_was_recalled_before_it_arrived_is_not_fetched_and_not_served(added, boris, anna):
    """A recall that lets the file go on arriving recalls nothing."""
    announces(boris, seal_for_both(boris, b"late")[1], "bb-2026-x0009")
    boris.does(f"{KIND}.recalled", "bb-2026-x0009", payload=SAID)
    ours(added, "recalled", anna)

    assert "bb-2026-x0009" not in [one.ref for one in services.pending()]
    assert services.sealed_file(added.object, "bb") is None


def test_nobody_opens_what_was_recalled(recalled, anna):
    """Whoever knows of a recall does not use what was recalled."""
    with pytest.raises(CustodyActNotAllowed):
        list(services.open_exhibit(recalled, by=anna, purpose="curiosity"))


def test_limits_bind_until_their_author_lifts_them(added, boris, anna, dora):
    """Another use is asked for, allowed or declined; only who provided it may loosen what binds it."""
    boris.does(f"{KIND}.received", added.ref, payload=arrival(added))
    assert ["not_before_a_court", "kept_confidential"] == exhibit(added.ref).limits

    lifted = {"limits": ["kept_confidential"]}
    boris.does(f"{KIND}.limits_lifted", added.ref, stated=lifted, payload=SAID)
    boris.does(f"{KIND}.use_asked", added.ref, stated={"use": "before_a_court"}, payload=SAID)
    asked = exhibit(added.ref)
    assert (["not_before_a_court", "kept_confidential"], ["before_a_court"]) == (asked.limits, asked.asked)
    assert ("ours", "Answering whether another use is allowed") == (asked.due_side, asked.due_label)

    ours(asked, "use_allowed", anna, dora, use="before_a_court")
    ours(asked, "limits_lifted", anna, dora, limits=["not_before_a_court"])

    now = exhibit(added.ref)
    assert (["kept_confidential"], ["before_a_court"]) == (now.limits, now.allowed)
    assert ([], None) == (now.asked, now.due_at)


def test_a_report_on_use_has_its_day_on_both_desks(theirs, boris, anna):
    """Who gave evidence may ask what became of it; the day is the one it stated."""
    boris.does(f"{KIND}.report_asked", theirs.ref, stated={"report_by": "2099-03-01"}, payload=SAID)

    asked = exhibit(theirs.ref)
    assert ("ours", 2099) == (asked.due_side, asked.due_at.year)
    assert [theirs.ref] == [one.ref for one in pages.clocks("ours")]

    ours(asked, "use_reported", anna)

    assert [] == pages.clocks("ours")


def test_disposal_is_declined_for_a_stated_reason_alone(theirs, boris, anna, dora):
    """A court file cannot be torn out, and silence is no answer."""
    stated = {"disposal": "return", "dispose_by": "2099-03-01"}
    boris.does(f"{KIND}.disposal_asked", theirs.ref, stated=stated, payload=SAID)
    asked = exhibit(theirs.ref)

    with pytest.raises(CustodyActNotAllowed, match="must state"):
        ours(asked, "disposal_declined", anna)
    ours(asked, "disposal_declined", anna, dora, kept_because="part_of_a_court_file")

    assert ("received", None) == (exhibit(theirs.ref).state, exhibit(theirs.ref).due_at)


def test_projections_after_delivery_are_rebuilt_to_the_byte(recalled, added, boris, anna, dora):
    """What binds an exhibit is derived from the record, and from nothing else."""
    ours(recalled, "kept", anna, dora, kept_because="own_law_requires")
    ours(recalled, "use_reported", anna)
    before = [list(model.objects.order_by("ref").values()) for model in (Exhibit, CustodyStep)]

    rebuild()

    after = [list(model.objects.order_by("ref").values()) for model in (Exhibit, CustodyStep)]
    assert [[{**one, "id": 0} for one in rows] for rows in before] == [
        [{**one, "id": 0} for one in rows] for rows in after
    ]


def test_the_page_offers_what_the_table_allows_and_its_form_leads_to_the_text(recalled, anna, dora, browser):
    """An officer who is asked to destroy something sees how, signs one text, and a second one approves it."""
    seated = browser(anna)
    address = f"/evidence/{CHANNEL}/{recalled.ref}/acts/destroyed/"
    page = seated.get(f"/evidence/{CHANNEL}/{recalled.ref}/").content.decode()
    assert address in page
    assert "/acts/kept/" in page
    assert "/open/" not in page
    assert "Answering the recall" in page

    assert 422 == seated.post(address, {"method": ""}).status_code
    sent = signed(seated, address, **CERTIFICATE)

    assert 302 == sent.status_code
    assert "recalled" == exhibit(recalled.ref).state
    assert 1 == PreparedAct.objects.filter(state="awaiting").count()


@pytest.mark.parametrize("name", ["added", "received", "mismatch", "opened", "burnt"])
def test_what_has_its_own_way_has_no_form_here(theirs, anna, browser, name):
    """The node alone states what arrived; no form may say it in its place."""
    assert 404 == browser(anna).get(f"/evidence/{CHANNEL}/{theirs.ref}/acts/{name}/").status_code


def test_a_duty_officer_may_add_and_not_dispose(theirs, hire, browser):
    """Least privilege: whoever takes evidence in at night does not decide what becomes of it."""
    night = browser(hire("nadia", "duty officer"))

    assert 403 == night.get(f"/evidence/{CHANNEL}/{theirs.ref}/acts/destroyed/").status_code
    assert "/acts/" not in night.get(f"/evidence/{CHANNEL}/{theirs.ref}/").content.decode()
