"""What was sent by mistake is recalled, destroyed and erased; entry, proof and standing stay."""

from __future__ import annotations

import pytest
from django.db import connection

from comity.instruments import library
from comity_node.assistance import services
from comity_node.assistance.errors import NotAllowedNow
from comity_node.assistance.models import Draft, Request
from comity_node.officials import services as officials
from comity_node.officials.models import PreparedAct
from comity_node.register import erasing, fsck, models, payloads, queries, seeking, words_index
from comity_node.register.rebuilding import rebuild
from tests.node.counterpart import CHANNEL, SECONDED

KIND = "assistance.request"


def held(ref):
    """Whether the content of an entry is held."""
    return payloads.sealed_payload(queries.entry(ref).entry.payload.sha256) is not None


def opening(ref):
    """The entry that lodged a request."""
    return queries.entries(CHANNEL, ref=ref, prefix=f"{KIND}.lodged")[0].ref


def answers(anna, dora, ref, name, *, act="destroyed", **stated):
    """Have us answer a recall, two officers of ours."""
    prepared = services.act(
        channel=CHANNEL, ref=ref, act_name=act, by=anna, stated={"entries": [str(name)], **stated},
        payload={"text": "As asked."},
    )  # fmt: skip
    return officials.second(prepared, by=dora)


WORDS = ("qqzxvkwjqx", "qqzxvktjqy", "qqzxvkojqz")


def left_of(word):
    """Whether a word can be found, or stands in a row or in the pages of the index."""
    if seeking.seek(seeking.Sought(words=word))["entry"].keys:
        return True
    if models.Passage.objects.filter(tokens__contains=word).exists():
        return True
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:  # a term stands there without the letters its neighbour begins with
        cursor.execute("SELECT block FROM register_words_data")
        pages = b"".join(bytes(block) for (block,) in cursor.fetchall())
    return b"qqzxvk" in pages or word[-4:].encode() in pages


@pytest.fixture
def recalled(asked, boris):
    """A request of theirs that they recalled: the entry concerned."""
    entry = opening(asked)
    boris.does(f"{KIND}.recalled", asked, stated={"entries": [str(entry)]}, payload={"text": "Not for you."})
    return entry


def test_content_is_erased_with_the_word_that_it_is(asked, recalled, anna, dora):
    """A Party that has signed that it destroyed something must not hold it a moment longer."""
    before = queries.entry(recalled)

    answers(anna, dora, asked, recalled)

    row = Request.objects.get(channel=CHANNEL, ref=asked)
    assert not held(recalled)
    assert ("erased", "", "lodged") == (row.content, row.title, row.state)
    assert before.leaf == queries.entry(recalled).leaf
    assert ([], 1) == (fsck.check()[0], fsck.check()[1].erased)


def test_their_word_erases_nothing_here(lodged, boris, anna):
    """A counterpart that could erase with us could destroy evidence on both nodes."""
    entry = opening(lodged)
    services.act(
        channel=CHANNEL, ref=lodged, act_name="recalled", by=anna, stated={"entries": [str(entry)]},
        payload={"text": "Wrong annex."},
    )  # fmt: skip

    boris.does(f"{KIND}.destroyed", lodged, stated={"entries": [str(entry)]}, by=SECONDED)

    assert held(entry)


def test_the_author_erases_its_own_copy_and_what_was_prepared_of_it(lodged, boris, anna, dora):
    """What is erased from the record must not be left in a draft, or in what an officer approved."""
    entry = opening(lodged)
    services.act(
        channel=CHANNEL, ref=lodged, act_name="recalled", by=anna, stated={"entries": [str(entry)]},
        payload={"text": "Wrong annex."},
    )  # fmt: skip
    boris.does(f"{KIND}.destroyed", lodged, stated={"entries": [str(entry)]}, by=SECONDED)

    answers(anna, dora, lodged, entry, act="erased")

    draft = Draft.objects.get(ref=lodged)
    prepared = PreparedAct.objects.get(entry=str(entry))
    assert not held(entry)
    assert ("", {}, {}) == (draft.title, draft.fields, draft.translation)
    assert ("", None) == (prepared.text, prepared.act["payload"])
    assert prepared.digest
    assert not [row for row in PreparedAct.objects.all() if "hospital" in f"{row.act}{row.text}"]


@pytest.mark.parametrize("stated", ["never", "aa", "own"])
def test_nothing_is_destroyed_that_was_not_recalled(asked, recalled, boris, anna, stated):
    """Content is gone for good: only what the other side named may go."""
    later = boris.does(f"{KIND}.supplemented", asked, payload={"text": "More."})
    names = {"never": str(later), "aa": f"aa.comity/{CHANNEL}#0", "own": "no entry"}

    with pytest.raises(NotAllowedNow):
        services.act(
            channel=CHANNEL, ref=asked, act_name="destroyed", by=anna, stated={"entries": [names[stated]]}
        )

    assert held(later)
    assert held(recalled)


def test_content_that_another_entry_names_too_stays(asked, boris, anna, dora):
    """A counterpart may name our content as its own and recall it, to have us erase our evidence."""
    ours = services.act(channel=CHANNEL, ref=asked, act_name="accepted", by=anna, payload={"text": "Yes."})
    sealed = payloads.sealed_payload(queries.entry(ours).entry.payload.sha256)
    copied = boris.does(f"{KIND}.supplemented", asked, sealed=sealed)
    boris.does(f"{KIND}.recalled", asked, stated={"entries": [str(copied)]}, payload={"text": "Back."})

    answers(anna, dora, asked, copied)

    assert held(ours)


def test_a_counterpart_cannot_forbid_our_erasing_by_naming_our_content(lodged, boris, anna, dora):
    """What two officers signed must be true, whatever the other side wrote before."""
    entry = opening(lodged)
    sealed = payloads.sealed_payload(queries.entry(entry).entry.payload.sha256)
    boris.does("whatever.note.made", "bb-note", sealed=sealed)
    services.act(
        channel=CHANNEL, ref=lodged, act_name="recalled", by=anna, stated={"entries": [str(entry)]},
        payload={"text": "Wrong annex."},
    )  # fmt: skip
    boris.does(f"{KIND}.destroyed", lodged, stated={"entries": [str(entry)]}, by=SECONDED)

    answers(anna, dora, lodged, entry, act="erased")

    assert not held(entry)
    assert "" == Draft.objects.get(ref=lodged).title


def test_what_is_sent_again_after_it_was_destroyed_is_held(asked, recalled, boris, anna, dora):
    """Our receipt says that we hold it: it must be so, although the same was destroyed before."""
    sealed = payloads.sealed_payload(queries.entry(recalled).entry.payload.sha256)
    answers(anna, dora, asked, recalled)
    again = boris.does(f"{KIND}.supplemented", asked, sealed=sealed)

    rebuild()

    assert held(again)
    assert [] == fsck.check()[0]


def test_translations_of_what_was_destroyed_go_with_it(asked, recalled, boris, anna, dora):
    """A translation says the same in other words: whoever keeps it keeps the content."""
    theirs = boris.does(
        "record.translation.attached", "bb-translation-1", answers=(recalled,), payload={"text": "x"}
    )
    assert held(theirs)

    answers(anna, dora, asked, recalled)

    assert not held(theirs)


def test_no_word_of_what_was_destroyed_is_left_to_be_found(
    asked, boris, anna, dora, django_capture_on_commit_callbacks
):
    """Neither in a list, nor in a search, nor in pages of the database; its translations neither."""
    boris.does(f"{KIND}.supplemented", asked, payload={"title": "Clinic", "text": "qqzxvkwjqx of a patient"})
    entry = queries.entries(CHANNEL, ref=asked, prefix=f"{KIND}.supplemented")[0].ref
    charter = library()["charter"]
    boris.does(
        "record.translation.attached", "bb-translation-1", answers=(entry,),
        stated={
            "instrument": "charter", "table": charter.digest, "requested": "aa", "translates": str(entry)
        },
        payload={"title": "Translation: qqzxvktjqy", "translation": {"fields": {"text": "qqzxvkojqz"}}},
    )  # fmt: skip
    assert {"qqzxvkwjqx", "qqzxvktjqy", "qqzxvkojqz"} == {word for word in WORDS if left_of(word)}
    boris.does(f"{KIND}.recalled", asked, stated={"entries": [str(entry)]}, payload={"text": "Not for you."})

    with django_capture_on_commit_callbacks() as after_commit:
        answers(anna, dora, asked, entry)

    assert erasing._settle in after_commit
    assert [] == [word for word in WORDS if left_of(word)]
    assert words_index.is_whole()
    assert "" == Request.objects.get(ref="bb-translation-1").title
    before, after = rebuild()
    assert before == after


def test_what_was_approved_of_other_acts_stays(asked, boris, anna, dora):
    """An officer's approval is erased with the content it is of, and with no other."""
    for text in ("First part.", "Second part."):
        if text == "First part.":
            services.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)
        act = services.act(
            channel=CHANNEL, ref=asked, act_name="executed", by=anna,
            stated={"extent": "in part"}, payload={"text": text},
        )  # fmt: skip
        officials.second(act, by=dora)
    first, second = [one.ref for one in queries.entries(CHANNEL, ref=asked, prefix=f"{KIND}.executed")]
    services.act(
        channel=CHANNEL, ref=asked, act_name="recalled", by=anna, stated={"entries": [str(first)]},
        payload={"text": "Not this one."},
    )  # fmt: skip
    boris.does(f"{KIND}.destroyed", asked, stated={"entries": [str(first)]}, by=SECONDED)

    answers(anna, dora, asked, first, act="erased")

    texts = dict(PreparedAct.objects.exclude(entry="").values_list("entry", "text"))
    assert "" == texts[str(first)]
    assert "Second part." in texts[str(second)]


def test_what_was_destroyed_stays_so_when_it_comes_back(asked, recalled, anna, dora):
    """A backup brings back what was erased: the record says it is destroyed, so it is again."""
    answers(anna, dora, asked, recalled)
    digest = queries.entry(recalled).entry.payload.sha256
    models.Payload.objects.filter(pk=digest).update(sealed=b"x", erased_at=None)

    rebuild()

    assert not held(recalled)


def test_keeping_states_a_reason_and_erases_nothing(asked, recalled, anna, dora):
    """The other side is owed an answer, not obedience."""
    answers(anna, dora, asked, recalled, act="kept", kept_because="own_law_requires")

    clocks = Request.objects.get(channel=CHANNEL, ref=asked)
    assert held(recalled)
    assert clocks.due_label != "Answering the recall"


def test_a_later_day_agreed_by_both_stands_on_the_page(asked, boris, anna, browser):
    """Whoever reads the clock must see that its day was agreed, and where."""
    services.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)
    stated = {"clock": "completeness_check", "until": "2099-03-01"}
    services.act(
        channel=CHANNEL, ref=asked, act_name="extension_asked", by=anna, stated=stated,
        payload={"text": "The court is closed."},
    )  # fmt: skip
    agreed = boris.does(f"{KIND}.extension_agreed", asked)

    page = browser(anna).get(f"/requests/{CHANNEL}/{asked}/deadlines/").content.decode()

    assert 2099 == Request.objects.get(ref=asked).due_at.year
    assert f"day agreed by both: entry BB {agreed.index}" in page


def test_an_act_with_nothing_to_be_about_is_not_offered(asked, boris, anna, browser):
    """A button that can only lead to a refusal wastes the minute it is pressed in."""
    page = browser(anna).get(f"/requests/{CHANNEL}/{asked}/").content.decode()
    assert "/acts/recalled/" not in page
    assert "/acts/destroyed/" not in page

    entry = opening(asked)
    boris.does(f"{KIND}.recalled", asked, stated={"entries": [str(entry)]}, payload={"text": "Back."})

    page = browser(anna).get(f"/requests/{CHANNEL}/{asked}/").content.decode()
    assert "/acts/destroyed/" in page
    assert str(entry) in browser(anna).get(f"/requests/{CHANNEL}/{asked}/acts/destroyed/").content.decode()
