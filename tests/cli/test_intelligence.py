"""A file of threat intelligence is looked at before anybody relies on it, on any machine."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from comity_cli.main import comity

ID = "00000000-0000-4000-8000-000000000000"
TIMES = {"created": "2021-07-02T10:00:00.000Z", "modified": "2021-07-02T10:00:00.000Z"}


def indicator(**said):
    """An indicator of STIX 2.1."""
    must = {"pattern": "[a:b = 1]", "pattern_type": "stix", "valid_from": "2021-07-02T10:00:00Z"}
    return {"type": "indicator", "spec_version": "2.1", "id": f"indicator--{ID}", **TIMES, **must, **said}


@pytest.fixture
def file(tmp_path):
    """A bundle of these objects."""

    def write(*objects, end="]}"):
        path = tmp_path / "bundle.json"
        path.write_text('{"type": "bundle", "objects": [' + ", ".join(map(json.dumps, objects)) + end)
        return path

    return write


def check(path, *options):
    """What the command says of a file."""
    return CliRunner().invoke(comity, ["intelligence", "check", str(path), *options])


def test_what_does_not_hold_is_named_and_the_rest_is_counted(file):
    """Whoever sent it can mend it; the others can be used meanwhile."""
    older = {"type": "malware", "id": f"malware--{ID}", **TIMES, "name": "A", "labels": ["ransomware"]}
    path = file(indicator(), indicator(pattern="[a:b = "), {**indicator(), "id": "\x1b[31m"}, older)

    done = check(path, "--json")

    said = json.loads(done.stdout)
    assert (1, 2, 2) == (done.exit_code, said["objects"], said["left_out"])
    assert {"indicator": 1, "malware": 1} == said["types"]
    assert [1, 2] == [one["position"] for one in said["refused"]]
    assert said["refused"][0]["reasons"][0].startswith("pattern: ")
    assert "\x1b" not in check(path).stdout


def test_a_file_that_breaks_off_says_where_and_what_stands_before(file):
    """A download that was cut short is not taken for a small one."""
    done = check(file(indicator(), end=""))

    assert 1 == done.exit_code
    assert "nothing more can be read: after 1 objects" in done.stdout
    assert "1 objects hold; 0 do not" in done.stdout


def test_a_file_that_holds_is_said_to_hold(file):
    """For scripts: the exit code says it."""
    assert 0 == check(file(indicator())).exit_code
