"""Which instruments bind two parties on a day, and which of them governs."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from comity.errors import MalformedInstrument
from comity.instruments import Binds, Instrument, Mark, Parties, footings, library, parse_parties, parties
from comity.instruments.model import Precedence

MLAT = library()["us-ru-1999"]
TODAY = date(2026, 11, 26)
WORLD = parse_parties(b"""
as_of = 2026-01-01
complete = false
[[party]]
code = "us"
name = "United States of America"
bound_from = 2005-01-01
basis = "source: the depositary"
verified = "S"
[[party]]
code = "ru"
name = "Russian Federation"
signed = 2000-12-12
bound_from = 2004-06-25
bound_until = 2030-01-01
basis = "source: the depositary"
verified = "R"
[[party]]
code = "aa"
name = "Arland"
signed = 2001-01-01
basis = "source: the depositary"
verified = "S"
""")


def fallback(**changed: object) -> Instrument:
    """A multilateral convention that yields to bilateral treaties."""
    yields = Precedence(yields_to=("bilateral",), in_lieu=True, basis="Art. 18(7)", verified=Mark.READ)
    said = {"id": "world", "short": "World", "kind": "multilateral", "in_force": date(2003, 9, 29)}
    return replace(MLAT, **{**said, "precedence": (yields,), **changed})


def between(one: str, other: str, *texts: Instrument, on: date = TODAY) -> list[tuple[str, str, bool]]:
    """Id, whether it binds, whether it governs: in the order they are shown."""
    known: dict[str, Parties] = {"us-ru-1999": parties()["us-ru-1999"], "world": WORLD}
    found = footings(texts, known, one, other, on=on)
    return [(each.instrument.id, each.binds.value, each.governs) for each in found]


def test_the_bilateral_treaty_comes_before_the_convention_that_yields_to_it() -> None:
    """UNTOC Art. 18(7) and its like: an officer must not lodge under the fallback by mistake."""
    found = footings(
        [fallback(), MLAT], {"us-ru-1999": parties()["us-ru-1999"], "world": WORLD}, "us", "ru", on=TODAY
    )

    assert [("us-ru-1999", True), ("world", False)] == [(one.instrument.id, one.governs) for one in found]
    assert (MLAT,) == found[1].yields_to
    assert found[1].in_lieu
    assert Mark.RECALLED is found[1].verified


def test_the_fallback_governs_where_the_treaty_is_not_yet_or_no_more_in_force() -> None:
    """What bound two States in another year is not what binds them today."""
    early = between("us", "ru", fallback(), MLAT, on=date(2001, 1, 1))
    assert {("us-ru-1999", "no", False), ("world", "no", False)} == set(early)
    assert ("world", "no", False) in between("us", "ru", fallback(), MLAT, on=date(2030, 1, 2))
    assert ("world", "yes", True) in between("us", "ru", fallback(), on=TODAY)


def test_a_state_nobody_looked_up_is_not_called_bound_or_unbound() -> None:
    """Saying yes would invent an obligation, saying no would deny one."""
    assert [("world", Binds.UNKNOWN.value, False)] == between("us", "zz", fallback())
    assert [("us-ru-1999", Binds.NO.value, False)] == between("us", "zz", MLAT)
    assert [("world", Binds.NO.value, False)] == between("us", "aa", fallback())


def test_what_is_not_in_force_or_no_law_governs_nobody() -> None:
    """A convention that waits for ratifications and a political arrangement carry no compulsion."""
    assert [("world", "no", False)] == between("us", "ru", fallback(in_force=None))
    assert [("world", "yes", False)] == between("us", "ru", fallback(kind="arrangement", in_force=None))
    assert [("world", "no", False)] == between("us", "ru", fallback(kind="model"))


@pytest.mark.parametrize(
    "text",
    [
        b"=",
        b"\xff",
        b'as_of = 2026-01-01\ncomplete = true\ncolour = "red"',
        b"as_of = 2026-01-01\ncomplete=true\n[[authority]]\nparty = 'x'\nname=''\nbasis=''\nverified='S'",
    ],
)
def test_facts_about_parties_out_of_form_are_refused(text: bytes) -> None:
    """A misspelt fact must not silently be missing."""
    with pytest.raises(MalformedInstrument, match=r"parties\.toml"):
        parse_parties(text)
