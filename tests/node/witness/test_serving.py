"""A neutral witness: cosigns what only grows, for logs of parties we know, and never twice from one place."""

from __future__ import annotations

import pytest
from django.test import Client

from comity.keys.keyring import Keyring
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import parse_note, sign_note
from comity.tlog.signer import NoteSigner
from comity.tlog.witness import AddCheckpoint, parse_cosignatures
from comity_node.register.keyring import keyring
from comity_node.witness import services
from comity_node.witness.models import WitnessedLog
from tests.node.counterpart import give_keys

pytestmark = pytest.mark.django_db
ORIGIN = Origin("bb", "abcdefghijklmnop")
ADDRESS = "/witness/add-checkpoint"


class Log:
    """A log of Borland's whose entries nobody shows the witness."""

    def __init__(self):
        self.keys = Keyring.generate("bb")
        self.signer = NoteSigner(str(ORIGIN), self.keys.log.ed25519)

    def asks(self, size, *, old=0, proof=(), word=b"entry"):
        """A request to cosign the log of ``size`` entries."""
        tree = CompactRange()
        tree.extend(leaf_hash(word + bytes([number])) for number in range(size))
        note = sign_note(Checkpoint(str(ORIGIN), size, tree.root()).text(), self.signer)
        return AddCheckpoint(old, proof, parse_note(note.encode()))


@pytest.fixture
def log(monkeypatch):
    """A log of a party an officer here has confirmed."""
    give_keys()
    known = Log()
    keys = [known.signer.vkey]
    monkeypatch.setattr(services, "_log_keys", lambda origin: keys if origin == str(ORIGIN) else [])
    return known


def test_a_log_that_only_grows_is_cosigned_with_both_keys(log):
    """The cosignature says that at this time the log had this size; it must stand while either key does."""
    request = log.asks(1)

    answer = Client().generic("POST", ADDRESS, request.encode())

    assert 200 == answer.status_code
    cosigned = request.note.with_signatures(parse_cosignatures(answer.content))
    witness = f"{keyring().party}.comity/witness"
    assert [witness, witness] == [line.name for line in cosigned.signatures if line.name != str(ORIGIN)]
    assert 1 == WitnessedLog.objects.get().size


def test_an_unknown_log_leaves_nothing_behind(log):
    """Anybody can post; only parties we know may take room."""
    stranger = Log().asks(1)
    stranger = AddCheckpoint(
        0,
        (),
        sign_note(
            stranger.note.text.replace("bb", "cc"),
            NoteSigner("cc.comity/abcdefghijklmnop", Keyring.generate("cc").log.ed25519),
        ),
    )

    assert 404 == Client().generic("POST", ADDRESS, stranger.encode()).status_code
    assert not WitnessedLog.objects.exists()


def test_a_log_signed_by_another_key_is_refused(log):
    """The origin alone is only a name."""
    assert 403 == Client().generic("POST", ADDRESS, Log().asks(1).encode()).status_code
    assert not WitnessedLog.objects.exists()


def test_whoever_is_not_where_we_are_is_told_where_we_are(log):
    """The log then proves its growth from there."""
    Client().generic("POST", ADDRESS, log.asks(2).encode())

    answer = Client().generic("POST", ADDRESS, log.asks(3).encode())

    assert (409, b"2\n") == (answer.status_code, answer.content)


def test_a_second_history_of_one_size_is_never_cosigned(log):
    """That is what a witness is for."""
    Client().generic("POST", ADDRESS, log.asks(2).encode())

    forked = Client().generic("POST", ADDRESS, log.asks(2, old=2, word=b"other").encode())

    assert 422 == forked.status_code


@pytest.mark.parametrize(
    "body", [b"", b"old 0\n\n", b"old 00\n\nx", b"\xff" * 100, b"old 0\n" + b"A" * 2_000_000]
)
def test_what_is_no_request_is_refused_as_such(log, body):
    """Whatever is posted, the answer is a status of the protocol."""
    assert 400 == Client().generic("POST", ADDRESS, body).status_code


def test_two_requests_at_once_cosign_one_history(log):
    """Between considering and storing another may be served: then we judge anew, from where we are."""
    first, second = log.asks(2), log.asks(2, word=b"other")

    answer, size, cosignatures = services.add_checkpoint(
        second.encode(), considered=lambda: services.add_checkpoint(first.encode())
    )

    assert (409, 2, ()) == (answer, size, cosignatures)
    assert first.note.encode() == bytes(WitnessedLog.objects.get().note)
