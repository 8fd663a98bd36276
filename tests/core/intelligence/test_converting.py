"""Identifiers everybody arrives at, patterns by their grammar, the strictest marking, and older objects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from comity.intelligence import Item, Limits, MalformedObject, checked, converted, is_older, read
from comity.intelligence.identifiers import identifier
from comity.intelligence.marked import marking
from comity.intelligence.patterns import fault

DATA = Path(__file__).parents[4] / "shared" / "data"
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
GREEN = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
OWN = "marking-definition--00000000-0000-4000-8000-000000000000"
ADDRESS = "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"


@pytest.mark.parametrize(
    ("type_", "said", "uuid"),
    [
        ("domain-name", {"value": "a.test"}, "5edf19e8-0e39-5f97-a708-f2c26caf401d"),
        ("ipv4-addr", {"value": "198.51.100.3"}, "28bb3599-77cd-5a82-a950-b5bc3caf07c4"),
        ("file", {"hashes": {"SHA-256": "a" * 64, "MD5": "b" * 32}, "name": "x.exe"},
         "4915fc0e-b154-5cb1-b338-70da92bbc85c"),
        ("file", {"name": "ä.exe"}, "9d86537f-82ff-5619-b02c-deab4ca85f37"),
        ("autonomous-system", {"number": 64500}, "0a5f7072-df00-5729-9f0a-4eb18631a446"),
        ("url", {"value": "https://a.test/ü"}, "009fb560-d1de-5d44-a861-f2e5c8067bec"),
        ("windows-registry-key",
         {"key": "HKLM\\A", "values": [{"name": "Foo", "data": "q", "data_type": "REG_SZ"}]},
         "27ee6bb2-2156-5fc2-aede-5c3313ecfa17"),
        ("user-account", {"account_login": "j", "user_id": "1"}, "51aeda0d-0340-5e46-8b00-b82fc5c53cae"),
        ("email-message", {"is_multipart": False, "subject": "S", "body": "b"},
         "b6e4a528-d3a1-54b8-aca7-eeef4faf7691"),
        ("artifact", {"payload_bin": "QQ=="}, "3b6c68ab-ba17-5538-bfa0-87d31bd342c6"),
    ],
)  # fmt: skip
def test_the_same_observable_has_the_same_identifier_everywhere(type_, said, uuid):
    """The identifiers are those the library of OASIS gives."""
    assert f"{type_}--{uuid}" == identifier(type_, said)


@pytest.mark.parametrize("said", [("process", {"pid": 1}), ("file", {"hashes": []}), ("no-such", {"a": 1})])
def test_what_has_no_identifier_of_its_own_is_given_none(said):
    """Two processes that say the same are two; what is not in its form names nothing."""
    assert identifier(*said) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "[file:hashes.'SHA-256' = 'aa']",
        r"[url:value = 'it\'s' AND file:size > 10] FOLLOWEDBY [a:b MATCHES '^a'] WITHIN 5 SECONDS",
        "[a:b = t'2021-07-02T00:00:00Z']",
    ],
)
def test_a_pattern_is_a_pattern_whatever_stands_in_its_quotation_marks(pattern):
    """Each shape is looked at once; the texts in it are not."""
    assert "" == fault(pattern) == fault(pattern.replace("'aa'", "'] nonsense ['"))


@pytest.mark.parametrize(
    "pattern",
    ["", "[a:b = ", "a:b = 'x'", "[a:b = t'yesterday']", "[" + "(" * 999, "[a:b = '" + "x" * 30_000],
)
def test_what_is_no_pattern_is_said_to_be_none(pattern):
    """An indicator that no tool can apply is worth nothing; one made to exhaust the reader is refused."""
    assert fault(pattern)


@pytest.mark.parametrize(
    ("refs", "tlp"),
    [([], ""), ([GREEN], "GREEN"), ([GREEN, RED], "RED"), ([OWN], "RED"), ([GREEN, OWN], "RED")],
)
def test_of_several_markings_the_strictest_holds(refs, tlp):
    """And what nobody knows holds as RED."""
    assert tlp == marking({"object_marking_refs": refs}, lambda _ref: None).tlp


def test_a_part_is_marked_like_the_whole():
    """A reader who gets the whole gets that part as well."""
    granular = [{"marking_ref": RED, "selectors": ["name"]}, {"lang": "en", "selectors": ["name"]}]

    assert "RED" == marking({"granular_markings": granular}, lambda _ref: None).tlp


def test_a_statement_bars_nobody_from_reading():
    """It is a copyright, and its definition says so; of another sort nothing is known."""
    known = {OWN: {"definition_type": "statement"}}

    assert "" == marking({"object_marking_refs": [OWN]}, known.get).tlp
    known[OWN] = {"definition_type": "iep"}
    assert "RED" == marking({"object_marking_refs": [OWN]}, known.get).tlp


def older(type_, **said):
    """What becomes of an object of 2.0."""
    uuid = "00000000-0000-4000-8000-000000000000"
    made = {"created": "2021-07-02T10:00:00.000Z", "modified": "2021-07-02T10:00:00.000Z"}
    value = {"type": type_, "id": f"{type_}--{uuid}", **made, **said}
    assert is_older(value)
    return [checked(one) for one in converted(Item(0, json.dumps(value), value, ()))]


def test_an_indicator_of_2_0_says_by_which_grammar_its_pattern_is_meant():
    """Every pattern of 2.0 was of STIX."""
    (one,) = older(
        "indicator", labels=["malicious-activity"], pattern="[a:b = 1]", valid_from="2021-07-02T10:00:00Z"
    )

    assert ("stix", ["malicious-activity"]) == (one.value["pattern_type"], one.value["indicator_types"])


def test_what_was_observed_stands_for_itself():
    """Each thing under the identifier everybody gives it, whatever order they refer to each other in."""
    things = {
        "0": {"type": "network-traffic", "protocols": ["tcp"], "src_ref": "1", "dst_ref": "1"},
        "1": {"type": "ipv4-addr", "value": "198.51.100.3"},
        "2": {"type": "process", "pid": 1, "binary_ref": "3"},
        "3": {"type": "file", "name": "x.exe", "parent_directory_ref": "4"},
        "4": {"type": "directory", "path": "C:\\", "contains_refs": ["3"]},
    }
    times = {"first_observed": "2021-07-02T10:00:00Z", "last_observed": "2021-07-02T10:00:00Z"}
    *found, observation = older("observed-data", objects=things, number_observed=1, **times)

    traffic, address, process, file, directory = found
    assert ADDRESS == address.id == traffic.value["src_ref"]
    assert file.id == process.value["image_ref"] == directory.value["contains_refs"][0]
    assert directory.id == file.value["parent_directory_ref"]
    assert [one.id for one in found] == observation.value["object_refs"]


def test_things_that_refer_to_each_other_in_a_ring_are_named_all_the_same():
    """Nobody's identifier can be made of itself; a stranger may send such a thing."""
    ring = {
        "0": {"type": "file", "name": "a", "parent_directory_ref": "1"},
        "1": {"type": "file", "name": "b", "parent_directory_ref": "0"},
    }
    value = {"type": "observed-data", "id": "observed-data--1", "objects": ring}

    assert 3 == len(list(converted(Item(0, json.dumps(value), value, ()))))


@pytest.mark.skipif(not DATA.exists(), reason="real threat data are not on this machine")
@pytest.mark.parametrize(
    ("name", "count", "refused"),
    [("unit42-kaseya", 97, 0), ("unit42-gandcrab", 186, 0), ("unit42-revil-playbook", 1_023, 1)],
)
def test_reports_of_2_0_that_others_published_are_taken(name, count, refused):
    """One identity among them has no class, which neither version allows."""
    good = bad = 0
    for item in read([(DATA / f"revil/{name}.stix20.json").read_bytes()], Limits()):
        for one in converted(item):
            try:
                checked(one)
                good += 1
            except MalformedObject:
                bad += 1
    assert (count, refused) == (good, bad)
