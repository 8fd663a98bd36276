"""Lena advises aa on the law; what she is given is a newer file about the Parties to the treaty."""

from __future__ import annotations

import pytest

FACTS = """
as_of = {as_of}
complete = true

[[party]]
code = "us"
name = "United States of America"
bound_from = 2002-01-31
basis = "source: TIAS 13046, cover note"
verified = "S"

[[party]]
code = "ru"
name = "Russian Federation"
bound_from = 2002-01-31
{until}
basis = "source: TIAS 13046, cover note"
verified = "S"
{more}
"""


def facts(as_of="2026-06-01", *, until="", more=""):
    """A file as the depositary's register would give it."""
    return FACTS.format(as_of=as_of, until=until, more=more).encode()


def party(code="aa", **said):
    """One more Party; what is given takes the place of what it says."""
    lines = {"name": '"Arland"', "basis": '"Art. 3"', "verified": '"S"', **said}
    return f'[[party]]\ncode = "{code}"\n' + "\n".join(f"{key} = {value}" for key, value in lines.items())


def row(kind, code, **said):
    """Something a Party has said or acts by."""
    lines = {"basis": '"Art. 3"', "verified": '"S"', **said}
    return (
        f'[[{kind}]]\nparty = "{code}"\n'
        + "\n".join(f"{key} = {value}" for key, value in lines.items())
        + "\n"
    )


BOTH = "\n".join(party(code, bound_from="2026-01-01") for code in ("aa", "bb"))


@pytest.fixture
def lena(hire):
    """Legal adviser of aa."""
    return hire("lena", "legal adviser")


@pytest.fixture
def boris(hire):
    """Case officer of aa, who relies on what is known and does not decide it."""
    return hire("boris", "case officer")
