"""What may be said of a contact point, and what is refused whole."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.contacts import changed_ways, document, read_point
from comity.contacts.errors import MalformedPoint

SAID = {
    "v": 1,
    "authority": "National Centre for Cyber Security",
    "role": "Duty desk",
    "languages": ["en", "fr"],
    "hours": "Mo-Fr 08:00-18:00",
    "zone": "Europe/Paris",
    "telephones": ["+33199000001"],
}


def test_what_is_said_is_read_and_written_alike():
    """What a payload carries is what was read, so that a version can be held against the next."""
    point = read_point(SAID)

    assert SAID == {name: value for name, value in document(point).items() if value}
    assert point == read_point(document(point))


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"authority": "Nation\u0430l Centre"}, "authority would read otherwise"),  # a Cyrillic letter in it
        ({"role": "Desk \u202eksed"}, "role would read otherwise"),
        ({"other": ["Line\u200b 2"]}, "other would read otherwise"),
        ({"verified_by": "ministry "}, "verified_by would read otherwise"),
        ({"telephones": ["+33 1 99 00 00 01"]}, "no number in E.164"),
        ({"telephones": ["0199000001"]}, "no number in E.164"),
        ({"telephones": ["+٣٣١٩٩٠٠٠٠٠١"]}, "no number in E.164"),
        ({"telephones": ["+33199000001"] * 2}, "twice"),
        ({"telephones": []}, "nobody can reach it"),
        ({"telephones": [], "emails": ["desk@example"]}, "no e-mail"),
        ({"emails": ["desk@ex\u0430mple.org"]}, "no e-mail"),
        ({"zone": "../../etc/passwd"}, "no IANA time zone"),
        ({"hours": "whenever"}, "hours cannot be read"),
        ({"languages": []}, "not in its form"),
        ({"v": 2}, "not in its form"),
        ({"name": "Jane"}, "not in its form"),
    ],
)
def test_what_reads_two_ways_or_cannot_be_used_is_refused(changed, because):
    """A hotline somebody misreads is worse than none."""
    with pytest.raises(MalformedPoint, match=because):
        read_point({**SAID, **changed})


def test_only_ways_to_reach_it_count_as_changed_ways():
    """Who changes the number could have calls come to themselves; who changes the hours could not."""
    point = read_point({**SAID, "emails": ["desk@example.org"]})

    assert [] == changed_ways(point, read_point({**document(point), "hours": "24/7", "role": "Night desk"}))
    assert ["telephone", "email"] == changed_ways(
        point, read_point({**SAID, "telephones": ["+33199000002"], "emails": ["other@example.org"]})
    )
    assert ["other_path"] == changed_ways(point, read_point({**document(point), "other": ["Fax"]}))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda one: st.lists(one) | st.dictionaries(st.sampled_from([*SAID]), one),
    )
)
def test_nothing_but_our_own_error_leaves_the_reader(said):
    """A payload is whatever a counterpart sealed."""
    with suppress(MalformedPoint):
        read_point(said)
