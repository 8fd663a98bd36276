"""Each check finds the fault it is there for."""

from __future__ import annotations

from importlib import resources

import pytest

from comity.instruments import check, parse_instrument

SHELF = resources.files("comity.instruments") / "texts"
TREATY = {file.name: file.read_bytes() for file in (SHELF / "us-ru-1999").iterdir()}
ORPHAN = '\n[[state]]\nid = "limbo"\nlabel = "Limbo"\nmeaning = "Nobody gets here."\n\n[[act]]\nid       = "closed"'
TRAP = '\n[[state]]\nid = "limbo"\nlabel = "Limbo"\nmeaning = "x"\n\n[[step]]\nfrom = ["lodged"]\nact = "progressed"\nby = "requested"\nto = "limbo"\nbasis = "Art. 7"\nverified = "R"\n\n[[act]]\nid       = "closed"'  # noqa: E501 - one passage of a table


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        ("assistance.toml", '[[act]]\nid       = "closed"', ORPHAN, "the state limbo cannot be reached"),
        ("assistance.toml", '[[act]]\nid       = "closed"', TRAP, "limbo is no end and nothing follows it"),
        ("assistance.toml", '[[act]]\nid       = "closed"', TRAP, "in the state limbo the requesting Party has no move"),
        ("assistance.toml", '"lapsed", "closed"]', '"closed"]', "the state lapsed is no end and nothing follows"),
        ("assistance.toml", '"refused", "withdrawn",', '"lodged", "refused", "withdrawn",', "lodged is an end and"),
        ("assistance.toml", 'basis    = "Art. 4"', 'basis    = "custom"', "'custom' is neither an article"),
        ("assistance.toml", 'basis    = "Art. 4"', 'basis    = "Art. 99"', "article 99: is cited by a row but not"),
        ("assistance.toml", 'after    = ["consulted"]\n', "", "a row lets refused happen without consulted"),
        ("assistance.toml", 'must_state = ["instrument", "table", "requested", ', 'must_state = ["table", ', "say to whom"),
        ("assistance.toml", 'from     = ["lodged", "acknowledged"]\nact      = "returned"', 'act      = "returned"', "act returned"),
        ("assistance.toml", 'stating  = { extent = "in part" }\n', "", "two rows allow executed by the requested Party"),
        ("assistance.toml", 'from     = ["refused", "lapsed"]', 'from     = ["lapsed"]', "withdrawn crosses refused"),
        ("assistance.toml", 'id            = "review_of_postponement"', 'id = "idle"\nlabel="x"\nkind="target"\nfor="requested"\nbasis="Art. 4"\nverified="R"\n\n[[clock]]\nid            = "review_of_postponement"', "idle needs a period"),
        ("assistance.toml", 'id       = "progressed"', 'id="stretched"\nlabel="x"\nsentence="x"\ndeclares="x"\n\n[[act]]\nid       = "progressed"', "the act stretched is in no row"),
        ("instrument.toml", 'id       = "denial_states_reasons"', 'id       = "notice"', "rule notice: is given more than once"),
        ("instrument.toml", 'party     = "us"', 'party     = "xx"', "authority xx: is the authority of no Party"),
        ("instrument.toml", 'types    = ["service"]', 'types    = ["serfdom"]', "serves 'serfdom'"),
        ("instrument.toml", "number   = 22", "number   = 23", "article 23: is cited by no row"),
    ],
)  # fmt: skip
def test_a_fault_is_found(file: str, old: str, new: str, finding: str):
    """A check that finds nothing in a faulty table protects nobody."""
    text = TREATY[file].decode()
    assert old in text

    found = check(parse_instrument({**TREATY, file: text.replace(old, new, 1).encode()}))

    assert any(finding in str(one) for one in found), [str(one) for one in found]
