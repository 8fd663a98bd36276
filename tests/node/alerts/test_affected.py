"""Protected objects that an alert states: named by list and hash, told by name to whoever was shown them."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from comity_node.alerts import page as pages
from comity_node.alerts import raising
from comity_node.assistance.errors import NotFilledIn
from comity_node.assistance.models import Draft, Request
from comity_node.protected_objects.models import ProtectedList, Visit
from comity_node.register import payloads, queries
from tests.node.alerts.conftest import THEIRS, warns
from tests.node.alerts.test_raising import SAID
from tests.node.counterpart import CHANNEL
from tests.node.protected_objects.conftest import Theirs, declares

PAGE = reverse("alerts:raise")


@pytest.fixture(autouse=True)
def _open(boris):
    """Every test has the channel."""


@pytest.fixture
def cora(hire):
    """Coordinator of aa: raises alerts, and reads lists."""
    return hire("cora", "coordinator")


@pytest.fixture
def ours(cora, hire):
    """A list of ours of which nothing is shown."""
    return declares(cora, hire("dave", "coordinator", office="prosecution"))


def sought(seated, words, **said):
    """Press the button that looks for objects: what is offered, and the form."""
    answer = seated.post(PAGE, {**SAID, "objects_words": words, "seek": "yes", **said})
    form = answer.context["form"]
    return dict(form.fields["objects"].choices), form


def raised(by, **said):
    """An alert on record, without a page: its row."""
    drafts = raising.filled(
        {name: value if isinstance(value, list) else [value] for name, value in {**SAID, **said}.items()},
        by=by,
    )
    raising.sign(drafts, {one.pk: digest for one, _text, digest in raising.texts(drafts)}, by=by)
    return Request.objects.get(ref=drafts[0].ref)


@pytest.mark.parametrize("words", ["control centre", "hxxps://grid[.]example/x", "192.0.2.9"])
def test_an_object_is_sought_by_name_or_by_what_lies_in_it_and_nothing_is_sent(browser, cora, ours, words):
    """What was filled in stays; an officer at three in the morning has not the list in their head."""
    before = len(queries.entries(CHANNEL))

    offered, form = sought(browser(cora), words)

    assert [f"Grid control centre North · AA {ours.ref}"] == list(offered.values())
    assert (SAID["title"], [CHANNEL]) == (form["title"].value(), form["channels"].value())
    assert (0, before) == (Draft.objects.count(), len(queries.entries(CHANNEL)))


def test_nobody_reads_a_list_by_seeking(browser, cora, ours):
    """Two letters would name half of it."""
    assert {} == sought(browser(cora), "Gr")[0]


def test_what_is_stated_crosses_as_list_and_hash_and_nothing_else(cora, ours, browser):
    """The list is only committed to: its object is told to nobody by an alert."""
    (value,) = sought(browser(cora), "Grid")[0]
    row = raised(cora, objects=[value])

    (entry,) = queries.entries(CHANNEL, ref=row.ref)
    said = payloads.payload(entry)
    version, leaf = value.split()
    assert [{"list": version, "object": leaf}] == said["affected"]
    assert "Grid" not in json.dumps(said["affected"])
    assert ours.version == version
    (shown,) = pages.one_alert(row, official=cora)["affected"]
    assert ("Grid control centre North", True) == (shown.name, shown.ours)


def test_who_may_not_read_lists_learns_how_many_are_stated(browser, cora, ours, reader):
    """That something protected is touched is said; what it is, is said to whoever may read."""
    (value,) = sought(browser(cora), "Grid")[0]
    row = raised(cora, objects=[value])

    page = browser(reader).get(reverse("alerts:alert", args=[CHANNEL, row.ref])).content.decode()

    assert "1 object is stated" in page
    assert "Grid control" not in page
    assert "objects_words" not in browser(reader).get(PAGE).content.decode()


def test_what_they_state_of_lists_is_shown_as_far_as_they_showed_them(boris, browser, cora):
    """Of a list that they only committed to there is a hash; of a shown one, the object."""
    shown, hidden = Theirs(), Theirs()
    entries = [shown.declared(boris), hidden.declared(boris, "committed", ref="bb-2026-p0002")]
    pairs = [
        {"list": str(entry), "object": of.salted[0].leaf.hex()}
        for entry, of in zip(entries, (shown, hidden), strict=True)
    ]
    warns(boris, affected=[*pairs, {"list": "<b>", "object": 7}, "x"])

    named = pages.one_alert(Request.objects.get(ref=THEIRS), official=cora)["affected"]
    page = browser(cora).get(reverse("alerts:alert", args=[CHANNEL, THEIRS]))

    assert ["Grid control centre North", "", ""] == [one.name for one in named]
    assert ["bb-2026-p0001", "bb-2026-p0002", ""] == [one.ref for one in named]
    assert 200 == page.status_code
    assert "An object that we were not shown" in page.content.decode()


def test_seeking_in_a_list_of_theirs_is_noted_as_reading_it(boris, browser, cora):
    """They may ask how often each office of ours did."""
    Theirs().declared(boris)

    offered, _form = sought(browser(cora), "Water")

    assert 1 == len(offered)
    assert [("bb-2026-p0001", "search")] == list(Visit.objects.values_list("ref", "what"))


def test_an_object_is_stated_only_where_its_list_is(cora, ours):
    """Elsewhere nobody holds the entry that is named."""
    elsewhere = f"aa.comity/{'b' * 16}#3 {'0' * 64}"

    with pytest.raises(NotFilledIn):
        raised(cora, objects=[elsewhere])


def test_a_draft_taken_up_again_still_states_them(browser, cora, ours):
    """Whoever goes back to change a word has not to choose again."""
    seated = browser(cora)
    (value,) = sought(seated, "Grid")[0]
    confirm = seated.post(PAGE, {**SAID, "objects": [value]}).url
    again = seated.get(reverse("alerts:again", args=[confirm.split("/")[-3]]))

    assert "Grid control centre North" in seated.get(confirm).content.decode()
    assert [value] == again.context["form"]["objects"].value()


def test_without_lists_nothing_is_offered_and_all_else_is_as_before(browser, cora):
    """Most alerts touch none."""
    assert 0 == ProtectedList.objects.count()
    assert {} == sought(browser(cora), "Grid")[0]
    assert 0 == pages.one_alert(raised(cora), official=cora)["affected_count"]
