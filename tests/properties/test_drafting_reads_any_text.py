"""The checks of drafting take any text, in time that grows with it, and read addresses and days exactly."""

# ruff: noqa: RUF001 - Russian letters are what is tested

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.drafting import Request, defects
from comity.drafting.addresses import addresses, malformed, refanged
from comity.drafting.network import blocks
from comity.drafting.times import clocks, days, has_zone
from comity.drafting.timing import periods
from comity.drafting.words import languages
from comity.instruments import library

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

A_WHILE = 30  # seconds: far above what it takes, far below what a pattern that goes back does
LENGTH = 50_000
PIECES = [
    *("192.0.2.7", "192[.]0[.]2[.]7", "2001:db8::1", "/24", "14:05", "UTC", "3 May 2026", "03/05/2026"),
    *("с 1 по 5 мая", "from", "to", "and", "ст. 12", "section 12", "urgent", "because", "attached"),
    *("____", "[", "(", "{{", "“", ":", ".", "-", "@", ";", "\n", "\x00", "\ud800", "％", "١٢:٣٤", "🙂"),
    *("9f86d081884c7d659a2feaa0c55ad015", "SHA-256:", "%s", "%(x)s"),
]
texts = st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)
instruments = [
    (text, procedure.id, [kind.id for kind in text.types_in(procedure.id)])
    for text in library().values()
    for procedure in text.procedures
]


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Return a request under any instrument, filled with anything."""
    instrument, procedure, types = draw(st.sampled_from(instruments))
    names = [field.id for field in instrument.fields if procedure in field.procedures]
    filled = st.dictionaries(st.sampled_from([*names, "no_such_field"]), texts, max_size=8)
    language = st.sampled_from(["en", "ru", "ru-RU", "fr", "", "-", "x"])
    return Request(
        instrument=instrument,
        procedure=procedure,
        types=draw(st.lists(st.sampled_from([*types, "no_such_type"]), max_size=3)),
        title=draw(texts),
        language=draw(language),
        fields=draw(filled),
        translation_language=draw(language),
        translation=draw(filled),
        exhibits=draw(st.lists(texts, max_size=2)),
        stated={},
        preservations=draw(st.lists(st.just("aa-2026-0001"), max_size=1)),
    )


@given(requests())
@settings(deadline=None)
def test_anything_can_be_checked_and_is_found_again(request: Request) -> None:
    """A draft is checked while it is written: no half sentence stops the page, or is judged in two ways."""
    found = defects(request)

    assert found == defects(request)
    assert all(one.what and one.field for one in found)
    known = {field.id for field in request.instrument.fields} | {"title", "types", "translation_language"}
    assert {one.field for one in found} <= known


@pytest.mark.parametrize(
    "piece", ["a", "1", "1:", "1.", "(", "@a", "-", "3 May ", "1-1-1", "192.0.2.7\n", "с 2019 по "]
)
def test_the_longest_text_does_not_hang_a_node(piece: str) -> None:
    """Made to be read again and again, it would take minutes if a pattern went back over it."""
    text = (piece * LENGTH)[:LENGTH]
    asked = ("assistance_sought", "facts_summary", "ip_port_time", "hash_list", "offences")
    fields = dict.fromkeys(asked, text)
    request = Request(
        instrument=library()["us-ru-1999"],
        procedure="assistance",
        types=["documents_items"],
        title=text,
        language="en",
        fields=fields,
        translation_language="ru",
        translation=fields,
        stated={},
    )
    begun = time.process_time()

    defects(request)

    assert time.process_time() - begun < A_WHILE


@given(
    st.ip_addresses(v=4), st.sampled_from([".", "[.]", "(.)", "[dot]", "{.}"]), st.sampled_from("([ \n,;=")
)
def test_every_ipv4_address_is_recognised_however_it_is_defanged(
    ip: IPv4Address, dot: str, before: str
) -> None:
    """An address that is missed is sent without its time."""
    line = refanged(f"seen{before}{str(ip).replace('.', dot)}, and later")

    assert [str(ip)] == [str(one) for one in addresses(line)]


@given(st.ip_addresses(v=6))
def test_every_ipv6_address_is_recognised_in_its_long_and_short_form(ip: IPv6Address) -> None:
    """Two ways of writing one address are one address."""
    both = [*addresses(f"from {ip.exploded}."), *addresses(f"from [{ip.exploded}]:443")]

    assert [ip, ip] == [one.ip for one in both]
    assert both[1].has_port
    if str(ip).count(":") > 2:
        assert [ip] == [one.ip for one in addresses(f"({ip})")]


@given(st.lists(st.integers(0, 999), min_size=1, max_size=8).filter(lambda parts: len(parts) != 4))
def test_other_numbers_with_points_are_no_addresses(parts: list[int]) -> None:
    """Amounts, dates and numbers of paragraphs must not ask for a time zone."""
    text = ".".join(map(str, parts))

    assert ([], []) == (addresses(text), malformed(text))


@given(st.lists(st.integers(0, 999), min_size=4, max_size=4))
def test_four_numbers_are_an_address_or_are_called_malformed(parts: list[int]) -> None:
    """What looks like an address is never passed over in silence."""
    text = ".".join(map(str, parts))

    assert (max(parts) < 256) == bool(addresses(text)) == (not malformed(text))


@given(st.dates(date(1970, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(languages())))
def test_a_day_is_read_in_every_form(day: date, language: str) -> None:
    """A day that is not recognised is a day that is asked for again."""
    for name in (name for name, month in languages()[language].months.items() if month == day.month):
        assert [day] == [one.day for one in days(f"on {day.day} {name} {day.year}, and")]
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        assert [day] == [one.day for one in days(f"({day.strftime(form)})")]


@given(st.dates(date(1970, 1, 1), date(2080, 1, 1)), st.integers(0, 4000))
def test_a_period_has_the_days_it_has(first: date, count: int) -> None:
    """The bound is on days, however the two ends are written."""
    last = first + timedelta(days=count)

    for text in (
        f"from {first} to {last}",
        f"с {first:%d.%m.%Y} г. по {last:%d.%m.%Y} г.",
        f"between {first} and {last}",
    ):
        assert [count + 1] == [one.days for one in periods(text)]


@given(st.times(), st.sampled_from(["Z", "+03:00", " UTC", " GMT", " (МСК)", " UTC+3", " Europe/Moscow"]))
def test_a_time_with_its_zone_is_read_with_its_zone(clock: object, zone: str) -> None:
    """A zone that is not seen is asked for, and the author learns not to listen."""
    text = f"at {str(clock)[:8]}{zone}, seen"

    assert 1 == len(clocks(text))
    assert has_zone(text)
    assert not has_zone(text.replace(zone, ""))


@given(st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=6, unique=True), st.data())
def test_a_time_counts_for_its_own_line_and_for_no_other(ips: list[str], data: st.DataObject) -> None:
    """Of a list in which each line has its own time, exactly the lines without one are told."""
    bare = data.draw(st.sets(st.sampled_from(ips)))
    lines = [f"{ip} account a" + ("" if ip in bare else " port 1, 3 May 2026 14:05 UTC") for ip in ips]

    _, found = blocks("\n".join(lines))

    timed = {str(one) for block in found if block.marks.has_clock for one in block.addresses}
    assert set(ips) - bare == timed
