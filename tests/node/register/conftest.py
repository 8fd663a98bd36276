"""Boris of bb, in an open channel with our node, and acts of ours that need no room."""

from __future__ import annotations

import pytest

REQUEST = "assistance.request.lodged"


@pytest.fixture
def boris(db):
    """The counterpart, in an open channel with us."""
    from tests.node.counterpart import open_channel  # noqa: PLC0415 - Django is not set up earlier

    return open_channel()


@pytest.fixture
def acts(boris, monkeypatch):
    """Put an act on our log by its reference; a room that allows everything stands for the real one."""
    from comity_node.register import rooms, services  # noqa: PLC0415 - Django is not set up earlier
    from comity_node.register.acts import Act, Capacity  # noqa: PLC0415 - as above
    from comity_node.register.rooms import Room, Verdict  # noqa: PLC0415 - as above

    allowed = Room(
        "note",
        lambda acts, _party: [Verdict("practice", "?", False, "") for _ in acts],
        lambda _c, _r: None,
        [],
    )
    monkeypatch.setitem(rooms._ROOMS, "note", allowed)

    def append(ref="aa-1", **said):
        act = Act(channel=boris.channel, kind="note.sent", ref=ref, **({"payload": {"text": ref}} | said))
        return services.append(act, by=Capacity("ministry", "case officer"))

    return append
