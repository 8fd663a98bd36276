"""Each check finds the fault it is there for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from comity.instruments import check, parse_instrument, texts

TREATY = texts()["us-ru-1999"]
FAULTS = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))["fault"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["finding"])
def test_a_planted_fault_is_found(fault: dict[str, str]):
    """A check that finds nothing in a faulty table protects nobody."""
    text = TREATY[fault["file"]].decode()
    assert fault["is"] in text
    assert [] == check(parse_instrument(TREATY))

    damaged = text.replace(fault["is"], fault["becomes"], 1).encode()
    found = check(parse_instrument({**TREATY, fault["file"]: damaged}))

    assert any(fault["finding"] in str(one) for one in found), [str(one) for one in found]
