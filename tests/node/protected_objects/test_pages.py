"""What officials see of protected objects, and what nobody sees without saying why."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity import protected
from comity_node.officials.models import PreparedAct
from comity_node.protected_objects import revealing
from comity_node.protected_objects.models import Keeping, ProtectedList, Visit
from tests.node.counterpart import CHANNEL, SECONDED
from tests.node.protected_objects.conftest import GRID, KIND, THEIRS, WATER, Theirs, declares, keeps

FILLED = {
    "title": "Energy", "purpose": "To be left alone", "sort": "committed", "valid_until": "2030-12-31",
    "sought": "hands_off", "padded": "on",
}  # fmt: skip


def page(browser, name, *of):
    """A page, and its words."""
    answer = browser.get(reverse(f"protected_objects:{name}", args=of))
    return answer, answer.content.decode()


def opened(browser, ref):
    """Open a list for a reason; the page of what is on it."""
    answer = browser.post(reverse("protected_objects:list", args=[CHANNEL, ref]), {"why": "Incident"})
    assert 302 == answer.status_code
    return answer["Location"]


def signed(browser, address, said):
    """Fill a form in, read the text and sign it."""
    shown = browser.post(address, said)
    digest = re.search(r'name="shown" value="([0-9a-f]{64})"', shown.content.decode())
    assert digest, shown.content.decode()
    return browser.post(address, {**said, "shown": digest[1]})


def test_whoever_reads_the_record_does_not_read_lists(boris, anna, dora, paul, browser):
    """The room is hidden, its address and its label alike; the content of its entries too."""
    row = declares(anna, dora, "shown")
    outside = browser(paul)

    entry = outside.get(reverse("web:entry", args=["aa", CHANNEL, row.version.rpartition("#")[2]]))

    assert 404 == page(outside, "lists")[0].status_code
    assert 404 == page(outside, "list", CHANNEL, row.ref)[0].status_code
    assert "Protected objects" not in outside.get("/").content.decode()
    assert 200 == entry.status_code
    assert GRID["name"] not in entry.content.decode()
    assert row.root in entry.content.decode()
    assert "Protected objects" in browser(anna).get("/").content.decode()


def test_a_list_is_opened_for_a_reason_which_is_noted(boris, anna, browser):
    """Nothing of it is shown before; after, the reason stands in the journal with whoever gave it."""
    Theirs().declared(boris)
    reader = browser(anna)
    _, before = page(reader, "list", CHANNEL, THEIRS)
    refused = reader.post(reverse("protected_objects:list", args=[CHANNEL, THEIRS]), {"why": ""})

    shown = reader.get(opened(reader, THEIRS)).content.decode()

    assert GRID["name"] not in before
    assert 422 == refused.status_code
    assert GRID["name"] in shown
    assert [("Incident", anna, "list")] == [(one.why, one.official, one.what) for one in Visit.objects.all()]


def test_an_opening_is_of_whoever_gave_the_reason(boris, anna, dora, browser):
    """A colleague with the address says why by themselves."""
    Theirs().declared(boris)
    address = opened(browser(anna), THEIRS)

    assert 404 == browser(dora).get(address).status_code


def test_looking_at_one_object_is_noted_too(boris, anna, browser):
    """Who looked at what is what a leak is traced by."""
    theirs = Theirs()
    theirs.declared(boris)
    reader = browser(anna)
    leaf = theirs.salted[0].leaf.hex()

    shown = reader.get(f"{opened(reader, THEIRS)}{leaf}/").content.decode()

    assert "CERT of Arland" in shown
    assert ["object", "list"] == [one.what for one in Visit.objects.all()]
    assert leaf == Visit.objects.first().leaf


def test_a_list_is_declared_from_a_file_and_seconded(boris, anna, dora, browser):
    """Read row by row; the text shows what is stated, and nothing of a list that is only committed to."""
    rows = b"name;sector;domains\r\nGrid;energy;grid.example mail.grid.example\r\n"
    file = SimpleUploadedFile("list.csv", rows)
    reader = browser(anna)
    written = reader.post(reverse("protected_objects:declare", args=[CHANNEL]), {**FILLED, "file": file})
    assert 302 == written.status_code, written.content.decode()

    done = signed(reader, written["Location"], {})

    assert 302 == done.status_code
    (prepared,) = PreparedAct.objects.all()
    assert "grid.example" not in prepared.text
    again = browser(dora).post(
        reverse("officials:second", args=[prepared.pk]), {"digest": prepared.digest}, follow=True
    )
    assert 200 == again.status_code
    assert ("committed", 16) == (ProtectedList.objects.get().sort, ProtectedList.objects.get().leaves)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("name,sector\nGrid,energy\nBad,nonsense\n", "row 2"),
        ("name,sector\nGrid,energy\nGrid,energy\n", "twice"),
        ("name,colour\nGrid,red\n", "colour"),
        ("name,sector,networks\nGrid,energy,192.0.2.7/24\n", "host bits"),
        ("name,sector,domains\nGrid,energy,xn--a\n", "stands for no letters"),
        ("name,sector\nGrid,energy,more\n", "row 1"),
        ('name,sector\n"Grid,energy\n', "cannot be read"),
        ("[{]", "not JSON"),
        ("name,sector\n", "0 objects"),
        ("\x00", "not text"),
    ],
)
def test_nothing_is_kept_of_a_list_with_a_row_at_fault(boris, anna, browser, rows, said):
    """Half a list declared is worse than none: every row is named that has to be mended."""
    answer = browser(anna).post(
        reverse("protected_objects:declare", args=[CHANNEL]),
        {**FILLED, "file": SimpleUploadedFile("list.csv", rows.encode())},
    )

    assert 422 == answer.status_code
    assert said in answer.content.decode()
    assert not Keeping.objects.exists()


def test_an_object_is_added_field_by_field_before_a_list_is_declared(boris, anna, browser):
    """A new object is a new commitment; the list written down before is gone."""
    kept = keeps(anna, "committed", GRID)
    address = reverse("protected_objects:add", args=[kept.root])

    said = {"name": "Waterworks", "sector": "drinking_water", "networks": "198.51.100.0/24\n203.0.113.0/24"}
    answer = browser(anna).post(address, said)

    again = Keeping.objects.get()
    assert again.root in answer["Location"]
    assert (2, kept.ref) == (len(again.document["objects"]), again.ref)


def test_a_list_written_down_is_dropped(boris, anna, browser):
    """Nothing of it was ever on record."""
    kept = keeps(anna)

    browser(anna).post(reverse("protected_objects:discard", args=[kept.root]))

    assert not Keeping.objects.exists()


def test_an_object_is_revealed_from_its_page_and_verified_on_theirs(boris, anna, dora, browser):
    """Read, chosen, signed by one official: an incident does not wait for the morning."""
    row = declares(anna, dora)
    reader = browser(anna)
    leaf = next(
        one["leaf"]
        for one in revealing.kept_of(row).document["objects"]
        if one["object"]["name"] == GRID["name"]
    )
    place = f"{opened(reader, row.ref)}{leaf}/"

    done = signed(reader, f"{place}reveal/", {"text": "Under attack since 02:50"})
    file = reader.get(f"{place}proof/")
    verified = reader.post(
        reverse("protected_objects:verify"), {"file": SimpleUploadedFile("r.json", file.content)}
    )

    assert 302 == done.status_code
    assert "attachment" in file["Content-Disposition"]
    assert "It was on the list" in verified.content.decode()
    _, shown = page(reader, "list", CHANNEL, row.ref)
    assert "Object revealed" in shown


def test_a_question_is_answered_with_what_shows_it(boris, anna, dora, browser):
    """Yes is said with a proof; what nobody asked about stays hidden."""
    row = declares(anna, dora)
    asked = protected.document(protected.Question(values=("scada.grid.example",)))
    question = boris.does(f"{KIND}.consulted", row.ref, payload=asked)
    address = reverse("protected_objects:act", args=[CHANNEL, row.ref, "answered"])

    done = signed(browser(anna), address, {"question": str(question), "is_listed": "yes"})

    assert 302 == done.status_code
    location = opened(browser(anna), row.ref)
    reader = browser(anna)
    shown = reader.get(location).content.decode()
    assert "Revealed" in shown
    assert "It was on the list" in shown


def test_an_undertaking_is_given_on_the_page_of_the_list(boris, anna, dora, browser):
    """Two officials of ours bind the State; the page then says by what."""
    version = Theirs().declared(boris)
    address = reverse("protected_objects:act", args=[CHANNEL, THEIRS, "undertaken"])

    signed(browser(anna), address, {"undertaking": ["hands_off"], "version": str(version)})
    prepared = PreparedAct.objects.get()
    browser(dora).post(reverse("officials:second", args=[prepared.pk]), {"digest": prepared.digest})

    _, shown = page(browser(anna), "list", CHANNEL, THEIRS)
    assert "Hands off" in shown
    assert "stays owed" in shown
    assert "undertaken" == ProtectedList.objects.get().state


def test_a_suspension_says_what_becomes_of_lists(boris, anna, dora):
    """Whoever leaves reads before what stays owed."""
    from comity_node.assistance.suspending import stands_still  # noqa: PLC0415 - another room's words
    from comity_node.register.acts import Act  # noqa: PLC0415 - as above

    row = declares(anna, dora, "shown")
    bound = {"undertaking": ["hands_off"], "version": row.version}
    boris.does(
        f"{KIND}.undertaken", row.ref, stated=bound, payload=protected.document(protected.Words()),
        by=SECONDED,
    )  # fmt: skip

    stated = {"topics": [], "requested": "bb"}
    act = Act(channel=CHANNEL, kind="channel.suspension.declared", ref="aa-2026-0009", stated=stated)
    said = dict(stands_still(act))

    assert "stay under return or destruction" in said["Lists of protected objects"]
    assert row.ref in said["Undertaken for them, and still owed"]


@pytest.mark.parametrize("name", ["nonsense", "declared", "revealed"])
def test_what_is_not_done_so_has_no_page(boris, anna, browser, name):
    """Only acts of the table, and those without a page of their own."""
    Theirs().declared(boris)

    assert 404 == page(browser(anna), "act", CHANNEL, THEIRS, name)[0].status_code


def test_every_act_on_a_list_has_a_form(boris, anna, browser):
    """A form that cannot be drawn leaves its act to nobody."""
    from comity_node.protected_objects import acting  # noqa: PLC0415 - only here is the table read

    Theirs(WATER).declared(boris)
    reader = browser(anna)
    names = [one.id for one in acting.table().acts if one.id not in acting.APART]

    assert {200} == {page(reader, "act", CHANNEL, THEIRS, name)[0].status_code for name in names}


def test_a_hostile_reveal_is_told_in_words(boris, anna, browser):
    """A file of any bytes gives a sentence, and never a fault."""
    Theirs().declared(boris)
    for data in (b"", b"{}", b'{"form": "comity.protected-reveal/1"}', b"[" * 200_000, b"\xff" * 300_000):
        answer = browser(anna).post(
            reverse("protected_objects:verify"), {"file": SimpleUploadedFile("r.json", data)}
        )
        assert answer.status_code in (200, 422)
        assert "It was on the list" not in answer.content.decode()
