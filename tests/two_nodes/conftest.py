"""Arland and Borland with an open channel, made once; every test begins from that state, servers down."""

from __future__ import annotations

import pytest

from tests.two_nodes.nodes import Node, open_channel


@pytest.fixture(scope="session")
def _homes(tmp_path_factory):
    place = tmp_path_factory.mktemp("nodes")
    both = [Node(place, party) for party in ("aa", "bb")]
    try:
        open_channel(*both)
        yield both
    finally:
        for node in both:
            node.end()


@pytest.fixture
def nodes(_homes):
    """Both nodes, as they were when the channel was opened."""
    for node in _homes:
        node.set_back()
    yield _homes
    for node in _homes:
        node.kill()
