"""Receipts on paper by the browser: for a node that may receive and not answer."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comity.mirror import PaperReceipt, give_receipt
from comity_node.register import mirroring, queries
from tests.node.counterpart import Counterpart, open_channel

pytestmark = pytest.mark.django_db
ENTER = "/receipts/enter/"


@pytest.fixture
def boris(monkeypatch, db):
    """A counterpart in an open channel with us, behind a line on which nothing comes back."""
    with monkeypatch.context() as one_way:
        one_way.setattr(Counterpart, "receipts", lambda _self: None)
        return open_channel()


@pytest.fixture
def anna(hire, client):
    """A case officer at her browser."""
    client.force_login(hire("anna", "case officer"))
    return client


def receipt_of(boris) -> bytes:
    """Their receipt for everything on our log, brought by courier."""
    own = queries.own_log(boris.channel)
    return give_receipt(bytes(own.checkpoint), boris.mirror_signers(1_800_000_000))


def lines_of(boris) -> str:
    """The same as it is typed."""
    (theirs,) = queries.their_logs(boris.channel)
    return "\r\n".join(PaperReceipt.of(receipt_of(boris), mirroring.vkeys(theirs.mirror_keys)).lines())


def test_our_receipt_is_taken_away_on_paper_and_as_a_file(boris, anna) -> None:
    """The courier needs something to carry."""
    place = [boris.party, boris.channel]

    sheet = anna.get(reverse("web:receipt-sheet", args=place))
    note = anna.get(reverse("web:receipt", args=place))
    log = anna.get(reverse("web:log", args=place)).content.decode()

    assert sheet.content.startswith(b"%PDF")
    assert "attachment" in sheet.headers["Content-Disposition"]
    assert note.content.startswith(f"bb.comity/{boris.channel}\n".encode())
    assert reverse("web:receipt-sheet", args=place) in log
    assert 404 == anna.get(reverse("web:receipt", args=["aa", boris.channel])).status_code


@pytest.mark.parametrize("form", ["lines", "file"])
def test_a_receipt_that_was_brought_is_entered_and_counts(boris, anna, form) -> None:
    """A clock starts at it, however it came."""
    before = queries.own_log(boris.channel)
    said = (
        {"lines": lines_of(boris)}
        if form == "lines"
        else {"file": SimpleUploadedFile("r", receipt_of(boris))}
    )

    answer = anna.post(ENTER, said)

    after = queries.own_log(boris.channel)
    assert (302, reverse("web:log", args=["aa", boris.channel])) == (answer.status_code, answer.url)
    assert before.receipted < after.receipted == after.size


def test_what_was_misread_is_named_and_nothing_is_kept(boris, anna) -> None:
    """The officer must learn which line to type again, with the rest still in the form."""
    lines = lines_of(boris).split("\r\n")
    lines[4] = lines[4][:10] + ("X" if lines[4][10] != "X" else "Y") + lines[4][11:]

    answer = anna.post(ENTER, {"lines": "\r\n".join(lines)})
    nothing = anna.post(ENTER, {"lines": " "})

    assert 422 == answer.status_code == nothing.status_code
    assert "not read as they are printed: 05" in answer.content.decode()
    assert lines[0] in answer.content.decode()
    assert queries.own_log(boris.channel).receipted < queries.own_log(boris.channel).size


def test_only_whoever_handles_requests_enters_receipts(boris, hire, client) -> None:
    """An auditor reads the record and adds nothing to it."""
    client.force_login(hire("otto", "auditor"))

    assert client.get(ENTER).status_code in (403, 404)
