"""An edition that was published stays as it is, to the byte."""

from __future__ import annotations

import tomllib
from pathlib import Path

from comity.instruments import editions

PUBLISHED = tomllib.loads(Path(__file__).with_name("editions.toml").read_text(encoding="utf-8"))["edition"]


def test_the_editions_shipped_are_those_written_down() -> None:
    """Requests keep the edition they began under: a changed text would leave them without a table.

    A text that was never in a release is changed together with its line. One that was gets another edition,
    in a folder of its own, and its line stays.
    """
    shipped = {(one.id, one.edition): one.digest for one in editions().values()}

    assert shipped == {(one["id"], one["edition"]): one["digest"] for one in PUBLISHED}
