"""docs/spec/wire.md beside deliveries: exhibits by range, hello, the witness, asked by a stranger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from django.conf import settings

from comity_node.evidence import services as evidence
from comity_node.evidence.models import Exhibit
from tests.node.wire import posting
from tests.node.wire.stranger import Stranger, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def exhibit(boris, hire, tmp_path, settings):
    """An exhibit announced to Boris: its name and its sealed bytes."""
    settings.NODE = replace(settings.NODE, exhibits=tmp_path / "exhibits")
    file = tmp_path / "image.dd"
    file.write_bytes(bytes(range(256)) * 1024)
    evidence.add(file, channel=boris.channel, described={}, by=hire("olga", "case officer"))
    added = Exhibit.objects.get(provider="aa")
    return added.object, evidence.here(added).read_bytes()


@pytest.mark.parametrize(
    ("headers", "status", "start", "end"),
    [
        ({}, 200, None, None),
        ({"Range": "bytes=0-"}, 206, 0, None),
        ({"Range": "bytes=7-99"}, 206, 7, 100),
        ({"Range": "bytes=-5"}, 206, -5, None),
        ({"Range": "bytes=0-1,3-4"}, 200, None, None),
        ({"Range": "items=0-1"}, 200, None, None),
        ({"Range": "bytes=5-2"}, 200, None, None),
        ({"Range": "bytes=5-", "If_Range": '"another"'}, 200, None, None),
    ],
)
def test_an_exhibit_comes_by_the_range_asked_for(stranger, exhibit, headers, status, start, end) -> None:
    """Single ranges are honoured; all else means the whole."""
    name, sealed = exhibit

    answer = stranger.call("GET", f"/wire/exhibits/{name}", **headers)

    assert (status, sealed[start:end]) == (answer.status_code, answer.content)
    assert (f'"{name}"', "bytes") == (answer.headers["etag"], answer.headers["accept-ranges"])
    assert "application/octet-stream" == answer.headers["content-type"]
    assert (status == 206) == ("content-range" in answer.headers)


def test_an_exhibit_ends_where_it_ends(stranger, exhibit) -> None:
    """Whoever asks beyond is told the size; the size can be asked for alone."""
    name, sealed = exhibit

    beyond = stranger.call("GET", f"/wire/exhibits/{name}", Range=f"bytes={len(sealed)}-")
    head = stranger.call("HEAD", f"/wire/exhibits/{name}")

    assert (416, f"bytes */{len(sealed)}") == (beyond.status_code, beyond.headers["content-range"])
    assert (200, str(len(sealed)), b"") == (head.status_code, head.headers["content-length"], head.content)


def test_an_exhibit_not_announced_to_the_caller_does_not_exist(stranger, exhibit, hire) -> None:
    """The same answer for what is another's and what is nowhere."""
    from comity.keys.keyring import Keyring  # noqa: PLC0415 - only here

    other = Keyring.generate("cc")
    posting.confirm(other, hire("ines", "coordinator"))
    cc = Stranger("cc", other.wire.seed, settings.NODE.address)

    nowhere = problem(stranger.call("GET", f"/wire/exhibits/{'0' * 64}"), 404, "no-such-exhibit")
    anothers = problem(cc.call("GET", f"/wire/exhibits/{exhibit[0]}"), 404, "no-such-exhibit")

    assert nowhere["detail"].replace("bb", "cc") == anothers["detail"]


# --- hello and the witness ----------------------------------------------------------------------------


def test_hello_says_that_a_node_listens_and_nothing_else(stranger) -> None:
    """To anybody."""
    said = stranger.unsigned("GET", "/wire/hello").json()

    assert {"comity", "time"} == set(said)
    assert 1 == said["comity"]
    assert datetime.fromisoformat(said["time"])


def test_a_node_that_is_no_witness_knows_no_log(boris, stranger) -> None:
    """404 to all; what a witness answers is tried in tests/node/witness."""
    body = b"old 0\n\n" + boris.checkpoint()

    assert 404 == stranger.unsigned("POST", "/witness/add-checkpoint", body).status_code


def test_a_witness_answers_with_the_lines_of_both_its_keys(boris, stranger, monkeypatch) -> None:
    """Unsigned: the checkpoint proves itself."""
    from comity_node.witness import views as witness  # noqa: PLC0415 - only here

    monkeypatch.setattr(witness, "serves", lambda: True)
    body = b"old 0\n\n" + boris.checkpoint()

    first = stranger.unsigned("POST", "/witness/add-checkpoint", body)
    again = stranger.unsigned("POST", "/witness/add-checkpoint", body)

    assert (200, 2) == (first.status_code, first.text.count("\u2014 aa.comity/witness "))
    assert (409, "1\n", "text/x.tlog.size") == (again.status_code, again.text, again.headers["content-type"])
