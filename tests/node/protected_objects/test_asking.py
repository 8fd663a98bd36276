"""How little is given away by an answer: what was asked about, named whole before it is signed."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from comity import protected
from comity_node.protected_objects import acting, queries, revealing, services
from comity_node.protected_objects.errors import BeginningNotOne, QuestionTooWide, TooManyRevealed
from comity_node.protected_objects.models import ProtectedList, Visit
from tests.node.counterpart import CHANNEL
from tests.node.protected_objects.conftest import GRID, KIND, WATER, Theirs, declares, keeps
from tests.node.protected_objects.test_pages import opened, signed
from tests.node.protected_objects.test_touching import stations


def consulted(boris, row, *values):
    """Have Boris ask about a list of ours; the entry."""
    return boris.does(
        f"{KIND}.consulted", row.ref, payload=protected.document(protected.Question(values=values))
    )


def answers(row, question):
    """The act by which we say yes."""
    said = {"question": [str(question)], "is_listed": ["yes"]}
    return acting.filled(row, "answered", said).act()


@pytest.mark.parametrize("asked", ["0.0.0.0/0", "10.0.0.0/15", "::/0", "0[.]0.0.0/1"])
def test_a_question_about_a_very_wide_network_is_not_answered_yes(boris, anna, dora, asked):
    """It would be answered with the list: a commitment would be worth nothing to whoever asks so."""
    row = declares(anna, dora, "committed", GRID, WATER)
    question = consulted(boris, row, "www.grid.example", asked)

    with pytest.raises(QuestionTooWide, match="/16, in IPv6 /32") as refused:
        answers(row, question)
    assert "not said" in refused.value.hint
    said = acting.filled(row, "answered", {"question": [str(question)], "is_listed": ["not_said"]})
    assert services.sign(said.act(), by=anna)


def test_we_do_not_ask_about_a_very_wide_network(boris, anna, browser):
    """What no node answers is not asked: the page says how wide a question may be."""
    theirs = Theirs()
    theirs.declared(boris, "committed")
    row = ProtectedList.objects.get()
    address = reverse("protected_objects:act", args=[CHANNEL, row.ref, "consulted"])

    wide = browser(anna).post(address, {"values": "192.0.2.1\n10.0.0.0/8"})
    done = signed(browser(anna), address, {"values": "192.0.2.1\n10.7.0.0/16\nexample"})

    assert "10.0.0.0/8 is wider than any question may be" in wide.content.decode()
    assert 302 == done.status_code


def test_a_question_about_a_name_above_all_others_reveals_nothing_below_it(boris, anna, dora):
    """A name touches what is named so or above it: whoever asks about a whole country learns nothing."""
    row = declares(anna, dora, "committed", {**GRID, "domains": ["grid.co.uk"]}, WATER)

    assert () == revealing.reveals_for(row, ["co.uk", "uk", "example", "*.co.uk"])
    assert 1 == len(revealing.reveals_for(row, ["a.grid.co.uk"]))


def test_every_object_that_is_revealed_is_named_before_it_is_signed(boris, anna, dora, browser):
    """Whoever signs gives away all of them, not those for which the page had room."""
    row = declares(anna, dora, "committed", *stations(90))
    question = consulted(boris, row, "10.0.0.0/16")
    address = reverse("protected_objects:act", args=[CHANNEL, row.ref, "answered"])

    shown = browser(anna).post(address, {"question": str(question), "is_listed": "yes"}).content.decode()

    assert {f"Station {n}" for n in range(90)} <= set(re.findall(r"Station \d+", shown))


def test_more_than_one_act_may_reveal_is_refused_with_the_count(boris, anna, dora):
    """Objects cut off in silence would make the answer a lie, and a hundred of them are a list."""
    row = declares(anna, dora, "committed", *stations(120))
    question = consulted(boris, row, "10.0.0.0/16")

    with pytest.raises(TooManyRevealed, match=r"120 objects of aa-.*at most 100"):
        answers(row, question)


def test_an_answer_is_about_its_own_list_however_many_others_are_touched(boris, anna, dora):
    """Another list of ours must take no place from what was asked about."""
    for _ in range(2):
        declares(anna, dora, "committed", *stations(110, "Mill"))
    row = declares(anna, dora, "committed", *stations(60, "Works"))

    found = revealing.reveals_for(row, ["10.0.0.0/16"])

    assert {f"Works {n}" for n in range(60)} == {one.object["name"] for one in found}


def test_a_beginning_that_several_leaves_have_reveals_nothing_and_names_them(boris, anna, dora):
    """The first that fits may be another object than was meant, and what is revealed stays so."""
    row = declares(anna, dora, "committed", *stations(17))
    leaves = [one["leaf"] for one in revealing.kept_of(row).document["objects"]]
    first = [leaf[0] for leaf in leaves]
    twice = next(one for one in first if first.count(one) > 1)

    with pytest.raises(BeginningNotOne) as refused:
        revealing.leaves_of(row, [leaves[0], twice])
    with pytest.raises(BeginningNotOne, match="no leaf of the list does"):
        revealing.leaves_of(row, ["not one"])

    assert all(leaf[:16] in str(refused.value) for leaf in leaves if leaf[0] == twice)
    assert [leaves[3], leaves[5]] == revealing.leaves_of(row, [leaves[3], leaves[5][:16]])


def test_a_proof_that_is_taken_away_is_noted_and_reported(boris, anna, dora, browser):
    """A file leaves the node for good: whoever took it stands in the journal, and the other side may ask."""
    theirs = Theirs()
    theirs.declared(boris)
    row = ProtectedList.objects.get()
    leaf = theirs.salted[0].leaf.hex()
    place = opened(browser(anna), row.ref)

    file = browser(anna).get(f"{place}{leaf}/proof/")
    gone = browser(anna).get(f"{place}{'0' * 64}/proof/")

    assert "attachment" in file["Content-Disposition"]
    assert 302 == gone.status_code
    assert [("proof", leaf, "Incident", anna), ("list", "", "Incident", anna)] == [
        (one.what, one.leaf, one.why, one.official) for one in Visit.objects.all()
    ]
    said = services.access_act(row).payload["opened"]
    assert [2] == [one["times"] for one in said]
    page = browser(anna).get(reverse("protected_objects:list", args=[CHANNEL, row.ref])).content.decode()
    assert "the proof of one object, as a file" in page


def test_two_lists_written_down_at_one_instant_have_two_references(boris, anna, monkeypatch):
    """The second would be declared as a new version of the first, and what was undertaken asked for it."""
    first = keeps(anna, "committed", GRID)
    free = queries.next_number
    drawn = iter([first.ref])
    monkeypatch.setattr(queries, "next_number", lambda now: next(drawn, None) or free(now))

    second = keeps(anna, "committed", WATER)

    assert first.ref != second.ref
    assert "Waterworks East" == second.document["objects"][0]["object"]["name"]
