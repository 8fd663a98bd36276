"""No test reaches the network, and none opens a socket it was not marked for."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest


def test_an_unmarked_test_cannot_listen() -> None:
    """A test that leans on a socket fails where there is none, and no reader can see why."""
    with closing(socket.socket()) as listener, pytest.raises(AssertionError, match=r"socket\.bind"):
        listener.bind(("127.0.0.1", 0))


def test_an_unmarked_test_cannot_connect() -> None:
    """The guard stands below every library: whatever opens the socket is stopped."""
    with closing(socket.socket()) as caller, pytest.raises(AssertionError, match=r"socket\.connect"):
        caller.connect(("127.0.0.1", 9))


@pytest.mark.loopback
def test_a_marked_test_reaches_this_machine() -> None:
    """Nodes are tried over real sockets, on loopback only."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        with socket.create_connection(listener.getsockname(), timeout=5) as connection:
            assert listener.getsockname() == connection.getpeername()


@pytest.mark.loopback
def test_a_marked_test_reaches_nothing_else() -> None:
    """Tests run where there is no network, and must not notice."""
    with closing(socket.socket()) as caller, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        caller.connect(("192.0.2.1", 9))
