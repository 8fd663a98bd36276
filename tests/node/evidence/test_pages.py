"""The pages on exhibits: sealing an upload, reading before signing, opening, and hostile names."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity import custody
from comity.keys.sealing import open_sealed
from comity_node.evidence import projecting, queries, services
from comity_node.evidence.models import Exhibit, Intake
from comity_node.evidence.uploads import SealingUpload
from comity_node.officials import services as officials
from comity_node.officials.models import PreparedAct
from tests.node.counterpart import CHANNEL, SECONDED
from tests.node.evidence.conftest import CONTENT, Line, announces, seal_for_both

ADD = f"/evidence/{CHANNEL}/add/"


def files(disk):
    """Every file on the exhibits disk but locks."""
    return [path for path in disk.rglob("*") if path.is_file() and not path.name.startswith(".")]


def upload(browser, content=CONTENT, name="image.dd", **fields):
    """Send the form as a browser does."""
    form = {"file": SimpleUploadedFile(name, content), "description": "A disk", **fields}
    return browser.post(ADD, form)


def signed(browser, address, **fields):
    """Send a form, read the confirmation page, and sign what it shows."""
    page = browser.post(address, fields) if fields else browser.get(address)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    return browser.post(address, hidden | fields)


def test_an_upload_is_sealed_read_and_signed(anna, boris, browser, disk):
    """An official signs the text that holds the hash, after the file is sealed and before anybody is told."""
    seated = browser(anna)

    sent = upload(seated)
    before = Exhibit.objects.count()
    taken = Intake.objects.get()
    page = signed(seated, sent["Location"])

    assert 0 == before
    assert f"/evidence/{CHANNEL}/{taken.ref}/" == page["Location"]
    exhibit = Exhibit.objects.get()
    assert ("image.dd", "A disk", len(CONTENT)) == (exhibit.name, exhibit.description, exhibit.size)
    assert CONTENT == open_sealed(services.here(exhibit).read_bytes(), boris.keys.opening)
    assert [exhibit.object] == [path.name for path in files(disk)]


def test_a_form_that_is_wrong_keeps_no_seal(anna, boris, browser, disk):
    """A file nobody has taken must not stay on the disk."""
    answer = upload(browser(anna), description="")

    assert 422 == answer.status_code
    assert [] == files(disk)
    assert 0 == Intake.objects.count()


def test_an_upload_over_the_limit_is_refused_by_its_length(anna, boris, browser, disk, disk_limit):
    """Nobody should wait an hour to learn that a file is too large."""
    disk_limit(10)

    answer = upload(browser(anna), content=bytes(3_000_000))

    assert 413 == answer.status_code
    assert [] == files(disk)


def test_an_upload_just_over_the_limit_is_refused_by_its_bytes(anna, boris, browser, disk, disk_limit):
    """The length of the form says little about the length of the file in it."""
    disk_limit(1000)

    answer = upload(browser(anna), content=bytes(500_000))

    assert 409 == answer.status_code
    assert b"1,000 bytes" in answer.content
    assert [] == files(disk)


def test_a_form_without_its_token_keeps_nothing(anna, boris, disk):
    """Another site must not be able to put files into the record."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna)

    answer = upload(strict)

    assert 403 == answer.status_code
    assert [] == files(disk)


def test_the_limits_are_stated_before_the_upload(anna, boris, browser):
    """Whoever waits an hour for a refusal was not told in time."""
    page = browser(anna).get(ADD).content.decode()

    assert "At most 64" in page
    assert 'enctype="multipart/form-data"' in page


def test_an_official_outside_the_case_sees_no_form_and_no_exhibit(added, clara, browser):
    """An administrator keeps the node running; exhibits are not theirs to see."""
    seated = browser(clara)

    assert 403 == seated.get(ADD).status_code
    assert 404 == seated.get("/evidence/").status_code
    assert 404 == seated.get(f"/evidence/{CHANNEL}/{added.ref}/").status_code


def test_an_exhibit_page_shows_the_chain_and_both_hashes(theirs, anna, browser):
    """The receiving side's own hash is what a court will ask for."""
    services.fetch(theirs, Line(theirs.sealed))

    page = browser(anna).get(f"/evidence/{CHANNEL}/{theirs.ref}/").content.decode()

    assert "both hashes agree" in page
    assert theirs.sha256 in page
    assert 200 == browser(anna).get("/evidence/").status_code


def test_every_step_and_button_of_an_exhibit_leads_to_the_row_it_rests_on(theirs, anna, browser):
    """Custody is practice, and whoever does an act of it may read which."""
    services.fetch(theirs, Line(theirs.sealed))

    page = browser(anna).get(f"/evidence/{CHANNEL}/{theirs.ref}/").content.decode()
    linked = page.count('<span class="article"><a href="/instruments/custody~1/exhibit/#row-')

    assert page.count('<span class="article">') == linked >= 4


def test_a_fetch_under_way_shows_how_far_it_is(theirs, anna, browser):
    """Silence for an hour is not an answer."""
    with pytest.raises(ConnectionError):
        services.fetch(theirs, Line(theirs.sealed, breaks_after=100_000))

    page = browser(anna).get(f"/evidence/{CHANNEL}/{theirs.ref}/").content.decode()

    assert f'value="100000" max="{theirs.sealed_size}"' in page


def test_opening_sends_a_file_to_be_saved_after_it_is_on_record(theirs, anna, browser):
    """The browser saves it and looks at nothing."""
    services.fetch(theirs, Line(theirs.sealed))

    answer = signed(browser(anna), f"/evidence/{CHANNEL}/{theirs.ref}/open/", purpose="To image it")

    assert CONTENT == b"".join(answer)
    assert 'attachment; filename="image.dd"' == answer["Content-Disposition"]
    assert ("nosniff", "no-store") == (answer["X-Content-Type-Options"], answer["Cache-Control"])
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "To image it" == queries.chain(theirs).last().said["purpose"]


def test_what_has_not_arrived_is_not_opened(theirs, anna, browser):
    """An act that cannot be done says why, and nothing is recorded."""
    answer = signed(browser(anna), f"/evidence/{CHANNEL}/{theirs.ref}/open/", purpose="To image it")

    assert 302 == answer.status_code
    assert 1 == queries.chain(theirs).count()


def test_a_hand_over_waits_for_its_second(added, anna, browser):
    """The page says that nothing is on record yet."""
    answer = signed(
        browser(anna),
        f"/evidence/{CHANNEL}/{added.ref}/hand-over/",
        released_by="Ministry",
        received_by="District court",
        purpose="Trial",
    )

    assert 302 == answer.status_code
    assert 1 == queries.chain(added).count()


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("a\u0000b.txt", None),
        ("<img src=x onerror=alert(1)>.png", "img src=x onerror=alert(1)_.png"),
        ('q"uo\r\nte: x.pdf', "q_uo_te_ x.pdf"),
        ("CON.txt", "_CON.txt"),
        ("...", "bb-2026-x0001"),
        ("n" * 1000 + ".dd", None),
    ],
)
def test_a_hostile_name_is_shown_and_saved_without_harm(boris, anna, browser, name, saved):
    """The counterpart chooses the name: it must not reach a path or a header, nor the page as markup."""
    sealed, document = seal_for_both(boris, CONTENT)
    exhibit = announces(boris, document | {"name": name})
    if exhibit.malformed:
        assert "\u0000" in name
        return
    services.fetch(exhibit, Line(sealed))
    seated = browser(anna)

    page = seated.get(f"/evidence/{CHANNEL}/{exhibit.ref}/").content.decode()
    answer = signed(seated, f"/evidence/{CHANNEL}/{exhibit.ref}/open/", purpose="x")

    assert "<img src=x" not in page
    assert "\u202e" not in page
    header = answer["Content-Disposition"]
    assert header.isprintable()
    assert saved is None or saved == custody.name_to_save(name, exhibit.ref)
    assert len(custody.name_to_save(name, exhibit.ref)) <= 130


def test_what_was_said_of_it_cannot_become_markup(boris, anna, browser):
    """Every text of a counterpart is text."""
    _, document = seal_for_both(boris, CONTENT)
    mark = "<script>alert(1)</script>"
    texts = dict.fromkeys(
        ("description", "taken_where", "taken_at", "taken_by", "request", "statement"), mark
    )
    exhibit = announces(boris, document | texts | {"media_type": mark})

    page = browser(anna).get(f"/evidence/{CHANNEL}/{exhibit.ref}/").content.decode()

    assert mark not in page
    assert page.count("&lt;script&gt;alert(1)") >= 7


@pytest.mark.parametrize("payload", [{}, {"name": 1}, b"not json", {"object": "../x"}, None])
def test_an_announcement_that_cannot_be_read_is_shown_and_never_fetched(boris, anna, browser, payload):
    """A hostile payload is the counterpart's own act: it is shown as it is, and stops nothing."""
    exhibit = announces(boris, payload)

    page = browser(anna).get(f"/evidence/{CHANNEL}/{exhibit.ref}/")

    assert 200 == page.status_code
    assert exhibit.malformed
    assert [] == services.pending()


def test_the_text_signed_is_the_text_shown(theirs, anna, browser):
    """A form changed between reading and signing signs nothing: the page is shown again."""
    services.fetch(theirs, Line(theirs.sealed))
    seated = browser(anna)
    shown = officials.text_digest(services.opening_act(theirs, "To image it"))

    answer = seated.post(
        f"/evidence/{CHANNEL}/{theirs.ref}/open/", {"purpose": "Another purpose", "shown": shown}
    )

    assert b"Another purpose" in answer.content
    assert 2 == queries.chain(theirs).count()


def test_a_hand_over_sent_twice_waits_once_and_is_recorded_once(added, anna, dora, browser):
    """Neither a second click nor the same page sent again after the approval doubles a link of the chain."""
    seated, address = browser(anna), f"/evidence/{CHANNEL}/{added.ref}/hand-over/"
    said = {
        "released_by": "ministry",
        "received_by": "court",
        "purpose": "trial",
        "seal": "",
        "condition": "",
    }
    page = seated.post(address, said)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))

    for _ in range(2):
        seated.post(address, hidden)
    officials.second(PreparedAct.objects.get(), by=dora)
    seated.post(address, hidden)

    assert 1 == PreparedAct.objects.count()
    assert ["added", "handed_over"] == [step.act for step in queries.chain(added)]


def test_an_announcement_sent_twice_ends_at_its_exhibit(anna, boris, browser):
    """Whoever clicks twice sees what they did, not a page that denies it."""
    seated = browser(anna)
    address = upload(seated)["Location"]
    page = seated.get(address)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))

    first, second = (seated.post(address, hidden) for _ in range(2))

    assert (302, first["Location"]) == (second.status_code, second["Location"])
    assert 1 == Exhibit.objects.count()


def test_a_file_whose_channel_was_not_accepted_is_not_announced(anna, boris, browser, monkeypatch):
    """The page says why; the file waits, and nothing is on record."""
    seated = browser(anna)
    sent = upload(seated)
    monkeypatch.setattr(projecting.Ground, "is_open", False)

    answer = seated.get(sent["Location"], follow=True)

    assert "is not open" in answer.content.decode()
    assert (1, 0) == (Intake.objects.count(), Exhibit.objects.count())


def test_a_file_can_be_dropped_before_it_is_announced(anna, boris, browser, disk):
    """A wrong choice of file is no fact yet."""
    seated = browser(anna)
    upload(seated)

    seated.post(f"/evidence/taken-in/{Intake.objects.get().ref}/discard/")

    assert [] == files(disk)
    assert 0 == Intake.objects.count()


def test_an_upload_that_breaks_off_keeps_nothing(boris, disk):
    """A browser may be closed at any byte."""
    handler = SealingUpload(CHANNEL)
    handler.new_file("file", "image.dd", "", None)
    handler.receive_data_chunk(CONTENT, 0)

    handler.upload_interrupted()

    assert [] == files(disk)


def test_the_list_of_exhibits_filters_sorts_and_exports(added, theirs, anna, browser):
    """By name, hash, state and request; what is on the page is what the files hold."""
    seated = browser(anna)

    def refs(**asked):
        return [one.ref for one in seated.get("/evidence/", asked).context["exhibits"]]

    table = seated.get("/evidence/export.csv", {"state": "announced"}).getvalue().decode()
    document = json.loads(seated.get("/evidence/export.json", {"words": "disk image"}).getvalue())

    assert {added.ref, theirs.ref} == set(refs())
    assert [added.ref] == refs(words="disk") == refs(words=added.ref)
    assert {added.ref, theirs.ref} == set(refs(words=added.sha256[:12].upper(), sort="-size"))
    assert [] == refs(state="received")
    assert [] == refs(request="bb-2026-0001")
    assert [added.ref, theirs.ref] == refs(sort="name")
    assert 2 == len(refs(sort="nothing", page="999"))
    assert theirs.sha256 in table
    assert [added.ref] == [one["reference"] for one in document["exhibits"]]


def test_an_export_of_exhibits_is_for_readers_of_the_record(added, clara, browser):
    """A file is a way to read, too."""
    assert 404 == browser(clara).get("/evidence/export.csv").status_code
    assert 404 == browser(clara).get("/evidence/export.json").status_code


def test_a_long_chain_of_custody_is_shown_in_pages(
    theirs, boris, anna, browser, django_assert_max_num_queries
):
    """A counterpart may hand an exhibit round for ever: the page stays whole, and nothing is lost from it."""
    for number in range(70):
        said = {"released_by": f"desk {number}", "received_by": f"desk {number + 1}", "purpose": "round"}
        boris.writes(
            "evidence.exhibit.handed_over",
            theirs.ref,
            payload={**said, "condition": "x" * 20_000},
            by=SECONDED,
        )
    boris.delivers()
    seated, address = browser(anna), f"/evidence/{CHANNEL}/{theirs.ref}/"

    with django_assert_max_num_queries(16):
        latest = seated.get(address)
    earlier = seated.get(address, {"page": "2"})

    assert [50, 21] == [len(page.context["hands"]) for page in (latest, earlier)]
    assert "desk 70" in latest.text
    assert "Exhibit added" in earlier.text
    assert len(latest.content) < 50 * 4_000


def test_the_custodian_is_known_whatever_page_is_shown(added, boris, anna, dora, browser):
    """Who holds our copy follows from the whole chain, not from the part that is shown."""
    said = custody.HandOver(released_by="ministry", received_by="regional court", purpose="trial")
    officials.second(services.hand_over(added, said, by=anna), by=dora)
    for _ in range(60):
        list(services.open_exhibit(added, by=anna, purpose="once more"))

    page = browser(anna).get(f"/evidence/{CHANNEL}/{added.ref}/")

    assert "regional court" == page.context["exhibit"].custodian
    assert "handed_over" not in [hand.title for hand in page.context["hands"]]
