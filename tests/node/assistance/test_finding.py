"""Saved filters, due first, one chronology and one case file for each file, and acts on several requests."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from comity import custody
from comity.errors import OurFault
from comity_node.assistance import bulk, casefile, chronology, queries, saved
from comity_node.assistance.models import Request
from comity_node.officials.models import PreparedAct
from tests.node.assistance.conftest import THEIRS, lodges
from tests.node.counterpart import CHANNEL

LIST = "/requests/"
OF = [CHANNEL, THEIRS]


def test_a_filter_is_saved_opened_shared_and_removed(asked, lodged, anna, browser):
    """What an officer asks every morning has a name and an address."""
    visitor = browser(anna)
    visitor.post("/requests/saved/", {"name": "Theirs", "query": "direction=theirs&page=9&evil=1"})
    kept = saved.named(anna, "Theirs")

    page = visitor.get(f"/requests/saved/{kept.pk}/", follow=True).content.decode()
    visitor.post(f"/requests/saved/{kept.pk}/", {"do": "share"})

    assert "direction=theirs" == kept.query
    assert (False, True) == (lodged in page, THEIRS in page)
    assert "Theirs</a>" in page
    assert saved.named(anna, "Theirs").is_shared
    visitor.post(f"/requests/saved/{kept.pk}/", {"do": "remove"})
    assert [] == list(saved.filters(anna))


def test_a_filter_is_its_owners_and_its_offices(boris, anna, hire, browser):
    """A colleague may open what is shared and change nothing of it; another office sees nothing."""
    colleague = hire("carl", "case officer")
    stranger = hire("emma", "case officer", office="prosecution")
    kept = saved.save("Mine", QueryDict("standing=open"), is_shared=False, by=anna)
    address = f"/requests/saved/{kept.pk}/"

    assert 404 == browser(colleague).get(address).status_code
    saved.share(kept, is_shared=True, by=anna)
    assert 302 == browser(colleague).get(address).status_code
    assert 404 == browser(colleague).post(address, {"do": "remove"}).status_code
    assert 404 == browser(stranger).get(address).status_code
    with pytest.raises(OurFault):
        saved.named(stranger, "Mine")


def test_filters_are_bounded_and_say_something(boris, anna):
    """A page shows them all; a filter of nothing is none."""
    with pytest.raises(OurFault):
        saved.save(" ", QueryDict("standing=open"), is_shared=False, by=anna)
    with pytest.raises(OurFault):
        saved.save("x", QueryDict("page=3"), is_shared=False, by=anna)
    for number in range(saved.MOST):
        saved.save(str(number), QueryDict("standing=open"), is_shared=False, by=anna)
    saved.save("0", QueryDict("standing=open&sort=due"), is_shared=True, by=anna)
    with pytest.raises(OurFault):
        saved.save("one more", QueryDict("standing=open"), is_shared=False, by=anna)


def test_what_ends_first_is_first_and_what_has_no_clock_after(boris, monkeypatch):
    """However many there are: the order is that of one list, over its pages."""
    for number in range(1, 8):
        lodges(boris, f"bb-2026-{number:04}")
    now = timezone.now()
    for number, days in ((3, 2), (5, 1)):
        Request.objects.filter(ref=f"bb-2026-{number:04}").update(due_at=now + timedelta(days=days))
    timed = Request.objects.exclude(ref__in=["bb-2026-0003", "bb-2026-0005"])
    timed.update(due_at=None)
    monkeypatch.setattr(queries, "PAGE", 3)
    monkeypatch.setattr(queries, "FEW", 2)

    seen = [
        row.ref
        for number in (1, 2, 3)
        for row in queries.requests(queries.Wanted(sort="due", page=number), now=now).rows
    ]

    assert ["bb-2026-0005", "bb-2026-0003"] == seen[:2]
    assert 7 == len(seen) == len(set(seen))


def test_the_chronology_holds_both_sides_and_keeps_internal_matter_apart(asked, boris, anna, browser):
    """What crossed and what did not can never be confused, on the page and in its exports."""
    visitor = browser(anna)
    act = reverse("assistance:act", args=[*OF, "refused"])
    assert 200 == visitor.get(act).status_code
    PreparedAct.objects.create(
        act={"ref": THEIRS, "channel": CHANNEL, "kind": "assistance.request.refused"},
        text="x", digest="d", sentence="Refuse the request", basis="Art. 3", verified="V",
        power="assistance.second", other_office=True, prepared_by=anna,
        office="ministry", capacity="case officer",
        state="returned", decided_by=anna, decided_at=timezone.now(), reason="cite the ground",
    )  # fmt: skip

    whole = visitor.get(reverse("assistance:chronology", args=OF)).content.decode()
    record = visitor.get(reverse("assistance:chronology", args=OF), {"on_record": 1}).content.decode()
    told = visitor.get(reverse("assistance:chronology-file", args=[*OF, "json"])).getvalue()

    assert 'data-sort="internal"' in whole
    assert "has not crossed the border" in whole
    assert "cite the ground" in whole
    assert 'data-sort="internal"' not in record
    assert 'data-sort="receipt"' in record
    rows = json.loads(told)["chronology"]
    assert {"entry", "receipt", "internal"} <= {one["sort"] for one in rows}
    assert {"no"} == {one["on_record"] for one in rows if one["sort"] == "internal"}


def test_requests_that_name_one_another_are_one_file(asked, boris, anna, browser):
    """A supplement that cites a request belongs into its chronology, and the other way round."""
    lodges(boris, "bb-2026-0007", fields={"earlier_request": f"our {THEIRS} of May"})

    for ref in (THEIRS, "bb-2026-0007"):
        page = browser(anna).get(reverse("assistance:chronology", args=[CHANNEL, ref])).content.decode()
        assert THEIRS in page
        assert "bb-2026-0007" in page


def test_the_case_file_is_set_with_both_languages_and_without_internal_matter(boris, anna, browser, tmp_path):
    """What is printed is what both hold, in every script, with page numbers and its proofs."""
    lodges(
        boris,
        THEIRS,
        title="Запрос сведений",
        language="ru",
        fields={"purpose": "Установить лицо. Việt Nam"},
        translation={"language": "en", "fields": {"purpose": "To identify a person"}},
        marking={"tlp": "AMBER"},
    )

    answer = browser(anna).get(reverse("assistance:case-file", args=OF))

    assert "application/pdf" == answer["Content-Type"], answer.content.decode()
    assert answer.content.startswith(b"%PDF-")
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed")
    made = tmp_path / "file.pdf"
    made.write_bytes(answer.content)
    told = subprocess.run(["pdftotext", "-layout", made, "-"], capture_output=True, check=True)
    text = told.stdout.decode()
    for part in ("Установить лицо", "To identify a person", "left out", "comity verify", "1 of ", "AMBER"):
        assert part in text, part


def test_a_file_too_long_for_paper_is_refused_with_the_reason(asked, anna, browser, monkeypatch):
    """Nothing is left out in silence."""
    monkeypatch.setattr(casefile, "MOST_ENTRIES", 0)

    answer = browser(anna).get(reverse("assistance:case-file", args=OF))

    assert 409 == answer.status_code
    assert "chronology" in answer.content.decode()


def test_several_are_acknowledged_after_one_reading_and_each_stands_alone(boris, lodged, anna, browser):
    """One that cannot be signed says why and keeps none of the others back."""
    for number in (1, 2):
        lodges(boris, f"bb-2026-{number:04}")
    visitor = browser(anna)
    names = [f"{CHANNEL}/bb-2026-0001", f"{CHANNEL}/bb-2026-0002", f"{CHANNEL}/{lodged}"]

    page = visitor.post("/requests/selected/", {"do": "acknowledged", "one": names}).content.decode()
    proposals = bulk.propose(bulk.chosen(names), "acknowledged", by=anna)
    shown = [f"{one.request.channel}/{one.request.ref} {one.shown}" for one in proposals if one.shown]
    boris.does("assistance.request.withdrawn", "bb-2026-0002")
    done = visitor.post(
        "/requests/selected/", {"do": "acknowledged", "one": names, "shown": shown, "confirmed": "1"}
    ).content.decode()

    assert "Cannot be signed" in page
    assert "The exact text to be signed" in page
    assert 2 == len(shown)
    assert "acknowledged" == Request.objects.get(ref="bb-2026-0001").state
    assert "acknowledged" != Request.objects.get(ref="bb-2026-0002").state
    assert "Signed and recorded" in done


def test_what_is_selected_is_bounded_and_exported(asked, anna, browser):
    """One person reads so many at once; an export holds what was selected and nothing else."""
    visitor = browser(anna)
    many = [f"{CHANNEL}/x{number}" for number in range(bulk.MOST + 1)]

    refused = visitor.post("/requests/selected/", {"do": "csv", "one": many}, follow=True).content.decode()
    table = visitor.post("/requests/selected/", {"do": "csv", "one": [f"{CHANNEL}/{asked}"]})

    assert "at most" in refused
    assert asked in table.getvalue().decode()
    assert (
        404
        == visitor.post("/requests/selected/", {"do": "refused", "one": [f"{CHANNEL}/{asked}"]}).status_code
    )


def exhibits_of(boris, ref, count, *, start=0, **marked):
    """Have Boris announce exhibits for a request."""
    for number in range(start, start + count):
        sha256 = f"{number:064x}"
        boris.does(
            "evidence.exhibit.added",
            f"bb-e-{number:03}",
            stated={"requested": "aa", "table": custody.custody().digest},
            payload={
                "object": f"{number:064x}", "name": f"disk{number}.dd", "media_type": "x/y", "size": 1,
                "sha256": sha256, "sealed_size": 300, "request": ref, **marked,
            },
        )  # fmt: skip


def test_the_case_file_holds_every_exhibit_or_is_refused(asked, boris, anna, browser, monkeypatch):
    """A court that is handed a file must be able to trust that nothing was left out of it."""
    exhibits_of(boris, THEIRS, 15)
    exhibits_of(boris, f"{THEIRS}0", 1, start=90)
    row = queries.request(CHANNEL, THEIRS)
    acts, is_all = chronology.custody_of(CHANNEL, THEIRS, ())

    assert ({f"bb-e-{number:03}" for number in range(15)}, True) == ({one.entry.ref for one in acts}, is_all)
    assert casefile.of_request(row, "en").startswith(b"%PDF-")

    monkeypatch.setattr(chronology, "MOST_EXHIBITS", 14)
    refused = browser(anna).get(reverse("assistance:case-file", args=OF))
    assert (409, True) == (refused.status_code, "more exhibits than 14" in refused.content.decode())
    monkeypatch.undo()
    monkeypatch.setattr(chronology, "MOST_CUSTODY", 14)
    assert 409 == browser(anna).get(reverse("assistance:case-file", args=OF)).status_code


def test_an_act_that_names_more_exhibits_than_are_read_is_in_no_case_file(asked, boris, anna, browser):
    """What is cut from a page stands in the entry; a print-out has no entry to turn to."""
    many = [{"sha256": f"{number:064x}", "title": f"File {number}"} for number in range(101)]
    boris.does("assistance.request.supplemented", THEIRS, payload={"exhibits": many})

    assert 409 == browser(anna).get(reverse("assistance:case-file", args=OF)).status_code


def test_every_page_of_a_case_file_bears_the_strictest_marking_of_what_is_in_it(boris, monkeypatch):
    """The worst is not cut off by the first: it stands first, whichever act or exhibit brought it."""
    set_ = []
    monkeypatch.setattr(casefile, "set_pages", lambda shown, *_args, **_more: set_.append(shown) or b"")
    lodges(boris, THEIRS, marking={"tlp": "GREEN", "handling": "H3", "handling_text": "by hand " * 20})
    boris.does(
        "assistance.request.supplemented",
        THEIRS,
        payload={"marking": {"tlp": "AMBER", "classification": "Secret"}},
    )
    exhibits_of(boris, THEIRS, 1, tlp="AMBER+STRICT", pap="RED")

    casefile.of_request(queries.request(CHANNEL, THEIRS), "en")

    (shown,) = set_
    line = shown["marking"]
    assert line.startswith("TLP: AMBER+STRICT · PAP: RED · Handling: H3 · National classification: Secret")
    facts = {one["label"]: one for one in shown["facts"]}
    assert "disk0.dd" in str(shown["sections"])
    assert f"{0:064x}" in str(shown["sections"])
    assert "by hand by hand" in str(facts["Strictest marking of anything in it"])


def test_colleagues_push_no_filter_of_ones_own_from_the_page(boris, anna, hire):
    """So many are shown beside the list: one's own come first, with what one answers for."""
    kept = saved.save("Z mine", QueryDict("handling=mine"), is_shared=True, by=anna)
    colleague = hire("carl", "case officer")
    saved.save("A theirs", QueryDict("standing=open"), is_shared=True, by=colleague)

    assert "handling=mine" == kept.query
    assert ["Z mine", "A theirs"] == [one.name for one in saved.filters(anna)]
    assert ["A theirs", "Z mine"] == [one.name for one in saved.filters(colleague)]


def test_a_draft_is_told_of_to_nobody_who_may_not_draft(draft, anna, hire):
    """An analyst reads the record; what an office is writing is not on it."""
    analyst = hire("olga", "analyst")
    row = Request(channel=CHANNEL, ref=draft.ref, kinds="assistance.request", exhibits=[])

    assert ["Draft saved"] == [one.what for one in chronology._internal(row, anna)]
    assert [] == list(chronology._internal(row, analyst))


def test_a_chronology_says_what_is_not_listed_in_it(asked, boris, anna, monkeypatch):
    """A line of time with a hole in it reads as if nothing had happened there."""
    row = queries.request(CHANNEL, THEIRS)
    boris.does("assistance.request.supplemented", THEIRS, payload={"text": "More."})
    exhibits_of(boris, THEIRS, 2)

    def notes():
        return " ".join(one.note for one in chronology.chronology(row, anna, now=timezone.now()))

    assert "listed here" not in notes()
    monkeypatch.setattr(chronology, "MOST", 1)
    monkeypatch.setattr(chronology, "MOST_EXHIBITS", 1)
    assert "earlier entries are not listed here" in notes()
    assert "more exhibits" in notes()
