"""Introductions: shown to who compares, worth what the node's rule says, and never more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from comity.channel import introduction as core
from comity.channel.passport import identity_signers
from comity.keys.keyring import Keyring
from comity_node.counterparts import introductions, own, queries, services
from comity_node.counterparts.errors import OwnPassport
from comity_node.counterparts.introductions import CannotIntroduce, NotEnoughWords, NotForUs
from comity_node.counterparts.models import Counterpart, Introduction
from comity_node.officials.errors import NotEmpowered
from tests.node.counterparts.conftest import Borland

pytestmark = pytest.mark.django_db


def party(code: str) -> Borland:
    """A counterpart with keys of its own."""
    made = Borland()
    made.ring = Keyring.generate(code)
    return made


@pytest.fixture
def corland(confirm):
    """A counterpart that officers here compared."""
    made = party("cc")
    confirm(services.import_passport(made.passport()))
    return made


@pytest.fixture
def dorland(confirm):
    """Another one."""
    made = party("dd")
    confirm(services.import_passport(made.passport()))
    return made


@pytest.fixture
def needed(settings):
    """Let the node's rule accept so many words."""
    before = settings.NODE

    def rule(number):
        settings.NODE = replace(before, introductions_needed=number)

    yield rule
    settings.NODE = before


def says(by, passport: bytes, *, to="aa", day="2026-02-01") -> bytes:
    """What a counterpart says of a passport."""
    said = core.Said(by.ring.party, to, "2026-03-01", day, "in person", 1, passport.decode())
    return core.introduce(said, *identity_signers(by.ring)[:2])


def test_an_introduction_trusts_nobody(borland, corland, anna):
    """It is shown to the officer who compares, and that is all."""
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)

    assert ("cc", "bb") == (row.introducer, row.party)
    assert queries.trusted("bb") is None
    assert ["bb"] == [one.party for one in queries.offered()]
    assert {"cc"} == introductions.who_vouches(row.passport)
    with pytest.raises(NotEnoughWords, match="never suffice"):
        introductions.accept(row.passport, by=anna)


def test_the_same_file_twice_is_one_introduction(borland, corland, anna):
    """A stick may be read twice."""
    file = says(corland, borland.passport())

    assert introductions.import_introduction(file, by=anna) == introductions.import_introduction(
        file, by=anna
    )


@pytest.mark.parametrize("why", ["stranger", "stopped", "to another", "of us"])
def test_words_of_strangers_and_words_to_others_are_not_taken(why, borland, corland, anna, home):
    """Nobody vouches here whom we do not deal with; nothing said to another is said to us."""
    file = {
        "stranger": lambda: says(party("ee"), borland.passport()),
        "stopped": lambda: says(corland, borland.passport()),
        "to another": lambda: says(corland, borland.passport(), to="ff"),
        "of us": lambda: says(corland, bytes(own.issue_passport().note), to="ff"),
    }[why]()
    if why == "stopped":
        services.stop("cc", by=anna)

    with pytest.raises((core.BadIntroduction, NotForUs, OwnPassport)):
        introductions.import_introduction(file, by=anna)
    assert not Introduction.objects.exists()


def test_where_the_rule_says_so_enough_words_let_a_party_be_dealt_with(
    borland, corland, dorland, anna, needed
):
    """Two of two, and it is known everywhere that nobody here compared."""
    needed(2)
    file = borland.passport()
    row = introductions.import_introduction(says(corland, file), by=anna)
    with pytest.raises(NotEnoughWords, match="1 of 2"):
        introductions.accept(row.passport, by=anna)

    introductions.import_introduction(says(dorland, file), by=anna)
    standing = introductions.accept(row.passport, by=anna)

    assert standing.is_introduced
    assert queries.trusted("bb") is not None
    assert {"bb": ["cc", "dd"]} == introductions.introduced()
    assert "cc, dd" == standing.ceremony.with_whom


def test_a_word_counts_only_of_who_was_compared_here(borland, corland, anna, needed):
    """Otherwise one introduction would bring in the next, and one party the whole world."""
    needed(1)
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)
    introductions.accept(row.passport, by=anna)
    erland = party("ee")

    through = introductions.import_introduction(says(borland, erland.passport()), by=anna)

    assert set() == introductions.who_vouches(through.passport)
    with pytest.raises(NotEnoughWords):
        introductions.accept(through.passport, by=anna)
    with pytest.raises(CannotIntroduce):
        introductions.introduce("bb", to="cc", by=anna)


def test_a_ceremony_can_be_held_at_any_time_and_then_it_counts(borland, corland, anna, needed, confirm):
    """What rests on others' word is compared when somebody can."""
    needed(1)
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)
    introductions.accept(row.passport, by=anna)

    confirm(row.passport)

    assert not queries.counterpart("bb").is_introduced
    assert {} == introductions.introduced()
    (word,) = introductions.words("bb")
    assert word.fits


def test_a_ceremony_that_fails_ends_what_rested_on_words(borland, corland, anna, needed, confirm):
    """The introducer was deceived, or lied: nothing more is accepted of these keys."""
    needed(1)
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)
    introductions.accept(row.passport, by=anna)

    confirm(row.passport, agreed=False)

    assert queries.trusted("bb") is None
    assert Counterpart.objects.get(party="bb").is_stopped


def test_a_party_compared_before_is_not_brought_back_by_words(borland, corland, anna, confirm, needed):
    """A lost identity takes a new ceremony: a thief may have a friend."""
    needed(1)
    confirm(services.import_passport(borland.passport()))
    borland.lose_everything()
    row = introductions.import_introduction(says(corland, borland.passport(2)), by=anna)

    with pytest.raises(NotEnoughWords, match="before"):
        introductions.accept(row.passport, by=anna)
    (word,) = introductions.words("bb")
    assert word.fits is False


def test_an_introducer_who_says_two_things_is_proven_a_liar(borland, corland, anna, needed, tmp_path):
    """Its own signatures stand under both, and anyone who has its passport can check."""
    needed(1)
    false = party("bb")
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)
    introductions.import_introduction(says(corland, false.passport()), by=anna)

    (proof,) = introductions.contradictions("cc")
    read = core.Contradiction.parse(proof.encode())

    assert "cc" == read.introducer.about.party
    assert all(word.against for word in introductions.words("bb"))
    assert set() == introductions.who_vouches(row.passport)
    with pytest.raises(NotEnoughWords, match="contradictory"):
        introductions.accept(row.passport, by=anna)


def test_two_introducers_who_disagree_let_nobody_in(borland, corland, dorland, anna, needed):
    """Neither is proven a liar, and one is: officers must compare."""
    needed(1)
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)
    introductions.import_introduction(says(dorland, party("bb").passport()), by=anna)

    with pytest.raises(NotEnoughWords, match="contradictory"):
        introductions.accept(row.passport, by=anna)
    assert [] == introductions.contradictions("cc") + introductions.contradictions("dd")


def test_we_introduce_whom_we_compared_to_whom_we_compared(borland, corland, anna, confirm, home):
    """What we sign says when and how; the other's node verifies it under our passport."""
    confirm(services.import_passport(borland.passport()))
    ours = queries.read(own.issue_passport())

    row = introductions.introduce("bb", to="cc", by=anna)

    read = core.read_introduction(bytes(row.note), {"aa": ours.keys["identity"]}.get)
    assert ("aa", "cc", "telephone") == (read.said.introducer, read.said.to, read.said.how)
    assert datetime.now(UTC).date().isoformat() == read.said.compared
    assert [row] == introductions.given()
    assert [] == introductions.words("bb")
    for who, to in (("bb", "bb"), ("zz", "cc"), ("bb", "zz")):
        with pytest.raises(CannotIntroduce):
            introductions.introduce(who, to=to, by=anna)


def test_introducing_and_accepting_take_the_power_to_compare(borland, corland, boris, clara, anna, needed):
    """Whoever may only read must not decide whom we trust."""
    needed(1)
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)

    with pytest.raises(NotEmpowered):
        introductions.accept(row.passport, by=boris)
    with pytest.raises(NotEmpowered):
        introductions.introduce("cc", to="bb", by=boris)
    with pytest.raises(NotEmpowered):
        introductions.import_introduction(says(corland, borland.passport()), by=clara)


def test_what_was_said_stays_as_it_was_said(borland, corland, anna):
    """A lie must not be taken out of the table."""
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)

    for change in (lambda: Introduction.objects.update(party="zz"), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- pages -------------------------------------------------------------------------------------------------


def address(name, *args):
    """The address of a page."""
    return reverse(f"counterparts:{name}", args=args)


def test_the_page_says_who_vouches_and_what_that_is_worth(borland, corland, anna, browser):
    """Read in as any file; the officer sees the word, and still compares."""
    file = SimpleUploadedFile("i.txt", says(corland, borland.passport()))

    page = browser(anna).post(address("import"), {"file": file}, follow=True)

    assert "Who introduced it" in page.text
    assert "nobody here has compared yet" in page.text
    assert "Compare fingerprints" in page.text
    assert "without comparing" not in page.text


def test_accepted_without_comparing_is_shown_on_every_page(borland, corland, anna, browser, needed):
    """Nobody may take it for a ceremony."""
    needed(1)
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)
    reader = browser(anna)

    assert "without comparing" in reader.get(address("passport", row.passport.pk)).text
    page = reader.post(address("accept", row.passport.pk), follow=True)

    assert "never compared" in page.text
    assert "Compare fingerprints" in page.text
    assert "fingerprint compared" not in page.text
    listed = reader.get(address("list")).text
    assert "never; introduced by cc" in listed


def test_anna_introduces_on_a_page(borland, corland, anna, boris, browser, confirm, home):
    """She sees what is signed; the file is there to be sent; Boris may not."""
    own.issue_passport()
    confirm(services.import_passport(borland.passport()))
    reader = browser(anna)

    asked = reader.get(address("introduce", "bb"))
    done = reader.post(address("introduce", "bb"), {"to": "cc"}, follow=True)

    assert "Introduce Borland to another party" in asked.text
    assert "Whom we introduced" in done.text
    (row,) = introductions.given()
    assert bytes(row.note) == reader.get(address("introduction", row.pk)).content
    assert 404 == browser(boris).get(address("introduce", "bb")).status_code
    assert 422 == reader.post(address("introduce", "bb"), {"to": "bb"}).status_code


def test_a_liar_is_shown_as_one(borland, corland, anna, browser):
    """Whoever opens the page must see it before anything else is decided."""
    row = introductions.import_introduction(says(corland, borland.passport()), by=anna)
    introductions.import_introduction(says(corland, party("bb").passport()), by=anna)

    page = browser(anna).get(address("passport", row.passport.pk))

    assert page.text.count("proof of misconduct") == 2
