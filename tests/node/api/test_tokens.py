"""Tokens: drawn by whom they act for, shown once, and worth no more than their official is now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comity_node.api import services
from comity_node.api.errors import NoSuchToken, UnfitToken
from comity_node.api.models import Token
from comity_node.officials import people
from comity_node.officials.errors import NotEmpowered
from comity_node.officials.models import Journal
from tests.node.api.conftest import System
from tests.node.counterpart import CHANNEL


def issue(clara, **changed):
    """Issue a token for Anna, with what is said otherwise."""
    usual = {
        "official": "anna",
        "label": "Case system",
        "scopes": ["read"],
        "expires_at": timezone.now() + timedelta(days=1),
    }
    return services.issue(**{**usual, **changed}, by=clara)


def code(answer):
    """The status and code of a refusal."""
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_nobody_but_its_official_ever_sees_a_secret(anna, clara):
    """An administrator reads no case: through a token issued to a colleague they would read every one."""
    issued = issue(clara)

    with pytest.raises(NotEmpowered):
        services.draw(issued.name, by=clara)
    secret = services.draw(issued.name, by=anna)

    with pytest.raises(NoSuchToken):
        services.draw(issued.name, by=anna)
    kept = Token.objects.get()
    assert secret not in "".join(str(getattr(kept, field.name)) for field in Token._meta.fields)
    assert 64 == len(kept.digest)


def test_another_official_draws_nothing(anna, dora, clara):
    """A token acts for one person, who answers for it."""
    issued = issue(clara)

    with pytest.raises(NoSuchToken):
        services.draw(issued.name, by=dora)


UNFIT = [
    {"scopes": []},
    {"scopes": ["read", "sign"]},
    {"label": " "},
    {"label": "x" * 121},
    {"channels": ["abcdefghijklmnop"]},
    {"expires_at": timezone.now() - timedelta(seconds=1)},
    {"expires_at": timezone.now() + timedelta(days=500)},
]


def test_a_token_without_scope_end_or_use_is_not_issued(anna, clara):
    """A right that nobody limited is found again when it was stolen."""
    for changed in UNFIT:
        with pytest.raises(UnfitToken):
            issue(clara, **changed)


def test_only_an_administrator_issues(anna):
    """Whoever drafts must not widen what drafts for them."""
    with pytest.raises(NotEmpowered):
        issue(anna)


def test_every_change_of_a_token_is_in_the_journal(anna, clara):
    """Who let a machine in must be found years later."""
    issued = issue(clara)
    services.draw(issued.name, by=anna)
    services.revoke(issued.name, by=anna)

    noted = list(Journal.objects.filter(did__startswith="token.").order_by("pk"))

    assert ["token.issued", "token.drawn", "token.revoked"] == [one.did for one in noted]
    assert [clara, anna, anna] == [one.official for one in noted]
    assert all(one.about.startswith(issued.name) for one in noted)


def test_a_revoked_token_opens_nothing_from_the_next_call_on(system, anna):
    """A secret that leaked must be worthless at once."""
    services.revoke(Token.objects.get().name, by=anna)

    assert (401, "no-token") == code(system("GET", "/channels"))
    assert Token.objects.get().refused_at is not None


def test_an_expired_token_opens_nothing(system):
    """A right nobody renewed has ended."""
    Token.objects.update(expires_at=timezone.now())

    assert (401, "no-token") == code(system("GET", "/channels"))


NEARLY = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer comity_x_y",
    "Basic YW5uYTp4",
    "Bearer comity__",
    "Bearer é",
    "Token {secret}",
    "Bearer {secret}x",
    "Bearer {cut}",
    "Bearer {name}",
    "Bearer comity_{only}_",
]


def test_only_the_whole_secret_is_a_token(system):
    """Nearly right is wrong, and nothing in an answer says how near."""
    for authorization in NEARLY:
        secret = system.secret
        said = authorization.format(
            secret=secret, cut=secret[:-1], name=secret.rpartition("_")[0], only=secret.split("_")[1]
        )

        answers = [
            system("GET", "/channels", Authorization=said),
            system("GET", "/nowhere", Authorization=said),
        ]

        assert [(401, "no-token")] * 2 == [code(one) for one in answers]
        assert answers[0].content == answers[1].content
        assert answers[0]["WWW-Authenticate"].startswith("Bearer")


def test_a_token_not_yet_drawn_opens_nothing(anna, clara):
    """Its hash is empty: so must no text be whose hash is nothing."""
    issued = issue(clara)

    for secret in (f"comity_{issued.name}_", f"comity_{issued.name}", f"comity_{issued.name}_x"):
        assert (401, "no-token") == code(System(secret)("GET", "/channels"))


def test_secrets_are_compared_in_a_time_that_tells_nothing(system, monkeypatch):
    """Every call comes to the same comparison, whether its token exists or not."""
    compared = []
    monkeypatch.setattr(services, "compare_digest", lambda *pair: bool(compared.append(pair)))

    for secret in (system.secret, f"{system.secret[:-1]}!", "comity_unknown_x", "", "nothing"):
        System(secret)("GET", "/channels")

    assert 5 == len(compared)
    assert {64} == {len(one) for pair in compared for one in pair}


def test_whoever_lost_a_power_lost_it_for_their_tokens(system, anna, clara, boris):
    """Powers are asked at each call: a token is no way to keep what was taken."""
    people.appoint("anna", roles=["analyst"], by=clara)

    assert 200 == system("GET", "/channels").status_code
    assert (403, "not-empowered") == code(system("GET", "/drafts"))


def test_the_tokens_of_a_suspended_official_are_suspended_with_them(system, clara):
    """Otherwise a suspension would end at the door of the machine room."""
    people.suspend("anna", by=clara)

    for path in ("/channels", "/", "/nowhere"):
        assert (403, "not-empowered") == code(system("GET", path)), path

    people.reinstate("anna", by=clara)
    assert 200 == system("GET", "/channels").status_code


def test_a_password_that_somebody_else_gave_stops_tokens_as_well(system, clara):
    """Who knows the password could otherwise draw and use what its owner may."""
    people.set_password("anna", password="a phrase of the other one", by=clara)

    assert (403, "not-empowered") == code(system("GET", "/channels"))


@pytest.mark.parametrize(
    ("scopes", "path"),
    [(["draft"], "/requests"), (["read"], "/drafts"), (["read"], f"/channels/{CHANNEL}/ways")],
)
def test_a_token_reaches_no_further_than_its_scopes(token, anna, boris, scopes, path):
    """A system that shows standings has no business among the drafts."""
    assert (403, "out-of-scope") == code(System(token(anna, *scopes))("GET", path))


def test_a_token_sees_its_channels_only(token, anna, boris, asked, draft):
    """Another channel looks like one that does not exist, under every address."""
    narrow = System(token(anna))
    Token.objects.update(channels=["zzzzzzzzzzzzzzzz"])

    assert [] == narrow.get("/channels")["channels"]
    assert 0 == narrow.get("/requests")["total"]
    assert 0 == narrow.get("/drafts")["total"]
    for path in (
        f"/requests/{CHANNEL}/{asked}",
        f"/requests?channel={CHANNEL}",
        f"/requests/{CHANNEL}/{asked}/entries",
        f"/entries/bb/{CHANNEL}/0",
        f"/entries/bb/{CHANNEL}/0/proof",
        f"/exhibits?channel={CHANNEL}",
        f"/channels/{CHANNEL}/ways",
        f"/exhibits/{CHANNEL}/aa-2026-x0001",
        f"/exhibits/{CHANNEL}/aa-2026-x0001/content",
        f"/requests/{CHANNEL}/{asked}/acts/acknowledged",
        f"/drafts/{draft.ref}",
        f"/drafts/{draft.ref}/check",
        f"/drafts/{draft.ref}/hand-over",
    ):
        assert (404, "nothing-here") == code(narrow("GET", path)), path
    for method, path, said in (
        ("POST", "/drafts", {"channel": CHANNEL}),
        ("PATCH", f"/drafts/{draft.ref}", {"title": "x"}),
        ("DELETE", f"/drafts/{draft.ref}", None),
        ("PUT", f"/drafts/{draft.ref}/hand-over", {}),
        ("DELETE", f"/drafts/{draft.ref}/hand-over", None),
        ("PUT", f"/requests/{CHANNEL}/{asked}/acts/acknowledged", {}),
        ("DELETE", f"/requests/{CHANNEL}/{asked}/acts/acknowledged", None),
    ):
        assert (404, "nothing-here") == code(narrow(method, path, said)), path


def test_a_token_opens_no_page_and_a_session_no_call(system, anna, browser, boris):
    """A stranger's page can make a browser send its cookies, never this header."""
    page = Client().get("/requests/", headers={"Authorization": f"Bearer {system.secret}"})
    call = browser(anna).get("/api/v1/channels")

    assert page.status_code == 302
    assert (401, "no-token") == code(call)


def test_a_token_is_answered_only_so_often(system, settings):
    """A system run wild must leave the node to officials."""
    limits = replace(settings.NODE.limits, api_calls=3)
    settings.NODE = replace(settings.NODE, limits=limits)

    answers = [system("GET", "/") for _ in range(5)]

    assert [200, 200, 200, 429, 429] == [one.status_code for one in answers]
    assert int(answers[-1]["Retry-After"]) > 0


@pytest.mark.parametrize(("ended", "column"), [(False, "used_at"), (True, "refused_at")])
def test_use_is_noted_without_writing_at_every_call(system, anna, ended, column):
    """Who looks at the list of tokens sees which are dead; who polls with one does not keep the disk busy."""
    if ended:
        services.revoke(Token.objects.get().name, by=anna)
    system("GET", "/")
    first = getattr(Token.objects.get(), column)
    with CaptureQueriesContext(connection) as queries:
        system("GET", "/")
    written = [one["sql"] for one in queries if not one["sql"].startswith("SELECT")]
    Token.objects.update(**{column: first - timedelta(seconds=61)})
    system("GET", "/")

    assert [] == written
    assert first < getattr(Token.objects.get(), column)
