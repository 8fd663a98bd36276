"""What another party numbers, nobody opens: not even with an act that comes first in the common order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.channel.verified_course import Course
from comity.custody import custody
from comity.entries import By, Entry, PayloadDigest, depth, instant
from comity.instruments import library
from comity.lifecycle import Act, Suspensions, courses, fold, governing, judged, of_another, standings
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
CHARTER = library()["charter"]
ALERT, TALK, SUSPENSION = (CHARTER.procedure(one) for one in ("alert", "talk", "suspension"))
BEGAN = datetime(2026, 3, 2, 3, tzinfo=UTC)
OPENS = {
    ALERT.id: ("raised", {"severity": "5"}),
    TALK.id: ("opened", {"about": "hotline"}),
}
BOTH_WAYS = pytest.mark.parametrize(("author", "other"), [("cc", "aa"), ("aa", "cc")])
BOTH = pytest.mark.parametrize("procedure", [ALERT, TALK], ids=lambda one: one.id)


def entry(kind, ref, seen=None, minute=0, **stated):
    """An entry as its author writes it."""
    return Entry(
        v=1, kind=kind, at=instant(BEGAN + timedelta(minutes=minute)), by=By("ministry", "desk officer"),
        ref=ref, seen=seen or {}, stated=stated, payload=PayloadDigest("0" * 64, 1),
    )  # fmt: skip


def opening(procedure, party, ref, to, *, index=0, seen=None, minute=0, **stated):
    """An act that opens a procedure under a reference, and its place in the common order."""
    name, said = OPENS[procedure.id]
    said = {"instrument": "charter", "table": CHARTER.digest, "requested": to, **said, **stated}
    written = entry(procedure.kind(name), ref, seen, minute, **said)
    return Act.of(
        EntryRef(Origin(party, CHANNEL), index), written, BEGAN + timedelta(minutes=minute),
        depth=depth(index, written.seen),
    )  # fmt: skip


def in_order(*acts):
    """Acts as every party reads them."""
    return sorted(acts, key=lambda act: act.place)


@BOTH
@BOTH_WAYS
def test_an_opening_cannot_be_taken_over_by_an_earlier_place(procedure, author, other):
    """Else the author's own opening would be irregular, and the clock run against it."""
    own = opening(procedure, author, f"{author}-2026-0007", other, index=3, seen={other: 2})
    taken = opening(procedure, other, f"{author}-2026-0007", author, seen={}, minute=30)
    acts = in_order(own, taken)
    assert acts[0] is taken

    standing = fold(procedure, acts)

    assert (author, other) == (standing.requesting, standing.requested)
    assert [own.ref] == [one.act.ref for one in standing.regular]
    assert {own.ref} == {one.started_by for one in standing.clocks} or not standing.clocks
    (refused,) = standing.irregular
    assert "the reference is numbered under another Party" in refused.because


@BOTH
@BOTH_WAYS
def test_nor_among_many(procedure, author, other):
    """Each course is with whoever raised it, whomever the other names."""
    own = opening(procedure, author, f"{author}-2026-0007", [other, "dd"], index=3, seen={other: 2})
    taken = opening(procedure, other, f"{author}-2026-0007", ["bb", "dd"], minute=30)
    acts = in_order(own, taken)

    found = standings(procedure, acts)

    assert {other, "dd"} == set(found) == set(courses(procedure, acts))
    assert {author} == {one.requesting for one in found.values()}


@BOTH
@BOTH_WAYS
def test_it_chooses_no_text_either(procedure, author, other):
    """The text of a procedure is that which its own author named."""
    taken = opening(procedure, other, f"{author}-2026-0007", author)

    found = governing([CHARTER], procedure.kinds, [taken])

    assert found is not None
    assert not fold(found.procedure, [taken]).state


@BOTH_WAYS
def test_nor_is_it_lodged_as_an_opening_in_a_suspension(author, other):
    """Lodged or not: what has no effect after the suspension cannot say between whom the procedure is."""
    suspended = entry(
        "channel.suspension.declared", f"{other}-2026-0001", instrument="charter", table=CHARTER.digest,
        requested=author, topics=["talk"], legal_basis="none", pending="stand_as_they_are",
        material="kept_under_its_limits",
    )  # fmt: skip
    declared = Act.of(EntryRef(Origin(other, CHANNEL), 0), suspended, BEGAN)
    bearing = Suspensions.of({suspended.ref: fold(SUSPENSION, [declared])}).on(TALK.kinds)
    own = opening(TALK, author, f"{author}-2026-0007", [other, "dd"], index=3, seen={other: 1})
    taken = opening(TALK, other, f"{author}-2026-0007", ["bb", "dd"], index=1)

    assert {other, "dd"} == set(courses(TALK, in_order(own, taken), bearing))


@BOTH_WAYS
def test_what_is_no_opening_may_stand_under_the_others_reference(author, other):
    """Whoever answers does so under the reference of whoever asked."""
    own = opening(ALERT, author, f"{author}-2026-0007", other)
    answer = Act.of(
        EntryRef(Origin(other, CHANNEL), 0),
        entry("alert.incident.acknowledged", f"{author}-2026-0007", {author: 1}, 5),
        depth=1,
    )

    assert answer.ref_of_another
    assert fold(ALERT, [own, answer]).judged[1].regular


@pytest.mark.parametrize(("author", "ref", "kind", "another"), [
    ("aa", "aa-2026-0001", "assistance.request.lodged", False),
    ("aa", "aa-1", "alert.incident.raised", False),
    ("aa", "aa2026", "alert.incident.raised", True),
    ("aa", "aa", "alert.incident.raised", True),
    ("aa", "ab-1", "alert.incident.raised", True),
    ("aa", CHANNEL, "channel.proposed", False),
    ("aa", "b" * 16, "channel.proposed", True),
    ("aa", CHANNEL, "channel.suspension.declared", True),
    ("x-a", "x-a-2026-0001", "alert.incident.raised", False),
    ("x-a", "x-a-b-2026-0001", "alert.incident.raised", True),
    ("x-a-b", "x-a-b-2026-0001", "alert.incident.raised", False),
    ("x-a-b", "x-a-2026-0001", "alert.incident.raised", True),
    ("x-a-c", "x-a-b-2026-0001", "alert.incident.raised", True),
])  # fmt: skip
@pytest.mark.parametrize("named", ["requested", "seen"])
def test_a_reference_is_numbered_under_one_party(author, ref, kind, another, named):
    """Of codes that begin alike it is the longest, of those the act itself names."""
    said = {"requested": ["x-a-b", "dd"]} if named == "requested" else {}
    seen = {"x-a-b": 1, "dd": 4} if named == "seen" else {}

    assert another == of_another(Origin(author, CHANNEL), entry(kind, ref, seen, **said))


_CODES = st.sampled_from(["aa", "ab", "x-a", "x-a-b", "x-a-b-c", "x-b"])


@given(
    st.lists(_CODES, min_size=2, unique=True),
    st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4})?", fullmatch=True),
)
def test_among_those_who_know_each_other_one_at_most_numbers_a_reference(parties, rest):
    """Else two could open the same."""
    for named in parties:
        ref = f"{named}-{rest}"
        may = [
            one
            for one in parties
            if not of_another(
                Origin(one, CHANNEL),
                entry("talk.room.opened", ref, {other: 1 for other in parties if other != one}),
            )
        ]
        assert 1 == len(may)


@pytest.mark.parametrize(
    "procedure",
    [one for text in [*library().values(), custody()] for one in text.procedures],
    ids=lambda one: one.kinds,
)
def test_no_table_opens_for_whoever_does_not_number(procedure):
    """The reason is given before any other, whatever the act states."""
    for name in procedure.openings:
        done = Act.of(EntryRef(Origin("aa", CHANNEL), 0), entry(procedure.kind(name), "cc-2026-0007"))
        (found,) = fold(procedure, [done]).judged
        assert not found.regular
        assert "the reference is numbered under another Party" in found.because
        assert all(
            "numbered under another" in getattr(one, "reason", "")
            for one in judged(procedure, [], done).values()
        )


def test_nor_does_it_say_whose_receipt_counts() -> None:
    """A stranger reads an export as the nodes do: between whom a procedure is, says who numbers it."""
    texts = {CHARTER.digest: CHARTER}
    course = Course(CHANNEL, texts, parties=("aa", "bb", "cc", "dd"))
    said = {"instrument": "charter", "table": CHARTER.digest, "about": "hotline"}
    asked = []

    def receipted_at(_index, party):
        asked.append(party)

    for party, to in (("cc", "dd"), ("aa", "bb")):
        written = entry("talk.room.opened", "aa-2026-0007", requested=to, **said)
        course.take(EntryRef(Origin(party, CHANNEL), 0), written, receipted_at)

    assert ["", "bb"] == asked
