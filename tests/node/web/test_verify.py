"""The page on which anyone here can have a proof checked."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comity_node.web.verify import VerifyForm, _result


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
