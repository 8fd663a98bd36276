"""What became of an act an official asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.names import EntryRef
from comity_cli.verb import Answer

if TYPE_CHECKING:
    from comity_node.officials.models import PreparedAct


def recorded(done: PreparedAct | EntryRef) -> Answer:
    """What became of an act: its entry, or the text that waits for a second officer."""
    if isinstance(done, EntryRef):
        return Answer({"entry": str(done)}, [f"recorded as {done}"])
    lines = [
        f"waits for a second officer as approval {done.pk}, under {done.basis}",
        f"sign it: comity approve sign {done.pk} --as LOGIN",
    ]
    return Answer({"approval": done.pk, "basis": done.basis, "text": done.text}, lines)
