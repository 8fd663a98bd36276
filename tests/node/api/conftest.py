"""The cast of assistance, and a case system that acts for Anna."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from comity_node.api import rates, services
from tests.node.assistance import conftest as cast

FILLED = cast.FILLED
anna, dora, clara, boris = cast.anna, cast.dora, cast.clara, cast.boris
draft, lodged, asked = cast.draft, cast.lodged, cast.asked


class System:
    """A case system: calls with its token, and reads what comes back."""

    def __init__(self, secret):
        self.secret = secret
        self._client = Client(raise_request_exception=False)

    def __call__(self, method, path, said=None, **headers):
        """Call an address below the base; what is said is sent as JSON."""
        body = "" if said is None else said if isinstance(said, bytes | str) else json.dumps(said)
        kind = "application/json" if said is not None else ""
        sent = {"Authorization": f"Bearer {self.secret}", **headers}
        return self._client.generic(method, f"/api/v1{path}", body, content_type=kind, headers=sent)

    def get(self, path, **headers):
        """Read, and expect to be answered."""
        answer = self("GET", path, **headers)
        assert 200 == answer.status_code, answer.content
        return answer.json()


@pytest.fixture(autouse=True)
def _fresh_rates():
    """No test waits for the calls of another."""
    rates.forget()


@pytest.fixture
def token(clara):
    """Issue a token for an official and draw it; returns its secret."""

    def issue(official, *scopes, channels=(), days=30):
        one = services.issue(
            official=official.login,
            label="Case system",
            scopes=scopes or services.SCOPES,
            expires_at=timezone.now() + timedelta(days=days),
            channels=channels,
            by=clara,
        )
        return services.draw(one.name, by=official)

    return issue


@pytest.fixture
def system(token, anna):
    """A case system that may do everything a token may, for Anna."""
    return System(token(anna))
