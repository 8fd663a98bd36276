"""Asking a neutral witness: only its own signature on our own checkpoint is kept."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from comity.keys.keyring import Keyring
from comity.tlog.note import MAX_NOTE, sign_note
from comity.tlog.signer import Cosigner
from comity.tlog.witness import AddCheckpoint, encode_cosignatures
from comity_node.home import WitnessAt
from comity_node.register import marks, queries
from comity_node.witness import services
from comity_node.witness.errors import WitnessRefused
from tests.node.counterpart import open_channel

pytestmark = pytest.mark.django_db
NAME = "x-neutral.comity/witness"


@pytest.fixture
def neutral(settings):
    """A witness we are told to ask."""
    signer = Cosigner(NAME, Keyring.generate("x-neutral").witness.ed25519, 1_800_000_000)
    settings.NODE = replace(settings.NODE, witnesses=(WitnessAt(str(signer.vkey), "http://witness.test"),))
    return signer


@pytest.fixture
def own():
    """Our log in a channel, where our acceptance stands."""
    return queries.own_log(open_channel().channel)


def answer_of(status, body=b""):
    """An answer that comes as over a line: not yet read."""
    return httpx.Response(status, stream=httpx.ByteStream(body))


def answering(answer):
    """A connection to a witness that answers so."""
    return httpx.Client(transport=httpx.MockTransport(answer))


def test_the_mark_of_a_witness_is_kept_with_the_size_it_covers(neutral, own):
    """It says that the entry was lodged by that date even if the counterpart never answers."""

    def cosign(request):
        asked = AddCheckpoint.parse(request.content)
        return answer_of(200, encode_cosignatures(sign_note(asked.note.text, neutral).signatures))

    assert 1 == services.ask_all(answering(cosign))
    assert own.size == marks.marked(own, NAME)
    assert 0 == services.ask_all(answering(cosign))


@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (200, b"not a signature\n"),
        (409, b"01\n"),
        (200, b"\xff" * (MAX_NOTE + 1)),
    ],
)
def test_an_answer_that_is_no_cosignature_is_refused_and_changes_nothing(neutral, own, answer):
    """The record stands without a witness; it must not be harmed by one."""
    with pytest.raises(WitnessRefused):
        services.ask_all(answering(lambda _request: answer_of(*answer)))

    assert 0 == marks.marked(own, NAME)


def test_a_cosignature_by_another_key_is_not_kept(neutral, own):
    """Whoever sits on the line could answer in the witness's name."""
    impostor = Cosigner(NAME, Keyring.generate("x-neutral").witness.ed25519, 1_800_000_000)

    def cosign(request):
        asked = AddCheckpoint.parse(request.content)
        return answer_of(200, encode_cosignatures(sign_note(asked.note.text, impostor).signatures))

    with pytest.raises(WitnessRefused):
        services.ask_all(answering(cosign))

    assert 0 == marks.marked(own, NAME)


def test_a_witness_ahead_of_us_is_believed_no_further(neutral, own):
    """It may have seen what a restored node has not written again yet; there is nothing to ask it."""
    assert 0 == services.ask_all(answering(lambda _request: answer_of(409, b"900\n")))
