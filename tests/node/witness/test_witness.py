"""A neutral witness: it cosigns forward only, once for each size, and for parties it knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import parse_note, sign_note
from comity.tlog.signer import Cosigner
from comity.tlog.tree import prove_consistency
from comity.tlog.witness import AddCheckpoint, Answer
from comity_node.home import WitnessAt
from comity_node.register import models as register
from comity_node.register.keyring import keyring
from comity_node.witness import services, views
from comity_node.witness.models import WitnessedLog
from comity_node.witness.services import WitnessRefused, add_checkpoint, ask_all
from tests.core.tlog.trees import reader_over
from tests.node.counterpart import Counterpart, open_channel
from tests.node.wire.posting import confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def boris(hire, monkeypatch):
    """A party whose fingerprint our officers confirmed; no channel is needed to witness its logs."""
    monkeypatch.setattr(views, "serves", lambda: True)
    from tests.node.counterpart import give_keys  # noqa: PLC0415 - only here

    give_keys()
    other = Counterpart()
    confirm(other.keys, hire("anna", "coordinator"))
    return other


def request(boris, old: int, size: int, *, history: str = "entry") -> bytes:
    """A request to cosign the growth of a log from ``old`` to ``size``."""
    row = [leaf_hash(f"{history} {place}".encode()) for place in range(size)]
    tree = CompactRange()
    tree.extend(row)
    proof = prove_consistency(reader_over(row), old, size) if 0 < old < size else ()
    note = sign_note(Checkpoint(str(boris.origin), size, tree.root()).text(), *boris.log_signers)
    return AddCheckpoint(old, proof, note).encode()


def cosigners():
    """The keys that verify our witness's marks."""
    ring = keyring()
    name = f"{ring.party}.comity/witness"
    return [Cosigner(name, key, 1).vkey for key in (ring.witness.ed25519, ring.witness.mldsa44)]


def test_a_log_of_a_party_we_know_is_cosigned_as_it_grows(boris) -> None:
    """Size, root and time, and nothing of what it holds."""
    for old, size in ((0, 3), (3, 3), (3, 8)):
        body = request(boris, old, size)
        answer, known, lines = add_checkpoint(body)

        assert (Answer.COSIGN, size) == (answer, known)
        note = AddCheckpoint.parse(body).note.with_signatures(lines)
        assert set(cosigners()) == set(note.signed_by(cosigners()))
        assert all(note.cosigned_at(key) for key in cosigners())


def test_a_mark_bears_no_time_at_which_more_may_have_been_seen(boris, monkeypatch) -> None:
    """It says that this was the largest tree seen at that time: once it is stored, another may be larger."""
    body, advance = request(boris, 0, 3), services._advance
    stored_at = timezone.now()

    def slowly(*said):
        monkeypatch.setattr(timezone, "now", lambda: stored_at + timedelta(hours=1))
        return advance(*said)

    monkeypatch.setattr(services, "_advance", slowly)
    _, _, lines = add_checkpoint(body)

    marked = AddCheckpoint.parse(body).note.with_signatures(lines).cosigned_at(cosigners()[0])
    assert marked <= int(stored_at.timestamp()) + 60


def test_a_node_that_does_not_serve_as_a_witness_marks_nothing(boris, monkeypatch) -> None:
    """Its passport does not name it one: it knows no log in that capacity."""
    monkeypatch.undo()

    response = Client().post("/witness/add-checkpoint", request(boris, 0, 3), content_type="text/plain")

    assert (404, 0) == (response.status_code, WitnessedLog.objects.count())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (lambda boris: b"not a request", 400),
        (lambda boris: b"x" * 2_000_000, 400),
        (lambda boris: request(Counterpart("cc"), 0, 3), 404),
        (lambda boris: request(Counterpart("bb"), 0, 3), 403),
        (lambda boris: request(boris, 2, 8), 409),
        (lambda boris: request(boris, 0, 8), 409),
        (lambda boris: request(boris, 5, 8, history="other"), 422),
        (lambda boris: request(boris, 5, 5, history="other"), 422),
        (lambda boris: request(boris, 5, 8)[:-5], 400),
    ],
    ids=["form", "size", "unknown", "forged", "behind", "anew", "fork", "fork of one size", "cut"],
)
def test_everything_else_is_refused_by_the_status_of_the_specification(boris, body, status) -> None:
    """And no line is signed, and nothing moves."""
    add_checkpoint(request(boris, 0, 5))

    response = Client().post("/witness/add-checkpoint", body(boris), content_type="text/plain")

    assert status == response.status_code
    assert b"\xe2\x80\x94" not in response.content
    assert 5 == WitnessedLog.objects.get().size


def test_a_wrong_size_is_answered_with_the_one_we_know(boris) -> None:
    """So that the log can catch up."""
    add_checkpoint(request(boris, 0, 5))

    response = Client().post("/witness/add-checkpoint", request(boris, 2, 8), content_type="text/plain")

    assert (409, b"5\n", "text/x.tlog.size") == (
        response.status_code,
        response.content,
        response.headers["Content-Type"],
    )


@pytest.mark.parametrize("begun", [0, 3])
def test_of_two_histories_that_race_only_one_is_cosigned(boris, begun) -> None:
    """Held between the decision and the storing: no rollback, and no signature for the loser."""
    if begun:
        add_checkpoint(request(boris, 0, begun))
    ours, theirs = request(boris, begun, 8), request(boris, begun, 9)
    other = request(boris, 0, 8, history="other") if not begun else theirs
    raced = []

    def meanwhile() -> None:
        raced.append(add_checkpoint(other))

    answer, known, lines = add_checkpoint(ours, considered=meanwhile)

    assert Answer.COSIGN is raced[0][0]
    assert Answer.COSIGN is not answer
    assert () == lines
    assert raced[0][1] == known == WitnessedLog.objects.get().size


# --- asking one ---------------------------------------------------------------------------------------

WITNESS = Counterpart("cc").keys


@pytest.fixture
def asking(boris, settings):
    """Our node with a log, and one witness it is to ask."""
    open_channel()
    key = Cosigner("cc.comity/witness", WITNESS.witness.ed25519, 1).vkey
    settings.NODE = replace(settings.NODE, witnesses=(WitnessAt(str(key), "http://cc.test"),))


def witness(answer):
    """A line to a witness that answers so."""

    def handle(asked: httpx.Request) -> httpx.Response:
        status, body = answer(AddCheckpoint.parse(asked.content))
        return httpx.Response(status, stream=httpx.ByteStream(body))

    return httpx.Client(transport=httpx.MockTransport(handle))


def lines(asked: AddCheckpoint, keys=WITNESS, at: int = 0) -> bytes:
    """A witness's cosignature of what was asked."""
    at = at or int(timezone.now().timestamp())
    signed = sign_note(asked.note.text, Cosigner("cc.comity/witness", keys.witness.ed25519, at))
    return "".join(f"{line}\n" for line in signed.signatures).encode()


def test_a_witness_is_asked_once_for_each_size(asking) -> None:
    """Its mark is kept; what is marked is not asked for again."""
    with witness(lambda asked: (200, lines(asked))) as http:
        assert (1, 0) == (ask_all(http), ask_all(http))

    assert 1 == register.WitnessMark.objects.count()


@pytest.mark.parametrize(
    "answer",
    [
        lambda asked: (200, b""),
        lambda asked: (200, b"\xff"),
        lambda asked: (200, lines(asked, Counterpart("cc").keys)),
        lambda asked: (200, lines(asked, at=2**62)),
        lambda asked: (409, b"not a size"),
        lambda asked: (500, b""),
        lambda asked: (200, b"x" * 1_100_000),
    ],
    ids=["nothing", "bytes", "other key", "no time", "no size", "broken", "flood"],
)
def test_a_witness_that_does_not_cosign_is_named(asking, answer) -> None:
    """The record stands without it; nothing of what it sent is kept."""
    with witness(answer) as http, pytest.raises(WitnessRefused):
        ask_all(http)

    assert not register.WitnessMark.objects.exists()


def test_a_mark_is_over_our_own_checkpoint(asking) -> None:
    """With the witness's line added, the note is still the one we signed."""
    with witness(lambda asked: (200, lines(asked))) as http:
        ask_all(http)

    log = register.Log.objects.get(ours=True)
    assert Origin.parse(log.origin).party == "aa"
    assert parse_note(bytes(log.checkpoint)).text.startswith(log.origin)
