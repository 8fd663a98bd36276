"""A counterpart's mirror of both logs, as a restored node asks it."""

from __future__ import annotations

from comity.channel.bundle import Bundle
from comity.tlog.merkle import leaf_hash
from comity.tlog.tree import prove_fork
from comity_node.register import models, queries
from tests.core.tlog.trees import reader_over


class Mirror:
    """What the counterpart holds of both logs, and gives back, truly or not.

    Attributes:
        ends: How much of each log it admits to.
        lies: A function over each part before it is given.
    """

    def __init__(self, channel: str) -> None:
        logs = queries.channel_logs(channel)
        self.leaves = {log.party: _leaves(log) for log in logs}
        self.payloads = dict(models.Payload.objects.values_list("sha256", "sealed"))
        self.notes = {log.party: dict(log.checkpoints.values_list("size", "note")) for log in logs}
        self.receipts = {
            log.party: list(models.Receipt.objects.filter(party=log.party).values_list("size", "note"))
            for log in logs
        }
        self.ends = {party: len(leaves) for party, leaves in self.leaves.items()}
        self.lies = lambda part: part
        self.asked = 0

    def part(self, log, start: int, receipts: int, /) -> Bundle:
        self.asked += 1
        party, (other,) = log.party, self.leaves.keys() - {log.party}
        end = self.ends[party]
        leaves = [leaf for leaf, _ in self.leaves[party][:end]]
        hashes = [leaf_hash(leaf) for leaf in leaves]
        given = sorted((size, note) for size, note in self.receipts[party] if size > receipts)
        return self.lies(
            Bundle(
                channel=log.channel,
                sender=party,
                receiver=other,
                start=start,
                checkpoint=bytes(self.notes[party][end]),
                consistency=prove_fork(reader_over(hashes), start, end) if 0 < start < end else (),
                entries=tuple(leaves[start:]),
                payloads=tuple(
                    bytes(self.payloads[digest]) for _, digest in self.leaves[party][start:end] if digest
                ),
                cosignatures=tuple(bytes(note) for _, note in given[:32]),
            )
        )


def _leaves(log) -> list[tuple[bytes, str]]:
    rows = log.entries.order_by("index").values_list("leaf", "payload")
    return [(bytes(leaf), payload) for leaf, payload in rows]
