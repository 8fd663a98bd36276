"""Every room has the same furniture, so that whoever knows one knows all."""

from __future__ import annotations

import pytest

from tests.house.source import ROOT

NODE = ROOT / "src" / "comity_node"
ROOMS = (
    "channels",
    "assistance",
    "contact_point",
    "evidence",
    "protected_objects",
    "talk",
    "witness",
    "api",
    "duty",
)
FURNITURE = (
    "apps.py",
    "errors.py",
    "models.py",
    "services.py",
    "queries.py",
    "access.py",
    "forms.py",
    "views.py",
    "urls.py",
    "templates",
)
WITHOUT: dict[tuple[str, str], str] = {
    # (room, piece): why this room has none
    (
        "witness",
        "access.py",
    ): "asked by logs, not by officials; a request proves itself by the log's signature",
    ("witness", "forms.py"): "its one form is the request of tlog-witness, read by comity.tlog.witness",
    ("witness", "queries.py"): "nothing of what it remembers is shown to anyone",
    ("witness", "templates"): "programs ask it; there is nothing to look at",
}


@pytest.mark.parametrize("room", [room for room in ROOMS if (NODE / room).exists()])
def test_a_room_has_its_furniture(room: str) -> None:
    """A piece may be a file or a package of that name; what a room lacks, it lacks for a stated reason."""
    stands = {
        piece
        for piece in FURNITURE
        if (NODE / room / piece).exists() or (NODE / room / piece.removesuffix(".py")).is_dir()
    }

    assert {piece for where, piece in WITHOUT if where == room} == set(FURNITURE) - stands


def test_every_reason_is_about_a_room_that_stands() -> None:
    """A reason for a room that is gone explains nothing."""
    assert set() == {room for room, _ in WITHOUT} - set(ROOMS)
