"""Results: a case system gets the content of an exhibit once an official of its office has opened it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from comity import custody
from comity_node.api import rates
from comity_node.evidence import services as evidence
from comity_node.evidence.models import CustodyStep, Exhibit
from comity_node.officials import services as officials
from comity_node.officials.models import Journal
from tests.node.api.conftest import System
from tests.node.api.test_tokens import code
from tests.node.counterpart import CHANNEL
from tests.node.evidence.conftest import CONTENT, Line, announces, seal_for_both


@pytest.fixture
def exhibit(settings, tmp_path, anna, boris, draft):
    """An exhibit on record, of the request that is drafted."""
    settings.NODE = replace(settings.NODE, exhibits=tmp_path / "exhibits")
    file = tmp_path / "disk image.dd"
    file.write_bytes(CONTENT)
    described = {"description": "Server of the suspect", "request": draft.ref}
    evidence.add(file, channel=CHANNEL, described=described, by=anna)
    return Exhibit.objects.get()


@pytest.fixture
def path(exhibit):
    """The address of its content."""
    return f"/exhibits/{CHANNEL}/{exhibit.ref}/content"


def opened(exhibit, by):
    """Have an official open it, and read it to its end."""
    return b"".join(evidence.open_exhibit(exhibit, by=by, purpose="analysis"))


def test_the_exhibits_of_a_request_are_listed_with_their_hashes(system, exhibit, draft):
    """What came in answer is found by the request it answers."""
    (listed,) = system.get(f"/exhibits?channel={CHANNEL}&request={draft.ref}")["exhibits"]

    assert hashlib.sha256(CONTENT).hexdigest() == listed["sha256"]
    assert listed == system.get(f"/exhibits/{CHANNEL}/{exhibit.ref}")
    assert not listed["opened"]
    assert [] == system.get(f"/exhibits?channel={CHANNEL}&request=bb-2026-0009")["exhibits"]


def test_no_program_is_the_first_to_open_an_exhibit(system, path, exhibit):
    """An opening is an act of custody: a person does it, for a stated purpose, and it is on record."""
    answer = system("GET", path)

    assert (409, "not-opened-yet") == code(answer)
    assert not CustodyStep.objects.filter(act="opened").exists()


def test_what_the_office_opened_is_given_and_noted(system, path, exhibit, anna):
    """The journal says which system took it, by leave of which opening."""
    opened(exhibit, anna)

    answer = system("GET", path)

    assert CONTENT == answer.getvalue()
    assert "attachment" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]
    noted = Journal.objects.get(did="token.exhibit-given")
    assert CustodyStep.objects.get(act="opened").entry == noted.entry
    assert 1 == CustodyStep.objects.filter(act="opened").count()


def test_what_another_office_opened_is_not_given(path, exhibit, token, anna, hire):
    """Each office answers for its own openings."""
    opened(exhibit, anna)
    other = System(token(hire("emil", "case officer", office="prosecution")))

    assert (409, "not-opened-yet") == code(other("GET", path))


@pytest.mark.parametrize("span", [(0, 0), (1, 70_000), (65_535, 65_536), (200_000, len(CONTENT) - 1)])
def test_a_fetch_that_broke_off_goes_on(system, path, exhibit, anna, span):
    """A large exhibit over a bad line must not begin anew each time."""
    opened(exhibit, anna)
    start, last = span

    answer = system("GET", path, Range=f"bytes={start}-{last}")

    assert 206 == answer.status_code
    assert CONTENT[start : last + 1] == answer.getvalue()
    assert f"bytes {start}-{last}/{len(CONTENT)}" == answer["Content-Range"]


def test_a_range_beyond_the_end_is_refused_and_head_tells_the_size(system, path, exhibit, anna):
    """A program that resumes asks first how much there is."""
    opened(exhibit, anna)

    head = system("HEAD", path)

    assert 416 == system("GET", path, Range="bytes=999999999-").status_code
    assert (str(len(CONTENT)), b"") == (head["Content-Length"], head.content)
    assert not Journal.objects.filter(did="token.exhibit-given").exists()


def test_results_take_their_scope_and_their_power(path, exhibit, token, anna, hire):
    """To list exhibits is not yet to have them."""
    opened(exhibit, anna)

    assert (403, "out-of-scope") == code(System(token(anna, "read"))("GET", path))
    assert (403, "not-empowered") == code(System(token(hire("ida", "analyst"), "results"))("GET", path))
    assert (403, "out-of-scope") == code(
        System(token(anna, "results"))("GET", f"/exhibits/{CHANNEL}/{exhibit.ref}")
    )


@pytest.fixture
def arrived(settings, tmp_path, anna, boris):
    """An exhibit of theirs that arrived, and that our office has opened."""
    settings.NODE = replace(settings.NODE, exhibits=tmp_path / "exhibits")
    sealed, document = seal_for_both(boris, CONTENT)
    found = announces(boris, document)
    evidence.fetch(found, Line(sealed))
    found.refresh_from_db()
    opened(found, anna)
    return found


def test_what_was_recalled_is_given_to_no_program_until_it_is_answered(system, arrived, boris, anna, dora):
    """What an official may not open any more, a program that remembers the address must not have."""
    path = f"/exhibits/{CHANNEL}/{arrived.ref}/content"
    before = system("GET", path).getvalue()

    boris.does("evidence.exhibit.recalled", arrived.ref, payload={"text": "Sent by mistake."})
    arrived.refresh_from_db()
    whole, part, head = system("GET", path), system("GET", path, Range="bytes=0-9"), system("HEAD", path)
    said = custody.FORMS["kept"](text="The court holds it.")
    kept = evidence.act_on(arrived, "kept", said, {"kept_because": "part_of_a_court_file"})
    officials.second(officials.prepare(kept, by=anna), by=dora)

    assert CONTENT == before
    assert [(409, "not-to-be-used")] * 2 == [code(whole), code(part)]
    assert 409 == head.status_code
    assert "recalled" in whole.json()["detail"]
    assert "destroyed" in whole.json()["hint"]
    assert CONTENT == system("GET", path).getvalue()


def test_who_recalled_an_exhibit_of_its_own_still_has_it(system, path, exhibit, anna):
    """The custody table binds the receiving Party; the same rule decides on the page."""
    opened(exhibit, anna)
    said = custody.FORMS["recalled"](text="Sent by mistake.")
    officials.prepare(evidence.act_on(exhibit, "recalled", said), by=anna)

    assert CONTENT == system("GET", path).getvalue()


def test_what_is_still_being_sent_is_still_being_answered(system, path, exhibit, anna, monkeypatch):
    """Whoever opens stream after stream and reads none would take every thread from officials."""
    monkeypatch.setattr(rates, "_AT_ONCE", 2)
    opened(exhibit, anna)

    first, second = system("GET", path), system("GET", path)
    beyond = system("GET", path)
    content = first.getvalue()
    again = system("GET", path)
    rest = [second.getvalue(), again.getvalue()]

    assert [200, 200, 429, 200] == [one.status_code for one in (first, second, beyond, again)]
    assert [CONTENT] * 3 == [content, *rest]
    assert 200 == system("GET", "/").status_code
