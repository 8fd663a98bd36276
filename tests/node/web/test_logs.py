"""The log explorer: narrowed down, turned round, and taken away as a file."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from comity_node.register import queries
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def boris(db):
    """The central authority of bb, who wrote three entries."""
    other = open_channel()
    for number in (1, 2):
        other.does("assistance.request.lodged", f"bb-2026-000{number}", stated={"requested": "aa"})
    return other


@pytest.fixture
def reader(hire, browser, boris):
    """A browser of somebody who reads the record."""
    return browser(hire("anna", "analyst"))


def test_a_log_is_read_from_either_end(reader):
    """Whoever follows a case begins at its beginning."""
    address = reverse("web:log", args=["bb", CHANNEL])

    newest = [row["ref"].index for row in reader.get(address).context["rows"]]
    oldest = [row["ref"].index for row in reader.get(address, {"order": "oldest"}).context["rows"]]

    assert ([2, 1, 0], [0, 1, 2]) == (newest, oldest)


def test_a_log_is_exported_as_it_was_narrowed_down(reader):
    """Every entry by its header, with the hash under which it stands in the tree; nothing is opened."""
    address = reverse("web:log-export", args=["bb", CHANNEL, "json"])

    whole = json.loads(reader.get(address, {"order": "oldest"}).getvalue())[f"log-bb-{CHANNEL}"]
    one = json.loads(reader.get(address, {"ref": "bb-2026-0002"}).getvalue())[f"log-bb-{CHANNEL}"]
    table = reader.get(reverse("web:log-export", args=["bb", CHANNEL, "csv"])).getvalue().decode()

    assert [0, 1, 2] == [row["index"] for row in whole]
    assert [2] == [row["index"] for row in one]
    assert [queries.leaf_hash(row.ref).hex() for row in queries.entries(CHANNEL, ref="bb-2026-0002")] == [
        row["leaf_hash"] for row in one
    ]
    assert 4 == len(table.splitlines())


def test_a_log_is_exported_to_readers_of_the_record_only(hire, browser, boris):
    """A file is a way to read, too."""
    clara = browser(hire("clara", "administrator"))

    assert 403 == clara.get(reverse("web:log-export", args=["bb", CHANNEL, "csv"])).status_code
