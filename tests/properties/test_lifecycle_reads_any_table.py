"""Whatever bytes are given as an instrument, only our own errors come back."""

from __future__ import annotations

import contextlib
from importlib import resources

from hypothesis import example, given
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.instruments import check, parse_instrument

SHELF = resources.files("comity.instruments") / "texts" / "us-ru-1999"
FILES = {file.name: file.read_bytes() for file in SHELF.iterdir() if file.name.endswith(".toml")}
SPLICES = [
    "",
    '"',
    "[[",
    "]]",
    "= 1\n",
    "[[step]]\n",
    "{",
    "x" * 300,
    "2026-99-99",
    "\n\n",
    "9" * 5000,
    "'''",
    "é",
]


@given(st.dictionaries(st.text(max_size=20), st.binary(max_size=300), max_size=3), st.binary(max_size=600))
@example({}, b"a = " + b"[" * 5000)
@example({}, b"a = " + b"9" * 5000)
@example({}, b"a" + b".a" * 60000 + b" = 1")
@example({}, b"a = 2026-01-01T00:00:00+99:99")
@example({}, b"\xff\xfe")
def test_arbitrary_bytes_raise_only_our_errors(files: dict[str, bytes], instrument: bytes):
    """A table comes from outside; a page that shows why it was refused must not fall over on it."""
    parse_or_refuse({**files, "instrument.toml": instrument})


@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_damaged_table_raises_only_our_errors(name: str, data: st.DataObject):
    """Damage near a true table reaches deeper than noise does."""
    text = FILES[name].decode()
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, min(len(text), at + 200)))
    damaged = text[:at] + data.draw(st.sampled_from(SPLICES)) + text[end:]

    parse_or_refuse({**FILES, name: damaged.encode()})


def parse_or_refuse(files: dict[str, bytes]) -> None:
    """Read an instrument and check it, or be refused with a named error; anything else fails the test."""
    with contextlib.suppress(ComityError):
        check(parse_instrument(files))
