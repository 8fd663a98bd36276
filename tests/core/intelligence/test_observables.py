"""What somebody pastes at three in the morning is read as it was meant, and nothing else is made of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.intelligence import MOST, Observable, harmless, recognise

HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("written", "sort", "value"),
    [
        ("203.0.113.7", "ipv4-addr", "203.0.113.7"),
        ("203.0.113[.]7:443", "ipv4-addr", "203.0.113.7"),
        ("203[dot]0[dot]113[dot]7", "ipv4-addr", "203.0.113.7"),
        ("198.51.100.17/24", "ipv4-addr", "198.51.100.0/24"),
        ("2001:DB8::1", "ipv6-addr", "2001:db8::1"),
        ("[2001:db8::1]:8443", "ipv6-addr", "2001:db8::1"),
        ("AS64500", "autonomous-system", "AS64500"),
        ("hxxps://evil[.]example[.]com/A?b=1", "url", "https://evil.example.com/A?b=1"),
        ("hxxp[:]//evil[.]example[.]com", "url", "http://evil.example.com"),
        ("http://203.0.113.7:8080/x", "url", "http://203.0.113.7:8080/x"),
        ("hxxps://evil[.]example[.]com?next=grid.org", "url", "https://evil.example.com?next=grid.org"),
        ("http://evil.example.com#a@grid.org", "url", "http://evil.example.com#a@grid.org"),
        ("hxxp://Who:Secret@EVIL[.]example[.]com:81/A", "url", "http://Who:Secret@evil.example.com:81/A"),
        ("hxxp://\u0430\u0440\u0440\u04cf\u0435[.]com:81/A", "url", "http://xn--80ak6aa92e.com:81/A"),
        ("g\u043e\u043egle[.]com", "domain-name", "xn--ggle-55da.com"),
        ("evil[.]example[.]com?b=1", "domain-name", "evil.example.com"),
        ("AS 64500", "autonomous-system", "AS64500"),
        ("Admin[at]Example(.)org", "email-addr", "admin@example.org"),
        ("evil[.]co[.]uk", "domain-name", "evil.co.uk"),
        ("пример.рф", "domain-name", "xn--e1afmkfd.xn--p1ai"),
        (HASH.upper(), "sha256", HASH),
        (f"sha256:{HASH}", "sha256", HASH),
        ("MD5=d41d8cd98f00b204e9800998ecf8427e", "md5", "d41d8cd98f00b204e9800998ecf8427e"),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709", "sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("cve-2021-34527", "vulnerability", "CVE-2021-34527"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        (
            "0xde709f2102306220921060314715629080e2fb77",
            "ethereum",
            "0xde709f2102306220921060314715629080e2fb77",
        ),
        ("TLjfbTbpZYDQ4EoA4N5CLNgGjfbF8ZWz38", "tron", "TLjfbTbpZYDQ4EoA4N5CLNgGjfbF8ZWz38"),
    ],
)
def test_it_is_read_however_it_is_written(written, sort, value):
    """Among words and signs, alone or in a list."""
    for text in (written, f"seen: {written}, again ({written});", f"- {written}\n- {written}"):
        assert (Observable(sort, value),) == recognise(text).observables


@pytest.mark.parametrize(
    "written",
    ["invoice.exe", "1.2.3", "999.1.1.1", "10:30", "e.g.", "section 12", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
     "CVE-21-1", "AS99999999999", "@example", "http://", "a.b.c.d.e.f", "3.14", "file.txt",
     "seen as 64500 hosts", "AS 64500.2x", "http://nobody?x@example.com/", "http://a.b.c.d?example.com"],
)  # fmt: skip
def test_what_only_looks_like_one_is_none(written):
    """An address that is none sends an officer to the wrong door."""
    assert () == recognise(written).observables


@pytest.mark.parametrize(
    "rest", ["?next=https://grid.example.org/", "#@grid.example.org", "\\@grid.example.org"]
)
def test_only_the_host_of_a_url_is_put_in_brackets(rest):
    """What is asked of a host names others as it likes: the page must not say that it leads to them."""
    (one,) = recognise(f"http://evil.example.com{rest}").observables

    assert f"hxxp://evil[.]example[.]com{rest}" == harmless(one)
    assert (one,) == recognise(harmless(one)).observables


def test_what_was_meant_and_not_understood_is_said():
    """Dropped in silence, it would be believed sent and checked."""
    found = recognise("203.0.113.7\nzz99-??-1234567\nwe know no more\n")

    assert ("zz99-??-1234567",) == found.unknown


def test_so_many_are_shown_and_the_rest_counted():
    """A list of a million lines is cut, and says so."""
    found = recognise("\n".join(f"10.0.{one >> 8}.{one & 255}" for one in range(MOST + 7)))

    assert (MOST, 7) == (len(found.observables), found.left)


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text):
    """What an opponent pastes ends in no traceback, and nothing recognised can be followed by a program."""
    for one in recognise(text).observables:
        shown = harmless(one)
        assert "http://" not in shown
        assert "https://" not in shown


@given(st.lists(st.ip_addresses(), max_size=30))
def test_every_address_is_found_again_in_its_harmless_form(addresses):
    """What one side shows, the other can paste."""
    observables = recognise("\n".join(map(str, addresses))).observables
    assert observables == recognise("\n".join(map(harmless, observables))).observables
