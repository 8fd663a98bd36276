"""Calls that are too large, too deep, misshapen or misdirected: refused by name, and nothing half done."""

from __future__ import annotations

from dataclasses import replace

from comity_node.api import services
from comity_node.assistance import services as assistance
from comity_node.assistance.models import Draft
from tests.node.api.test_tokens import code
from tests.node.assistance.conftest import THEIRS
from tests.node.counterpart import CHANNEL


def test_what_is_not_json_is_not_read(system, boris):
    """A form that a stranger's page can post is none of ours."""
    said = {"channel": CHANNEL, "title": "Posted by a stranger"}
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ""):
        answer = system("POST", "/drafts", said, **{"Content-Type": kind})
        assert (415, "not-json") == code(answer), kind
    assert not Draft.objects.exists()
    assert 201 == system("POST", "/drafts", said).status_code


MISSHAPEN = [
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"\xff\xfe",
    b'{"channel":1}',
    b'{"channel":"x"}',
    b'{"nothing":1}',
    b'{"channel":"abcdefghijklmnop","title":"\\ud800"}',
    b'{"channel":"abcdefghijklmnop","fields":{"A b":"x"}}',
    b"[" * 100_000,
    b'{"channel":"abcdefghijklmnop","fields":' + b'{"a":' * 50_000,
]


def test_a_body_in_another_form_is_refused(system, boris):
    """What a program misspelt must not be guessed at, and what is nested without end must not be followed."""
    for body in MISSHAPEN:
        answer = system("POST", "/drafts", body)

        assert answer.status_code in (400, 413), answer.content
        assert len(answer.content) < 2_000
        assert not Draft.objects.exists()


def test_a_body_larger_than_the_limit_is_not_read(system, boris, settings):
    """The limit is a setting, and the refusal names it."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, api_bytes=1_000))

    answer = system("POST", "/drafts", {"channel": CHANNEL, "title": "x" * 1_000})

    assert (413, "call-too-large") == code(answer)
    assert "api_bytes" in answer.json()["hint"]


SENSELESS = [
    "/requests?page=0",
    "/requests?page=1&page=2",
    "/requests?nothing=1",
    "/requests?size=1000",
    "/requests?sort=x",
    "/requests?overdue=perhaps",
    "/requests?page=99999999999999999999",
    "/requests?words=" + "x" * 101,
    "/requests?channel=..",
    "/exhibits?state=gone",
]


def test_a_query_that_makes_no_sense_is_refused(system):
    """A filter with a misspelt name would show everything, and be believed."""
    for path in SENSELESS:
        assert (400, "unreadable-call") == code(system("GET", path))


def test_a_query_without_end_is_not_read(system):
    """A long address costs whoever reads it."""
    assert (413, "call-too-large") == code(system("GET", "/requests?words=" + "x" * 3_000))


NOWHERE = [
    "/nothing",
    "/requests/",
    f"/requests/{CHANNEL}",
    f"/requests/{CHANNEL}/../x",
    f"/requests/{CHANNEL}/%2e%2e",
    f"/requests/{CHANNEL}/A",
    f"/entries/bb/{CHANNEL}/-1",
    f"/entries/bb/{CHANNEL}/01",
    f"/entries/BB/{CHANNEL}/0",
    f"/entries/bb/{CHANNEL}/999",
    f"/entries/x/{CHANNEL}/0",
    "//channels",
    "/channels/",
    "/channels%00",
    f"/drafts/{THEIRS}",
    f"/requests/{CHANNEL}/{THEIRS}%0a",
    "/openapi.json/",
    "/../v2/channels",
]


def test_an_address_that_names_nothing_is_told_so(system, boris):
    """No trick of spelling leads to a page, to another answer, or to a trace of the program."""
    for path in NOWHERE:
        answer = system("GET", path)

        assert 404 == answer.status_code, answer.content
        assert "application/problem+json" == answer["Content-Type"]


UNKNOWN = ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "MADEUP"]


def test_a_method_an_address_does_not_know_is_refused_with_those_it_does(system):
    """OPTIONS too: no other site's script is ever told that it may call."""
    for method in UNKNOWN:
        answer = system(method, "/requests")

        assert (405, "method-not-allowed") == code(answer)
        assert "GET, HEAD" == answer["Allow"]
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_head_answers_as_get_without_the_body(system):
    """What watches whether the node is up needs no content."""
    answer = system("HEAD", "/channels")

    assert (200, b"") == (answer.status_code, answer.content)


def test_the_draft_of_another_office_is_not_there(system, hire, boris):
    """Drafts belong to an office; their numbers are easily guessed."""
    other = hire("emil", "case officer", office="prosecution")
    theirs = assistance.draft(channel=CHANNEL, by=other, title="Not yours")

    assert 0 == system.get("/drafts")["total"]
    for method, path, said in (
        ("GET", "", None),
        ("GET", "/check", None),
        ("PATCH", "", {"title": "mine"}),
        ("DELETE", "", None),
        ("PUT", "/hand-over", {}),
        ("DELETE", "/hand-over", None),
    ):
        assert (404, "nothing-here") == code(system(method, f"/drafts/{theirs.ref}{path}", said)), path
    assert "Not yours" == Draft.objects.get().title


def test_a_reading_call_has_no_body(system):
    """What a cache or a proxy drops on the way must not change an answer."""
    assert (400, "unreadable-call") == code(system("GET", "/channels", {"a": 1}))


def test_a_fault_of_the_node_is_said_without_its_inside(system, monkeypatch):
    """A trace tells an intruder where to press on."""
    monkeypatch.setattr(services, "seen", lambda _: 1 / 0)

    answer = system("GET", "/channels")

    assert (500, "node-broken") == code(answer)
    assert b"ZeroDivision" not in answer.content
