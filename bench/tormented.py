"""What runs in the home of a node that faults are injected into: its acts, and the look into it at the end.

``python -m bench.tormented HOME PARTY PORT`` obeys as :mod:`tests.two_nodes.inside` does. Others call the
node at ``PORT``, where the faults of the network are; it listens at another.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from pathlib import Path

from bench import lying
from tests.many_nodes import inside as many
from tests.two_nodes import inside
from tests.two_nodes.nodes import free_port

_ANSWERED_AT_ONCE = 5


def make_home(home: Path, party: str, port: int) -> None:
    """A home whose node is reached at one port and listens at another."""
    inside.make_home(home, party, port)
    toml = home / "node.toml"
    listens = f'listen = "127.0.0.1:{port}"'
    toml.write_text(toml.read_text().replace(listens, f'listen = "127.0.0.1:{free_port()}"'))


def answer(channel: str) -> int:
    """Take up some of the requests that were lodged with us; says how many."""
    from django.conf import settings  # noqa: PLC0415 - the node is entered first

    from comity_node.assistance.models import Request  # noqa: PLC0415 - as above

    waiting = Request.objects.filter(channel=channel, requested=settings.NODE.party, state="lodged")
    refs = list(waiting.values_list("ref", flat=True)[:_ANSWERED_AT_ONCE])
    for ref in refs:
        many.act(channel, "assistance.request.accepted", ref)
    return len(refs)


def turn_keys() -> dict:
    """Take the change of our keys one step on: retire the old ones, or else announce new ones."""
    from django.utils import timezone  # noqa: PLC0415 - the node is entered first

    from comity_node.channels import rotating  # noqa: PLC0415 - as above
    from comity_node.officials.models import Official  # noqa: PLC0415 - as above

    by = Official.objects.get(login="adam")
    try:
        done, did = rotating.revoke(reason="scheduled", compromised=None, by=by), "retired"
    except rotating.NothingToRetire:
        done, did = rotating.rotate(begins=timezone.now().date(), by=by), "announced"
    return {"did": did, "left": done.left}


def examine() -> dict:
    """Recompute everything, derive all projections anew; gives digests of what must be equal everywhere."""
    from comity_node.register import fsck, models, rebuilding  # noqa: PLC0415 - the node is entered first

    findings, tally = fsck.check()
    before, after = rebuilding.rebuild()
    return {
        "findings": [f"{one.where}: {one.what}" for one in findings],
        "signatures": tally.signatures,
        "rebuilt": before == after,
        "logs": {log.origin: _log(log) for log in models.Log.objects.order_by("origin")},
        "course": {channel: _course(channel) for channel in _channels()},
        "misconduct": [one.log.origin for one in models.Misconduct.objects.select_related("log")],
        "refused": Counter(models.Delivery.objects.values_list("code", flat=True)),
    }


def _log(log) -> dict:
    from comity_node.register import models, queries, rotations  # noqa: PLC0415 - the node is entered first

    leaves, refs, named = hashlib.sha256(), [], set()
    rows = models.Entry.objects.filter(log=log).order_by("index")
    for leaf, kind, ref, payload in rows.values_list("leaf", "kind", "ref", "payload").iterator():
        leaves.update(bytes(leaf))
        named.add(payload)
        refs += [ref] if kind == "assistance.request.lodged" else []
    others = [one for one in queries.channel_logs(log.channel) if one.pk != log.pk]
    held = models.Payload.objects.filter(pk__in=models.Entry.objects.filter(log=log).values("payload"))
    return {
        "size": log.size,
        "leaves": leaves.hexdigest(),
        "payloads": held.filter(sealed__isnull=False).count() == len(named - {""}),
        "refs": refs,
        "receipted": {one.party: queries.receipted_by(log, one.party) for one in others},
        "keys": [[logs[0].public.hex(), told["until"]] for logs, _, told in rotations.pairs(log)],
    }


def _course(channel: str) -> str:
    """The one order, when each entry was receipted, and where every procedure stands: equal on all nodes."""
    from comity_node.assistance.models import Request  # noqa: PLC0415 - the node is entered first
    from comity_node.register import queries  # noqa: PLC0415 - as above

    course = hashlib.sha256()
    for one in queries.entries(channel):
        course.update(f"{one.ref} {one.depth} {one.receipted_at}\n".encode())
    for row in sorted(Request.objects.filter(channel=channel).values_list("ref", "kinds", "state", "turn")):
        course.update(f"{row}\n".encode())
    return course.hexdigest()


def _channels() -> list[str]:
    from comity_node.register import queries  # noqa: PLC0415 - the node is entered first

    return sorted({log.channel for log in queries.all_logs()})


inside.ORDERS |= {one.__name__: one for one in (turn_keys, examine, lying.lie, lying.judge)}


def main(home: str, party: str, port: str) -> None:
    """Obey until the orders end."""
    if not Path(home).exists():
        make_home(Path(home), party, int(port))
    inside.main(home, party, port)


if __name__ == "__main__":
    main(*sys.argv[1:])
