"""Objects are held against the forms of STIX 2.1, and each thing that is wrong with one is said."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from comity.intelligence import Item, Limits, MalformedBundle, MalformedObject, checked, read
from comity.intelligence.objects import forms

DATA = Path(__file__).parents[4] / "shared" / "data"
OF_MALWARE = "malware--00000000-0000-4000-8000-000000000000"
MADE = {"created": "2021-07-02T10:00:00.000Z", "modified": "2021-07-02T10:00:00.000Z"}


def made(type_, **said):
    """An object of ours, checked."""
    uuid = "00000000-0000-4000-8000-000000000000"
    value = {"type": type_, "spec_version": "2.1", "id": f"{type_}--{uuid}", **said}
    value = {name: one for name, one in value.items() if one is not ...}
    return checked(Item(0, json.dumps(value), value, ()))


def refused(type_, **said):
    """Why an object is refused."""
    with pytest.raises(MalformedObject) as found:
        made(type_, **said)
    return found.value.reasons


def test_an_object_that_holds_says_what_it_is():
    """Its version is when it was last changed."""
    one = made("identity", **MADE, name="A", identity_class="organization")

    assert ("identity", MADE["modified"], False) == (one.type, one.version, one.is_revoked)
    assert made("identity", **MADE, name="A", revoked=True).is_revoked
    assert made("url", value="https://a.test").version == ""


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"name": ...}, "name: it is required"),
        ({"name": 1}, "name: it has to be: text"),
        ({"name": None}, "name: it has to be: text"),
        ({"labels": []}, "labels: it has to be: list of text"),
        ({"confidence": 101}, "confidence: it has to be: 0..100"),
        ({"confidence": True}, "confidence: it has to be: 0..100"),
        ({"created": "2021-07-02T10:00:00"}, "created: it has to be: time"),
        ({"created": "2021-02-30T10:00:00Z"}, "created: it has to be: time"),
        ({"created": "2021-07-02T24:00:00Z"}, "created: it has to be: time"),
        ({"modified": "2020-07-02T10:00:00Z"}, "modified: it is not later than created"),
        ({"spec_version": "2.0"}, "spec_version: it has to be: code 2.1"),
        ({"created_by_ref": OF_MALWARE}, "created_by_ref: it has to be: id of identity"),
        ({"id": "identity--1"}, "id: it has none, or one that is not a type and a UUID"),
        ({"id": OF_MALWARE}, "id: it is one of malware, and the type is identity"),
        ({"Colour": 1}, "Colour: names are of small letters, digits and low lines"),
        ({"external_references": [{"source_name": "a"}]},
         "external_references: it has to be: list of reference"),
        ({"granular_markings": [{"selectors": ["name"]}]},
         "granular_markings: it has to be: list of granular"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(said, reason):
    """Whoever sent it can mend it."""
    assert (reason,) == refused("identity", **{**MADE, "name": "A", **said})


@pytest.mark.parametrize(
    ("type_", "said", "reason"),
    [
        ("location", MADE, "it needs region, or country, or latitude with longitude"),
        ("artifact", {"payload_bin": "QQ==", "url": "a"}, "it has both payload_bin and url"),
        ("artifact", {"payload_bin": "Q"}, "payload_bin: it has to be: base64"),
        ("file", {"hashes": {"SHA-256": "ab"}}, "hashes: it has to be: hashes"),
        ("file", {"name": "a", "magic_number_hex": "abc"}, "magic_number_hex: it has to be: hex"),
        ("opinion", {**MADE, "opinion": "so", "object_refs": ["url--00000000-0000-4000-8000-000000000000"]},
         "opinion: it has to be: code strongly-disagree disagree neutral agree strongly-agree"),
        ("indicator", {**MADE, "pattern": "[a:b = 1]", "pattern_type": "stix", "valid_from": MADE["created"],
                       "valid_until": MADE["created"]}, "valid_until: it is not later than valid_from"),
        ("network-traffic", {"protocols": ["tcp"]}, "it needs src_ref, or dst_ref"),
    ],
)  # fmt: skip
def test_what_belongs_together_is_held_together(type_, said, reason):
    """The rules of a type that no single property shows."""
    assert (reason,) == refused(type_, **said)


def test_a_type_nobody_foresaw_is_kept():
    """An extension may bring one; what every object has is asked of it all the same."""
    assert "x-case-file" == made("x-case-file", **MADE, anything={"deep": [1]}).type
    assert ("created: it has to be: time",) == refused("x-case-file", created="today")


def test_no_more_reasons_are_given_than_can_be_read():
    """An object may be wrong in ten thousand ways."""
    assert 20 == len(refused("identity", **MADE, name="A", **{f"A{n}": 1 for n in range(10_000)}))


def test_every_form_in_the_table_is_known():
    """A word misspelt in it would break on the first object of its type."""
    assert 43 == len(forms())
    assert all(form.must for form in forms().values())


def found(path):
    """How many objects of a file hold, and why the others, or the rest of the file, do not."""
    raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    good, reasons = 0, []
    try:
        for item in read([raw], Limits()):
            try:
                checked(item)
                good += 1
            except MalformedObject as error:
                reasons += error.reasons
    except MalformedBundle as error:
        reasons.append(str(error))
    return good, reasons


@pytest.mark.skipif(not DATA.exists(), reason="real threat data are not on this machine")
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("corpus/attack-ics-18.1.stix21.json.xz", 1_826),
        ("revil/attack-revil-core.stix21.json", 96),
        ("stix-examples/oasis-documentation/poisonivy.json", 155),
        ("stix-examples/oasis-documentation/using-granular-markings.json", 4),
        ("stix-examples/oasis-json-schemas/malicious-email-indicator-with-attachment.json", 6),
    ],
)
def test_what_others_publish_holds(name, count):
    """The examples of the standard, and catalogues in use."""
    assert (count, []) == found(DATA / name)


@pytest.mark.skipif(not DATA.exists(), reason="real threat data are not on this machine")
def test_what_is_known_to_be_broken_is_refused():
    """Each made file has one object that is wrong in the way its name says; patterns are looked at apart."""
    names = [path for path in (DATA / "stix-examples/invalid").glob("*.json") if "pattern" not in path.name]

    assert 12 == len(names)
    for path in names:
        good, reasons = found(path)
        assert (2, True) == (good, bool(reasons)), path.name
