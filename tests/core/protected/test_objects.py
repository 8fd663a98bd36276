"""How objects are read, what they are found by, and what a look-alike is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity import protected
from comity.instruments import library
from comity.lifecycle import Act, fold, obligations
from comity.names import EntryRef, Origin
from comity.protected.values import letters_of, mixes_scripts

AT = datetime(2026, 3, 2, tzinfo=UTC)
GRID = {"name": "Grid", "sector": "energy"}


@pytest.mark.parametrize("domain", ["\u0430pple.example", "p\u0430ypal.example", "gr\u0456d.example"])
def test_a_look_alike_is_another_name_and_is_pointed_out(domain) -> None:
    """Cyrillic letters that look Latin are other bytes: such a name touches nothing of the true one."""
    look_alike = protected.read_typed({**GRID, "domains": [domain]}).domains[0]
    true = "".join({"\u0430": "a", "\u0456": "i"}.get(one, one) for one in domain)

    assert look_alike.startswith("xn--")
    assert look_alike not in protected.sought(true).values
    assert domain == letters_of(look_alike)
    assert mixes_scripts(look_alike)
    assert not mixes_scripts(true)
    assert not mixes_scripts("xn--e1afmkfd.xn--p1ai")


@pytest.mark.parametrize(
    "observed",
    [
        "hxxps://evil[.]example?next=https://grid.example/",
        "http://evil.example#@grid.example",
        "http://evil.example?grid.example",
        "http://grid.example@evil.example/login",
        "hxxp://grid.example:80@evil[.]example:8080/grid.example",
        "http://evil.example\\@grid.example",
        "hxxp[://]evil[.]example/@grid.example",
        "//evil.example/?u=http://grid.example",
        "evil.example/?u=http://grid.example",
        "mailto:grid.example@evil.example?cc=a@grid.example",
    ],
)
def test_a_url_touches_what_its_host_is_and_nothing_it_only_names(observed) -> None:
    """The host ends where path, query or fragment begin, and whoever is asked for there stands before it."""
    assert protected.Sought("domain", ("evil.example",)) == protected.sought(observed)


def test_a_path_that_is_a_number_makes_no_network_of_a_host() -> None:
    """A URL leads to one address, whatever stands behind the slash."""
    found = protected.sought("http://192.0.2.0/24")

    assert found is not None
    assert ("192.0.2.0/32", "") == (found.values[-1], found.first)


@pytest.mark.parametrize(
    ("asked", "wide"),
    [
        ("0.0.0.0/0", True),
        ("192.0.0.0/15", True),
        ("192.0[.]0.0/15", True),
        ("192.0.0.0/16", False),
        ("192.0.2.7", False),
        ("::/0", True),
        ("2001:db8::/31", True),
        ("2001:db8::/32", False),
        ("::ffff:0.0.0.0/96", True),
        ("AS64500", False),
        ("co.uk", False),
        ("nonsense", False),
    ],
)
def test_a_network_that_would_lay_a_list_open_is_too_wide_to_ask_about(asked, wide) -> None:
    """Whoever asks about everything reads the list; a name above an object's tells nothing of it."""
    assert wide == protected.is_too_wide(asked)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "Grid"},
        {"name": "", "sector": "energy"},
        {"name": " \n", "sector": "energy"},
        {"name": "Grid\u202egrid", "sector": "energy"},
        {"name": "x" * 301, "sector": "energy"},
        {"name": "Grid", "sector": "castles"},
        {**GRID, "country": "Arland"},
        {**GRID, "networks": ["::/0"]},
        {**GRID, "networks": ["192.0.2.0/33"]},
        {**GRID, "domains": ["x." * 200 + "example"]},
        {**GRID, "domains": [f"{n}.example" for n in range(1_001)]},
        {**GRID, "certificates": [f"{n:064x}" for n in range(900)]},
        {**GRID, "password": "secret"},
        {**GRID, "domains": "grid.example"},
    ],
)
def test_what_cannot_be_an_object_is_refused(said) -> None:
    """An error names what is wrong before anything is kept."""
    with pytest.raises(protected.BadObject):
        protected.read_typed(said)


def test_a_list_must_have_what_can_be_told_apart() -> None:
    """Two leaves of one hash, or a salt of another size, would let one proof serve for two."""
    one = protected.Salted(protected.read_typed(GRID), bytes(32))

    for salted, padding in (
        ([one, one], []),
        ([], [bytes(32)]),
        ([one._replace(salt=b"short")], []),
        ([one], [b""]),
    ):
        with pytest.raises(protected.BadObject):
            protected.Tree.over(salted, padding)
    with pytest.raises(protected.BadObject, match="no such object"):
        protected.Tree.over([one]).prove(bytes(32))


def test_more_rows_than_are_told_are_counted() -> None:
    """A file of a thousand faults is told in a page."""
    rows = b"name,sector\n" + b"X,castles\n" * 1_000

    with pytest.raises(protected.RowsAtFault, match="and 980 more") as refused:
        protected.read_list(rows, most=10_000)

    assert 1_000 == len(refused.value.rows)


def act(party, name, index, depth, seen=(), **stated):
    """An act of a list between aa and bb."""
    return Act(
        ref=EntryRef(Origin(party, "a" * 16), index), party=party, act=name, at=AT, stated=stated, answers=(),
        seen=dict(seen), depth=depth,
    )  # fmt: skip


def test_an_undertaking_is_owed_by_whoever_gave_it_until_it_ends() -> None:
    """What crosses a withdrawal binds nobody; what was given before is owed until then."""
    charter = library()["charter"]
    table = charter.procedure("protected_list")
    entry = f"aa.comity/{'a' * 16}#0"
    declared = act(
        "aa", "declared", 0, 0, instrument="charter", table="0" * 64, requested="bb", sort="shown",
        root="1" * 64, leaves="16", valid_until="2026-12-31",
    )  # fmt: skip
    given = act("bb", "undertaken", 0, 1, {"aa": 1}, undertaking=["hands_off", "warn"], version=entry)
    withdrawn = act("aa", "withdrawn", 1, 2, {"bb": 1})
    crossing = act("bb", "undertaken", 0, 3, {"aa": 1}, undertaking="assist", version=entry)

    def owed(*acts):
        found = obligations("aa-2026-p0001", charter, fold(table, acts))
        return [(one.party, one.what) for one in found if one.sort == "undertaking"]

    assert [("bb", "hands_off"), ("bb", "warn")] == owed(declared, given)
    assert [] == owed(declared, given, withdrawn)
    assert [] == owed(declared, withdrawn, crossing)
