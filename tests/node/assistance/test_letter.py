"""The formal letter of a request: what it shows in each language, what it holds, and who may have it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import unicodedata

import pytest
import typst
from django.conf import settings
from django.urls import reverse

from comity.channel.verified_parts import verify_proof
from comity.errors import WrongPassphrase
from comity.names import EntryRef, Origin
from comity.tlog.policy import Policy
from comity_node.assistance import letters, services
from comity_node.assistance.boxes import layout
from comity_node.assistance.errors import NoLetter
from comity_node.assistance.models import Request
from comity_node.counterparts import own
from comity_node.letters.errors import NoFont
from comity_node.letters.reading import disagreements, read
from comity_node.officials import services as officials
from comity_node.register import letter_key, payloads, queries
from comity_node.register.keyring import own_log_keys
from tests.node.assistance.conftest import FILLED, THEIRS, lodges
from tests.node.counterpart import CHANNEL, open_channel

PURPOSE = {
    "en": "To identify who rented the server",
    "ru": "Установить, кто арендовал сервер",
    "fr": "Identifier le locataire du serveur",
    "es": "Identificar a quién alquiló el servidor",
    "ar": "معرفة من استأجر الخادم",
    "zh-hans": "查明谁租用了该服务器",
    "vi": "Xác định người đã thuê máy chủ",
}
HAS_CHINESE = any("CJK" in family for family in typst.Fonts().families())
PASSPORT = """languages = ["en"]

[[authorities]]
code = "ministry"
role = "central"
powers = ["request", "execute"]
names = { en = "Ministry", fr = "Ministère de la justice" }

[[contacts]]
authority = "ministry"
role = "duty"
languages = ["en"]
hours = "at every hour"
time_zone = "Asia/Tokyo"
telephone = "+99 000 0000"
other = ""
"""


@pytest.fixture
def passport(db):
    """What we say of ourselves, in force."""
    place = settings.NODE.path / "passport.toml"
    place.write_text(PASSPORT, encoding="utf-8")
    yield own.issue_passport()
    place.unlink()


@pytest.fixture
def letter(lodged):
    """The signed letter of a request of ours."""
    return letters.of_request(Request.objects.get(ref=lodged), "en")


def text_of(pdf, tmp_path, page=None):
    """What a reader of PDF finds in it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    (tmp_path / "letter.pdf").write_bytes(pdf)
    pages = ["-f", str(page), "-l", str(page)] if page else []
    command = ["pdftotext", "-layout", *pages, tmp_path / "letter.pdf", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def on_record(draft, anna, dora, boris):
    """Have a draft signed by as many as it takes, and receipted."""
    done = services.submit(draft, by=anna)
    if not isinstance(done, EntryRef):
        officials.second(done, by=dora)
    boris.receipts()
    return Request.objects.get(ref=draft.ref)


def preservation(anna, **fields):
    """A draft of a preservation under the Convention on Cybercrime."""
    begun = services.draft(
        channel=CHANNEL, procedure="preservation", types=["traffic"], title="One mailbox", by=anna
    )
    asked = services.table(begun).instrument.fields_for("traffic", procedure="preservation")
    said = {field.id: f"What is said of {field.id}" for field in asked if field.needed == "always"}
    return services.save_draft(begun, fields=said | fields, by=anna)


@pytest.mark.parametrize("language", PURPOSE)
def test_every_script_of_a_letter_can_be_read_in_it(language, draft, anna, tmp_path):
    """Or the letter is not made, and the missing font is named: nobody sends empty boxes to a court."""
    spoken = language.partition("-")[0]
    said = services.save_draft(
        draft, translation={"purpose": PURPOSE[language]}, translation_language=spoken, by=anna
    )
    if language == "zh-hans" and not HAS_CHINESE:
        with pytest.raises(NoFont, match="Chinese"):
            letters.of_draft(said, language)
        return

    text = text_of(letters.of_draft(said, language), tmp_path)
    if spoken == "ar":  # readers give Arabic back in another order and other forms: its letters are there
        text = unicodedata.normalize("NFKC", text)
        assert set(PURPOSE["ar"]) <= {*text, " "}
    else:
        assert PURPOSE[language].split()[0] in unicodedata.normalize("NFC", text)


def test_the_translation_stands_before_the_original_for_its_reader(draft, anna, tmp_path):
    """The reader's language first, the other beside it, each called what it is."""
    draft = services.save_draft(
        draft, translation={"purpose": PURPOSE["ru"]}, translation_language="ru", by=anna
    )

    for language, first, second in (
        ("ru", PURPOSE["ru"], "identify"),
        ("en", "identify", PURPOSE["ru"]),
    ):
        text = text_of(letters.of_draft(draft, language), tmp_path)
        assert text.index(first.split()[0]) < text.index(second.split()[0])


def test_a_letter_says_who_asks_whom_when_and_under_what(passport, lodged, tmp_path):
    """Date in both clocks, provision with its mark, offices and capacities, and no names of persons."""
    row = Request.objects.get(ref=lodged)
    text = text_of(letters.of_request(row, "en"), tmp_path)
    entry = queries.entry(EntryRef.parse(row.last_entry))

    for said in (
        "Arland (AA)",
        "+99 000 0000",
        "BB",
        lodged,
        "Asia/Tokyo",
        f"{entry.entry.authored_at:%Y-%m-%d %H:%M} UTC",
        "Art. 5 [P]",
        "P: as in sister treaties",
        "Ministry, case officer",
        "Prosecution, coordinator",
        str(entry.ref),
        entry.leaf_hash,
        entry.leaf_hash[:4].upper() + " " + entry.leaf_hash[4:8].upper(),
        letter_key.fingerprint()[:39],
        "1 of ",
        "comity request read-letter",
        *FILLED.values(),
    ):
        assert said in text, said
    assert "Ministère de la justice, case officer" in text_of(letters.of_request(row, "fr"), tmp_path)
    assert not {"Anna", "Dora", "anna", "dora"}.intersection(text.replace(",", " ").split())


def test_what_a_letter_holds_is_what_was_sealed(letter, lodged):
    """The other side's program reads the very act, not what a page made of it."""
    found = read(letter)
    received = queries.entry(EntryRef.parse(Request.objects.get(ref=lodged).last_entry))

    assert payloads.payload(received) == json.loads(found.data.encode())["payload"]
    assert (received.leaf, received.leaf_hash, lodged) == (
        found.entry,
        found.data.leaf_hash,
        found.data.ref,
    )
    assert found.signed.holds
    assert letter_key.fingerprint() == found.signed.fingerprint
    assert [] == list(disagreements(found))


def test_the_proof_in_a_letter_is_one(letter, boris):
    """Whoever has our keys from elsewhere needs neither node."""
    origin = Origin("aa", CHANNEL)
    keys = "".join(f"log {key}\n" for key in own_log_keys(origin)) + "quorum none\n"

    report = verify_proof(read(letter).proof, Policy.parse(keys.encode()), None)

    assert report.entries == 1


def test_a_draft_is_marked_on_every_page_and_not_signed(draft, anna, tmp_path):
    """A page that leaves the house by mistake must not be taken for a request."""
    said = services.save_draft(draft, fields=FILLED | {"facts_summary": "One line.\n\n" * 150}, by=anna)
    made = letters.of_draft(said, "en")

    assert b"/ByteRange" not in made
    assert (True, "", None) == (read(made).data.draft, read(made).data.entry, read(made).signed)
    for page in range(1, 4):
        assert "DRAFT, not signed, of no effect" in text_of(made, tmp_path, page)


def test_an_exercise_is_marked_on_every_page(letter, tmp_path):
    """Practice looks like the real thing, so it has to say that it is none."""
    for page in (1, 2):
        assert "EXERCISE, nothing real is asked" in text_of(letter, tmp_path, page)


def test_markings_are_said_on_every_page(lodged, tmp_path):
    """A page that is copied alone still says how far it may go."""
    made = letters.of_request(Request.objects.get(ref=lodged), "en")

    for page in (1, 2):
        assert "TLP: AMBER+STRICT" in text_of(made, tmp_path, page)


def test_a_letter_of_their_act_is_a_copy_and_says_so(asked, tmp_path):
    """Our signature under their request must not be taken for theirs."""
    made = letters.of_request(Request.objects.get(ref=asked), "en")
    text = " ".join(text_of(made, tmp_path).split())

    assert "Copy from the record. The act is that of BB" in text
    assert ("aa", "bb") == (read(made).data.copy_by, read(made).data.author)


def test_what_a_counterpart_sealed_cannot_stop_or_steer_a_letter(boris, tmp_path):
    """It may seal any JSON there is; the letter shows it or says why there is none."""
    payload = {
        "title": '#read("/etc/passwd") \u202e' + "W" * 300,
        "language": 'en", evil: 1',
        "fields": {"#panic()": ["\x00", {"a": None}], "purpose": "\u202eabc", "x" * 500: "y"},
        "translation": {"language": "../..", "fields": {"other": "#sys"}},
        "exhibits": [{"sha256": "../" * 20, "entry": "#e", "title": "\x1b[2J"}, 7],
    }
    lodges(boris, "bb-2026-0009", **payload)

    row = Request.objects.get(ref="bb-2026-0009")
    assert letters.of_request(row, "ar")
    text = text_of(letters.of_request(row, "en"), tmp_path)

    assert '#read("/etc/passwd")' in text
    assert "root:" not in text


def test_a_request_that_nothing_regular_opened_has_no_letter(boris):
    """There is no act to write a letter of."""
    boris.does("assistance.request.withdrawn", "bb-2026-0077")

    with pytest.raises(NoLetter):
        letters.of_request(Request.objects.get(ref="bb-2026-0077"), "en")


@pytest.mark.parametrize(
    ("instrument", "procedure", "types", "expected"),
    [
        ("ets-185", "preservation", ["traffic"], "t-cy-2018-11"),
        ("ets-185", "assistance", ["subscriber_information"], "t-cy-2018-10"),
        ("ets-185", "assistance", ["content_interception"], "letter"),
        ("us-ru-1999", "assistance", ["documents_items"], "letter"),
    ],
)
def test_a_template_is_used_where_the_committee_made_one(instrument, procedure, types, expected):
    """The boxes are those of one convention; elsewhere they would claim an order nobody agreed on."""
    assert expected == layout(instrument, procedure, types)


def test_a_preservation_fills_the_boxes_of_its_template_and_is_read_back(anna, dora, tmp_path):
    """Numbers stand where the template was read, empty boxes stay, and the data come out again."""
    boris = open_channel(instrument="ets-185")
    draft = preservation(anna, request_status="New", confirmation_person="")

    made = letters.of_request(on_record(draft, anna, dora, boris), "en")
    text = text_of(made, tmp_path)

    for number, label in (
        ("3", "Status: new, or"),
        ("5", "Requesting authority"),
        ("7", "Authority conducting"),
    ):
        assert any(line.split()[:1] == [number] and label in line for line in text.splitlines()), label
    assert " 8 " not in " ".join(text.split("Signatories")[0].split("7")[-1].split())
    assert "What is said of data_to_preserve" in text
    assert "Not stated" in text
    assert "t-cy-2018-11" == read(made).data.layout
    assert "New" == json.loads(read(made).data.encode())["payload"]["fields"]["request_status"]


def test_no_text_is_lost_where_a_template_has_no_box_for_it(anna, tmp_path):
    """A special procedure has no box of its own; the request would be another without it."""
    open_channel(instrument="ets-185")
    begun = services.draft(channel=CHANNEL, types=["subscriber_information"], title="One account", by=anna)
    draft = services.save_draft(
        begun, fields={"special_procedure": "A judge is present.", "data_sought": "One name."}, by=anna
    )

    text = text_of(letters.of_draft(draft, "en"), tmp_path)

    assert "A judge is present." in text
    assert "One name." in text


def test_a_letter_is_given_to_those_who_may_read_the_case_and_kept_by_no_browser(
    lodged, draft, anna, clara, hire, browser
):
    """It holds the whole case: rights and caching are those of the page it is taken from."""
    edda = hire("edda", "case officer", office="prosecution")
    for url, name, others in (
        (reverse("assistance:letter", args=[CHANNEL, lodged]), f"{lodged}.pdf", [clara]),
        (reverse("assistance:draft-letter", args=[draft.pk]), f"draft-{draft.ref}.pdf", [clara, edda]),
    ):
        for other in others:
            assert 404 == browser(other).get(url).status_code
        if "drafts" in url:
            draft.entry = ""
            draft.prepared = None
            draft.save()
        page = browser(anna).get(url)

        assert (200, "application/pdf") == (page.status_code, page["Content-Type"])
        assert (f'attachment; filename="{name}"', "no-store") == (
            page["Content-Disposition"],
            page["Cache-Control"],
        )
        assert 302 == browser_without_name().get(url).status_code


def browser_without_name():
    """A browser nobody signed in with."""
    from django.test import Client  # noqa: PLC0415 - only here

    return Client()


def test_the_pages_lead_to_their_letters(lodged, anna, boris, browser):
    """Who looks for the paper finds it on the page of the case."""
    begun = services.draft(channel=CHANNEL, types=["documents_items"], title="Another", by=anna)
    for page, letter in (
        (
            reverse("assistance:request", args=[CHANNEL, lodged]),
            reverse("assistance:letter", args=[CHANNEL, lodged]),
        ),
        (reverse("assistance:draft", args=[begun.pk]), reverse("assistance:draft-letter", args=[begun.pk])),
    ):
        assert letter in browser(anna).get(page).content.decode()


def test_where_no_letter_can_be_made_the_page_says_why(boris, anna, browser):
    """An official is told what is missing, not that something went wrong."""
    boris.does("assistance.request.withdrawn", "bb-2026-0077")

    page = browser(anna).get(reverse("assistance:letter", args=[CHANNEL, "bb-2026-0077"]))

    assert 409 == page.status_code
    assert "no-letter" in page.content.decode()


def test_an_unknown_language_is_the_readers_own(lodged, anna, browser):
    """What stands in an address is a stranger's word."""
    url = reverse("assistance:letter", args=[CHANNEL, lodged])

    assert 200 == browser(anna).get(url, {"language": "../../x"}).status_code


def test_the_key_is_made_once_and_read_by_its_owner_alone(letter):
    """A second key would be a second fingerprint to compare, and nobody would know why."""
    first = letter_key.letter_key().der

    assert 0o600 == letter_key.where().stat().st_mode & 0o777
    assert first == letter_key.letter_key().der
    assert [] == list(letter_key.where().parent.glob(".letters*"))


def test_the_key_is_protected_as_the_keyring_is(monkeypatch, tmp_path):
    """A keyring under a passphrase beside a key under none would protect half of what signs."""
    from comity.keys.keyring import Keyring  # noqa: PLC0415 - only here
    from comity_node.register.keyring import PASSPHRASE  # noqa: PLC0415 - only here

    ring = tmp_path / "keyring"
    ring.write_bytes(Keyring.generate("aa").to_bytes("a long passphrase"))
    monkeypatch.setattr(letter_key, "where", lambda: tmp_path / "letters")
    monkeypatch.setattr(type(settings.NODE), "keyring", property(lambda _node: ring))

    monkeypatch.setitem(os.environ, PASSPHRASE, "another")
    with pytest.raises(WrongPassphrase):
        letter_key.letter_key()
    monkeypatch.setitem(os.environ, PASSPHRASE, "a long passphrase")
    made = letter_key.letter_key()

    assert (tmp_path / "letters").read_bytes().startswith(b"age-encryption.org/")
    assert made.party == "aa"


def test_theirs_is_found_under_the_same_address(asked, anna, browser):
    """The page is the same on both sides, and so is what it leads to."""
    assert 200 == browser(anna).get(reverse("assistance:letter", args=[CHANNEL, THEIRS])).status_code
