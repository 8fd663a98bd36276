"""Offers and positions: on record, receipted, answered or not; each side's beside the other's."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from comity.channel.verified_course import Course
from comity.instruments import library
from comity.reciprocity import Extent
from comity.reciprocity import document as plain
from comity.reciprocity.figures import Cut
from comity_node.assistance import letters, queries, services, talks
from comity_node.assistance.detail import detail
from comity_node.assistance.models import Request
from comity_node.channels import duties
from comity_node.channels.reciprocity import document
from comity_node.officials import services as officials
from comity_node.officials.errors import NotEmpowered
from comity_node.register import letter_key, mirroring
from comity_node.register import queries as register
from comity_node.register.figure_words import cut_words
from comity_node.register.rebuilding import rebuild
from tests.node.counterpart import CHANNEL, SECONDED

CHARTER = library()["charter"]
OPENING = {"instrument": "charter", "table": CHARTER.digest, "requested": "aa"}
THEIRS = "bb-2026-0500"


@pytest.fixture
def emil(hire):
    """Coordinator of aa: speaks for the channel."""
    return hire("emil", "coordinator")


@pytest.fixture(autouse=True)
def _open(boris):
    """Every test has the channel."""


def begins(by, procedure, *, title, field, words, **stated):
    """Have us open a procedure of the charter; its draft."""
    draft = services.draft(channel=CHANNEL, procedure=procedure, title=title, by=by)
    return services.save_draft(draft, by=by, fields={field: words}, stated=stated)


@pytest.fixture
def ours(emil, dora, boris):
    """An offer of ours, receipted: its reference."""
    draft = begins(
        emil, "offer", title="Talks on ransomware", field="what_is_offered", words="Talks in Geneva in May.",
        sort="talks", answer_by="2027-01-31",
    )  # fmt: skip
    officials.second(services.submit(draft, by=emil), by=dora)
    boris.receipts()
    return draft.ref


@pytest.fixture
def theirs(boris):
    """An offer of theirs, received and receipted by us: its reference."""
    boris.does(
        "channel.offer.offered",
        THEIRS,
        stated={**OPENING, "sort": "joint_protection"},
        payload={
            "title": "Shields for hospitals",
            "language": "en",
            "fields": {"what_is_offered": "Together."},
        },
        by=SECONDED,
    )
    receipts()
    return THEIRS


def receipts():
    """Sign for what they sent."""
    for log in register.their_logs(CHANNEL):
        mirroring.give(log)


def suspends(boris):
    """Have Boris suspend every topic there is."""
    topics = CHARTER.procedure("suspension").statement_of["topics"].values
    said = {"topics": list(topics), "legal_basis": "none", "pending": "stand_as_they_are"}
    boris.does(
        "channel.suspension.declared", "bb-2026-0900", by=SECONDED,
        stated={**OPENING, **said, "material": "kept_under_its_limits"},
    )  # fmt: skip


def row(ref):
    """A procedure as it is listed."""
    return Request.objects.get(channel=CHANNEL, ref=ref)


def shown(official, browser, page, *args):
    """A page as an official reads it."""
    answer = browser(official).get(reverse(page, args=[CHANNEL, *args]))
    assert 200 == answer.status_code
    return " ".join(answer.content.decode().split())


# --- offers ----------------------------------------------------------------------------------------------


def test_an_offer_of_ours_is_unanswered_since_they_receipted_it_and_owed_nothing(ours, emil, browser):
    """Silence is visible on both sides, counted in days, and no deadline is made of it."""
    found = row(ours)
    silence = queries.silence(found)

    assert silence is not None
    assert (found.receipted_at, False, None) == (silence.since, silence.ours, found.due_at)
    assert [] == duties.documents(CHANNEL)
    for page, *args in (("channels:channel",), ("assistance:talks",), ("assistance:request", ours)):
        assert "Not answered by them for less than a minute" in shown(emil, browser, page, *args)
    listed = browser(emil).get(reverse("assistance:list")).content.decode()
    desk = browser(emil).get("/").content.decode()
    assert "Not answered by them for" in listed
    assert "Our offers not answered" in desk


def test_the_days_of_silence_are_counted_from_the_receipt(theirs, emil, browser, monkeypatch):
    """Twelve days without a word are twelve days on both nodes."""
    since = queries.silence(row(theirs)).since
    monkeypatch.setattr(timezone, "now", lambda: since + timedelta(days=12, minutes=1))

    assert "Not answered by us for 12 days" in shown(emil, browser, "assistance:talks")


def test_an_offer_of_theirs_needs_us_and_is_still_no_debt(theirs, emil, browser):
    """The desk shows it; the list of what is owed does not."""
    desk = browser(emil).get("/").content.decode()

    assert "Shields for hospitals" in desk
    assert "Not answered by us for" in desk
    assert [] == duties.documents(CHANNEL)


def test_an_answer_promised_is_owed_by_its_day(theirs, emil):
    """A promise with a day is a debt like any other; the silence goes on meanwhile."""
    services.act(
        channel=CHANNEL,
        ref=theirs,
        act_name="answer_promised",
        by=emil,
        stated={"promised_for": "2027-02-01"},
    )

    (owed,) = duties.documents(CHANNEL)

    assert ("aa", "clock", "2027-02-01") == (owed["party"], owed["sort"], owed["due_at"][:10])
    assert queries.silence(row(theirs)) is not None


def test_a_reminder_is_signed_by_one_and_counted(ours, emil):
    """Whoever reminds should not need an office; whoever is reminded should see how often."""
    for _ in range(2):
        services.act(channel=CHANNEL, ref=ours, act_name="reminded", by=emil)

    assert 2 == queries.silence(row(ours)).reminders


def test_each_answer_ends_the_silence_and_says_what_became_of_it(theirs, emil, dora, boris):
    """From either side: a counter-offer of ours is theirs to answer, and its acceptance binds both."""
    prepared = services.act(
        channel=CHANNEL, ref=theirs, act_name="counter_offered", by=emil, payload={"text": "In June."}
    )
    officials.second(prepared, by=dora)
    boris.receipts()
    turned = queries.silence(row(theirs))
    assert turned is not None
    assert ("Answered by a counter-offer", False) == (row(theirs).label, turned.ours)

    boris.does("channel.offer.accepted", theirs, by=SECONDED)
    assert ("Accepted", {}, "") == (row(theirs).label, row(theirs).unanswered, row(theirs).turn)
    assert detail(CHANNEL, theirs).folded.accepted == turned.entry

    boris.does("channel.offer.concluded", theirs, stated={"outcome": "carried_out"}, by=SECONDED)
    assert row(theirs).final
    before, after = rebuild()
    assert before == after


def test_it_goes_on_while_everything_else_is_suspended(ours, boris, emil, browser):
    """Talks on resumption stay open: that is what they are for."""
    suspends(boris)
    boris.does("channel.offer.taken_note", ours)

    assert ("noted", 0, 0, False) == (
        row(ours).state, row(ours).lodged, row(ours).irregular, row(ours).suspended,
    )  # fmt: skip
    page = shown(emil, browser, "channels:channel")
    assert "Talks on ransomware" in page
    assert "Taken note of" in page


def test_only_who_speaks_for_the_channel_signs_one(anna, boris):
    """A case officer drafts; an offer to another State is not theirs to make."""
    draft = begins(anna, "offer", title="T", field="what_is_offered", words="W", sort="other")

    with pytest.raises(NotEmpowered):
        services.submit(draft, by=anna)


def test_it_says_what_is_offered_before_it_can_be_signed(emil):
    """Words are needed: an offer of talks without a word cannot be accepted as it stands."""
    draft = services.draft(channel=CHANNEL, procedure="offer", title="T", by=emil)

    assert {"what_is_offered", "stated_sort"} == {one.field for one in services.check(draft) if one.demanded}


def test_offers_are_counted_by_direction_and_a_stranger_counts_the_same(ours, theirs, boris):
    """Whose offers went unanswered is the question the figures are for."""
    boris.does("channel.offer.taken_note", ours)
    receipts()
    texts = {one.digest: one for one in library().values()}
    course = Course(CHANNEL, texts, parties=("aa", "bb"))
    for one in register.entries(CHANNEL):
        course.take(one.ref, one.entry, lambda _index, _party, one=one: one.receipted_at)
    as_of = timezone.now() + timedelta(days=1)

    found = document(CHANNEL, as_of=as_of)

    counted = {
        one["requesting"]: {name: made["count"] for name, made in one["figures"].items()}
        for one in found["lines"]
        if one["procedure"] == "offer"
    }
    assert {"lodged": 1, "receipted": 1, "noted": 1} == counted["aa"]
    assert {"lodged": 1, "receipted": 1, "unanswered": 1} == counted["bb"]
    assert plain(CHANNEL, course.figures(Extent(as_of))) == found
    by_sort = {(one["requesting"], one["type"]) for one in found["lines"] if one["type"]}
    assert {("aa", "talks"), ("bb", "joint_protection")} == by_sort
    assert "joint protection" == cut_words("charter", Cut(type="joint_protection"))


def test_the_letter_of_an_offer_is_made_like_any_other(ours):
    """What is offered goes to those who have no node as paper."""
    assert letters.of_request(row(ours), "en").startswith(b"%PDF")


def test_the_first_letter_of_a_node_is_good_although_a_second_passes_while_its_key_is_drawn(
    ours, monkeypatch, tmp_path
):
    """The key is good from when it is drawn; a letter dated before that could not be signed."""
    monkeypatch.setattr(letter_key, "where", lambda: tmp_path / "letters")
    seconds, began = count(), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: began + timedelta(seconds=next(seconds)))

    assert letters.of_request(row(ours), "en").startswith(b"%PDF")


def test_a_flood_of_offers_fills_no_page(boris, emil, browser):
    """A hostile side may write thousands: the page shows the latest, and says that there are more."""
    for number in range(8):
        stated = {**OPENING, "sort": "other"}
        boris.writes("channel.offer.offered", f"bb-2026-06{number:02}", stated=stated, by=SECONDED)
    boris.delivers()

    page = shown(emil, browser, "channels:channel")

    block = page[page.index('id="talks"') : page.index("The double record")]
    assert ("bb-2026-0607" in block, "bb-2026-0601" in block) == (True, False)
    assert "and 3 more" in block


# --- positions -------------------------------------------------------------------------------------------


@pytest.fixture
def position(boris):
    """A position of theirs: its reference."""
    boris.does(
        "channel.position.stated",
        "bb-2026-0700",
        stated={**OPENING, "subject": "Count of unanswered requests"},
        payload={"title": "The count", "language": "en", "fields": {"position_held": "Eleven were ignored."}},
        by=SECONDED,
    )
    return "bb-2026-0700"


def test_positions_that_differ_stand_side_by_side(position, emil, dora, browser, boris):
    """Neither side's words are put in the other's place, nor under the other's name."""
    prepared = services.act(
        channel=CHANNEL, ref=position, act_name="other_stated", by=emil, payload={"text": "Two were late."}
    )
    officials.second(prepared, by=dora)
    page = shown(emil, browser, "assistance:talks")
    assert page.index("Two were late.") < page.index("Eleven were ignored.")
    assert "Count of unanswered requests" in page

    boris.does("channel.position.withdrawn", position, by=SECONDED)
    page = shown(emil, browser, "assistance:talks")
    assert "Two were late." in page
    assert "Eleven were ignored." not in page
    (said,) = talks.position_documents(CHANNEL)
    assert {"aa"} == set(said["held"])


def test_a_position_is_ours_to_state_and_to_replace_in_a_suspension_too(boris, emil, dora, browser):
    """Outside a suspension and inside one: what a side holds needs nobody's leave."""
    suspends(boris)
    draft = begins(emil, "position", title="The return", field="position_held", words="By the treaty alone.")
    officials.second(services.submit(draft, by=emil), by=dora)
    assert "By the treaty alone." in shown(emil, browser, "assistance:talks")

    prepared = services.act(
        channel=CHANNEL, ref=draft.ref, act_name="replaced", by=emil, payload={"text": "By all treaties."}
    )
    officials.second(prepared, by=dora)

    page = shown(emil, browser, "assistance:talks")
    assert "By all treaties." in page
    assert "By the treaty alone." not in page
    assert [] == duties.documents(CHANNEL)


def test_positions_stated_in_a_suspension_stand_there_too(boris, emil, browser):
    """One page has all that each side holds, wherever it said so."""
    suspends(boris)
    assert "Stated in a suspension" not in shown(emil, browser, "assistance:talks")
    boris.does(
        "channel.suspension.position_stated",
        "bb-2026-0900",
        payload={"text": "We had no choice."},
        by=SECONDED,
    )

    page = shown(emil, browser, "assistance:talks")

    assert "We had no choice." in page
    assert "Stated in a suspension" in page


def test_a_position_nobody_can_read_stops_no_page(boris, emil, browser):
    """A hostile payload is said to be unreadable, and the rest stands."""
    boris.does(
        "channel.position.stated", "bb-2026-0701", stated=OPENING, payload=b"\x00\xffnot json", by=SECONDED
    )

    assert "It was sent without words that can be read." in shown(emil, browser, "assistance:talks")


def test_the_page_is_hidden_from_those_who_do_not_read_the_record(clara, browser):
    """An administrator sees none of it, nor whether there is any."""
    assert 404 == browser(clara).get(reverse("assistance:talks", args=[CHANNEL])).status_code


def test_what_may_follow_is_offered_by_the_table(theirs, emil):
    """Each answer is an act of its own, and nothing else is offered."""
    found = detail(CHANNEL, theirs)

    assert ["taken_note", "answer_promised", "accepted", "declined", "counter_offered"] == [
        one.act for one in found.ours
    ]
    assert ["withdrawn", "reminded"] == [one.act for one in found.theirs]
