"""Newer facts about Parties are shown, taken by who answers for them, and taken back; all of it stays."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from comity.errors import MalformedInstrument, NoSuchInstrument
from comity.instruments import Binds, library, parties, stands
from comity_node.officials.errors import NotEmpowered
from comity_node.officials.models import Journal
from comity_node.parties import errors, queries, services
from comity_node.parties.models import Taken
from tests.node.parties.conftest import BOTH, facts, party, row

pytestmark = pytest.mark.django_db
TREATY = "us-ru-1999"
SOURCE = "Letter of the depositary, 3 June 2026"


def take(raw, by, instrument=TREATY):
    """Take facts as they are shown."""
    shown = services.offer(instrument, raw, by=by).shown
    return services.take(instrument, raw, shown=shown, source=SOURCE, by=by)


def footing(on=date(2026, 11, 1)):
    """Whether the treaty binds its Parties, by what this node knows."""
    return stands(library()[TREATY], queries.known(), "us", "ru", on=on).binds


def test_what_was_taken_decides_from_then_on_what_binds(lena):
    """A Party that left must not be asked under the treaty until the next release says so."""
    before = footing()
    take(facts(until="bound_until = 2026-05-31"), lena)

    assert (Binds.YES, Binds.NO) == (before, footing())
    assert Binds.YES is footing(date(2026, 5, 31))


def test_a_difference_says_who_joins_who_leaves_and_what_was_said(lena):
    """Nobody confirms a file by reading two files side by side."""
    said = row("reservation", "ru", id='"costs"', article='"Art. 11"', text='"No."')
    raw = facts(until="bound_until = 2026-05-31", more=party(bound_from="2026-01-01") + "\n" + said)

    found = {one.place: one.change for one in services.offer(TREATY, raw, by=lena).differences}

    assert {
        "party ru": "leaves",
        "party aa": "joins",
        "reservation ru/costs": "added",
    }.items() <= found.items()
    assert ["removed", "removed"] == [
        change for place, change in found.items() if place.startswith("authority")
    ]
    assert not Taken.objects.exists()


def test_every_version_stays_with_who_took_it_when_and_from_where(lena):
    """Whoever asks later why a request was lodged finds the facts of that day."""
    raw = facts()
    taken = take(raw, lena)
    with pytest.raises(DatabaseError), transaction.atomic():
        Taken.objects.update(source="elsewhere")
    with pytest.raises(DatabaseError), transaction.atomic():
        Taken.objects.filter(pk=taken.pk).delete()

    kept = Taken.objects.get()
    assert (raw.decode(), sha256(raw).hexdigest(), SOURCE) == (kept.text, kept.sha256, kept.source)
    assert (lena, "Ministry", date(2026, 6, 1)) == (kept.by, kept.office, kept.as_of)
    assert [("parties.taken", lena)] == [
        (one.did, one.official) for one in Journal.objects.filter(did__startswith="parties")
    ]


def test_facts_are_taken_back_to_those_before_and_to_what_ships(lena):
    """A wrong file must be undone in a minute, and the undoing must show."""
    first = take(facts("2026-06-01", more=party()), lena)
    take(facts("2026-07-01"), lena)

    services.take_back(TREATY, by=lena)
    assert first.as_of == queries.of(TREATY).parties.as_of
    services.take_back(TREATY, by=lena)
    assert queries.of(TREATY).parties == parties()[TREATY]
    with pytest.raises(errors.NothingTaken):
        services.take_back(TREATY, by=lena)

    take(facts("2026-08-01"), lena)
    take(facts("2026-09-01", more=party()), lena)
    services.take_back(TREATY, by=lena, to_shipped=True)
    assert queries.of(TREATY).taken is None
    assert [7, 6, 5, 4, 3, 2, 1] == [one.number for one in queries.history(TREATY)]


def test_what_ships_later_is_used_again(lena, monkeypatch):
    """A release that was looked up later knows better than what was taken before it."""
    take(facts("2026-06-01"), lena)
    newer = services.parse_parties(facts("2026-07-01", more=party()))
    monkeypatch.setattr(queries, "parties", lambda: {TREATY: newer})

    found = queries.of(TREATY)
    assert (newer, None, date(2026, 6, 1)) == (found.parties, found.taken, found.outdone.as_of)


def test_only_who_answers_for_the_facts_takes_them(lena, boris):
    """Whoever decides what binds could begin anything."""
    for act in (
        lambda: services.offer(TREATY, facts(), by=boris),
        lambda: services.take(TREATY, facts(), shown="", source=SOURCE, by=boris),
        lambda: services.take_back(TREATY, by=boris),
    ):
        with pytest.raises(NotEmpowered):
            act()


def test_what_was_not_shown_is_not_taken(lena):
    """The text confirmed is the text read, and against what was in use when it was read."""
    shown = services.offer(TREATY, facts(), by=lena).shown
    with pytest.raises(errors.PartiesMoved):
        services.take(TREATY, facts(more=BOTH), shown=shown, source=SOURCE, by=lena)
    take(facts(more=party()), lena)
    with pytest.raises(errors.PartiesMoved):
        services.take(TREATY, facts(), shown=shown, source=SOURCE, by=lena)
    with pytest.raises(errors.PartiesMoved):
        services.take_back(TREATY, by=lena, shown=7)
    for source in ("", "two\nlines", "turned \u202eround", "x" * 301):
        with pytest.raises(errors.NoSource):
            services.take(TREATY, facts("2026-07-01"), shown=shown, source=source, by=lena)

    assert 1 == Taken.objects.count()


def test_line_ends_are_not_part_of_a_text(lena):
    """A browser sends other line ends than the file has, and the digest must be that of the file."""
    raw = facts()
    shown = services.offer(TREATY, raw, by=lena).shown
    taken = services.take(TREATY, raw.replace(b"\n", b"\r\n"), shown=shown, source=SOURCE, by=lena)

    assert sha256(raw).hexdigest() == taken.sha256


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (facts("2025-12-31"), errors.OlderParties),
        (facts("2999-01-01"), errors.PartiesFromTheFuture),
        (b"", MalformedInstrument),
        (b"\xff\xfe", MalformedInstrument),
        (b"as_of = 2026-06-01\ncomplete = true\nx = " + b"[\n" * 50_000, MalformedInstrument),
        (b"as_of = 2026-06-01\ncomplete = true\n" + b"a." * 400 + b"b = 1", MalformedInstrument),
        (facts(more="#" * 999 + "\n") + b"# x\n" * 40_000, MalformedInstrument),
        (facts(more="# " + "x" * 1_001), MalformedInstrument),
        (b'as_of = "soon"\ncomplete = true', MalformedInstrument),
        (b"as_of = 2026-06-01\ncomplete = 1", MalformedInstrument),
        (b"as_of = 2026-06-01\ncomplete = true\nparty = 7", MalformedInstrument),
        (b"as_of = 2026-06-01T00:00:00\ncomplete = true", MalformedInstrument),
        (facts(more=party("us")), MalformedInstrument),
        (facts(more=party("AA")), MalformedInstrument),
        (facts(more=party("../x")), MalformedInstrument),
        (facts(more=party(name='"Ar\\u0000land"')), MalformedInstrument),
        (facts(more=party(name='"Ar\\u202eland"')), MalformedInstrument),
        (facts(more=party(name='"""two\nlines"""')), MalformedInstrument),
        (facts(more=party(name='""')), MalformedInstrument),
        (facts(more=party(basis='"somewhere"')), MalformedInstrument),
        (facts(more=party(verified='"X"')), MalformedInstrument),
        (facts(more=party(colour='"red"')), MalformedInstrument),
        (facts(more=party(signed="2026-06-02")), MalformedInstrument),
        (facts(more=party(bound_until="2026-06-02")), MalformedInstrument),
        (facts(more=party(bound_from="2026-06-02", bound_until="2026-06-01")), MalformedInstrument),
        (facts(more=row("authority", "zz", name='"X"')), MalformedInstrument),
        (facts(more=row("authority", "ru", name='"X"', languages='["<b>"]')), MalformedInstrument),
        (facts(more=2 * row("authority", "ru", name='"X"')), MalformedInstrument),
    ],
)  # fmt: skip
def test_a_file_that_would_not_ship_is_refused_with_its_reason(lena, raw, error):
    """Footing rests on it: nothing half-read, doubled, hidden or impossible may get in."""
    with pytest.raises(error) as refused:
        services.offer(TREATY, raw, by=lena)

    assert str(refused.value)
    assert not Taken.objects.exists()


def test_facts_about_nothing_and_facts_in_use_are_not_taken(lena):
    """A mistyped id must not make an instrument, and a second click no second version."""
    with pytest.raises(NoSuchInstrument):
        services.offer("us-ru-1998", facts(), by=lena)
    take(facts(), lena)
    with pytest.raises(errors.SameParties):
        services.offer(TREATY, facts(), by=lena)


def test_facts_grow_old_by_the_nodes_own_setting(lena):
    """Who was bound a year ago may not be today."""
    found = queries.of(TREATY)
    last = date.fromordinal(found.parties.as_of.toordinal() + settings.NODE.parties_days)

    assert not found.is_old(last)
    assert found.is_old(date.fromordinal(last.toordinal() + 1))
