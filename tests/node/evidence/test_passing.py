"""What a counterpart marked goes no further than it allows, until it allows more."""

from __future__ import annotations

import pytest

from comity import custody
from comity.markings import Marking
from comity_node.evidence import passing, services
from comity_node.evidence.errors import NotToBePassedOn
from comity_node.evidence.models import Exhibit
from comity_node.register.acts import Capacity
from comity_node.register.services import append
from tests.node.counterpart import CHANNEL, SECONDED, Counterpart, open_channel
from tests.node.evidence.conftest import CONTENT, Line, announces, seal_for_both

pytestmark = pytest.mark.django_db

OTHER = "ponmlkjihgfedcba"


def marked(boris, **said):
    """An exhibit of Boris's that has arrived, marked so."""
    sealed, document = seal_for_both(boris, CONTENT)
    exhibit = announces(boris, {**document, **said})
    services.fetch(exhibit, Line(sealed))
    exhibit.refresh_from_db()
    return exhibit


def hand_over(exhibit, **said):
    """The act of handing it over, as an officer would sign it."""
    words = {"released_by": "ministry", "received_by": "District court", "purpose": "Trial"}
    return services.hand_over_act(exhibit, services.custody.HandOver(**words, **said))


@pytest.mark.parametrize(
    ("marking", "to", "is_barred"),
    [
        ({"handling": "H1"}, "court", True),
        ({"handling": "H1"}, "", True),
        ({"handling": "H1"}, "onward", False),
        ({"handling": "H2"}, "onward", True),
        ({"handling": "H2"}, "within", False),
        ({"tlp": "RED"}, "onward", True),
        ({"tlp": "AMBER"}, "onward", False),
        ({"handling": "H0"}, "court", False),
        ({"handling": "H3"}, "court", True),  # H3 without words contradicts itself: held as RED
        ({}, "court", False),
    ],
)
def test_an_exhibit_goes_where_its_marking_lets_it(boris, marking, to, is_barred):
    """A handling code that binds nobody is decoration."""
    exhibit = marked(boris, **marking)

    if not is_barred:
        assert hand_over(exhibit, to=to).kind == "evidence.exhibit.handed_over"
        return
    with pytest.raises(NotToBePassedOn) as refused:
        hand_over(exhibit, to=to)
    assert "without permission" in str(refused.value)
    assert "ask the party it came from" in refused.value.hint


def allows(boris, exhibit, use="passed_on"):
    """Have Boris allow another use of an exhibit: we ask, two officers of his answer."""
    asked = services.act_on(exhibit, "use_asked", custody.Words(text="For the trial."), {"use": use})
    append(asked, by=Capacity("ministry", "case officer"))
    return boris.does(
        "evidence.exhibit.use_allowed",
        exhibit.ref,
        stated={"use": use},
        payload={"text": "You may."},
        by=SECONDED,
    )


def test_the_use_its_provider_allows_is_open_and_no_other(boris):
    """Permission is an act of the one who marked it, on this exhibit, for this use."""
    exhibit = marked(boris, handling="H2")
    talk = boris.does("assistance.request.supplemented", "aa-2026-0001", payload={"text": "You may."})

    for not_it in ("", exhibit.entry, f"aa.comity/{CHANNEL}#0", str(talk), "nonsense"):
        with pytest.raises(NotToBePassedOn):
            hand_over(exhibit, to="court", permission=not_it)
    permits = allows(boris, exhibit, "before_a_court")

    assert str(permits) == hand_over(exhibit, to="court", permission=str(permits)).payload["permission"]
    assert hand_over(exhibit, to="court")
    with pytest.raises(NotToBePassedOn):
        hand_over(exhibit, to="onward", permission=str(permits))


def test_a_limit_bars_what_it_says_until_it_is_lifted_or_the_use_allowed(boris):
    """A limit that only stands on a page binds nobody."""
    exhibit = marked(boris)
    Exhibit.objects.update(limits=["not_passed_on"])
    exhibit.refresh_from_db()

    with pytest.raises(NotToBePassedOn, match="not passed on"):
        hand_over(exhibit, to="onward")
    assert hand_over(exhibit, to="court")
    allows(boris, exhibit)
    assert hand_over(exhibit, to="onward")


def test_a_file_received_under_a_bar_is_not_given_to_a_third_party(boris, anna, tmp_path):
    """The same bytes under another name in another channel are the same file."""
    exhibit = marked(boris, handling="H2")
    third = Counterpart("cc", OTHER)
    open_channel(third)
    file = tmp_path / "renamed.bin"
    file.write_bytes(CONTENT)

    with pytest.raises(NotToBePassedOn):
        services.add(file, channel=OTHER, described={}, by=anna)
    permits = allows(boris, exhibit)
    assert services.add(file, channel=OTHER, described={"permission": str(permits)}, by=anna)
    assert services.add(file, channel=CHANNEL, described={}, by=anna)
    assert Marking(handling="H2") == passing.marking(exhibit)


def test_the_page_says_why_it_is_refused_and_shows_the_code(boris, anna, browser):
    """An officer learns it before anything is signed."""
    exhibit = marked(boris, handling="H1")
    page = browser(anna)
    words = {"released_by": "ministry", "received_by": "District court", "purpose": "Trial", "to": "court"}

    address = f"/evidence/{CHANNEL}/{exhibit.ref}/hand-over/"
    refused = page.post(address, words, follow=True).content.decode()

    assert "marked bb-2026-x0001 H1, and it may not go into a court file" in refused
    assert "H1" in page.get(f"/evidence/{CHANNEL}/{exhibit.ref}/").content.decode()
