"""docs/spec/wire.md, statement by statement, asked by a client that has read it and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError

from comity.errors import ComityError
from comity_node.register import statements
from comity_node.wire import views
from tests.node.register.histories import stored, until
from tests.node.wire import posting
from tests.node.wire.stranger import BUNDLE, problem, read_bundle, write_bundle

pytestmark = pytest.mark.django_db

SPEC = (Path(__file__).parents[3] / "docs" / "spec" / "wire.md").read_text(encoding="utf-8")


def delivery(boris, start=0, *, size=None, **changed) -> bytes:
    """Boris's log from ``start``, as the specification writes it."""
    author = boris if size is None else until(boris, size)
    manifest = {"v": 1, "channel": boris.channel, "sender": "bb", "receiver": "aa"}
    manifest |= {"start": start, "end": len(author.leaves)}
    manifest |= {key: value for key, value in changed.items() if key in manifest}
    parts = {
        "checkpoint": author.checkpoint(),
        "entries": tuple(author.leaves[start:]),
        "payloads": tuple(one for one in author.payloads[start:] if one is not None),
        "cosignatures": posting.receipts(boris),
    }
    return write_bundle(manifest, **(parts | {key: changed[key] for key in parts if key in changed}))


# --- who is calling -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        {"include_alg": False},
        {"label": "another"},
        {"nonce": "n"},
        {"expires": datetime(2100, 1, 1, tzinfo=UTC)},
        {"covered_component_ids": ("@method", "@authority", "@target-uri", "content-digest")},
    ],
    ids=str,
)
def test_what_the_specification_leaves_open_is_open(boris, stranger, other) -> None:
    """Another library writes its signatures in another way."""
    body = delivery(boris, 1)
    request = stranger.request("POST", "/wire/bundle", body, {})
    stranger.sign(request, body, **other)

    assert 200 == stranger.send(request).status_code


def test_a_signature_for_another_purpose_beside_ours_is_passed_over(boris, stranger) -> None:
    """A proxy may sign as well."""
    body = delivery(boris, 1)
    request = stranger.request("POST", "/wire/bundle", body, {})
    stranger.sign(request, body)
    beside = {"tag": "proxy", "label": "p", "append_if_signature_exists": True, "use_existing_digest": True}
    stranger.sign(request, body, **beside)

    assert 200 == stranger.send(request).status_code


@pytest.mark.parametrize(
    "other",
    [
        {"tag": "another"},
        {"covered_component_ids": ("@method", "content-digest")},
        {"covered_component_ids": ("@target-uri", "content-digest")},
        {"expires": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=str,
)
def test_what_the_specification_demands_is_demanded(boris, stranger, other) -> None:
    """And refused in the same words whatever was asked for."""
    for path in ("/wire/bundle", "/wire/exhibits/x"):
        method = "POST" if path == "/wire/bundle" else "GET"
        request = stranger.request(method, path, b"", {})
        stranger.sign(request, b"", **other)
        problem(stranger.send(request), 401, "not-authenticated")


def test_two_signatures_of_ours_are_one_too_many(boris, stranger) -> None:
    """Which of them would say who is answered?"""
    body = delivery(boris, 1)
    request = stranger.request("POST", "/wire/bundle", body, {})
    stranger.sign(request, body)
    stranger.sign(request, body, label="b", append_if_signature_exists=True, use_existing_digest=True)

    problem(stranger.send(request), 401, "not-authenticated")


@pytest.mark.parametrize(("days", "status"), [(2.9, 200), (-2.9, 200), (3.1, 401), (-3.1, 401)])
def test_a_signature_may_be_three_days_off(boris, stranger, days, status) -> None:
    """And who is known is told by how much."""
    at = datetime.now(UTC) + timedelta(days=days)

    answer = stranger.call("POST", "/wire/bundle", delivery(boris, 1), at=at)

    assert status == answer.status_code
    assert abs(datetime.fromisoformat(answer.headers["comity-time"]) - datetime.now(UTC)).seconds < 5
    if status == 200:
        assert days * 86_400 == pytest.approx(int(answer.headers["comity-skew"]), abs=3)
    else:
        assert "comity-skew" not in answer.headers


def test_a_refusal_tells_the_time_as_well(boris, stranger) -> None:
    """Who is refused for a wrong clock must be able to find that out."""
    at = datetime.now(UTC) + timedelta(days=1)

    answer = stranger.call("POST", "/wire/bundle", b"no delivery", at=at)

    problem(answer, 400, "malformed-bundle")
    assert 86_400 == pytest.approx(int(answer.headers["comity-skew"]), abs=3)


def test_a_body_without_a_declared_length_is_empty(boris, stranger) -> None:
    """So its digest does not match."""
    problem(
        stranger.call("POST", "/wire/bundle", delivery(boris, 1), Content_Length=""), 401, "not-authenticated"
    )


# --- deliveries ---------------------------------------------------------------------------------------


def test_a_delivery_is_answered_by_receipts_and_news(boris, stranger) -> None:
    """From the last receipt the receiver has, in a bundle for the sender."""
    boris.writes("note.sent", "bb-2", payload={"text": "sealed"})

    answer = stranger.call("POST", "/wire/bundle", delivery(boris, 1), Content_Type="text/plain")

    assert (200, BUNDLE) == (answer.status_code, answer.headers["content-type"])
    said = read_bundle(answer.content)
    assert ("aa", "bb", boris.channel) == (said["sender"], said["receiver"], said["channel"])
    assert boris.leaves == stored(boris)
    sizes = [int(note.split(b"\n")[1]) for note in said["cosignatures"]]
    assert sizes == sorted(sizes)
    assert len(boris.leaves) == sizes[-1]
    assert b"bb.comity/" in said["cosignatures"][-1].split(b"\n")[0]
    assert b"\xe2\x80\x94 aa.comity/mirror " in said["cosignatures"][-1]


def test_every_receipt_beyond_the_start_is_given_again(boris, stranger) -> None:
    """A caller says by its start what it has a receipt for."""
    for number in range(3):
        boris.writes("note.sent", f"bb-{number + 2}")
        stranger.call("POST", "/wire/bundle", delivery(boris, number + 1))

    said = read_bundle(stranger.call("POST", "/wire/bundle", delivery(boris, 1)).content)

    assert [2, 3, 4] == [int(note.split(b"\n")[1]) for note in said["cosignatures"]]


def test_a_repeated_delivery_gets_the_receipts_first_given(boris, stranger) -> None:
    """Who heard no answer sends the same again."""
    body = delivery(boris)
    first = read_bundle(stranger.call("POST", "/wire/bundle", body).content)

    again = read_bundle(stranger.call("POST", "/wire/bundle", body).content)

    assert first["cosignatures"] == again["cosignatures"]


def test_a_gap_is_answered_by_where_to_send_from(boris, stranger) -> None:
    """The size held, as a number."""
    boris.writes("note.sent", "bb-2")
    boris.writes("note.sent", "bb-3")

    said = problem(stranger.call("POST", "/wire/bundle", delivery(boris, 2)), 409, "send-from")

    assert 1 == said["send_from"]
    assert 200 == stranger.call("POST", "/wire/bundle", delivery(boris, said["send_from"])).status_code
    assert boris.leaves == stored(boris)


# --- refusals -----------------------------------------------------------------------------------------


def _forked(boris):
    liar = until(boris, 0)
    liar.writes("note.sent", "bb-9")
    return delivery(liar)


REFUSALS = {
    (400, "malformed-bundle"): lambda boris: b"no delivery",
    (401, "not-authenticated"): None,
    (403, "not-for-us"): lambda boris: delivery(boris, receiver="cc"),
    (404, "unknown-origin"): lambda boris: delivery(boris, channel="ponmlkjihgfedcba"),
    (404, "no-such-exhibit"): None,
    (409, "send-from"): None,
    (409, "fork-proven"): _forked,
    (409, "awaits"): None,
    (422, "any other"): None,
    (503, "busy"): None,
    (503, "cannot-store"): None,
    (503, "not-heard-since-restore"): None,
    (503, "record-set-back"): None,
}


def test_the_table_of_refusals_is_the_code() -> None:
    """Every row is tried here, and every status the code has a row for stands in the table."""
    table = SPEC.split("## Refusals")[1].split("## Limits")[0]
    rows = re.findall(r"^\| (\d{3}) \| (.+?) \|", table, re.MULTILINE)
    said = {(int(status), code.strip("` ")) for status, codes in rows for code in codes.split(",")}

    assert set(REFUSALS) == said
    assert {(status, kind.code) for kind, status in views._STATUS.items()} == said - {(422, "any other")}


@pytest.mark.parametrize("row", [row for row, make in REFUSALS.items() if make], ids=str)
def test_a_delivery_that_is_refused_is_refused_by_the_table(boris, stranger, row) -> None:
    """With its status and code, and nothing stored."""
    problem(stranger.call("POST", "/wire/bundle", REFUSALS[row](boris)), *row)

    assert boris.leaves[:1] == stored(boris)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"checkpoint": b"x"}, "malformed-note"),
        ({"entries": (b"{}",)}, "entries-do-not-match"),
        ({"payloads": (b"x",)}, "payload-does-not-match"),
        ({"cosignatures": (b"x",)}, "malformed-note"),
    ],
)
def test_what_is_false_is_refused_by_its_own_code(boris, stranger, changed, code) -> None:
    """422: the form is a delivery's, what it says does not hold."""
    boris.writes("note.sent", "bb-2")

    problem(stranger.call("POST", "/wire/bundle", delivery(boris, 1, **changed)), 422, code)


def test_what_cannot_be_stored_now_is_no_fault_of_the_caller(boris, stranger, monkeypatch) -> None:
    """It sends the same again."""

    def full(*_args, **_more):
        raise OperationalError("database or disk is full")

    boris.writes("note.sent", "bb-2")
    with monkeypatch.context() as patched:
        patched.setattr(statements, "add_checkpoint", full)
        problem(stranger.call("POST", "/wire/bundle", delivery(boris, 1)), 503, "cannot-store")

    assert 200 == stranger.call("POST", "/wire/bundle", delivery(boris, 1)).status_code


def test_a_body_over_the_limit_is_refused_before_it_is_read(stranger, settings) -> None:
    """And the limit is named, to whoever may know it: to a stranger the answer is the usual one."""
    limits = replace(settings.NODE.limits, bundle_bytes=5000)
    settings.NODE = replace(settings.NODE, limits=limits)

    said = problem(stranger.call("POST", "/wire/bundle", bytes(5001)), 400, "malformed-bundle")

    assert "5,000" in said["detail"]
    problem(stranger.unsigned("POST", "/wire/bundle", bytes(5001)), 401, "not-authenticated")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/wire/bundle", "POST"),
        ("POST", "/wire/exhibits/x", "GET, HEAD"),
        ("POST", "/wire/hello", "GET"),
        ("GET", "/witness/add-checkpoint", "POST"),
    ],
)
def test_another_method_is_not_allowed(stranger, method, path, allowed) -> None:
    """Before anything else is looked at."""
    answer = stranger.call(method, path)

    assert (405, allowed) == (answer.status_code, answer.headers["allow"])


def test_the_limits_are_those_of_the_code() -> None:
    """A number on a page is believed."""
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", SPEC, re.MULTILINE))
    limits = type(settings.NODE.limits)()

    assert {name: int(text.replace(",", "")) for name, text in rows.items()} == {
        name: getattr(limits, name) for name in rows
    }
    assert {"bundle_bytes", "bundle_entries", "payload_bytes", "exhibit_bytes"} < set(rows)


def test_every_status_of_the_code_belongs_to_an_error_of_ours() -> None:
    """No framework's page is ever the answer to a counterpart that is known."""
    assert all(issubclass(kind, ComityError) for kind in views._STATUS)
