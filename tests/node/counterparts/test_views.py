"""The pages: Anna compares, Boris reads, Clara finds nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity_node.counterparts import own, queries, services

pytestmark = pytest.mark.django_db
SAID = {"path": "telephone", "with_whom": "Boris, Central Office", "agrees": "yes"}


def address(name, *args):
    return reverse(f"counterparts:{name}", args=args)


def upload(client, content):
    return client.post(address("import"), {"file": SimpleUploadedFile("p.txt", content)})


def digits(passport):
    return queries.read(passport).fingerprint.digits


def test_list_shows_who_is_trusted_and_who_waits(borland, stored, confirm, boris, browser):
    """At a glance: with whom we may deal, and what still waits for a comparison."""
    confirm(stored)
    borland.lose_everything()
    services.import_passport(borland.passport(2))

    page = browser(boris).get(address("list"))

    assert [(row["code"], row["trust"]) for row in page.context["rows"]] == [
        ("bb", "trusted"),
        ("bb", "not compared yet"),
    ]
    assert "Read in a passport" not in page.text


def test_empty_list_says_how_a_counterpart_begins(anna, browser):
    """An empty page must not be a dead end."""
    page = browser(anna).get(address("list"))

    assert "No counterpart yet." in page.text
    assert "Read in a passport" in page.text


def test_anna_reads_in_a_passport(borland, anna, browser):
    """The file leads to its page, and to no trust."""
    answer = upload(browser(anna), borland.passport())

    assert answer.status_code == 302
    assert [row.party for row in queries.offered()] == ["bb"]
    assert queries.trusted("bb") is None


@pytest.mark.parametrize("content", [b"no passport", b"x" * 200_000])
def test_what_is_no_passport_is_explained(anna, browser, content):
    """The officer must learn what is wrong with the file."""
    answer = upload(browser(anna), content)

    assert answer.status_code == 422
    assert "passport" in answer.text
    assert queries.offered() == []


def test_passport_page_shows_names_keys_and_the_way_to_the_ceremony(stored, anna, browser):
    """What will be trusted is read before it is compared."""
    page = browser(anna).get(address("passport", stored.pk))

    assert "Borland" in page.text
    assert "bb.comity/mirror" in page.text
    assert address("ceremony", stored.pk) in page.text


def test_passport_page_offers_boris_no_ceremony(stored, boris, browser):
    """A button that would be refused must not be shown."""
    page = browser(boris).get(address("passport", stored.pk))

    assert page.status_code == 200
    assert address("ceremony", stored.pk) not in page.text


def test_download_gives_the_very_file(stored, boris, browser):
    """What is passed on must be what was received, to the byte."""
    file = browser(boris).get(address("download", stored.pk))

    assert file.content == bytes(stored.note)
    assert file.headers["Content-Disposition"] == 'attachment; filename="bb-passport-1.txt"'


def test_ceremony_shows_both_fingerprints(home, stored, anna, browser):
    """Each officer reads their own aloud and hears the other's."""
    ours = queries.read(own.issue_passport()).fingerprint

    page = browser(anna).get(address("ceremony", stored.pk))

    theirs = queries.read(stored).fingerprint
    assert page.context["theirs"] == {"words": theirs.words().split(), "digits": theirs.digits.split()}
    assert page.context["ours"]["digits"] == ours.digits.split()


def test_anna_confirms(stored, anna, browser):
    """The form makes the counterpart trusted."""
    browser(anna).post(address("ceremony", stored.pk), {**SAID, "fingerprint": digits(stored)})

    assert queries.trusted("bb") is not None
    page = browser(anna).get(address("passport", stored.pk))
    assert "trusted" in page.text
    assert "Anna" in page.text


def test_anna_refuses(stored, anna, browser):
    """One word that differs, and nobody is trusted."""
    said = {**SAID, "agrees": "no", "fingerprint": digits(stored)}

    browser(anna).post(address("ceremony", stored.pk), said)

    assert queries.trusted("bb") is None
    assert queries.offered() == []


def test_fingerprint_of_another_passport_is_refused(borland, stored, anna, browser):
    """A form left open over another passport must confirm nothing."""
    borland.lose_everything()
    other = services.import_passport(borland.passport(2))

    browser(anna).post(address("ceremony", stored.pk), {**SAID, "fingerprint": digits(other)})

    assert queries.trusted("bb") is None


@pytest.mark.parametrize("missing", ["path", "with_whom", "agrees", "fingerprint"])
def test_incomplete_ceremony_is_not_recorded(stored, anna, browser, missing):
    """A comparison nobody can retrace is none."""
    said = {**SAID, "fingerprint": digits(stored)}
    del said[missing]

    answer = browser(anna).post(address("ceremony", stored.pk), said)

    assert answer.status_code == 422
    assert queries.trusted("bb") is None


def test_anna_stops_and_restores(stored, confirm, anna, browser):
    """Cutting a counterpart off is one button, and so is taking it back."""
    confirm(stored)
    client = browser(anna)

    client.post(address("stop", "bb"))
    assert queries.trusted("bb") is None

    client.post(address("restore", "bb"))
    assert queries.trusted("bb") is not None


def test_adam_issues_our_passport(home, adam, browser):
    """Our own passport is issued from the page as from the console."""
    page = browser(adam).post(address("issue"), follow=True)

    assert queries.own().version == 1
    assert "Version 1 of our passport is current." in page.text


def test_issuing_without_particulars_says_what_is_missing(adam, browser):
    """The administrator must learn which file to write."""
    page = browser(adam).post(address("issue"), follow=True)

    assert "passport.toml" in page.text
    assert queries.own() is None


@pytest.mark.parametrize("name", ["list", "import", "passport", "download", "ceremony"])
def test_pages_are_absent_for_clara(stored, clara, browser, name):
    """Without a right to read there is nothing there."""
    args = [] if name in {"list", "import"} else [stored.pk]

    assert browser(clara).get(address(name, *args)).status_code == 404


@pytest.mark.parametrize(
    ("name", "own_args"),
    [("import", []), ("ceremony", None), ("stop", ["bb"]), ("restore", ["bb"]), ("issue", [])],
)
def test_acts_are_absent_for_boris(stored, confirm, boris, browser, name, own_args):
    """Reading is not deciding: by hand as by button."""
    confirm(stored)
    args = [stored.pk] if own_args is None else own_args

    assert browser(boris).post(address(name, *args)).status_code == 404
    assert queries.trusted("bb") is not None


def test_unknown_passport_is_absent(anna, browser):
    """A number guessed leads nowhere."""
    assert browser(anna).get(address("passport", 999)).status_code == 404


def test_own_passport_has_no_ceremony(home, anna, browser):
    """Nobody introduces us to ourselves."""
    row = own.issue_passport()

    assert browser(anna).get(address("ceremony", row.pk)).status_code == 404


@pytest.mark.parametrize("rows", [1, 5])
def test_list_costs_the_same_however_long(anna, browser, confirm, borland, django_assert_num_queries, rows):
    """A page that asks once more for every row grows slow unnoticed."""
    for number in range(rows):
        borland.ring = type(borland.ring).generate(f"x-{number}")
        confirm(services.import_passport(borland.passport()))
    client = browser(anna)

    with django_assert_num_queries(11):
        client.get(address("list"))
