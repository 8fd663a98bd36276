"""Sealed exhibits by range: the bytes asked for, to the party they were announced to, and no others."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from comity_node.evidence import services
from comity_node.evidence.errors import NoSuchExhibit
from comity_node.evidence.serving import serve_sealed


@pytest.fixture
def ask(added):
    """Ask for the exhibit as Boris's node does; give status, headers and bytes."""

    def get(method="get", party="bb", name=None, **headers):
        request = getattr(RequestFactory(), method)("/wire/exhibits/x", headers=headers)
        answer = serve_sealed(request, name or added.object, party)
        return answer, b"".join(answer)

    get.sealed = services.here(added).read_bytes()
    get.name = added.object
    return get


def test_without_a_range_the_whole_is_sent(ask):
    """A first fetch begins at the beginning."""
    answer, content = ask()

    assert (200, ask.sealed) == (answer.status_code, content)
    assert str(len(ask.sealed)) == answer["Content-Length"]
    assert "bytes" == answer["Accept-Ranges"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-", 0, None), ("bytes=70000-", 70_000, None), ("bytes=10-19", 10, 20), ("bytes=-5", -5, None)],
)
def test_a_range_is_sent_as_asked(ask, asked, start, end):
    """An interrupted fetch goes on at the very byte where it stopped."""
    answer, content = ask(Range=asked)

    whole = len(ask.sealed)
    first = start % whole
    assert (206, ask.sealed[start:end]) == (answer.status_code, content)
    assert f"bytes {first}-{(end or whole) - 1}/{whole}" == answer["Content-Range"]


def test_a_range_that_ends_beyond_the_end_is_cut(ask):
    """RFC 9110, 14.1.2: the last position may lie beyond the end."""
    answer, content = ask(Range=f"bytes=10-{10**18}")

    assert (206, ask.sealed[10:]) == (answer.status_code, content)


def test_a_range_beyond_the_end_is_refused(ask):
    """Whoever believes the file to be longer must learn how long it is."""
    answer, content = ask(Range=f"bytes={len(ask.sealed)}-")

    assert (416, b"") == (answer.status_code, content)
    assert f"bytes */{len(ask.sealed)}" == answer["Content-Range"]


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=5-2",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "items=0-1",
        "bytes=-",
        "bytes=" + "9" * 40 + "-",
        "bytes=٣-",
    ],
)
def test_what_is_no_single_range_means_the_whole(ask, asked):
    """RFC 9110, 14.2: a range that is not understood is ignored; it must not become another range."""
    answer, content = ask(Range=asked)

    assert (200, ask.sealed) == (answer.status_code, content)


def test_a_range_of_another_version_means_the_whole(ask):
    """If-Range guards against joining halves of two files."""
    answer, _ = ask(**{"Range": "bytes=10-", "If-Range": '"another"'})
    same, _ = ask(**{"Range": "bytes=10-", "If-Range": f'"{ask.name}"'})

    assert (200, 206) == (answer.status_code, same.status_code)


def test_a_head_request_sends_nothing(ask):
    """The size can be asked for alone."""
    answer, content = ask("head")

    assert (b"", str(len(ask.sealed))) == (content, answer["Content-Length"])


@pytest.mark.parametrize("name", ["0" * 64, "../../keyring", "", "%2e%2e"])
def test_an_object_that_was_not_announced_is_not_found(ask, name):
    """A guessed or crooked name tells nothing and reaches nothing."""
    with pytest.raises(NoSuchExhibit):
        ask(name=name or "x")


def test_an_object_of_another_party_is_not_found(ask):
    """What was announced to one counterpart does not exist for another."""
    with pytest.raises(NoSuchExhibit):
        ask(party="cc")


def test_an_answer_is_never_looked_into(ask):
    """Sealed or not, a browser must save what it gets and guess nothing about it."""
    answer, _ = ask()

    assert "nosniff" == answer["X-Content-Type-Options"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "application/octet-stream" == answer["Content-Type"]
