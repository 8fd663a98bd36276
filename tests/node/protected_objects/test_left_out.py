"""Lists leave the node in one way, by their own acts: every other way of telling leaves them out."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comity import protected
from comity.instruments import library
from comity_cli.exporting import write
from comity_node.api import services as api
from comity_node.assistance.models import Request
from comity_node.protected_objects import queries, services
from comity_node.protected_objects.errors import ListTooLong
from comity_node.protected_objects.models import Keeping, ProtectedList
from comity_node.register import models, payloads, seeking
from comity_node.register import queries as register
from tests.node.counterpart import CHANNEL
from tests.node.protected_objects.conftest import GRID, KIND, THEIRS, Theirs, declares, objects

SECRETS = ("Grid control", "grid.example", "192.0.2.0", "Northern Grid")


def tells(text: str | bytes) -> list[str]:
    """What of a list stands in a text."""
    found = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return [one for one in SECRETS if one in found]


@pytest.fixture
def both(boris, anna, dora):
    """A list of ours and one of theirs, both shown; an alert of theirs that names what is on them."""
    ours = declares(anna, dora, "shown")
    version = Theirs().declared(boris)
    boris.does(
        "alert.incident.raised",
        "bb-2026-0001",
        stated={
            "instrument": "charter", "table": library()["charter"].digest, "requested": "aa", "severity": "2"
        },
        payload={"title": "Scans", "fields": {"what_happens": "Somebody scans power plants."}},
    )  # fmt: skip
    return ours, version


def test_an_export_with_payloads_has_none_of_a_list(both, tmp_path):
    """Entry, commitment and proof stand in it; what is on the list does not, not even sealed."""
    counts = write(CHANNEL, tmp_path / "export", with_payloads=True, progress=lambda _: None)

    held = {path.stem for path in (tmp_path / "export" / "payloads").glob("*.age")}
    ours = {one.entry.payload.sha256 for one in register.entries(CHANNEL, prefix=f"{KIND}.")}
    assert ours
    assert held.isdisjoint(ours)
    assert counts["payloads"] == len(held) > 0


def test_the_search_finds_none_of_a_list(both, anna, browser):
    """Whoever reads the record seeks in all of it: no word of a list is there to be found."""
    for words in ("Grid", "grid.example", "Northern", "waterworks"):
        assert not any(found.keys for found in seeking.seek(seeking.Sought(words)).values())
    assert [] == tells(" ".join(models.Passage.objects.values_list("tokens", flat=True)))
    page = browser(anna).get("/search/", {"words": "Northern"})
    assert [] == tells(page.content)


def test_a_case_system_is_given_none_of_a_list(both, anna, hire):
    """A program that acts for an official who may read lists still reads none: nobody gives it a reason."""
    clara = hire("clara", "administrator")
    _ours, version = both
    issued = api.issue(
        official="anna", label="Case system", scopes=api.SCOPES, channels=(), by=clara,
        expires_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    bearer = {"Authorization": f"Bearer {api.draw(issued.name, by=anna)}"}
    caller = Client()

    entry = caller.get(f"/api/v1/entries/bb/{CHANNEL}/{version.index}", headers=bearer)
    listed = caller.get("/api/v1/requests", headers=bearer)
    found = caller.get(f"/api/v1/requests/{CHANNEL}/{THEIRS}", headers=bearer)

    assert 200 == entry.status_code
    assert entry.json()["content"] is None
    assert [] == tells(entry.content + listed.content + found.content)
    assert THEIRS not in listed.content.decode()
    assert 404 == found.status_code


def test_a_case_file_and_the_lists_of_requests_have_none(both, anna, browser):
    """The alert is printed; what it touches is not, since a printed file goes on."""
    reader = browser(anna)
    row = Request.objects.get()
    pages = [
        reader.get(reverse("assistance:case-file", args=[CHANNEL, row.ref])),
        reader.get(reverse("assistance:list")),
        reader.get(reverse("assistance:request", args=[CHANNEL, row.ref])),
        reader.get(reverse("channels:channel", args=[CHANNEL])),
        reader.get("/requests/export.csv"),
        reader.get("/requests/export.json"),
        reader.get(f"/logs/aa/{CHANNEL}/export.csv"),
        reader.get("/"),
    ]

    for page in pages:
        text = b"".join(page.streaming_content) if page.streaming else page.content
        assert [] == tells(text)


def test_nothing_of_a_list_is_translated_or_passed_on(both, anna, paul, browser):
    """A translation would be a copy under another kind, and go where lists do not."""
    _ours, version = both
    address = f"/requests/{CHANNEL}/{THEIRS}/entries/bb/{version.index}/translate/"
    for official in (anna, paul):
        assert 404 == browser(official).get(address).status_code


@pytest.mark.parametrize("text", [{}, {"marking": {"tlp": "AMBER"}}, {"marking": {"tlp": "CLEAR"}}])
def test_what_they_mark_otherwise_is_held_as_red(boris, anna, paul, browser, text):
    """A loose marking of theirs opens nothing here: it is read by those who may, or not at all."""
    said = {**Theirs().document("shown"), **text}
    if not text:
        said.pop("marking")
    entry = Theirs().declared(boris, payload=said)

    answer = browser(paul).get(f"/logs/bb/{CHANNEL}/{entry.index}/", follow=True)

    assert [] == tells(answer.content)


def test_what_they_send_in_another_form_is_received_and_shows_nothing(boris, anna):
    """Wrong objects, another list than was committed to, no form at all: one doubt each, and no fault."""
    theirs = Theirs()
    other = Theirs(GRID).document("shown")
    hostile = [
        b"\x00not json",
        {"title": "x"},
        {**theirs.document("shown"), "objects": [{"object": {"name": "x"}, "salt": "00" * 32}]},
        {**theirs.document("shown"), "extra": 1},
        other,
        {**theirs.document("shown"), "objects": [], "padding": []},
    ]
    for number, payload in enumerate(hostile):
        theirs.declared(boris, ref=f"bb-2026-p10{number}", payload=payload)

    rows = list(ProtectedList.objects.order_by("ref"))
    assert ["unreadable"] * len(hostile) == [one.content for one in rows]
    assert all(one.doubt for one in rows)
    assert "not those that were committed to" in rows[4].doubt
    assert () == queries.touched_by(["grid.example"]).objects


def test_a_list_that_states_no_commitment_can_be_listed(boris, anna, browser):
    """Codes that make no sense are shown as such."""
    for number, leaves in enumerate(("many", "-1", "016", "9" * 40)):
        Theirs().declared(boris, ref=f"bb-2026-p20{number}", leaves=leaves)

    page = browser(anna).get(reverse("protected_objects:lists"))

    assert 200 == page.status_code
    assert {0} == set(ProtectedList.objects.values_list("leaves", flat=True))


def test_a_list_longer_than_passes_is_refused_by_the_name_of_the_limit(boris, anna, settings):
    """What the other node would refuse holds up the whole log behind it."""
    many = objects(*({"name": f"Station {n}", "sector": "energy", "region": "x" * 280} for n in range(100)))
    cover = services.Cover("shown", "Long", "x", {"valid_until": "2030-12-31"})
    kept = services.keep(many, cover, channel=CHANNEL, by=anna)
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, payload_bytes=50_000))

    with pytest.raises(ListTooLong) as refused:
        services.sign(services.declaration(kept), by=anna)

    assert "payload_bytes" in refused.value.hint
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, list_objects=2))
    with pytest.raises(protected.RowsAtFault, match="takes 1 to 2"):
        services.add(kept, objects(GRID)[0], by=anna)


@pytest.mark.lengthy
def test_what_touches_ten_thousand_objects_is_found_at_once(boris, anna, dora, settings):
    """An alert with fifty indicators waits for no list."""
    many = [
        {
            "name": f"Station {n}", "sector": "energy",
            "domains": [f"station{n}.example", f"s{n}.grid.example"],
            "networks": [f"10.{n >> 8}.{n & 255}.0/24", f"2001:db8:{n:x}::/48"],
        }
        for n in range(10_000)
    ]  # fmt: skip
    declares(anna, dora, "committed", *many)
    observed = [f"10.{n}.7.9" for n in range(39)] + [f"www.station{n}.example" for n in range(10)] + ["AS1"]

    began = time.perf_counter()
    found = queries.touched_by(observed).objects

    assert 48 == len(found)  # one of them by two things
    assert time.perf_counter() - began < 2
    assert 16_384 == Keeping.objects.get().leaves


def test_what_is_certified_as_destroyed_is_in_no_table(boris, anna, dora):
    """Neither in the projections nor in what was prepared: nothing of it is left to be found on the disk."""
    from tests.node.protected_objects.conftest import acts  # noqa: PLC0415 - only here
    from tests.node.protected_objects.test_lists import DISPOSAL  # noqa: PLC0415 - only here

    version = Theirs().declared(boris)
    row = ProtectedList.objects.get()
    services.open_(row, by=anna, why="Review")
    boris.does(
        f"{KIND}.disposal_asked", THEIRS, payload=protected.document(protected.Words()),
        stated={"entries": [str(version)], "disposal": "destruction"},
    )  # fmt: skip
    certificate = protected.read(DISPOSAL, protected.Disposed)
    acts(row, "destroyed", anna, dora, said=certificate, entries=[str(version)])

    for model in (*ProtectedList.__subclasses__(), ProtectedList, models.Passage):
        rows = json.dumps(list(model.objects.values()), default=str)
        assert [] == tells(rows)
    assert payloads.payload(register.entry(version)) is None
