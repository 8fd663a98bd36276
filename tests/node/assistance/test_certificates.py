"""Certificates by the forms of the treaty: filled in from the chain of custody, signed, set as letters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity_node.assistance import certificates, filling, letters, services
from comity_node.assistance.errors import NoLetter, NotFilledIn
from comity_node.assistance.models import Request
from comity_node.evidence import services as evidence
from comity_node.evidence.models import Exhibit
from comity_node.letters.reading import disagreements, read
from comity_node.officials import services as officials
from comity_node.register import payloads, queries
from tests.node.counterpart import CHANNEL

E = {
    "certificate": ["E"],
    "custodian": ["Registry of the ministry"],
    "received_from": ["Police of Arland"],
    "received_at": ["3 May 2026"],
    "received_where": ["Capital"],
    "description": ["Disk image"],
    "condition_on_receipt": ["Sealed"],
    "condition_on_transfer": ["Sealed"],
}


@pytest.fixture
def given(asked, anna, dora, tmp_path, settings):
    """A request of theirs that we execute, with an exhibit of ours given in answer."""
    settings.NODE = replace(settings.NODE, exhibits=tmp_path / "exhibits")
    file = tmp_path / "disk image.dd"
    file.write_bytes(b"content")
    described = {"taken_by": "Police of Arland", "taken_at": "3 May 2026", "taken_where": "Capital"}
    evidence.add(file, channel=CHANNEL, described=described, by=anna)
    exhibit = Exhibit.objects.get()
    services.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)
    named = [{"sha256": exhibit.sha256, "entry": exhibit.entry, "title": "Disk image"}]
    done = services.act(
        channel=CHANNEL, ref=asked, act_name="executed", by=anna,
        stated={"extent": "in whole"}, payload={"text": "Given.", "exhibits": named},
    )  # fmt: skip
    officials.second(done, by=dora)
    return exhibit


def test_each_form_is_offered_and_custody_for_each_exhibit_given(asked, given, anna, browser):
    """An officer picks the certificate the other side needs; what the record knows is filled in."""
    seated = browser(anna)
    page = seated.get(f"/requests/{CHANNEL}/{asked}/acts/certified/").content.decode()
    assert all(f"certificate={one}" in page for one in "ABCDE")
    assert "of Disk image" in page

    form = seated.get(
        f"/requests/{CHANNEL}/{asked}/acts/certified/", {"certificate": "E", "exhibit": given.entry}
    ).content.decode()

    assert "Police of Arland" in form
    assert f"SHA-256 {given.sha256}" in form
    assert "Condition on transfer" in form


def test_nothing_of_another_exhibit_fills_a_certificate(asked, given, boris):
    """A link that names an entry of theirs, or none, must not have us certify what we never held."""
    theirs = queries.entries(CHANNEL, ref=asked)[0].ref

    assert {} == certificates.from_custody(CHANNEL, str(theirs))
    assert {} == certificates.from_custody(CHANNEL, "nonsense#")
    assert {} == certificates.from_custody("another", given.entry)


def test_a_certificate_lacking_what_its_form_asks_is_not_given(asked, given, anna):
    """A court sends back a certificate of custody that names no custodian."""
    with pytest.raises(NotFilledIn, match="Custodian"):
        filling.act(CHANNEL, asked, "certified", {**E, "custodian": [""]}, by=anna)
    with pytest.raises(NotFilledIn):
        filling.act(CHANNEL, asked, "certified", {"certificate": ["Z"]}, by=anna)


def test_a_certificate_is_signed_sealed_and_set_as_a_letter(asked, given, anna, dora):
    """The act is what was signed; its letter shows each datum of the form, and proves the entry."""
    wanted = filling.act(CHANNEL, asked, "certified", E, by=anna)
    prepared = officials.sign(wanted, shown=officials.text_digest(wanted), by=anna)
    entry = officials.second(prepared, by=dora)

    row = Request.objects.get(ref=asked)
    pdf = letters.of_request(row, "en", act=f"{entry.origin.party}-{entry.index}")

    said = payloads.payload(queries.entry(entry))
    found = read(pdf)
    assert said["fields"]["custodian"] == "Registry of the ministry"
    assert str(entry) == found.data.entry
    assert "assistance.request.certified" == found.data.kind
    assert [] == list(disagreements(found))


@pytest.mark.parametrize("act", ["aa-999", "aa", "-", "zz-0", "../x"])
def test_there_is_no_letter_of_an_act_that_is_not_there(asked, act):
    """An address somebody made up."""
    with pytest.raises(NoLetter):
        letters.of_request(Request.objects.get(ref=asked), "en", act=act)
