"""Our own calls: everything is said once, nothing is asked in a circle, and no answer is believed blindly."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from comity.channel.bundle import Bundle, read_bundle
from comity.errors import CounterpartBreach, MalformedBundle
from comity.mirror import give_receipt
from comity_node.register import models, queries
from comity_node.wire.exchange import exchange
from comity_node.wire.line import Line, RefusedByCounterpart, Unreachable
from comity_node.wire.receiving import NotForUs
from tests.node.register.histories import mirror, stored
from tests.node.wire.posting import bundle, receipts

pytestmark = [pytest.mark.django_db, pytest.mark.loopback]


class Desk:
    """Boris's node: keeps what comes, and answers as it is told."""

    def __init__(self, answers) -> None:
        self.answers = answers
        self.got: list[Bundle] = []

    def deliver(self, body: bytes) -> bytes:
        """Take a delivery."""
        self.got.append(read_bundle(body))
        answer = self.answers(self.got[-1])
        return answer if isinstance(answer, bytes) else answer.encode()


def empty(boris, **changed) -> Bundle:
    """An answer without entries."""
    start = len(boris.leaves)
    return bundle(boris, start, **({"cosignatures": ()} | changed))


def test_our_entries_are_sent_until_they_are_receipted_and_then_no_more(boris) -> None:
    """The gap between our log and the last receipt is all there is to send."""
    desk = Desk(lambda _: empty(boris, cosignatures=receipts(boris)))

    exchange(boris.channel, desk)
    calls = len(desk.got)
    exchange(boris.channel, desk, ask=False)

    assert queries.own_log(boris.channel).size == queries.own_log(boris.channel).receipted
    assert calls == len(desk.got)


def test_a_counterpart_that_takes_and_never_receipts_is_not_asked_in_a_circle(boris, unreceipted) -> None:
    """Silence is shown; it must not keep two nodes busy."""
    desk = Desk(lambda _: empty(boris))

    exchange(boris.channel, desk)

    assert len(desk.got) <= 3


def test_a_counterpart_that_repeats_its_entries_is_not_asked_in_a_circle(boris) -> None:
    """What we hold already is no news."""
    desk = Desk(lambda _: bundle(boris, 0))

    exchange(boris.channel, desk)

    assert len(desk.got) <= 3
    assert boris.leaves == stored(boris)


@pytest.fixture
def unreceipted(boris):
    """An entry of ours that Boris has not signed for."""
    from comity_node.register import rooms, services  # noqa: PLC0415 - Django is not set up earlier
    from comity_node.register.acts import Act, Capacity  # noqa: PLC0415 - as above

    judged, rooms.verdicts = rooms.verdicts, lambda *_: None
    act = Act(channel=boris.channel, kind="note.sent", ref="aa-1")
    try:
        return services.append(act, by=Capacity("ministry", "case officer"))
    finally:
        rooms.verdicts = judged


def test_what_the_answer_brings_is_stored_and_receipted_in_the_next_round(boris) -> None:
    """Pulling and pushing are one."""
    boris.writes("note.sent", "bb-2")
    desk = Desk(lambda _: empty(boris) if len(desk.got) > 1 else bundle(boris, 1, cosignatures=()))

    done = exchange(boris.channel, desk)

    assert 1 == done.got
    assert boris.leaves == stored(boris)
    assert desk.got[-1].cosignatures


@pytest.mark.parametrize(
    "changed", [{"channel": "ponmlkjihgfedcba"}, {"sender": "cc"}, {"receiver": "cc"}], ids=str
)
def test_an_answer_about_something_else_is_refused(boris, changed) -> None:
    """A counterpart speaks of its own log in the channel that was asked about, and of nothing else."""
    desk = Desk(lambda _: empty(boris, **changed))

    with pytest.raises(NotForUs):
        exchange(boris.channel, desk)

    assert ["not-for-us"] == list(models.Delivery.objects.values_list("code", flat=True))


def test_an_answer_that_is_no_delivery_is_refused_and_noted(boris) -> None:
    """Their node, or somebody on the way."""
    for _ in range(2):
        with pytest.raises(MalformedBundle):
            exchange(boris.channel, Desk(lambda _: b"<html>"))

    assert ["malformed-bundle"] == list(models.Delivery.objects.values_list("code", flat=True))


def test_false_receipts_in_an_answer_are_not_kept(boris, unreceipted) -> None:
    """A receipt under the wrong key would start clocks nobody agreed to."""
    own = queries.own_log(boris.channel)
    forged = give_receipt(bytes(own.checkpoint), type(boris)().mirror_signers(1_800_000_000))

    with pytest.raises(CounterpartBreach):
        exchange(boris.channel, Desk(lambda _: empty(boris, cosignatures=(forged,))))

    assert queries.own_log(boris.channel).receipted < own.size


@pytest.fixture
def line_to():
    """A line to a server on loopback that answers each delivery as it is told to."""
    servers, lines = [], []

    def line(answer) -> Line:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, content, headers = answer(body)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        lines.append(Line("bb", f"http://127.0.0.1:{servers[-1].server_port}", 10_000))
        return lines[-1]

    yield line
    for one in lines:
        one.close()
    for server in servers:
        server.shutdown()
        server.server_close()


def _problem(status: int, **said) -> tuple[int, bytes, dict[str, str]]:
    return _answer(status, json.dumps(said).encode())


def _answer(status: int, content: bytes, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    return status, content, headers


def test_a_refusal_is_read_once_and_not_sent_again(boris, line_to) -> None:
    """A refused delivery that repeats itself would be a flood of our own making."""
    calls = []

    def refuse(request):
        calls.append(request)
        return _problem(422, detail="no", code="some-code", hint="do this")

    with pytest.raises(RefusedByCounterpart, match="no") as caught:
        exchange(boris.channel, line_to(refuse))

    assert (1, "some-code", "do this") == (len(calls), caught.value.their_code, caught.value.hint)


@pytest.mark.parametrize("send_from", [0, 2**70, -1, "1", None, True, 10**400], ids=lambda one: str(one)[:8])
def test_a_counterpart_that_asks_for_an_impossible_start_is_not_followed_for_ever(
    boris, send_from, line_to
) -> None:
    """Where to send from is their word; how often we try is ours."""
    calls = []

    def ask(request):
        calls.append(request)
        return _problem(409, detail="gap", code="send-from", send_from=send_from)

    with pytest.raises(CounterpartBreach):
        exchange(boris.channel, line_to(ask))

    assert len(calls) <= 2


def test_a_counterpart_that_asks_for_ever_other_starts_is_followed_once(boris, line_to) -> None:
    """Each start may be possible; all of them together would be a call without an end."""
    calls = []

    def ask(request):
        calls.append(request)
        return _problem(409, detail="gap", code="send-from", send_from=(len(calls) + 1) % 2)

    with pytest.raises(RefusedByCounterpart):
        exchange(boris.channel, line_to(ask))

    assert 2 == len(calls)


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: _answer(500, b"\xff" * 70_000),
        lambda _: _answer(302, b"", Location="http://cc.test/"),
        lambda _: _answer(409, b"[" * 60_000),
        lambda _: _answer(200, b"x" * 10_001),
        lambda _: _answer(200, b"", **{"Comity-Skew": "x"}),
    ],
)
def test_whatever_a_counterpart_answers_ends_in_a_named_error(boris, answer, line_to) -> None:
    """Its server may be anything."""
    with pytest.raises(CounterpartBreach):
        exchange(boris.channel, line_to(answer))


def test_the_words_of_a_refusal_cannot_move_a_terminal(boris, line_to) -> None:
    """They are shown on pages and printed by the command, as one line of letters."""
    said = json.dumps({"title": "\x1b[2Jno", "detail": "\x1b[2Jno", "hint": "\x00\rgo on", "code": "bad"})
    line = line_to(lambda _: _answer(422, said.encode()))

    with pytest.raises(RefusedByCounterpart) as caught:
        line.deliver(b"")

    assert str(caught.value).isprintable()
    assert caught.value.hint.isprintable()


@pytest.mark.parametrize("told", ["nan", "1e400", "9" * 400, "2026-01-31T25:00:00Z", ""])
def test_a_clock_that_is_told_in_another_form_is_not_believed(told, line_to) -> None:
    """No page and no table has a place for it, and the answer that bears it is read all the same."""
    line = line_to(lambda _: _answer(200, b"", **{"Comity-Time": told}))
    line.deliver(b"")

    assert line.clock is None


def test_a_counterpart_that_is_down_is_no_refusal(boris, line_to) -> None:
    """It is asked again; the journal of refusals is for refusals."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(Unreachable):
        exchange(boris.channel, Line("bb", address, 10_000))

    assert not models.Delivery.objects.exists()
    assert mirror(boris).size == len(boris.leaves)
