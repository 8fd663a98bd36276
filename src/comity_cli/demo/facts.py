"""Inside a node: what its record says of the demonstration's channel, once nothing is under way any more.

Run as a process of that node; reads JSON on its input, gives the facts as JSON on its output.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from comity_cli.node import enter

if TYPE_CHECKING:
    from comity_node.talk.models import Talk

_PATIENCE: Final = 60.0


def main() -> None:
    """Wait until all is receipted, then say what stands."""
    asked = json.load(sys.stdin)
    channel = str(asked["channel"])
    as_of = datetime.fromisoformat(asked.get("as_of") or datetime.now(UTC).isoformat())
    enter(None)
    until = time.monotonic() + _PATIENCE
    while not (said := _facts(channel, as_of))["settled"] and time.monotonic() < until:
        time.sleep(0.1)
    print(json.dumps(said))  # noqa: T201 - its answer


def _facts(channel: str, as_of: datetime) -> dict[str, Any]:
    from django.conf import settings

    from comity_node.assistance import suspending
    from comity_node.assistance.models import Request
    from comity_node.channels import duties, reciprocity
    from comity_node.evidence.models import CustodyStep, Exhibit
    from comity_node.register import proofs, queries, standings
    from comity_node.talk.models import Talk

    logs = queries.channel_logs(channel)
    marks = [mark.size for log in logs if log.ours for mark in proofs.witness_marks(log)]
    exhibits = Exhibit.objects.filter(channel=channel).order_by("ref")
    verified = CustodyStep.objects.filter(channel=channel, act="received", irregular="")
    own = next(log for log in logs if log.ours)
    receipted = {log.party: log.receipted for log in logs}
    arriving = exhibits.filter(state="announced").count()
    return {
        "party": settings.NODE.party,
        "entries": {log.party: log.size for log in logs},
        "receipts": {log.party: {"authored": log.size, "receipted": receipted[log.party]} for log in logs},
        "standing": {one.ref: one.state for one in Request.objects.filter(channel=channel)},
        "witnessed": max(marks, default=0),
        "exhibits": [
            {
                "ref": one.ref,
                "sha256": one.sha256,
                "bytes": one.size,
                "verified_by": sorted(verified.filter(ref=one.ref).values_list("party", flat=True)),
            }
            for one in exhibits
        ],
        "owed": duties.documents(channel),
        "talk": {one.ref: _talk(one) for one in Talk.objects.filter(channel=channel)},
        "waiting": [
            str(one.ref)
            for suspension in standings.life(channel).suspensions.all
            for one, _ in suspending.waiting(channel, suspension.ref)
        ],
        "figures": reciprocity.document(channel, as_of=as_of),
        "settled": not arriving
        and all(receipted[log.party] == log.size for log in logs)
        and (not settings.NODE.witnesses or max(marks, default=0) == own.size),
    }


def _talk(row: Talk) -> dict[str, Any]:
    """What was said in a talk, how much of it the other side's node has, and whose desk opened it."""
    from comity_node.talk import queries

    lines = queries.window(row, size=row.messages + 1).lines
    entries = queries.receipts(lines).values()
    return {
        "messages": row.messages,
        "received": sum(one.receipted_at is not None for one in entries if one.entry.act == "said"),
        "opened": row.opened,
        "words": [(one.entry_name, one.text) for one in lines],
    }


if __name__ == "__main__":
    main()
