"""The proofs of misconduct in an export. Who signed two histories must be known before entries are read.

Whoever saw one of two histories may have seen more of it than is here, or other entries: that is held against
its author and against nobody else.

Follows: docs/spec/export.md, Verifying; docs/spec/mirror.md, Misconduct.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.channel.export import MISCONDUCT
from comity.errors import ExportDoesNotHold
from comity.mirror import ForkProof
from comity.mirror.fork import MAX_BYTES
from comity.names import Origin
from comity.tlog.note import parse_note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.channel.export import Files
    from comity.channel.verified_keys import KeyHistory

SIGNATURES: Final = 4  # both of each note


def proven_forks(files: Files, histories: Mapping[str, KeyHistory]) -> list[str]:
    """Of whom each proof in an export proves that it signed two histories.

    Args:
        files: The export.
        histories: The keys of each log, by party.

    Raises:
        ComityError: A file proves nothing.
    """
    found = []
    for name in files.names(MISCONDUCT):
        path = f"{MISCONDUCT}/{name}"
        proof = ForkProof.parse(files.read(path, MAX_BYTES))
        origin = parse_note(proof.earlier).text.partition("\n")[0]
        keys = next((one.log for one in histories.values() if one.origin == origin), ())
        if not keys or not proof.holds(keys):
            raise ExportDoesNotHold(f"{path} does not prove that anybody signed two histories")
        found.append(Origin.parse(origin).party)
    return found
