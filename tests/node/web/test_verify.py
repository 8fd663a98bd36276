"""The page on which anyone here can have a proof checked."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from comity.channel.charter import policy_of
from comity.tlog.merkle import leaf_hash
from comity.tlog.note import parse_note
from comity.tlog.proof import TlogProof
from comity_node.web.verify import VerifyForm, _result
from tests.core.channel.exported import CHANNEL, conversation
from tests.core.channel.test_verified_fork import POLICY, histories, proof_of


def form(**said: str) -> VerifyForm:
    """The form as it arrives."""
    file = said.pop("file", None)
    files = {"file": SimpleUploadedFile("proof", file.encode())} if file else {}
    return VerifyForm(said, files)


def test_nothing_given_is_asked_for() -> None:
    """An empty form must say what is missing, not that something failed."""
    asked = form()

    assert not asked.is_valid()
    assert ["Choose a file, or paste the text of a proof."] == asked.non_field_errors()


@pytest.mark.parametrize(
    "given",
    [
        "hello",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n\nx\n1\n",
        "\0" * 600,
        "\ufeff\u202e",
    ],
)
def test_whatever_is_pasted_gets_an_answer(given: str) -> None:
    """A reader who pastes the wrong thing is told so in words."""
    pasted = form(text=given)

    assert not pasted.is_valid() or not _result(pasted)["holds"]


def test_a_policy_that_is_none_is_named() -> None:
    """Whose signatures are believed is the reader's choice; a slip in it must not pass for a failed proof."""
    assert "policy" in _result_of("c2sp.org/tlog-proof@v1\n", policy="not one").lower()


def _result_of(text: str, *, policy: str) -> str:
    asked = form(text=text, policy=policy)
    assert asked.is_valid()
    return str(_result(asked)["because"])


def test_what_is_proven_is_said_in_the_language_of_the_page() -> None:
    """An official must not have to read in English what a counterpart has signed for."""
    anna, boris, _ = conversation()
    note = parse_note(anna.receipted_by(boris))
    proof = TlogProof(1, (leaf_hash(anna.leaves[0]),), note, extra=anna.leaves[1])
    policy = policy_of(CHANNEL, [anna.keys(), boris.keys()])
    asked = form(text=proof.encode().decode(), policy=policy.encode().decode())
    assert asked.is_valid()

    with translation.override("ru"):
        found = _result(asked)

    assert found["holds"]
    assert any("bb подписью от 2026-01-01 00:01:00 UTC" in said for said in found["proven"])
    assert any("какое лицо действовало" in said for said in found["not_proven"])


def test_a_receipt_that_a_courier_brought_is_verified_before_it_is_entered() -> None:
    """Whoever enters a receipt may want to know first what it is worth."""
    anna, boris, _ = conversation()
    policy = policy_of(CHANNEL, [anna.keys(), boris.keys()]).encode().decode()
    asked = form(text=anna.receipted_by(boris).decode(), policy=policy)
    forged = form(text=anna.receipted_by(anna).decode(), policy=policy)
    assert asked.is_valid()
    assert forged.is_valid()

    assert any("bb signed at" in said for said in _result(asked)["proven"])
    assert not _result(forged)["holds"]


def test_a_proof_of_misconduct_is_read_as_one() -> None:
    """What a node offers for download must be what its own page can explain."""
    said = {"text": proof_of(*histories(1, 1, 1)).encode().decode(), "policy": POLICY.encode().decode()}
    asked = form(**said)
    assert asked.is_valid()

    found = _result(asked)

    assert found["holds"]
    assert "misconduct: aa signed two histories of one log" in found["proven"]
