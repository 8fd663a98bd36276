"""Letters read back: a change is noticed, and a stranger's file does no harm."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from comity.entries import By, Entry, decode, encode
from comity.keys.certificate import LASTS, LetterKey
from comity.tlog.merkle import leaf_hash
from comity_node.letters.errors import CertificateEnded, NotALetter
from comity_node.letters.letter import Data
from comity_node.letters.reading import MAX_LETTER_BYTES, disagreements, read
from comity_node.letters.setting import to_pdf
from comity_node.letters.signing import sign
from tests.node.letters.test_setting import a_letter

NOW = datetime.now(UTC)
KEY = LetterKey.generate("aa", "Arland", now=NOW - timedelta(days=1))
LEAF = encode(
    Entry(
        v=1,
        kind="assistance.request.lodged",
        at="2026-05-03T11:00:00Z",
        by=By("ministry", "case officer"),
        ref="aa-2026-0001",
        re=[],
        seen={},
        stated={"requested": "bb"},
    )
)
DATA = Data(
    layout="letter",
    draft=False,
    exercise=True,
    author="aa",
    addressee="bb",
    copy_by="",
    channel="abcdefghijklmnop",
    ref="aa-2026-0001",
    kind="assistance.request.lodged",
    at="2026-05-03T11:00:00Z",
    entry="aa.comity/abcdefghijklmnop#1",
    leaf_hash=leaf_hash(LEAF).hex(),
    instrument="us-ru-1999",
    edition="1",
    table="00",
    procedure="assistance",
    stated={"requested": "bb"},
    payload={"title": msgspec.Raw(b'"Records of one account"')},
)


def made(data=DATA, entry=LEAF):
    """A letter that is not signed yet."""
    phrases = {**a_letter().phrases, "file:entry.json": "-"}
    files = {"act.json": data.encode().decode(), "entry.json": entry.decode()}
    return to_pdf(a_letter("Subscriber records", phrases=phrases, files=files), now=NOW)


@pytest.fixture(scope="module")
def signed():
    """A whole letter."""
    return sign(made(), KEY, now=NOW, name="Arland, Ministry")


def test_what_was_put_in_is_found_with_whose_signature_it_bears(signed):
    """A form is filled once; the other side's program takes it from the letter."""
    found = read(signed)

    assert (DATA, LEAF) == (found.data, found.entry)
    assert (True, "", KEY.fingerprint, True) == (
        found.signed.holds,
        found.signed.because,
        found.signed.fingerprint,
        found.signed.in_time,
    )
    assert NOW - timedelta(seconds=1) <= found.signed.at <= datetime.now(UTC)
    assert [] == list(disagreements(found))


def test_a_reader_of_pdf_finds_the_signature_valid(signed, tmp_path):
    """Counterparts without Comity check the letter with what they have."""
    if shutil.which("pdfsig") is None:
        pytest.skip("poppler-utils is not installed")
    (tmp_path / "letter.pdf").write_bytes(signed)

    said = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "letter.pdf"], capture_output=True, text=True, check=False
    ).stdout

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_the_data_belong_to_the_document_as_associated_files(signed):
    """PDF/A-3 says which file belongs to the document, so that archives keep them together."""
    root = PdfFileReader(BytesIO(signed)).root

    assert ["/Data", "/Supplement"] == sorted(one.get_object()["/AFRelationship"] for one in root["/AF"])


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, "signature", "room", 0.99])
def test_one_changed_byte_is_noticed(signed, place):
    """Wherever it is: in a word on the page, in the data, in the signature, in the room left for one."""
    hole = signed.index(b"/Contents <3082") + 11
    places = {"signature": hole + 200, "room": signed.index(b"0000>", hole)}
    at = places.get(place) or int(len(signed) * place)
    changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]

    try:
        found = read(changed)
    except NotALetter:
        return
    assert not found.signed.holds


def test_what_is_added_after_the_signature_is_noticed(signed):
    """A file can be added to without touching a signed byte."""
    more = signed + b"\n9999 0 obj\n<< >>\nendobj\n"

    assert "whole file" in read(more).signed.because


def test_a_later_revision_is_noticed(signed):
    """A file can be revised after it was signed, and readers differ in what they make of it."""
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root["/More"] = writer.add_object(NumberObject(1))
    writer.update_root()
    revised = BytesIO()
    writer.write(revised)

    assert not read(revised.getvalue()).signed.holds


def test_a_letter_without_a_signature_says_so():
    """Its data are read, and nobody vouches for them."""
    assert read(made()).signed is None


@pytest.mark.parametrize(
    "changed",
    [
        {"ref": "aa-2026-0002"},
        {"author": "bb"},
        {"kind": "assistance.request.refused"},
        {"stated": {"requested": "cc"}},
        {"leaf_hash": "00" * 32},
        {"entry": "aa.comity/abcdefghijklmnop#x"},
        {"draft": True},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_data_that_contradict_the_entry_beside_them_are_noticed(changed):
    """Its signer may attach a true entry to another act: each part alone would be believed."""
    found = read(sign(made(msgspec.structs.replace(DATA, **changed)), KEY, now=NOW, name="x"))

    assert list(disagreements(found))
    assert decode(found.entry)


def test_nothing_is_signed_with_a_certificate_that_is_not_good():
    """A counterpart's reader would call the letter invalid, and nobody here would know why."""
    for when in (NOW + LASTS, NOW - timedelta(days=2)):
        with pytest.raises(CertificateEnded):
            sign(made(), KEY, now=when, name="x")


def test_a_file_that_holds_no_act_is_refused_by_name(signed):
    """Any PDF may be given by mistake, and any file."""
    other = to_pdf(replace(a_letter("x"), files={}), now=NOW)
    for data in (b"", b"%PDF-1.7\n", b"hello", other, signed[:2000], b" " * (MAX_LETTER_BYTES + 1)):
        with pytest.raises(NotALetter):
            read(data)


def test_data_nested_without_end_are_refused():
    """A program that shows them would run out of stack."""
    for depth in (70, 100_000):
        deep = msgspec.Raw(b"[" * depth + b"]" * depth)
        text = DATA.encode().decode().replace('"Records of one account"', bytes(deep).decode())
        letter = to_pdf(a_letter("x", files={"act.json": text}), now=NOW)

        with pytest.raises(NotALetter):
            read(letter)


@settings(max_examples=25)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_read_and_never_believed(signed, data):
    """The library that reads PDF must not be able to stop the command with a trace."""
    damaged = bytearray(signed)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    assume(bytes(damaged).lower() != signed.lower())  # a hexadecimal digit in capitals is the same digit
    try:
        found = read(bytes(damaged))
    except NotALetter:
        return
    assert found.signed is None or not found.signed.holds


def test_attached_files_that_unpack_without_end_are_not_unpacked():
    """A few bytes can stand for gigabytes."""
    packed = zlib.compress(b" " * 200_000_000, 9)
    pdf = b"%PDF-1.7\n"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(act.json) 3 0 R]>>>>>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Type/Filespec/UF(act.json)/F(act.json)/EF<</F 4 0 R>>>>",
        b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    whole = (
        pdf
        + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            table,
            len(pdf),
        )
    )

    with pytest.raises(NotALetter) as refused:
        read(whole)

    assert re.search("act.json", str(refused.value))
