"""Reading an exhibit from a counterpart's server, which may be anything that speaks, or half speaks, HTTP."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import closing

import pytest

from comity.errors import CounterpartBreach
from comity_node.wire.line import Line, RefusedByCounterpart, Unreachable

pytestmark = [pytest.mark.django_db, pytest.mark.loopback]
NAME = "0" * 64


@pytest.fixture
def served():
    """Have a server answer one call with these bytes and hang up; give a line to it."""
    threads, asked, lines = [], [], []

    def serve(answer: bytes) -> Line:
        listening = socket.create_server(("127.0.0.1", 0))

        def once() -> None:
            with listening, closing(listening.accept()[0]) as caller:
                asked.append(caller.recv(65_536).decode())
                caller.sendall(answer)

        threads.append(threading.Thread(target=once))
        threads[-1].start()
        lines.append(Line("bb", f"http://127.0.0.1:{listening.getsockname()[1]}", 1000))
        return lines[-1]

    serve.asked = asked
    yield serve
    for thread in threads:
        thread.join()
    for line in lines:
        line.close()


def answer(status, content, *headers, length=None):
    """An answer as it stands on the wire."""
    size = len(content) if length is None else length
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {size}", *headers, "", ""]
    return "\r\n".join(head).encode() + content


def test_a_first_fetch_asks_from_the_beginning_and_signs(served):
    """A node tells nobody but the counterpart the exhibit was announced to."""
    content = bytes(range(256)) * 4096
    line = served(
        answer(206, content, "Comity-Time: 2000-01-31T12:00:00.000+00:00", "Content-Range: bytes 0-9/10")
    )

    assert content == b"".join(line.read(NAME, 0))

    assert f"GET /wire/exhibits/{NAME} HTTP/1.1\r\n" in served.asked[0]
    assert "Range: bytes=0-\r\n" in served.asked[0]
    assert "Signature: comity=" in served.asked[0]
    assert (line.clock.within < 5, line.clock.ahead < 0) == (True, True)


def test_what_came_before_a_break_is_given_out_first(served):
    """Bytes that arrived are not fetched twice, however the line ends."""
    line = served(answer(206, b"as far as it came", length=1000))

    assert b"as far as it came" == b"".join(line.read(NAME, 0))


def test_a_server_that_does_not_go_on_where_we_asked_is_not_read(served):
    """The beginning, joined to what is here, would be another file."""
    line = served(answer(200, b"from the beginning"))

    with pytest.raises(Unreachable, match="did not go on from byte 5"):
        list(line.read(NAME, 5))


def test_a_refusal_says_why_in_the_counterparts_words(served):
    """An official must learn from the page what their colleague there has to do."""
    problem = json.dumps({"detail": "not announced to you", "code": "no-such-exhibit", "hint": "ask them"})
    line = served(answer(404, problem.encode()))

    with pytest.raises(RefusedByCounterpart, match="not announced to you") as caught:
        list(line.read(NAME, 0))

    assert ("no-such-exhibit", "ask them") == (caught.value.their_code, caught.value.hint)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00" * 100,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        answer(302, b"", "Location: http://cc.test/"),
        answer(500, b"[" * 70_000),
        answer(500, b"\xff"),
    ],
    ids=["nothing", "no HTTP", "headers without end", "no chunk", "elsewhere", "too deep", "no text"],
)
def test_whatever_a_server_says_ends_in_a_named_error(served, said):
    """The counterpart's server may be anything; the courier must go on."""
    with pytest.raises(CounterpartBreach):
        list(served(said).read(NAME, 0))


def test_a_server_that_is_away_is_no_fault_of_ours():
    """Nothing listens there: it is asked again later."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    with pytest.raises(Unreachable):
        list(Line("bb", f"http://127.0.0.1:{port}", 1000).read(NAME, 0))


def test_a_connection_is_kept_between_deliveries_and_made_again_where_it_has_ended():
    """A server may close it at any time; what is delivered then is delivered all the same."""
    listening = socket.create_server(("127.0.0.1", 0))
    accepted = []

    def twice_then_hang_up() -> None:
        for _ in range(2):
            with closing(listening.accept()[0]) as caller:
                accepted.append(caller)
                for _ in range(2):
                    caller.recv(65_536)
                    caller.sendall(answer(200, b"taken"))

    thread = threading.Thread(target=twice_then_hang_up)
    thread.start()
    line = Line("bb", f"http://127.0.0.1:{listening.getsockname()[1]}", 1000)

    assert [b"taken"] * 4 == [line.deliver(b"") for _ in range(4)]
    thread.join()
    listening.close()
    assert 2 == len(accepted)

    with pytest.raises(Unreachable, match="did not answer"):
        line.deliver(b"")


def test_who_was_named_as_forked_stays_named_when_the_next_call_is_refused():
    """A refusal says nothing of it; the proof is asked for after the exchange, however that ended."""
    listening = socket.create_server(("127.0.0.1", 0))
    answers = [answer(200, b"", "Comity-Forked: cc,dd"), answer(409, b"{}"), answer(200, b"")]

    def each_on_its_own() -> None:
        for one in answers:
            with closing(listening.accept()[0]) as caller:
                caller.recv(65_536)
                caller.sendall(one)

    thread = threading.Thread(target=each_on_its_own)
    thread.start()
    with listening, closing(Line("bb", f"http://127.0.0.1:{listening.getsockname()[1]}", 1000)) as line:
        line.deliver(b"")
        with pytest.raises(RefusedByCounterpart):
            line.deliver(b"")
        named_after_refusal = line.forked
        line.deliver(b"")
        thread.join()

    assert ({"cc", "dd"}, set()) == (named_after_refusal, line.forked)


@pytest.mark.parametrize(
    "said",
    [
        answer(200, b"half", length=8),
        b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf",
        b"",
        b"\x00" * 70_000,
        answer(200, b"x" * 1001),
    ],
)
def test_half_an_answer_or_too_much_of_one_is_none(served, said):
    """What broke off is asked for again; nothing of it is believed."""
    with pytest.raises(CounterpartBreach):
        served(said).deliver(b"")
