"""An authority publishes what it requires, and whoever writes to it is told before sending."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from comity.drafting import read_profile
from comity.instruments import library
from comity_node.assistance import profiles, services
from comity_node.assistance.errors import ProfileNotOurs, ProfileOutdated
from comity_node.officials import services as officials
from comity_node.register import payloads
from tests.node.assistance.conftest import FILLED
from tests.node.counterpart import CHANNEL

pytestmark = pytest.mark.django_db

PROFILE = {
    "v": 1,
    "party": "bb",
    "authority": "Central authority of Borland",
    "as_of": "2026-05-03",
    "languages": ["ru"],
    "translation": "certified",
    "need": [{"field": "provider", "because": "The order names the company."}],
}
PUBLISHED = "authority.profile.published"
OURS = {**PROFILE, "party": "aa", "authority": "Ministry of Arland", "languages": ["en"], "translation": ""}


def publishes(boris, ref="bb-profile-1", *, as_of="2026-05-03", profile=PROFILE, **payload):
    """Have Boris publish a profile, as written."""
    charter = library()["charter"]
    stated = {"instrument": "charter", "table": charter.digest, "requested": "aa", "as_of": as_of}
    boris.does(PUBLISHED, ref, stated=stated, payload=payload.get("raw") or {"profile": profile})


def lacking(draft):
    """What a draft lacks by the profile, and which version says so."""
    found = [one for one in services.defects(draft) if one.id.startswith("required_")]
    return {(one.id, one.basis.rpartition(", ")[2]) for one in found}


def test_a_draft_is_held_against_the_counterparts_latest_profile(draft, boris, anna, browser):
    """What it is returned for is said before it is sent, with the version that says so."""
    assert set() == lacking(draft)
    publishes(boris)

    assert {("required_field_missing", "bb-profile-1"), ("required_language", "bb-profile-1")} == lacking(
        draft
    )
    page = browser(anna).get(reverse("assistance:step", args=[draft.pk, "review"])).content.decode()
    read = browser(anna).get(reverse("assistance:submit", args=[draft.pk])).content.decode()
    assert "bb-profile-1 of 2026-05-03" in page
    assert "always asks for this: The order names the company." in read
    assert "requirement profile of Central authority of Borland, 2026-05-03, bb-profile-1" in read


def test_a_later_version_takes_the_place_of_the_earlier_and_both_stay(draft, boris, anna, browser):
    """By which words a request was measured can be told for ever."""
    publishes(boris)
    publishes(
        boris, "bb-profile-2", as_of="2026-06-01", profile={**PROFILE, "as_of": "2026-06-01", "need": []}
    )

    assert {("required_language", "bb-profile-2")} == lacking(draft)
    assert ["bb-profile-2", "bb-profile-1"] == [one.ref for one in profiles.versions(CHANNEL, "bb")]
    assert "1 earlier version" in browser(anna).get(reverse("assistance:profiles")).content.decode()


def test_what_is_sent_names_the_version_it_was_checked_against(draft, boris, anna):
    """That the profile was known is proved by the entry; that it was used is said in it."""
    publishes(boris)
    act = services.opening(draft)

    assert {"entry": profiles.current(CHANNEL, "bb").entry, "as_of": "2026-05-03"} == act.payload[
        "checked_against"
    ]


def test_a_translation_must_be_certified_where_the_profile_says_so(draft, boris, anna):
    """A profile may ask for what no treaty says."""
    publishes(boris, profile={**PROFILE, "need": []})
    words = dict.fromkeys(FILLED, "Слова этого запроса переведены.")
    said = {"translation_language": "ru", "translation": words}
    services.save_draft(draft, by=anna, **said, translated_by={"how": "human", "office": "Translators"})
    draft.refresh_from_db()
    assert {("required_translation_certified", "bb-profile-1")} == lacking(draft)

    certified = {"certified_by": "N. N.", "capacity": "sworn translator", "certified_on": "2026-05-04"}
    services.save_draft(draft, by=anna, translated_by=certified)
    draft.refresh_from_db()
    assert set() == lacking(draft)


@pytest.mark.parametrize(
    "raw",
    [
        {"profile": None},
        {"profile": [[[[[[]]]]]]},
        {"profile": {**PROFILE, "party": "aa"}},
        {"profile": {**PROFILE, "as_of": "2027-01-01"}},
        {"profile": {**PROFILE, "need": PROFILE["need"] * 2}},
        {"profile": {**PROFILE, "need": [{"field": f"f{n}", "because": "x" * 300} for n in range(200)]}},
        {"profile": {**PROFILE, "authority": "A\u202eB"}},
        {"profile": {**PROFILE, "more": True}},
        b'{"profile": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001,
        b"not json",
    ],
    ids=lambda raw: str(raw)[:40],
)
def test_a_hostile_profile_is_shown_as_unreadable_and_harms_nothing(raw, draft, boris, anna, browser):
    """It is kept, since it was sent; the one before it goes on to count; every page still opens."""
    publishes(boris)
    publishes(boris, "bb-profile-2", raw=raw)

    assert ("required_language", "bb-profile-1") in lacking(draft)
    reader = browser(anna)
    page = reader.get(reverse("assistance:profiles")).content.decode()
    assert "bb-profile-2" in page
    assert "cannot be read and is held against nothing" in page
    for address in (
        reverse("assistance:request", args=[CHANNEL, "bb-profile-2"]),
        reverse("assistance:step", args=[draft.pk, "review"]),
        reverse("assistance:list"),
    ):
        assert 200 == reader.get(address).status_code, address


def test_a_publication_the_table_does_not_allow_has_no_effect(draft, boris):
    """Without the day in the open nobody can tell which is the later."""
    boris.does(PUBLISHED, "bb-profile-1", stated={"requested": "aa"}, payload={"profile": PROFILE})

    assert [] == profiles.versions(CHANNEL, "bb")
    assert set() == lacking(draft)


def test_a_flood_of_theirs_does_not_hide_ours(boris, hire):
    """Each side's versions are counted for themselves."""
    laura, lars = hire("laura", "legal adviser"), hire("lars", "legal adviser")
    act = profiles.publication(read_profile(json.dumps(OURS).encode()), CHANNEL)
    officials.second(officials.prepare(act, by=laura), by=lars)
    for number in range(profiles.MOST + 2):
        publishes(boris, f"bb-profile-{number}")

    assert ["aa-profile-1"] == [one.ref for one in profiles.versions(CHANNEL, "aa")]
    assert profiles.MOST == len(profiles.versions(CHANNEL, "bb"))


def test_ours_is_written_read_and_signed_on_pages(boris, hire, browser):
    """Whoever answers for the authority writes it; a second officer signs; the record numbers it."""
    laura, lars = hire("laura", "legal adviser"), hire("lars", "legal adviser")
    page, address = browser(laura), reverse("assistance:publish-profile")
    said = {
        "channel": CHANNEL,
        "authority": "Ministry of Arland",
        "as_of": "2026-05-03",
        "languages": "en, ru",
        "law_text": "verbatim",
        "network": ["time", "port"],
        "longest_period": "90\n30 [documents_items]",
        "need": "provider [documents_items]: The order names the company.",
        "contact": "Urgent requests: +1 202 555 0100; at all hours",
        "procedures": ["assistance"],
    }

    wrong = page.post(address, {**said, "need": "colour: red"})
    read = page.post(address, said)
    shown = read.content.decode().partition('name="shown" value="')[2][:64]
    page.post(address, {**said, "shown": shown})
    (waiting,) = officials_awaiting()
    officials.second(waiting, by=lars)

    assert (422, True) == (
        wrong.status_code,
        "No instrument has a field of this name" in wrong.content.decode(),
    )
    assert "at all hours" in read.content.decode()
    profile = profiles.current(CHANNEL, "aa").profile
    assert [(90, ()), (30, ("documents_items",))] == [(one.days, one.types) for one in profile.longest]
    again = page.get(address).content.decode()
    assert "provider [documents_items]: The order names the company." in again
    assert "30 [documents_items]" in again


def officials_awaiting():
    """The acts that wait for a second officer."""
    from comity_node.officials.models import PreparedAct  # noqa: PLC0415 - models load only once apps are ready

    return PreparedAct.objects.filter(state="awaiting")


def test_only_those_who_answer_for_the_authority_publish(boris, anna, browser):
    """It speaks for all its officers."""
    assert 404 == browser(anna).get(reverse("assistance:publish-profile")).status_code
    assert "Publish our profile" not in browser(anna).get(reverse("assistance:profiles")).content.decode()


def test_nobody_publishes_for_another_or_for_yesterday(boris, hire):
    """What takes the place of a later one would hide it."""
    laura, lars = hire("laura", "legal adviser"), hire("lars", "legal adviser")
    with pytest.raises(ProfileNotOurs):
        profiles.publication(read_profile(json.dumps(PROFILE).encode()), CHANNEL)
    act = profiles.publication(read_profile(json.dumps(OURS).encode()), CHANNEL)
    officials.second(officials.prepare(act, by=laura), by=lars)

    with pytest.raises(ProfileOutdated):
        profiles.publication(read_profile(json.dumps({**OURS, "as_of": "2026-01-01"}).encode()), CHANNEL)
    assert "aa-profile-2" == profiles.publication(read_profile(json.dumps(OURS).encode()), CHANNEL).ref


def opened_by(monkeypatch):
    """Which payloads are opened from now on."""
    found, really = [], payloads.opened
    monkeypatch.setattr(payloads, "opened", lambda sealed: found.append(sealed) or really(sealed))
    return found


def test_what_counts_costs_the_same_however_much_was_published(
    boris, anna, browser, monkeypatch, django_assert_num_queries
):
    """Each check of each draft asks for it; a counterpart may publish every minute, or twice as one."""
    for number in range(1, 9):
        publishes(boris, f"bb-profile-{number}")
    for _again in range(5):
        publishes(boris, "bb-profile-8", profile={"more": "x" * 1_000})
    opened = opened_by(monkeypatch)

    with django_assert_num_queries(3):
        assert "bb-profile-8" == profiles.current(CHANNEL, "bb").ref
    assert 1 == len(opened)
    assert 8 == len(profiles.versions(CHANNEL, "bb"))
    assert "7 earlier versions" in browser(anna).get(reverse("assistance:profiles")).content.decode()
    assert 3 == len(opened)


def test_a_flood_that_nobody_can_read_is_opened_in_part(boris, monkeypatch, django_assert_max_num_queries):
    """Whoever publishes nothing but noise has published nothing; it costs the other side little."""
    for number in range(profiles.MOST + 1):
        publishes(boris, f"bb-profile-{number}", raw=b"not json")
    opened = opened_by(monkeypatch)

    with django_assert_max_num_queries(2 + profiles.MOST_OPENED):
        assert profiles.current(CHANNEL, "bb") is None
    assert profiles.MOST_OPENED == len(opened)
