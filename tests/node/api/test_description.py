"""The description tells the truth: every operation is tried by it, with calls it allows and others."""

from __future__ import annotations

import json
import re

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from comity_node.api import rates
from comity_node.api.openapi import document
from comity_node.api.operations import OPERATIONS, pattern
from tests.node.assistance.conftest import THEIRS
from tests.node.counterpart import CHANNEL

_UNDERSTOOD = ["2xx", "401", "403", "404", "409", "416", "422"]
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": _UNDERSTOOD},
            "negative_data_rejection": {
                "expected-statuses": ["400", "401", "403", "404", "413", "415", "422"]
            },
        },
    }
)
SCHEMA = schemathesis.openapi.from_dict(json.loads(document()), config=CONFIG)
SCHEMA.app = WSGIHandler()


@SCHEMA.hook
def map_path_parameters(context, path_parameters):
    """Let half of the calls find something: what was drawn says which."""
    known = {"channel": CHANNEL, "ref": THEIRS, "party": "bb", "index": 0, "act": "acknowledged"}
    if context.operation.path.startswith("/drafts"):
        known["ref"] = "aa-2026-0001"
    drawn = path_parameters or {}
    fit = all(re.fullmatch(pattern(name), str(value)) for name, value in drawn.items())
    return {name: known[name] for name in drawn} if fit and len(str(drawn)) % 2 else path_parameters


@SCHEMA.hook
def filter_query(context, query):
    """Leave out what cannot be written in a query: an empty list would not be there at all."""
    return all(value not in ([], {}) for value in (query or {}).values())


@pytest.fixture(autouse=True)
def _one_connection():
    """A test's database lives on one connection: what a server closes after each call stays open here."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@SCHEMA.parametrize()
@settings(
    max_examples=settings.default.max_examples // 8,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_every_operation_is_as_described(case, system, asked, draft):
    """Another authority's programmers work from the description alone; what it leaves out, they trip over."""
    rates.forget()
    case.call_and_validate(headers={"Authorization": f"Bearer {system.secret}"})


def test_the_description_is_served_as_committed(system):
    """What programs fetch and what people read in the tree are one text."""
    assert document() == system("GET", "/openapi.json").content


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_every_operation_says_what_it_does(operation):
    """A name alone is no description."""
    assert operation.summary.endswith(".")
